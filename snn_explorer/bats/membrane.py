"""Membranes in closed form, exact at any moment: v = b - g of (8) and (9), not a simulation.

    b(t) = sum_i w_i exp(-(t - t_i) / tau) - c sum_k exp(-(t - t_k) / tau),   g(t) = sum_i w_i exp(-(t - t_i) / tau_s)

over presynaptic spikes i and own spikes k up to t. What is given is u / theta = v / c: a neuron spikes where it reaches
1, and is at 0 right after. It goes on beyond 1 only where the neuron has spent its spike budget.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from snn_explorer.bats.layers import Weights
from snn_explorer.bats.seen import Seen
from snn_explorer.bats.spike_errors import Train, decay, parts
from snn_explorer.kernels.bats.interface import LayerConstants

POINTS = 1000
"""Moments of the even grid."""


class Moments(NamedTuple):
    """When membranes are wanted: a reset happens between two moments of the same time.

    Attributes
    ----------
    time : Tensor of float64, shape (n,)
        In their order [s].
    after : Tensor of bool, shape (n,)
        Whether own spikes of just that time have been.
    """

    time: Tensor
    after: Tensor


def moments(window: tuple[float, float], spikes: Sequence[Tensor]) -> Moments:
    """An even grid over a window [s], and each spike in it twice: before its reset, and after it.

    Grid points are at times that float32, in which they are shown, can hold.
    """
    grid = torch.linspace(*window, POINTS, dtype=torch.float64).float().double()
    inside = torch.cat([grid[:0], *spikes])
    inside = inside[(inside >= window[0]) & (inside <= window[1])]
    time, order = torch.cat([grid, inside, inside]).sort(stable=True)
    return Moments(time, order >= len(grid) + len(inside))


def membranes(
    when: Moments, presynaptic: Train, spikes: Train, weight: Weights, neurons: Sequence[int], constants: LayerConstants
) -> Tensor:
    """Membrane u / theta of some neurons of a layer.

    Parameters
    ----------
    when : Moments
    presynaptic, spikes : Train
        Spikes that the layer gets, and that it gives.
    weight : Weights
        Of all synapses of the layer.
    neurons : sequence of int
    constants : LayerConstants

    Returns
    -------
    Tensor of float64, shape (n_neurons, n)
    """
    ids, seen = torch.tensor(list(neurons), dtype=torch.long), Seen.of(presynaptic, weight)
    found = torch.zeros(len(neurons), len(when.time), dtype=torch.float64)
    fields = seen.field(ids)
    for field in fields.unique():  # neurons that see the same share what comes of it
        mine = (fields == field).nonzero()[:, 0]
        time, w = seen.by(ids[mine])
        for part in parts(len(when.time), time.shape[1]):
            kept = decay(when.time[part, None] - time[0], constants.tau)
            found[mine, part] = w / constants.c @ (kept - kept**2).T  # tau = 2 tau_s
    for row, neuron in zip(found, neurons, strict=True):
        span = when.time[:, None] - spikes.of(neuron)
        row -= (decay(span, constants.tau) + ((span == 0) & when.after[:, None])).sum(1)
    return found
