"""numba loop of a layer on a clock: every neuron is advanced at every grid point, whether anything happens or not."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, fastmath={"contract", "reassoc", "nsz"})
def advance(v, g, limit, v_from_v, v_from_g, g_from_g):
    """One step of all neurons; gives the number of those at their threshold."""
    n = 0
    for j in range(np.uint64(len(v))):
        v[j] = v_from_v * v[j] + v_from_g * g[j]
        g[j] = g_from_g * g[j]
        n += v[j] >= limit[j]
    return n


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def simulate(arrival, neuron, count, weight, step, c, n_max, n_steps, spike_step, spike_neuron, per_neuron):
    """Spikes of a layer, sample after sample.

    Parameters
    ----------
    arrival : ndarray of int64, shape (B, E)
        Grid point at which each presynaptic spike arrives, not decreasing along a row.
    neuron, count, weight
        As in `snn_explorer.kernels.bats.interface`.
    step : tuple of float
        What v and g are multiplied with in one step: v from v, v from g, g from g.
    c : float
        Threshold of v.
    n_max, n_steps : int
        Spike budget, and steps to simulate.
    spike_step : ndarray of int64, shape (B, n_post * n_max)
        Written: grid points of the spikes.
    spike_neuron : ndarray of int32, shape (B, n_post * n_max)
        Written: who spiked.
    per_neuron : ndarray of int32, shape (B, n_post)
        Written: spikes of each neuron.
    """
    n_post = weight.shape[1]
    v, g, limit = np.empty(n_post), np.empty(n_post), np.empty(n_post)
    for s in range(len(count)):
        v[:], g[:], limit[:] = 0.0, 0.0, c
        k = m = 0
        for n in range(n_steps + 1):
            n_hits = advance(v, g, limit, step[0], step[1], step[2]) if n else 0
            while k < count[s] and arrival[s, k] <= n:
                g += weight[neuron[s, k]]
                k += 1
            if not n_hits:
                continue
            for j in range(n_post):
                if v[j] >= limit[j]:
                    spike_step[s, m], spike_neuron[s, m] = n, j
                    m += 1
                    v[j] -= c
                    per_neuron[s, j] += 1
                    if per_neuron[s, j] == n_max:
                        limit[j] = np.inf
