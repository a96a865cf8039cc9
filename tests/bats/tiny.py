"""A task that two outputs can tell apart at a glance, and networks of a few neurons on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from snn_explorer.bats.network import Network
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.tasks.samples import Samples, Split


def separable(n_train: int = 60, n_test: int = 40, classes: Sequence[int] = (0, 1)) -> Samples:
    """Six pixels: class 0 lights mostly the first three, class 1 the last three."""

    def split(n: int, seed: int) -> Split:
        rng = np.random.default_rng(seed)
        labels = rng.choice(classes, n)
        bright = np.repeat(labels[:, None] == np.array([0, 1]), 3, axis=1)
        pixels = np.where(bright, rng.uniform(0.6, 1, (n, 6)), rng.uniform(0, 0.2, (n, 6)))
        pixels[~bright & (rng.random((n, 6)) < 0.5)] = 0
        return Split(torch.from_numpy(pixels.astype(np.float32)), torch.from_numpy(labels.astype(np.int64)))

    return Samples("separable", "Two halves", 6, 2, split(n_train, 0), split(n_test, 1), "pixels")


TINY: dict[str, Any] = {
    "hidden": (8,), "n_max": (6, 8), "theta": (0.03, 0.06), "init": (-0.5, 1.0), "target_true": 5.0,
    "target_false": 1.0, "batch_size": 10, "learning_rate": 0.02, "tau_loss": 0.01,
}  # fmt: skip


def network(samples: Samples | None = None, *, seed: int = 1, dtype: torch.dtype = torch.float64,
            backend: str = "reference", device: torch.device | None = None, **parameters: Any) -> Network:  # fmt: skip
    """A small network, by default in float64 and with one hidden layer."""
    values = {**TINY, **parameters}
    return Network(
        samples or separable(), BatsParameters(seed=seed, **values), backend=backend, device=device, dtype=dtype
    )
