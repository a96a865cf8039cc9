"""How gradients change the weights: Adam (Kingma & Ba 2015) with the constants of its paper, or plain descent (15)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import torch
from torch import Tensor, nn

from snn_explorer.devices import host_copy
from snn_explorer.engine import LearningFault, ParameterError
from snn_explorer.saved_state import check_parts, check_tensor, refuse

OPTIMISERS = ("adam", "sgd")
"""Optimisers by name."""

_MOST_STEPS: Final = 2**24
"""Where Adam's count of its steps, a float32, comes to a stop."""


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


def check_moments(optimiser: torch.optim.Optimizer, state: Any, batches: int, names: Sequence[str]) -> None:
    """Check a saved state of an optimiser before it is taken up.

    Parameters
    ----------
    optimiser : torch.optim.Optimizer
        What `make_optimiser` gave.
    state : object
        What `copied_state` gave: Adam's moments of each layer once there was a batch, else nothing.
    batches : int
        Batches learned by then.
    names : sequence of str
        Names of the layers.

    Raises
    ------
    ParameterError
        If it cannot be the state of this optimiser after so many batches.
    """
    (group,) = optimiser.param_groups
    moving = isinstance(optimiser, torch.optim.Adam) and batches > 0
    learned = range(len(names)) if moving else range(0)
    check_parts("the optimiser", state, learned)
    steps = torch.tensor(float(min(batches, _MOST_STEPS)))
    for k in learned:
        name, moments = names[k], state[k]
        check_parts(f"the optimiser of {name}", moments, ("step", "exp_avg", "exp_avg_sq"))
        check_tensor(f"{name} step", moments["step"], steps)
        if moments["step"] != steps:
            refuse(f"{name} step is {moments['step']:g}; after {batches} batches it must be {steps:g}")
        for moment in ("exp_avg", "exp_avg_sq"):
            check_tensor(f"{name} {moment}", moments[moment], group["params"][k])
        if (least := moments["exp_avg_sq"].min()) < 0:
            refuse(f"{name} exp_avg_sq holds {least:g}; a mean of squares is at least 0")


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
