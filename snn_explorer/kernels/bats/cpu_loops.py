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
from numba.cpython.unsafe.numbers import trailing_zeros

LANES = 16
"""Rows of matrices are filled up to a multiple of this many neurons, the float32 numbers of one AVX-512 register."""

WIDTH = 256
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
def arrive(b, g, weight, i, first, before):
    """Go on to the next event, of neuron `i`, and add its weights; `before` is the decay since the event before."""
    before_squared = before * before
    i, first = np.uint64(i), np.uint64(first)
    for j in range(np.uint64(len(b))):
        w = weight[i, first + j]
        b[j] = b[j] * before + w
        g[j] = g[j] * before_squared + w


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, fastmath=FAST, forceinline=True)
def arrive_and_look(b, g, c, weight, i, first, before, decay, hits):
    """As `arrive`, and mark in `hits` who spikes before the event after it; `decay` is the one until then."""
    before_squared = before * before
    four_c = c + c + c + c
    i, first = np.uint64(i), np.uint64(first)
    for j in range(np.uint64(len(b))):
        w = weight[i, first + j]
        now_b = b[j] * before + w
        now_g = g[j] * before_squared + w
        b[j] = now_b
        g[j] = now_g
        late_g = now_g * decay
        late = now_b - late_g
        peak = (late > late_g) & (now_b < now_g + now_g) & (now_b * now_b >= four_c * now_g)
        hits[j] = (late * decay >= c) | peak


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, forceinline=True)
def fire(b, g, constants, decay, n_max, interval, neuron, where, values, n):
    """Write the spikes of one neuron in one interval, 1 to `n_max`, into the tables from row `n` on.

    Returns
    -------
    y : float
        Y of the last one.
    n_spikes : int
    """
    c, tau, floor = constants
    zero, half, y = type(c)(0), type(c)(0.5), type(c)(1)
    g = max(g, floor)  # a spike has g > c, unless rounding made it
    four_cg, per_2g, latest_b = c * (g + g + g + g), half / g, (g + g) * decay
    discriminant = max(b * b - four_cg, zero)
    n_spikes = 0
    while True:
        x = math.sqrt(discriminant)
        if n_spikes and b + x < latest_b:
            return y, n_spikes
        y = max(min((b + x) * per_2g, y), decay)
        if n + n_spikes < len(where):
            where[n + n_spikes, 0], where[n + n_spikes, 1] = interval, neuron
            values[n + n_spikes, 0], values[n + n_spikes, 1] = y, tau / max(x * y, floor)
        n_spikes += 1
        b = g * y
        discriminant = b * b - four_cg
        if n_spikes == n_max or discriminant < zero:
            return y, n_spikes


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
    number = constants.dtype.type
    infinity, zero, one = number(np.inf), number(0), number(1)
    n = 0
    for item in range(len(items)):
        block, first, stop, first_sample, stop_sample, _ = items[item]
        width = stop - first
        b, g = np.empty(width, weight.dtype), np.empty(width, weight.dtype)
        hits = np.zeros(width, np.bool_)
        row_hits = hits.view(np.uint64)
        for s in range(first_sample, stop_sample):
            b[:], g[:] = zero, zero
            per_neuron[s, first:stop] = 0
            starts[block, s, 0] = n
            before = one
            for i in range(arrived[s]):
                now = decay[s, i]
                if now == one:
                    arrive(b, g, weight, neuron[s, i], first, before)
                    before = now
                    continue
                arrive_and_look(b, g, constants[0], weight, neuron[s, i], first, before, now, hits)
                before = now
                for row in range(len(row_hits)):
                    left = row_hits[row]
                    while left:
                        j = row * 8 + np.int64(trailing_zeros(left) >> 3)  # type: ignore[call-arg]
                        left &= left - np.uint64(1)
                        before_this = per_neuron[s, first + j]
                        y, n_spikes = fire(
                            b[j], g[j], constants, now, n_max - before_this, i, first + j, where, values, n
                        )
                        n += n_spikes
                        per_neuron[s, first + j] = before_this + n_spikes
                        b[j] = g[j] * y if before_this + n_spikes < n_max else -infinity  # v = 0, exactly
            starts[block, s, 1] = n
    return n


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
    items, decay, neuron, feedback, constants, where, values, place, starts, n_fields, error, gradient, time_gradient
):
    """Reverse sweep over some blocks of neurons and some groups of samples.

    Every `n_fields` samples share a row of `error`.

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
                    q = values[k, 1] * (error[s // n_fields, place[k]] + c / tau * H[j] / y)
                    H[j] += q * y
                    F[j] += q * y * y
                pre = neuron[s, i]
                if len(time_gradient):
                    time_gradient[block, s, i] = passed_back(F, H, feedback, pre, first, tau)
                collect(F, H, gradient, group * n_pre + pre, first, decay[s, i - 1] if i else one)
