"""The networks that the BATS suite measures, with the paper's settings of MNIST, and their samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import torch
from torch import Tensor

from snn_explorer.bats import BatsParameters, Network, Spikes, time_to_first_spike
from snn_explorer.devices import CPU
from snn_explorer.tasks import Samples, Split, available_images, mnist

BATCHES = 4
"""Batches that every contestant works through in the same order."""

TRAINED_ON = 5000
"""Samples of MNIST that `Network.advance` draws from."""

ACTIVE = 150
"""Bright pixels of a made-up sample, about as many as a digit of MNIST has."""


class Contestant(Protocol):
    """What is compared: the same network, in one program or another.

    Attributes
    ----------
    name : str
    hidden_spikes : float
        Spikes of the hidden layers per sample of the latest batch.
    """

    name: str
    hidden_spikes: float

    def loss(self, k: int) -> Tensor:
        """Mean loss of batch `k`, counted from 0; `backward` of it gives the gradients anew."""
        ...

    def learn(self) -> None:
        """Learn one batch with Adam."""
        ...


def parameters(n_hidden: int = 800) -> BatsParameters:
    """784-800-10, the paper's network with many spikes (section III B)."""
    return BatsParameters(
        hidden=(n_hidden,), n_max=(30, 30), theta=(0.2, 1.3), learning_rate=0.003, rate_decay=1.0, validation=0.0
    )


def convolutional(convolutions: str = "15C5-P2-40C5-P2", n_hidden: int = 300) -> BatsParameters:
    """15C5-P2-40C5-P2-300-10, the paper's network with convolutions (section III B)."""
    return BatsParameters(
        convolutions=convolutions, hidden=(n_hidden,), n_max=(1, 3, 10, 30), theta=(0.04, 0.8, 0.6, 0.3),
        target_true=30.0, batch_size=20, learning_rate=0.003, rate_decay=1.0, validation=0.0,
    )  # fmt: skip


def benchmark_samples() -> Samples:
    """MNIST where its files are, otherwise samples of random bright pixels."""
    if "mnist" in available_images():
        digits = mnist()
        few = digits.train.subset(torch.arange(TRAINED_ON))
        return Samples("mnist", "MNIST", digits.n_in, digits.n_classes, few, few, digits.kind, digits.image_shape)
    return replace(random_samples(784, ACTIVE, TRAINED_ON), image_shape=(28, 28))


def random_samples(n_in: int, n_active: int, n: int) -> Samples:
    """`n` samples with about `n_active` bright pixels of `n_in` each, and random classes."""
    source = torch.Generator().manual_seed(0)
    bright = torch.rand(n, n_in, generator=source) < n_active / n_in
    pixels = torch.randint(1, 256, (n, n_in), generator=source) * bright
    split = Split(pixels.to(torch.uint8), torch.randint(0, 10, (n,), generator=source))
    return Samples("random", f"{n_active} random pixels", n_in, 10, split, split, "pixels")


def batch(samples: Samples, k: int, p: BatsParameters) -> tuple[Spikes, Tensor]:
    """Input spikes and labels of batch `k`, counted from 0."""
    pixels, labels = samples.train.batch(torch.arange(k * p.batch_size, (k + 1) * p.batch_size))
    return time_to_first_spike(pixels, p.encoding_time), labels


class EventBased:
    """The network of this package, a `Contestant`.

    Parameters
    ----------
    samples : Samples
    parameters : BatsParameters
    """

    name = "SNN Explorer"

    def __init__(self, samples: Samples, parameters: BatsParameters) -> None:
        self.network = Network(samples, parameters, device=CPU)
        self._batches = [batch(samples, k, self.network.parameters) for k in range(BATCHES)]
        self.hidden_spikes = 0.0

    def loss(self, k: int) -> Tensor:
        """See `Contestant`."""
        spikes, labels = self._batches[k % BATCHES]
        *hidden, output = self.network.respond(spikes)
        for layer in self.network.layers:
            layer.weight.grad = None
        self.hidden_spikes = spikes_per_sample(hidden)
        return self.network.loss(output, labels).mean()

    def learn(self) -> None:
        """See `Contestant`."""
        self.network.advance()
        self.hidden_spikes = spikes_per_sample(self.network.spikes[1:-1])


def spikes_per_sample(layers: Sequence[Spikes]) -> float:
    """Spikes of some layers together, mean over the samples."""
    return sum(float(layer.count.float().mean()) for layer in layers)
