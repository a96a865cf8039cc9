"""Spikes put together by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch

from snn_explorer.bats.spikes import Spikes
from snn_explorer.kernels.bats.interface import Events


def made(samples: Sequence[Sequence[tuple[float, int]]], n_neurons: int, n_max: int | None = None) -> Spikes:
    """Spikes ``(time, neuron)`` of each sample, in float64, whose times want gradients."""
    length = max(len(sample) for sample in samples)
    time = torch.full((len(samples), length), math.inf, dtype=torch.float64)
    neuron = torch.zeros((len(samples), length), dtype=torch.int32)
    for k, sample in enumerate(samples):
        for place, (t, j) in enumerate(sorted(sample)):
            time[k, place], neuron[k, place] = t, j
    count = torch.tensor([len(sample) for sample in samples], dtype=torch.int32)
    spikes = Spikes.of(Events(time, neuron, count), n_neurons)
    return Spikes(spikes.events._replace(time=time.requires_grad_()), n_neurons, spikes.per_neuron, n_max)
