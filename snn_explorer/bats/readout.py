"""What the output neurons said up to a moment: spike counts and the times of chosen spikes."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from snn_explorer.bats.spikes import Spikes

NO_ANSWER = -1
"""Decoded class of a sample in which no output has spiked."""


def counts_until(spikes: Spikes, until: float | None = None) -> Tensor:
    """Spikes of each neuron at times up to `until` [s] (all by default), ``(B, n_neurons)``."""
    if until is None:
        return spikes.per_neuron
    seen = (spikes.time <= until) & torch.isfinite(spikes.time)
    counts = torch.zeros_like(spikes.per_neuron)
    return counts.scatter_add_(1, spikes.neuron.long(), seen.int())


def spike_time(spikes: Spikes, nth: int = 1) -> Tensor:
    """Time of each neuron's n-th spike [s], infinite without one, ``(B, n_neurons)``; gradients flow."""
    if nth == 1:
        return spikes.first()
    empty = torch.isinf(spikes.time)
    own = (spikes.neuron[:, :, None] == torch.arange(spikes.n_neurons, device=empty.device)) & ~empty[:, :, None]
    chosen = own & (own.cumsum(1) == nth)
    # an infinite time must not meet a factor of 0
    time = spikes.time.masked_fill(empty, 0.0)
    found = (chosen * time[:, :, None]).sum(1)
    return found.masked_fill(~chosen.any(1), math.inf)


def most_spikes(spikes: Spikes, until: float | None = None) -> Tensor:
    """The neuron with most spikes up to `until`, the lowest id among equals, or `NO_ANSWER`, ``(B,)``."""
    counts = counts_until(spikes, until)
    return counts.argmax(1).masked_fill_(counts.amax(1) == 0, NO_ANSWER)


def earliest(spikes: Spikes, until: float | None = None, nth: int = 1) -> Tensor:
    """The neuron whose n-th spike comes first, if that is up to `until`, else `NO_ANSWER`, ``(B,)``."""
    time, neuron = spike_time(spikes, nth).detach().min(1)
    late = torch.isinf(time) if until is None else ~(time <= until)
    return neuron.masked_fill_(late, NO_ANSWER)
