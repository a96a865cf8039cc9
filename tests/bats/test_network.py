"""A network learns, goes on to the same bits, and refuses to lose what it learned."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch

from snn_explorer.bats.encoding import time_to_first_spike
from snn_explorer.bats.losses import SpikeCountLoss
from snn_explorer.bats.network import Network
from snn_explorer.bats.order import epoch_order, hold_out
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.engine import LearningFault, ParameterError
from snn_explorer.tasks.samples import Samples, Split
from tests.bats.tiny import network, separable

KINDS: dict[str, dict[str, Any]] = {
    "count": {},
    "first spike": {"loss": "first_spike", "n_max": (1, 1), "init": (0.0, 1.0), "dead_output_push": 0.1},
    "no hidden layer": {"hidden": (), "n_max": (8,), "theta": (0.03,), "dead_output_push": 1.0},
    "random feedback, sgd": {"feedback": "random", "optimiser": "sgd", "learning_rate": 0.1},
    "two hidden layers": {"hidden": (8, 6), "n_max": (6, 6, 8), "theta": (0.03, 0.05, 0.05)},
}


def flat(net: Network) -> torch.Tensor:
    return torch.cat([layer.weight.detach().flatten() for layer in net.layers])


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_a_separable_task_is_learned(kind: str, seed: int) -> None:
    net = network(seed=seed, backend="auto", dtype=torch.float32, **KINDS[kind])
    while net.epoch < 10:
        net.advance()
    assert net.evaluate(net.samples.test).accuracy >= 0.95
    assert net.progress.accuracy >= 0.9
    assert net.progress.n == len(net.training)


def test_a_dead_output_stays_dead_without_the_push() -> None:
    options = {**KINDS["no hidden layer"], "backend": "auto", "dtype": torch.float32}
    dead, pushed = (network(**{**options, "dead_output_push": push}) for push in (0.0, 1.0))
    for net in (dead, pushed):
        with torch.no_grad():
            net.layers[0].weight[:, 1] = -0.2
        while net.epoch < 10:
            net.advance()
    assert dead.evaluate(dead.samples.test).silent_share == (0.5,)
    assert torch.equal(dead.layers[0].weight[:, 1], torch.full((6,), -0.2))
    assert pushed.evaluate(pushed.samples.test).accuracy >= 0.95


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_network_goes_on_to_the_same_bits(kind: str) -> None:
    net, other = network(dtype=torch.float32, **KINDS[kind]), network(dtype=torch.float32, seed=1, **KINDS[kind])
    for _ in range(8):
        net.advance()
    saved = net.state_dict()
    for _ in range(9):
        net.advance()
    other.load_state_dict(saved)
    assert other.batches == 8
    for _ in range(9):
        other.advance()
    assert torch.equal(flat(net), flat(other))
    assert net.progress == other.progress
    assert net.epoch == other.epoch
    net.load_state_dict(saved)  # once more, and back into an earlier epoch
    for _ in range(9):
        net.advance()
    assert torch.equal(flat(net), flat(other))


def test_a_saved_state_is_a_copy() -> None:
    net = network()
    net.advance()
    saved = net.state_dict()
    weight, average = saved["weights"]["0"].clone(), saved["optimiser"][0]["exp_avg"].clone()
    net.advance()
    assert torch.equal(saved["weights"]["0"], weight)
    assert torch.equal(saved["optimiser"][0]["exp_avg"], average)


def test_a_state_of_another_shape_is_refused() -> None:
    message = "hidden weights must be torch.float64 of shape (6, 5), not torch.float64 of shape (6, 8)."
    with pytest.raises(ParameterError, match=re.escape(message)):
        network(hidden=(5,)).load_state_dict(network().state_dict())


def test_seeds_give_the_same_run_again_and_others() -> None:
    first, again, other = network(), network(), network(seed=2)
    assert not torch.equal(flat(first), flat(other))
    for net in (first, again):
        for _ in range(4):
            net.advance()
    assert torch.equal(flat(first), flat(again))


def test_one_step_of_sgd_is_the_batch_mean_of_exact_gradients() -> None:
    """The same step put together from single samples."""
    options = {"optimiser": "sgd", "learning_rate": 0.01, "validation": 0.0, "batch_size": 7}
    net, single = network(**options), network(**options)
    expected, order = flat(single), epoch_order(60, 1, 0)[:7]
    loss = SpikeCountLoss(5.0, 1.0)
    for row in order:
        sample = single.training.subset(row[None])
        spikes = single.respond(time_to_first_spike(sample.inputs.double(), 0.1))[-1]
        single.optimiser.zero_grad()
        loss(spikes, sample.labels).sum().backward()
        expected -= 0.01 / 7 * torch.cat([layer.weight.grad.flatten() for layer in single.layers])
    net.advance()
    torch.testing.assert_close(flat(net), expected)


def test_adam_takes_a_first_step_of_the_learning_rate() -> None:
    net = network(learning_rate=0.02)
    before = flat(net)
    net.advance()
    change = (flat(net) - before).abs()
    assert (change > 0.0199).any()
    # lr g / (|g| + eps)
    gradient = torch.cat([layer.weight.grad.flatten().abs() for layer in net.layers])
    torch.testing.assert_close(change, 0.02 * gradient / (gradient + 1e-8))


def test_the_learning_rate_follows_its_schedule() -> None:
    net = network(optimiser="sgd", learning_rate=0.01, rate_decay=0.0, decay_every=2)
    while net.epoch < 2:
        net.advance()
    before = flat(net)
    net.advance()
    assert torch.equal(flat(net), before)
    net.parameters.min_rate = 0.001
    net.advance()
    assert not torch.equal(flat(net), before)


def test_every_epoch_shows_every_training_sample_once() -> None:
    net = network(separable(n_train=53), batch_size=10, validation=0.0)
    assert net.batches_per_epoch == 6
    seen = []
    for _ in range(6):
        net.advance()
        seen.append(len(net.spikes[0]))
    assert seen == [10, 10, 10, 10, 10, 3]
    assert net.epoch == 1.0
    assert net.progress.n == 53
    orders = [epoch_order(53, 1, epoch).tolist() for epoch in range(3)]
    assert all(sorted(order) == list(range(53)) for order in orders)
    assert orders[0] != orders[1] != orders[2]


def test_held_out_samples_are_apart_from_those_trained_on() -> None:
    split = Split(torch.arange(40.0)[:, None] / 40, torch.zeros(40, dtype=torch.int64))
    training, validation = hold_out(split, 0.25, seed=3)
    assert (len(training), len(validation)) == (30, 10)
    both = torch.cat([training.inputs, validation.inputs]).flatten()
    assert torch.equal(both.sort().values, split.inputs.flatten())
    assert not torch.equal(hold_out(split, 0.25, seed=4)[1].inputs, validation.inputs)
    assert len(hold_out(split, 0.0, seed=3)[1]) == 0
    with pytest.raises(ParameterError, match=r"share is 0\.9; of 1 samples it leaves none"):
        hold_out(split.subset(torch.tensor([0])), 0.9, seed=3)


@pytest.mark.parametrize("size", [1e30, 3e38])
def test_a_gradient_that_is_no_number_leaves_everything_as_it_was(size: float) -> None:
    """In float32 the square of 1e30, which Adam needs, is infinite, and sums of 3e38 are."""
    net = network(dtype=torch.float32)
    for _ in range(3):
        net.advance()
    before, progress = net.state_dict(), net.progress
    net.layers[1].feedback = torch.full((8, 2), size)
    with pytest.raises(LearningFault, match="gradient of layer 1 is no longer a finite number"):
        net.advance()
    after = net.state_dict()
    for name, weight in before["weights"].items():
        assert torch.equal(after["weights"][name], weight)
    for k, own in before["optimiser"].items():
        assert all(torch.equal(after["optimiser"][k][name], value) for name, value in own.items())
    assert net.progress == progress
    assert net.batches == 3


def test_evaluation_counts_what_the_layers_did() -> None:
    net = network()
    found = net.evaluate(net.samples.test)
    ((spikes, labels),) = net.responses(net.samples.test)
    answers = spikes[-1].per_neuron.argmax(1).where(spikes[-1].count > 0, torch.tensor(-1))
    assert found.accuracy == pytest.approx(float((answers == labels).double().mean()))
    assert found.loss == pytest.approx(float(net.loss(spikes[-1], labels).mean()))
    for k, n_max in enumerate((6, 8)):
        per_neuron = spikes[k].per_neuron
        assert found.spikes_per_sample[k] == pytest.approx(float(per_neuron.sum(1).double().mean()))
        assert found.active_share[k] == pytest.approx(float((per_neuron > 0).double().mean()))
        assert found.silent_share[k] == pytest.approx(float((per_neuron == 0).all(0).double().mean()))
        assert found.saturated_share[k] == pytest.approx(float((per_neuron == n_max).double().mean()))


def test_decoding_early_sees_less() -> None:
    net = network()
    while net.epoch < 10:
        net.advance()
    whole = net.evaluate(net.samples.test)
    assert net.evaluate(net.samples.test, until=0.0).accuracy == 0.0
    assert net.evaluate(net.samples.test, until=0.2) == whole
    assert net.evaluate(net.samples.test, until=0.02).accuracy < whole.accuracy


def test_blocks_of_an_evaluation_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    net = network()
    whole = net.evaluate(net.samples.test)
    monkeypatch.setattr("snn_explorer.bats.network.BLOCK", 7)
    parts = net.evaluate(net.samples.test)
    assert parts.loss == pytest.approx(whole.loss)
    assert (parts.accuracy, parts.silent_share) == (whole.accuracy, whole.silent_share)


def test_direct_spike_times_are_learned() -> None:
    samples = separable()

    def times(split: Split) -> Split:
        return Split((0.1 * (1 - split.inputs)).masked_fill(split.inputs == 0, float("inf")), split.labels)

    direct = Samples("times", "Times", 6, 2, times(samples.train), times(samples.test), "times")
    nets = network(samples), network(direct)
    for net in nets:
        net.advance()
    torch.testing.assert_close(flat(nets[0]), flat(nets[1]), rtol=1e-4, atol=1e-6)


def test_what_cannot_be_evaluated_is_refused() -> None:
    net = network(validation=0.0)
    with pytest.raises(ParameterError, match="has 0 samples"):
        net.evaluate(net.validation)
    with pytest.raises(ParameterError, match="until is nan"):
        net.evaluate(net.samples.test, until=float("nan"))


def test_numbers_must_fit_the_layers() -> None:
    with pytest.raises(ParameterError, match="must hold 3 numbers"):
        Network(separable(), BatsParameters(hidden=(4, 4)), backend="reference")
