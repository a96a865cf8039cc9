"""numba loops that bring the spikes of all blocks of neurons into one row for each sample, sorted by time."""

import numpy as np
from numba import njit

BINS = 4
"""Bins per spike into which times are sorted."""

CROWDED = 50
"""Spikes in one bin above which they are merged instead, whose time grows more slowly."""

SOON = 1e-30
"""Least time [s] that is cut into bins, which keeps quotients finite."""


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def sort_spikes(where, delay, starts, time, arrived, duration):
    """Merge the blocks' spikes into rows sorted by time.

    `delay` ``(n_spikes,)`` is the time of each spike since its interval's start; it becomes the spike's time.

    Returns
    -------
    sorted_time, sorted_neuron : ndarray, shape (B, largest count)
    count : ndarray of int32, shape (B,)
    place : ndarray of int32, shape (n_spikes,)
        Column of each spike of the tables in its row.
    """
    n_blocks, n_samples, _ = starts.shape
    count = np.zeros(n_samples, np.int32)
    for block in range(n_blocks):
        for s in range(n_samples):
            count[s] += starts[block, s, 1] - starts[block, s, 0]
    n_row = max(count)
    sorted_time = np.full((n_samples, n_row), np.inf, time.dtype)
    sorted_neuron = np.zeros((n_samples, n_row), np.int32)
    place = np.empty(len(where), np.int32)
    order, begin = np.empty(n_row, np.int32), np.empty(BINS * n_row + 2, np.int32)
    for s in range(n_samples):
        latest = time.dtype.type(SOON)
        for block in range(n_blocks):
            for k in range(starts[block, s, 0], starts[block, s, 1]):
                i = where[k, 0]
                end = time[s, i + 1] if i + 1 < arrived[s] else duration
                delay[k] = min(time[s, i] + delay[k], end)
                latest = max(latest, delay[k])
        order_by_time(order, begin[: BINS * count[s] + 2], starts[:, s], delay, latest)
        for m in range(count[s]):
            k = order[m]
            sorted_time[s, m], sorted_neuron[s, m], place[k] = delay[k], where[k, 1], m
    return sorted_time, sorted_neuron, count, place


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, inline="always")
def bin_of(position, last):
    """Whole part of a position; the last bin for what is no number, as where weights are so large that v overflows."""
    return np.int64(position) if position < last else last


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def order_by_time(order, begin, parts, time, latest):
    """Write rows `parts` of `time`, sorted stably: into even bins up to `latest`, then each past its neighbours."""
    begin[:] = 0
    last = len(begin) - 2
    scale = time.dtype.type(last) / latest
    for part in range(len(parts)):
        for k in range(parts[part, 0], parts[part, 1]):
            begin[bin_of(time[k] * scale, last) + 1] += 1
    fullest = 0
    for m in range(1, len(begin)):
        fullest = max(fullest, begin[m])
        begin[m] += begin[m - 1]
    n = begin[-1]
    for part in range(len(parts)):
        for k in range(parts[part, 0], parts[part, 1]):
            where = bin_of(time[k] * scale, last)
            order[begin[where]] = k
            begin[where] += 1
    if fullest > CROWDED:
        order[:n] = order[:n][np.argsort(time[order[:n]], kind="mergesort")]
        return
    for m in range(1, n):
        k = order[m]
        left = m - 1
        while left >= 0 and time[order[left]] > time[k]:
            order[left + 1] = order[left]
            left -= 1
        order[left + 1] = k
