"""Losses of spike counts: a count has no derivative in time, so its error is handed to the spikes.

With a loss L(n) of a neuron's spike count n, each of its spikes gets the error

    dL/dt_k = -dL/dn

so that descent moves the spikes of a neuron that should spike more forward in time, which makes room for another, and
delays those of a neuron that spikes too much. All that lies below is exact.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from snn_explorer.bats.spikes import Spikes
from snn_explorer.kernels.bats.interface import Events


def hand_to_spikes(spikes: Spikes, value: Tensor, slope: Tensor) -> Tensor:
    """A loss of spike counts, whose error goes to every spike.

    Parameters
    ----------
    spikes : Spikes
        Of the neurons whose counts the loss is about.
    value : Tensor, shape (B,)
        The loss of each sample.
    slope : Tensor, shape (B, n_neurons)
        Its derivative with respect to each neuron's spike count.

    Returns
    -------
    Tensor, shape (B,)
        `value`; backward gives ``-slope`` of its neuron to each spike.
    """
    return _HandOff.apply(spikes.time, value, slope, spikes.events)


class _HandOff(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, time: Tensor, value: Tensor, slope: Tensor, events: Events) -> Tensor:
        ctx.save_for_backward(slope, events.neuron, events.count)
        return value.to(time.dtype, copy=True)

    @staticmethod
    def backward(ctx: Any, *errors: Tensor) -> tuple[Tensor | None, ...]:
        slope, neuron, count = ctx.saved_tensors
        empty = torch.arange(neuron.shape[1], device=neuron.device) >= count[:, None]
        error = -(errors[0][:, None] * slope).gather(1, neuron.long())
        return error.masked_fill_(empty, 0.0), None, None, None
