"""Errors of single spikes: together they are the gradient of every weight, and a weight's slope is how spikes move."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from snn_explorer.bats.answer import LayerAnswer, answer
from snn_explorer.bats.network import Network
from snn_explorer.bats.objective import Objective
from snn_explorer.bats.spike_errors import currents, weight_slopes
from snn_explorer.engine import Watch
from tests.bats.tiny import network, separable

KINDS: dict[str, dict[str, Any]] = {
    "symmetric": {},
    "random": {"feedback": "random"},
    "uniform": {"feedback": "uniform"},
    "first spike": {"loss": "first_spike", "init": (0.0, 1.0)},
    "budget 1": {"n_max": (1, 1), "init": (0.0, 1.0)},
    "regulariser": {"rho": 0.3, "rate_limit": 1.0},
    "push": {"dead_output_push": 1.0, "theta": (0.03, 0.15)},
    "two hidden layers": {"hidden": (8, 6), "n_max": (6, 6, 8), "theta": (0.03, 0.05, 0.05)},
    "no hidden layer": {"hidden": (), "n_max": (8,), "theta": (0.015,)},
}


def advanced(**values: Any) -> Network:
    net = network(**values)
    for _ in range(3):
        net.advance()
    return net


def gradients_by_spikes(layer: LayerAnswer) -> Tensor:
    """Gradient of each weight of a layer (12): its slopes with each spike, weighed with the spike's whole error."""
    found = torch.zeros_like(layer.weight)
    for i, j in torch.cartesian_prod(*map(torch.arange, found.shape)).tolist():
        mine = layer.spikes.neuron == j
        slope = weight_slopes(layer.presynaptic.of(i), layer.spikes.of(j), layer.factor[mine], layer.constants)
        found[i, j] = layer.delta[mine] @ slope.sum(1)
    return found


def gradients_by_autograd(net: Network, sample: int) -> list[Tensor]:
    inputs, labels = net.training_set.sample(sample)
    spikes = [inputs, *net.respond(inputs)]
    total = Objective(net.parameters, net.loss, spikes, labels).total.sum()
    return list(torch.autograd.grad(total, [layer.weight for layer in net.layers]))


@pytest.mark.parametrize("kind", KINDS)
def test_errors_of_all_spikes_give_the_gradient_of_every_weight(kind: str) -> None:
    net, n_learning = advanced(**KINDS[kind]), 0
    for sample in range(4):
        layers = answer(net, sample).layers.values()
        for layer, expected in zip(layers, gradients_by_autograd(net, sample), strict=True):
            torch.testing.assert_close(gradients_by_spikes(layer), expected, rtol=1e-9, atol=1e-9)
            n_learning += int((expected != 0).sum())
    assert n_learning > 20


def test_later_spikes_have_a_part_in_the_error() -> None:
    """The spike count loss gives all spikes of an output the same error; only its last one keeps just that."""
    output = answer(network(target_true=20.0), 0).layers["output"]
    delta = output.delta[output.spikes.neuron == output.per_neuron.argmax()]
    n = len(delta)
    assert n > 3
    assert float(delta[-1]) in (20.0 - n, 1.0 - n)
    assert len(delta.unique()) == n


@pytest.mark.parametrize("layer", ["hidden", "output"])
def test_the_slope_of_the_probe_is_how_far_a_weight_moves_the_spike(layer: str) -> None:
    """With a budget of 1 no earlier spike of the neuron takes part, and the slope is the whole derivative."""
    net = network(n_max=(1, 1), init=(0.0, 1.0))
    k, step, n_compared = net.layer_names.index(layer), 1e-6, 0
    for post in range(net.layers[k].n_out):
        for pre in range(net.layers[k].n_in):
            watch = Watch(probe_layer=layer, probe_post=post, probe_pre=pre, sample=3)
            slope = net.frame(watch).traces["probe_slope"]
            moved = [_spike_time(net, k, pre, post, way) for way in (step, -step)]
            if len(moved[0]) == 1 and slope.any():
                assert slope.sum() == pytest.approx(float(moved[0] - moved[1]) / (2 * step), rel=1e-4)
                assert (slope <= 0).all()
                n_compared += 1
    assert n_compared > 5


@torch.no_grad()
def _spike_time(net: Network, k: int, pre: int, post: int, step: float) -> Tensor:
    """Spikes of a neuron for sample 3 with one weight changed."""
    weight = net.layers[k].weight
    before = float(weight[pre, post])
    weight[pre, post] += step
    found = list(answer(net, 3).layers.values())[k].spikes.of(post)
    weight[pre, post] = before
    return found


def test_the_probe_tells_its_gradient_as_the_sum_of_what_is_shown() -> None:
    net = advanced()
    expected = gradients_by_autograd(net, 5)
    for k, name in enumerate(net.layer_names):
        pre, post = divmod(int(expected[k].abs().argmax()), net.layers[k].n_out)
        frame = net.frame(Watch(probe_layer=name, probe_post=post, probe_pre=pre, sample=5))
        gradient = float(expected[k][pre, post])
        assert gradient != 0
        assert frame.numbers["probe_gradient"] == pytest.approx(gradient, rel=1e-9)
        shown = (frame.traces["probe_delta"] @ frame.traces["probe_slope"]).sum()
        assert shown == pytest.approx(gradient, rel=1e-4)
        assert frame.numbers["probe_weight"] == net.layers[k].weight[pre, post].item()
        assert frame.numbers["probe_slope_floor"] == 0.0


@torch.no_grad()
def test_a_membrane_that_only_grazes_the_threshold_is_told() -> None:
    """A single input of weight w lets v rise to w / 4: just c, where the slope of the spike time is infinite."""
    net = network(separable(classes=(0,)), hidden=(), n_max=(8,), theta=(0.03,))
    layer = net.layers[0]
    layer.weight.zero_()
    layer.weight[0] = 4 * layer.constants.c * torch.tensor([1 + 1e-14, 1.5], dtype=torch.float64)
    frames = [net.frame(Watch(probe_post=post)) for post in (0, 1)]
    assert [frame.numbers["probe_slope_floor"] for frame in frames] == [1.0, 0.0]
    assert all(len(frame.traces["probe_post_time"][0]) == 1 for frame in frames)
    steepest = layer.constants.tau / (1e-6 * layer.constants.c)
    assert float(answer(net, 0).layers["output"].factor.max()) == pytest.approx(steepest)


def test_parts_of_any_size_give_the_same_currents(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = answer(network(), 2).layers["output"]
    given = layer.presynaptic, layer.spikes, layer.weight, layer.constants
    whole = currents(*given)
    monkeypatch.setattr("snn_explorer.bats.spike_errors.PAIRS", 2 * len(layer.presynaptic.time) + 1)
    assert len(whole) > 5
    torch.testing.assert_close(currents(*given), whole, rtol=1e-14, atol=0)
