"""numba inner loops of BATS: one block of neurons at a time through the events of one sample after the other.

A block's state and its columns of the weights stay in the cache while all samples pass. b and g are kept at the start
of the current interval, so an own spike at Y = exp(-d / tau) after it only sets b = gY there (v = 0 at the spike), and
the quadratic (6) of the next spike is the same one with the new b. Loops read and write one dtype throughout: a Python
literal would promote float32 to float64. Indices of the innermost loops are unsigned: a signed one might be negative,
counted from the end, and the test for that keeps the compiler from using vector instructions.
"""

import math

import numpy as np
from numba import njit

LANES = 16
"""Rows of matrices are filled up to a multiple of this many neurons, the float32 numbers of one AVX-512 register."""

WIDTH = 128
"""Neurons in a block, at most."""

FAST = {"contract", "reassoc", "nsz", "arcp"}
"""Liberties with rounding; infinities stay exact, as they mark neurons that spent their budget."""


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def intervals(time, count, duration, tau):
    """Logarithm of D, -d / tau, of the interval after each event, and the number of events that arrive.

    The last interval ends at `duration`; later events are dropped.
    """
    exponent = np.zeros_like(time)
    arrived = np.empty(len(count), np.int32)
    for s in range(len(count)):
        n = count[s]
        while n > 0 and time[s, n - 1] > duration:
            n -= 1
        arrived[s] = n
        for i in range(n):
            end = time[s, i + 1] if i + 1 < n else duration
            exponent[s, i] = (time[s, i] - end) / tau
    return exponent, arrived


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, fastmath=FAST, forceinline=True)
def advance(b, g, limit, weight, i, first, before, decay, hits, row_hits):
    """Go on to the next event, of neuron `i`, add its weights, and mark in `hits` who spikes before the event after it.

    `before` is the decay since the event before, `decay` the one to the event after; `row_hits` counts the marks among
    each `LANES` neurons.
    """
    before_squared = before * before
    four = b.dtype.type(4)
    i, first = np.uint64(i), np.uint64(first)
    for row in range(np.uint64(len(row_hits))):
        n = np.int32(0)
        for lane in range(np.uint64(LANES)):
            j = row * np.uint64(LANES) + lane
            w = weight[i, first + j]
            start_b = b[j] * before + w
            start_g = g[j] * before_squared + w
            b[j] = start_b
            g[j] = start_g
            late_g = start_g * decay
            late = start_b - late_g
            c = limit[j]
            above = late * decay >= c
            peak = (late > late_g) & (start_b < start_g + start_g) & (start_b * start_b >= four * c * start_g)
            hits[j] = above | peak
            n += np.int32(above | peak)
        row_hits[row] = n


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, inline="always")
def spikes_within(b, g, c, decay):
    """Whether a neuron with b and g at the start of an interval spikes inside it."""
    late_g = g * decay
    late = b - late_g
    return late * decay >= c or (late > late_g and b < g + g and b * b >= (c + c + c + c) * g)


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def forward_items(items, decay, arrived, neuron, weight, constants, n_max, per_neuron, starts, where, values):
    """Spikes of some blocks of neurons for some groups of samples.

    Parameters
    ----------
    items : ndarray of int64, shape (n_items, 6)
        Block, its first and last (exclusive) neuron, first and last (exclusive) sample, and the group of samples.
    constants : ndarray, shape (3,)
        c, tau and the least g_k - c.
    per_neuron : ndarray, shape (B, n_post)
        Written: spikes of each neuron.
    starts : ndarray, shape (n_blocks, B, 2)
        Written: first row of each block and sample in the tables, and one past its last.
    where : ndarray of int32, shape (n_rows, 2)
        Written: interval and neuron of each spike; by block, sample, interval, neuron and time.
    values : ndarray, shape (n_rows, 2)
        Written: Y and r of each spike.

    Returns
    -------
    int
        Number of spikes; those for which the tables have no row are not kept.
    """
    c, tau, floor = constants
    number = constants.dtype.type
    infinity, one, zero, four = number(np.inf), number(1), number(0), number(4)
    n = 0
    for item in range(len(items)):
        block, first, stop, first_sample, stop_sample, _ = items[item]
        width = stop - first
        b, g, limit = np.empty(width, weight.dtype), np.empty(width, weight.dtype), np.empty(width, weight.dtype)
        hits, row_hits = np.zeros(width, np.bool_), np.zeros(width // LANES, np.int32)
        for s in range(first_sample, stop_sample):
            b[:], g[:], limit[:] = zero, zero, c
            per_neuron[s, first:stop] = 0
            starts[block, s, 0] = n
            before = one
            for i in range(arrived[s]):
                now = decay[s, i]
                advance(b, g, limit, weight, neuron[s, i], first, before, now, hits, row_hits)
                before = now
                for row in range(len(row_hits)):
                    if not row_hits[row]:
                        continue
                    for j in range(row * LANES, (row + 1) * LANES):
                        if not hits[j]:
                            continue
                        now_b, now_g, latest, n_spikes = b[j], g[j], one, per_neuron[s, first + j]
                        while n_spikes < n_max and spikes_within(now_b, now_g, c, now):
                            x = math.sqrt(max(now_b * now_b - four * c * now_g, zero))
                            y = max(min((now_b + x) / (now_g + now_g), latest), now) if now_g > zero else latest
                            if n < len(where):
                                where[n, 0], where[n, 1] = i, first + j
                                values[n, 0], values[n, 1] = y, tau / max(x * y, floor)
                            n += 1
                            n_spikes += 1
                            now_b, latest = now_g * y, y
                        b[j], per_neuron[s, first + j] = now_b, n_spikes
                        if n_spikes == n_max:
                            limit[j] = infinity
            starts[block, s, 1] = n
    return n


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def sort_spikes(where, values, starts, time, arrived, duration, tau):
    """Merge the blocks' spikes into rows sorted by time, interval by interval.

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
    order, room = np.empty(n_row, np.int64), np.empty(n_row, np.int64)
    begin = np.empty(time.shape[1] + 1, np.int64)
    spike_time = np.empty(len(where), time.dtype)
    for s in range(n_samples):
        begin[:] = 0
        for block in range(n_blocks):
            for k in range(starts[block, s, 0], starts[block, s, 1]):
                i = where[k, 0]
                begin[i + 1] += 1
                end = time[s, i + 1] if i + 1 < arrived[s] else duration
                spike_time[k] = min(time[s, i] - tau * math.log(values[k, 0]), end)
        for i in range(arrived[s]):
            begin[i + 1] += begin[i]
        for block in range(n_blocks):
            for k in range(starts[block, s, 0], starts[block, s, 1]):
                order[begin[where[k, 0]]] = k
                begin[where[k, 0]] += 1
        left = 0
        for i in range(arrived[s]):
            if begin[i] > left + 1:
                sort_interval(order[left : begin[i]], spike_time, room)
            left = begin[i]
        for m in range(left):
            k = order[m]
            sorted_time[s, m], sorted_neuron[s, m], place[k] = spike_time[k], where[k, 1], m
    return sorted_time, sorted_neuron, count, place


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def sort_interval(order, time, room):
    """Sort `order` by `time`, stably: into as many even bins as there are spikes, then each past its neighbours."""
    n = len(order)
    if n > 16:
        low, high = time[order[0]], time[order[0]]
        for m in range(1, n):
            low, high = min(low, time[order[m]]), max(high, time[order[m]])
        if high > low:
            scale = time.dtype.type(n - 1) / (high - low)
            begin = np.zeros(n + 1, np.int64)
            for m in range(n):
                begin[int((time[order[m]] - low) * scale) + 1] += 1
            for m in range(n):
                begin[m + 1] += begin[m]
            for m in range(n):
                where = int((time[order[m]] - low) * scale)
                room[begin[where]] = order[m]
                begin[where] += 1
            order[:] = room[:n]
    for m in range(1, n):
        k = order[m]
        left = m - 1
        while left >= 0 and time[order[left]] > time[k]:
            order[left + 1] = order[left]
            left -= 1
        order[left + 1] = k


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, fastmath=FAST, forceinline=True)
def collect(F, H, gradient, i, first, before):
    """Add F - H to the gradient of one presynaptic neuron's weights, and go back to the event before."""
    before_squared = before * before
    i, first = np.uint64(i), np.uint64(first)
    for j in range(np.uint64(len(F))):
        f, h = F[j], H[j]
        gradient[i, first + j] += f - h
        F[j] = f * before_squared
        H[j] = h * before


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, fastmath=FAST, forceinline=True)
def passed_back(F, H, weight, i, first, tau):
    """dL/dt of a spike of presynaptic neuron `i` that reaches the block with these weights (18), (19)."""
    i, first = np.uint64(i), np.uint64(first)
    total = F.dtype.type(0)
    for j in range(np.uint64(len(F))):
        total += weight[i, first + j] * (F[j] + F[j] - H[j])
    return total / tau


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def backward_items(
    items, decay, neuron, feedback, constants, where, values, place, starts, error, gradient, time_gradient
):
    """Reverse sweep over some blocks of neurons and some groups of samples.

    `gradient` ``(n_groups * n_pre, n_lanes)`` and `time_gradient` ``(n_blocks, B, E)`` (no blocks where it is not
    wanted) are added to; nobody else writes to the parts of these items.
    """
    c, tau, _ = constants
    one, zero = constants.dtype.type(1), constants.dtype.type(0)
    n_pre = len(feedback)
    for item in range(len(items)):
        block, first, stop, first_sample, stop_sample, group = items[item]
        F, H = np.empty(stop - first, error.dtype), np.empty(stop - first, error.dtype)
        for s in range(first_sample, stop_sample):
            k, start = starts[block, s, 1], starts[block, s, 0]
            if k == start:
                continue
            F[:], H[:] = zero, zero
            for i in range(where[k - 1, 0], -1, -1):
                while k > start and where[k - 1, 0] == i:
                    k -= 1
                    j, y = where[k, 1] - first, values[k, 0]
                    q = values[k, 1] * (error[s, place[k]] + c / tau * H[j] / y)
                    H[j] += q * y
                    F[j] += q * y * y
                pre = neuron[s, i]
                if len(time_gradient):
                    time_gradient[block, s, i] = passed_back(F, H, feedback, pre, first, tau)
                collect(F, H, gradient, group * n_pre + pre, first, decay[s, i - 1] if i else one)
