"""How well a network answers, and how much it spikes to do so: accuracy, loss and activity over a split."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from snn_explorer.bats.losses import Loss
from snn_explorer.bats.spikes import Spikes

Responses = Iterator[tuple[list[Spikes], Tensor]]
"""Block after block of samples: spikes of each layer from the first hidden one on, and labels ``(B,)``."""


@dataclass(frozen=True)
class Evaluation:
    """A network on all samples of a split; tuples have one entry for each layer, hidden layers first.

    Attributes
    ----------
    accuracy : float
        Share of right answers, 0..1; a sample without any output spike counts as wrong.
    loss : float
        Mean loss of a sample.
    spikes_per_sample : tuple of float
        Mean number of spikes of the whole layer for a sample.
    active_share : tuple of float
        Mean share of neurons that spike for a sample.
    silent_share : tuple of float
        Share of neurons that spike for no sample at all.
    saturated_share : tuple of float
        Mean share of neurons that spend their spike budget for a sample.
    """

    accuracy: float
    loss: float
    spikes_per_sample: tuple[float, ...]
    active_share: tuple[float, ...]
    silent_share: tuple[float, ...]
    saturated_share: tuple[float, ...]


@torch.no_grad()
def evaluate(responses: Responses, loss: Loss, until: float | None = None) -> Evaluation:
    """Look at what a network answered.

    Parameters
    ----------
    responses : iterator of tuple
        At least one block of samples.
    loss : Loss
        Also says how answers are read.
    until : float, optional
        Only output spikes up to this time [s] are read for the answers; all by default. The loss and the activity are
        always those of the whole simulated time.

    Returns
    -------
    Evaluation
    """
    n_samples, right, total = 0, 0, 0.0
    layers: list[_Activity] = []
    for spikes, labels in responses:
        layers = layers or [_Activity(layer) for layer in spikes]
        n_samples += len(labels)
        right += int((loss.decode(spikes[-1], until) == labels).sum())
        total += float(loss(spikes[-1], labels).sum(dtype=torch.float64))
        for activity, layer in zip(layers, spikes, strict=True):
            activity.add(layer)
    return Evaluation(
        accuracy=right / n_samples,
        loss=total / n_samples,
        spikes_per_sample=_per_layer(layers, lambda layer: layer.n_spikes / n_samples),
        active_share=_per_layer(layers, lambda layer: layer.n_active / (n_samples * len(layer.ever))),
        silent_share=_per_layer(layers, lambda layer: 1 - float(layer.ever.double().mean())),
        saturated_share=_per_layer(layers, lambda layer: layer.n_saturated / (n_samples * len(layer.ever))),
    )


class _Activity:
    """Sums over samples of one layer."""

    def __init__(self, spikes: Spikes) -> None:
        self.n_spikes = self.n_active = self.n_saturated = 0
        self.ever = torch.zeros(spikes.n_neurons, dtype=torch.bool, device=spikes.per_neuron.device)

    def add(self, spikes: Spikes) -> None:
        active = spikes.per_neuron > 0
        self.n_spikes += int(spikes.count.sum())
        self.n_active += int(active.sum())
        self.n_saturated += int(spikes.n_saturated.sum())
        self.ever |= active.any(0)


def _per_layer(layers: Sequence[_Activity], share: Callable[[_Activity], float]) -> tuple[float, ...]:
    return tuple(share(layer) for layer in layers)
