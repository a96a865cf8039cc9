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
def sort_spikes(where, delay, starts, time, arrived, duration, n_fields):
    """Merge the blocks' spikes, and those of every `n_fields` samples, into rows sorted by time and neuron.

    `delay` ``(n_spikes,)`` is the time of each spike since its interval's start; it becomes the spike's time.

    Returns
    -------
    sorted_time, sorted_neuron : ndarray, shape (B, largest count)
    count : ndarray of int32, shape (B,)
    place : ndarray of int32, shape (n_spikes,)
        Column of each spike of the tables in its row.
    """
    n_blocks, n_rows = len(starts), starts.shape[1] // n_fields
    count = np.zeros(n_rows, np.int32)
    for block in range(n_blocks):
        for s in range(starts.shape[1]):
            count[s // n_fields] += starts[block, s, 1] - starts[block, s, 0]
    n_row = max(count)
    sorted_time = np.full((n_rows, n_row), np.inf, time.dtype)
    sorted_neuron = np.zeros((n_rows, n_row), np.int32)
    place, neuron = np.empty(len(where), np.int32), np.empty(len(where), np.int32)
    order, begin = np.empty(n_row, np.int32), np.empty(BINS * n_row + 2, np.int32)
    for row in range(n_rows):
        latest = time.dtype.type(SOON)
        first, stop = row * n_fields, (row + 1) * n_fields
        for block in range(n_blocks):
            for s in range(first, stop):
                for k in range(starts[block, s, 0], starts[block, s, 1]):
                    i = where[k, 0]
                    end = time[s, i + 1] if i + 1 < arrived[s] else duration
                    delay[k] = min(time[s, i] + delay[k], end)
                    latest = max(latest, delay[k])
                    neuron[k] = where[k, 1] * n_fields + s - first
        parts = np.stack((starts[:, first, 0], starts[:, stop - 1, 1]), 1)
        order_by_time(order, begin[: BINS * count[row] + 2], parts, delay, neuron, latest)
        for m in range(count[row]):
            k = order[m]
            sorted_time[row, m], sorted_neuron[row, m], place[k] = delay[k], neuron[k], m
    return sorted_time, sorted_neuron, count, place


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, inline="always")
def bin_of(position, last):
    """Whole part of a position; the last bin for what is no number, as where weights are so large that v overflows."""
    return np.int64(position) if position < last else last


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, inline="always")
def comes_after(k, other, time, neuron):
    """Whether a spike comes after another one, by its time, and by its neuron at the same time."""
    return time[k] > time[other] or (time[k] == time[other] and neuron[k] > neuron[other])


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def order_by_time(order, begin, parts, time, neuron, latest):
    """Write rows `parts`, sorted stably by time and neuron: into even bins up to `latest`, then past each other."""
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
        order[:n] = order[:n][np.argsort(neuron[order[:n]], kind="mergesort")]
        order[:n] = order[:n][np.argsort(time[order[:n]], kind="mergesort")]
        return
    for m in range(1, n):
        k = order[m]
        left = m - 1
        while left >= 0 and comes_after(order[left], k, time, neuron):
            order[left + 1] = order[left]
            left -= 1
        order[left + 1] = k
