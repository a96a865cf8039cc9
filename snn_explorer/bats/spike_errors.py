"""The whole error of every spike of a sample, and what a weight moves: the backward pass, taken apart to be looked at.

With the current g_k at spike k, c = theta / tau, and the time origin at the spike, f and h of (14) are both
r_k = tau / (g_k - c). A spike at t_i of a presynaptic neuron whose weight is w moves spike k by

    dt_k/dw = r_k (exp(-(t_k - t_i) / tau_s) - exp(-(t_k - t_i) / tau))        where t_i < t_k         (12), (13)

which is never above 0: a larger weight makes the spike earlier. Through its reset, spike k moves the neuron's later
spikes too, so its whole error is what the layers above and the loss say, and what comes back from these (20)-(24)::

    delta_k = dL/dt_k + (c / tau) sum_{m > k} r_m delta_m exp(-(t_m - t_k) / tau)                       (17)

All is in float64 on the host: a look at one sample, not a way to learn.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from snn_explorer.bats.layers import Weights
from snn_explorer.bats.seen import Seen
from snn_explorer.kernels.bats.interface import SLOPE_FLOOR, LayerConstants

PAIRS = 2**15
"""Pairs of spikes that are worked on at a time: few enough to stay in the processor's cache."""


class Train(NamedTuple):
    """Spikes of one layer for one sample, in the order of time, on the host.

    Attributes
    ----------
    time : Tensor of float64, shape (n_spikes,)
        Spike times [s].
    neuron : Tensor of int64, shape (n_spikes,)
        Who spiked.
    """

    time: Tensor
    neuron: Tensor

    def of(self, neuron: int) -> Tensor:
        """Spike times of one neuron [s]."""
        return self.time[self.neuron == neuron]


def decay(span: Tensor, tau: float) -> Tensor:
    """exp(-span / tau) of a time that has passed [s], and 0 where none has."""
    return torch.where(span > 0, torch.exp(-span / tau), 0.0)


def parts(n: int, n_each: int) -> Iterator[slice]:
    """Slices of n things, each to be paired with `n_each` others, no more than `PAIRS` at a time."""
    step = max(PAIRS // max(n_each, 1), 1)
    return (slice(first, first + step) for first in range(0, n, step))


def currents(presynaptic: Train, spikes: Train, weight: Weights, constants: LayerConstants) -> Tensor:
    """Current g of the neuron at each of its spikes [1/s].

    Parameters
    ----------
    presynaptic, spikes : Train
        Spikes that the layer gets, and that it gives.
    weight : Weights
        Of all synapses of the layer.
    constants : LayerConstants

    Returns
    -------
    Tensor of float64, shape (n_spikes,)
    """
    found, seen = torch.empty_like(spikes.time), Seen.of(presynaptic, weight)
    for part in parts(len(found), seen.time.shape[1]):
        time, w = seen.by(spikes.neuron[part])
        found[part] = (w * decay(spikes.time[part, None] - time, constants.tau_s)).sum(1)
    return found


def factors(current: Tensor, constants: LayerConstants) -> Tensor:
    """Factor r of each spike [s^2] from its current; that of a grazing spike is finite too."""
    return constants.tau / (current - constants.c).clamp_min(SLOPE_FLOOR * constants.c)


def grazing(current: Tensor, constants: LayerConstants) -> Tensor:
    """Whether the membrane of each spike only grazes the threshold, so that its slope there is held at the floor."""
    return current - constants.c <= SLOPE_FLOOR * constants.c


def whole_errors(error: Tensor, factor: Tensor, spikes: Train, constants: LayerConstants) -> Tensor:
    """Whole error of each spike, with the paths through the neuron's own later spikes (17).

    Parameters
    ----------
    error : Tensor of float64, shape (n_spikes,)
        dL/dt of each spike without them [1/s].
    factor : Tensor of float64, shape (n_spikes,)
        See `factors`.
    spikes : Train
    constants : LayerConstants

    Returns
    -------
    Tensor of float64, shape (n_spikes,)
    """
    delta = error.clone()
    by_neuron = spikes.neuron.argsort(stable=True)
    count = spikes.neuron.bincount()
    start = count.cumsum(0) - count
    behind = torch.zeros(len(count), dtype=delta.dtype)  # sum of r_m delta_m, decayed to the spike before which it was
    latest = torch.full_like(behind, math.inf)
    for rank in reversed(range(int(count.max()) if len(count) else 0)):
        has = (count > rank).nonzero()[:, 0]
        k = by_neuron[start[has] + rank]
        arrived = behind[has] * torch.exp((spikes.time[k] - latest[has]) / constants.tau)
        delta[k] += constants.c / constants.tau * arrived
        behind[has], latest[has] = arrived + factor[k] * delta[k], spikes.time[k]
    return delta


def weight_slopes(presynaptic: Tensor, spikes: Tensor, factor: Tensor, constants: LayerConstants) -> Tensor:
    """dt_k/dw by way of each presynaptic spike, without the neuron's own earlier spikes (12), (13).

    Parameters
    ----------
    presynaptic : Tensor of float64, shape (n_pre_spikes,)
        Spike times of the presynaptic neuron [s].
    spikes, factor : Tensor of float64, shape (n_spikes,)
        Spike times of the postsynaptic neuron [s], and their factors.
    constants : LayerConstants

    Returns
    -------
    Tensor of float64, shape (n_spikes, n_pre_spikes)
        [s^2]: a weight is in 1/s, like c.
    """
    span = spikes[:, None] - presynaptic
    return factor[:, None] * (decay(span, constants.tau_s) - decay(span, constants.tau))
