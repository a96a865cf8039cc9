"""The push of dead outputs raises the label's weights from active neurons, and drops the sample's other errors."""

from __future__ import annotations

import pytest
import torch

from snn_explorer.bats.dead_outputs import DeadOutputPush
from snn_explorer.engine import ParameterError
from tests.bats.made_spikes import made
from tests.bats.tiny import network, separable


def test_a_sample_is_dead_when_its_labels_output_is_silent() -> None:
    output = made([[(0.1, 0)], [(0.1, 0)], []], 2)
    assert DeadOutputPush.dead(output, torch.tensor([0, 1, 1])).tolist() == [False, True, True]


def test_the_push_reaches_active_neurons_and_dead_labels_only() -> None:
    presynaptic = made([[(0.1, 0)], [(0.1, 1), (0.2, 1)], [(0.1, 1), (0.2, 2)]], 4)
    dead, labels = torch.tensor([False, True, True]), torch.tensor([0, 0, 1])
    gradient = DeadOutputPush(strength=3.0).gradient(presynaptic, dead, labels, n_out=2)
    # mean over three samples of -3: neuron 1 spiked for both dead samples, neuron 2 for the second one only
    assert gradient.tolist() == [[0, 0], [-1, -1], [0, -1], [0, 0]]


@pytest.mark.parametrize("strength", [0.0, -1.0, float("nan")])
def test_a_push_needs_a_strength(strength: float) -> None:
    with pytest.raises(ParameterError, match="strength is"):
        DeadOutputPush(strength)


def test_one_step_with_all_outputs_dead_raises_exactly_the_weights_of_labels() -> None:
    options = {"hidden": (), "n_max": (1,), "theta": (50.0,), "loss": "first_spike", "optimiser": "sgd",
               "learning_rate": 0.1, "batch_size": 40, "validation": 0.0}  # fmt: skip
    samples = separable(n_train=40)
    plain, pushed = network(samples, **options), network(samples, **options, dead_output_push=2.0)
    before = plain.layers[0].weight.detach().clone()
    plain.advance()
    pushed.advance()
    assert pushed.n_silent == (2.0,)
    assert torch.equal(plain.layers[0].weight, before)
    active = (samples.train.inputs > 0).double()
    rises = 0.1 * 2.0 / 40 * active.T @ torch.nn.functional.one_hot(samples.train.labels).double()
    torch.testing.assert_close(pushed.layers[0].weight.detach() - before, rises)


def test_a_dead_samples_other_errors_are_dropped() -> None:
    """Output 0 spikes for samples of the silent output 1: without the push it is delayed, with it only 1 is raised."""
    options = {"hidden": (), "n_max": (1,), "theta": (0.01,), "loss": "first_spike", "optimiser": "sgd",
               "learning_rate": 0.1, "batch_size": 10, "validation": 0.0}  # fmt: skip
    samples = separable(n_train=10, classes=(1,))
    for push, delayed in ((0.0, True), (1.0, False)):
        net = network(samples, **options, dead_output_push=push)
        with torch.no_grad():
            net.layers[0].weight[:, 0], net.layers[0].weight[:, 1] = 1.0, -1.0
        net.advance()
        assert net.n_silent == (1.0,)
        change = net.layers[0].weight.detach() - torch.tensor([1.0, -1.0])
        assert bool((change[:, 0] != 0).any()) is delayed
        assert bool((change[:, 1] > 0).any()) is not delayed
