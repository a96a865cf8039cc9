"""Feedback weights: fixed, of the size of the initial weights, and used in place of w in equation (19) only."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from torch import Tensor

from snn_explorer.bats.feedback import Feedback
from snn_explorer.bats.layers import SpikingLinear
from snn_explorer.engine import ParameterError
from tests.bats.tiny import network


def layers(*sizes: int) -> list[SpikingLinear]:
    return [
        SpikingLinear(n_in, n_out, 5, 0.1, 0.13, (-0.5, 1.0), backend="reference")
        for n_in, n_out in itertools.pairwise(sizes)
    ]


def weight_gradients(kind: str) -> list[Tensor]:
    """Gradients of the first batch, where all networks have the same weights."""
    net = network(feedback=kind)
    net.advance()
    gradients = [layer.weight.grad for layer in net.layers]
    return [gradient for gradient in gradients if gradient is not None]


def test_feedback_has_the_size_of_the_initial_weights() -> None:
    first, second = layers(3, 200, 300)
    feedback = Feedback([first, second], torch.Generator().manual_seed(0))
    size = math.sqrt((0.5**2 - 0.5 * 1.0 + 1.0**2) / 3)  # root mean square of U(-0.5, 1)
    feedback.choose("random")
    drawn = second.feedback
    assert drawn is not None
    assert float(drawn.mean()) == pytest.approx(0, abs=4 * size / math.sqrt(60_000))
    assert float(drawn.std()) == pytest.approx(size, rel=0.02)
    feedback.choose("uniform")
    assert second.feedback is not None
    assert second.feedback.unique().tolist() == pytest.approx([size], rel=0.02)
    assert first.feedback is None
    feedback.choose("symmetric")
    assert second.feedback is None


def test_the_random_draw_is_kept() -> None:
    _, second = both = layers(2, 3, 4)
    feedback = Feedback(both, torch.Generator().manual_seed(0))
    feedback.choose("random")
    drawn = second.feedback.clone()
    with torch.no_grad():
        second.weight += 1
    feedback.choose("uniform")
    feedback.choose("random")
    assert torch.equal(second.feedback, drawn)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ParameterError, match="The feedback is 'none'; allowed are: symmetric, random, uniform"):
        Feedback(layers(2, 2), torch.Generator()).choose("none")


@pytest.mark.parametrize("kind", ["random", "uniform"])
def test_only_the_layers_below_learn_otherwise(kind: str) -> None:
    exact, other = weight_gradients("symmetric"), weight_gradients(kind)
    assert torch.equal(exact[1], other[1])
    assert not torch.allclose(exact[0], other[0])


def test_feedback_equal_to_the_weights_is_the_exact_gradient() -> None:
    exact, net = weight_gradients("symmetric"), network()
    net.layers[1].feedback = net.layers[1].weight.detach().clone()
    net.advance()
    assert torch.equal(net.layers[0].weight.grad, exact[0])


def test_feedback_stays_as_drawn_while_the_weights_learn() -> None:
    net = network(feedback="random")
    net.advance()
    drawn, weight = net.layers[1].feedback.clone(), net.layers[1].weight.detach().clone()
    for _ in range(5):
        net.advance()
    assert torch.equal(net.layers[1].feedback, drawn)
    assert not torch.equal(net.layers[1].weight, weight)
