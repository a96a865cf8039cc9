"""How gradients change the weights: Adam (Kingma & Ba 2015) with the constants of its paper, or plain descent (15)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from snn_explorer.devices import host_copy
from snn_explorer.engine import LearningFault, ParameterError

OPTIMISERS = ("adam", "sgd")
"""Optimisers by name."""


def make_optimiser(name: str, weights: Sequence[nn.Parameter], rate: float) -> torch.optim.Optimizer:
    """Optimiser of that name, one of `OPTIMISERS`, for the weights of all layers.

    Raises
    ------
    ParameterError
        If there is no such optimiser.
    """
    if name == "adam":
        # fused: one pass over the weights, three times as fast on a CPU
        return torch.optim.Adam(weights, rate, betas=(0.9, 0.999), eps=1e-8, fused=True)
    if name == "sgd":
        return torch.optim.SGD(weights, rate)
    raise ParameterError(f"The optimiser is {name!r}; allowed are: {', '.join(OPTIMISERS)}.")


def copied_state(state: Mapping[int, Mapping[str, Tensor]]) -> dict[int, dict[str, Tensor]]:
    """A copy on the host of an optimiser's state: torch takes up tensors as they are, and changes them in place."""
    return {k: {name: host_copy(value) for name, value in own.items()} for k, own in state.items()}


def gradient_of(weight: nn.Parameter) -> Tensor:
    """Gradient that the last backward pass left."""
    assert weight.grad is not None
    return weight.grad


def check_gradients(weights: Sequence[nn.Parameter]) -> None:
    """See that the weights of all layers can be changed.

    Raises
    ------
    LearningFault
        If a gradient, or its square, which Adam needs, is not a finite number.
    """
    gradients = [gradient_of(weight).flatten() for weight in weights]
    # read together: each time that the host reads a number of a GPU, it waits
    for k, square in enumerate(torch.stack([gradient @ gradient for gradient in gradients]).tolist(), start=1):
        if not math.isfinite(square):
            raise LearningFault(
                f"A gradient of layer {k} is no longer a finite number, so the weights were left as they are; "
                "lower the learning rate, or start again from an earlier state."
            )
