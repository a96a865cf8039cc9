"""The data sets that experiments learn, with their sizes, so that a run's time can be told before a file is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from snn_explorer import tasks
from snn_explorer.tasks import Samples, Split

N_STAND_IN = 1000
"""Samples in a stand-in."""


@dataclass(frozen=True)
class Source:
    """A data set and its size.

    Attributes
    ----------
    load : callable
        Gives the samples, from the data folder or None for the usual one.
    n_in, n_classes, n_train : int
        Inputs, classes and samples of the training set.
    active : float
        Share of the inputs that spike for a sample, about.
    image_shape : tuple of int, optional
        Rows and columns, where samples are images.
    """

    load: Callable[[Path | None], Samples]
    n_in: int
    n_classes: int
    n_train: int
    active: float
    image_shape: tuple[int, int] | None = None

    def stand_in(self) -> Samples:
        """Random pixels, as many for each sample as in the data set."""
        generator = torch.Generator().manual_seed(0)
        pixels = torch.rand(N_STAND_IN, self.n_in, generator=generator)
        pixels *= torch.rand(pixels.shape, generator=generator) < self.active
        labels = torch.randint(self.n_classes, (N_STAND_IN,), generator=generator)
        split = Split(pixels, labels)
        return Samples("stand-in", "Random pixels", self.n_in, self.n_classes, split, split, "pixels", self.image_shape)


DIGITS = Source(lambda folder: tasks.digits(), n_in=64, n_classes=10, n_train=1437, active=0.51, image_shape=(8, 8))
YIN_YANG = Source(lambda folder: tasks.yin_yang(), n_in=5, n_classes=3, n_train=5000, active=1.0)
MNIST = Source(tasks.mnist, n_in=784, n_classes=10, n_train=60_000, active=0.19, image_shape=(28, 28))
FASHION_MNIST = Source(tasks.fashion_mnist, n_in=784, n_classes=10, n_train=60_000, active=0.50, image_shape=(28, 28))
EMNIST = Source(tasks.emnist, n_in=784, n_classes=47, n_train=112_800, active=0.34, image_shape=(28, 28))
