"""Steps of the optimisers in closed form, and gradients that are refused."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from snn_explorer.bats.optimisers import check_gradients, make_optimiser
from snn_explorer.engine import LearningFault, ParameterError


def weight_with(gradient: float) -> nn.Parameter:
    weight = nn.Parameter(torch.zeros(2, 3))
    weight.grad = torch.zeros(2, 3)
    weight.grad[1, 2] = gradient
    return weight


@pytest.mark.parametrize(("name", "step"), [("sgd", -0.1 * 0.5), ("adam", -0.1)])
def test_the_first_step(name: str, step: float) -> None:
    weight = weight_with(0.5)
    make_optimiser(name, [weight], 0.1).step()
    assert weight.detach().flatten().tolist() == pytest.approx([0, 0, 0, 0, 0, step])


def test_an_unknown_optimiser_is_refused() -> None:
    with pytest.raises(ParameterError, match="The optimiser is 'adagrad'; allowed are: adam, sgd"):
        make_optimiser("adagrad", [weight_with(0.0)], 0.1)


@pytest.mark.parametrize("gradient", [float("nan"), float("inf"), -float("inf"), 1e20])
def test_the_layer_with_a_bad_gradient_is_named(gradient: float) -> None:
    check_gradients([weight_with(1e15), weight_with(0.0)])
    with pytest.raises(LearningFault, match="A gradient of layer 2 is no longer a finite number"):
        check_gradients([weight_with(1.0), weight_with(gradient)])
