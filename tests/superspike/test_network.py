"""The engine: against its step-by-step reference, and what its users rely on."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from snn_explorer.engine import LearningFault, ParameterError, Watch
from snn_explorer.kernels.superspike.carry import CARRY_STEPS
from snn_explorer.superspike import Network, SuperSpikeParameters
from snn_explorer.superspike.feedback import feedback_weights
from snn_explorer.superspike.optimisers import TAU_RMS
from snn_explorer.tasks import SpikeTrains, SpikingXor, Task, frozen_poisson
from tests.kernels.backends import device_of

TASK = frozen_poisson(np.random.default_rng(3), n_inputs=30, rate_hz=20, n_outputs=2)
BUSY: dict[str, Any] = {"weight_scale": 0.2, "burn_in": 0.0}
"""Initial weights at which hidden and output units spike, so that nothing is tested on silence."""


def make(
    networks=({},), task=TASK, backend="numba", device=None, dtype=torch.float32, update_interval=0.5, **values
) -> Network:
    parameters = SuperSpikeParameters(**(BUSY | values))
    return Network(
        task, parameters, networks, backend=backend, device=device, dtype=dtype, update_interval=update_interval
    )


def weights_of(network: Network) -> torch.Tensor:
    layers = [network.output] if network.hidden is None else [network.hidden, network.output]
    return torch.cat([layer.weights.reshape(-1) for layer in layers])


@pytest.mark.parametrize(
    "values",
    [
        {"feedback": "symmetric"},
        {"feedback": "random", "rho": 1.0},
        {"feedback": "uniform", "steepness": 300.0},
        {"n_hidden": 0},
        {"hidden_learning": False},
        {"feedback": "random", "rho": 1.0, "conventions": "original"},
        {"conventions": "original"},
        {"surrogate": "exponential", "optimiser": "rmsprop"},
        {"surrogate": "none", "optimiser": "plain", "learning_rate": 0.01},
        {"feedback": "random", "rho": 2.0, "exponent": 2, "error_dependent": True},
        {"feedback": "none"},
        {"task": SpikingXor(interval=(15e-3, 40e-3)), "weight_scale": 0.3},
        {"task": SpikingXor(interval=(15e-3, 40e-3)), "weight_scale": 0.3, "spike_budget": 1},
        {"feedback": "random", "rho": 1.0, "spike_budget": 2},
        {"conventions": "original", "feedback": "uniform", "spike_budget": 3},
    ],
    ids=str,
)
def test_numba_equals_the_reference_in_float64_through_updates(values: dict[str, Any]) -> None:
    """0.1 s chunks keep the step-by-step reference quick; the stimulus wraps on its own."""
    networks = [make(backend=b, dtype=torch.float64, update_interval=0.1, **values) for b in ("numba", "reference")]
    n_spikes = 0
    for _ in range(6):
        for network in networks:
            network.advance()
        fast, reference = networks
        n_spikes += len(fast.spikes["output"])
        assert torch.equal(fast.spikes["output"].table, reference.spikes["output"].table)
        torch.testing.assert_close(weights_of(fast), weights_of(reference), rtol=0, atol=1e-12)
        torch.testing.assert_close(fast.chunk_cost, reference.chunk_cost)
    assert n_spikes > 0


@pytest.mark.parametrize(
    "values",
    [
        {"feedback": "random", "rho": 1.0, "spike_budget": 1},
        {"conventions": "original", "feedback": "uniform"},
        {"task": SpikingXor(interval=(15e-3, 20e-3))},
    ],
    ids=["regulariser and budget", "original", "classification"],
)
def test_triton_equals_the_reference_in_float64_through_updates(
    values: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Short chunks, as the interpreter is slow; all that was before is carried into each."""
    monkeypatch.setitem(CARRY_STEPS, torch.float64, 180)
    backends = {"reference": "cpu", "triton": device_of("triton")}
    reference, network = (
        make([{"seed": 1}, {"seed": 2}], backend=b, device=d, dtype=torch.float64, update_interval=9e-3,
             **{"weight_scale": 0.5, **values})
        for b, d in backends.items()
    )  # fmt: skip
    n_spikes = n_errors = 0
    for _ in range(3):
        reference.advance()
        network.advance()
        n_spikes += len(network.spikes["output"])
        n_errors += float(network.chunk_cost.sum())
        for name, events in reference.spikes.items():
            assert torch.equal(network.spikes[name].table, events.table)
        torch.testing.assert_close(weights_of(network).cpu(), weights_of(reference), rtol=0, atol=1e-12)
        torch.testing.assert_close(network.cost.cpu(), reference.cost)
    assert n_spikes > 0
    assert n_errors > 0
    watch = Watch(network=1, hidden=(0, 2), output=(1,), probe_layer="output", probe_post=1)
    seen, expected = network.frame(watch), reference.frame(watch)
    assert seen.numbers == pytest.approx(expected.numbers, rel=1e-5, nan_ok=True)
    for name in ("output_membrane", "output_error", "probe_error"):
        np.testing.assert_allclose(seen.traces[name], expected.traces[name], rtol=1e-5, atol=1e-9)


def test_a_device_that_runs_ahead_leaves_its_weights_alone_and_tells_a_chunk_later() -> None:
    network = make()
    network.advance()
    for layer in network.plasticity.layers:
        layer.asynchronous = True
    before = network.output.weights.clone()
    network.output._gradient_scale = math.inf
    state = network.state_dict()
    network.look_back()
    network.advance()
    assert torch.equal(network.output.weights, before)
    for tell in (network.look_back, network.advance):
        with pytest.raises(LearningFault, match="the gradient of the output layer grew"):
            tell()
    assert torch.equal(network.output.weights, before)
    network.load_state_dict(state)
    network.look_back()


def test_float32_spikes_of_one_chunk_are_those_of_the_reference() -> None:
    networks = [make(backend=backend, dtype=torch.float32) for backend in ("numba", "reference")]
    for network in networks:
        network.advance()
    for name in ("hidden", "output"):
        assert torch.equal(*(network.spikes[name].table for network in networks))
    assert len(networks[0].spikes["hidden"]) > 20


def test_each_network_of_an_ensemble_equals_that_network_alone() -> None:
    swept = [{"seed": 5}, {"seed": 6, "feedback": "random", "rho": 0.3}, {"seed": 7, "learning_rate": 3e-3}]
    ensemble = make(swept)
    alone = [make([values]) for values in swept]
    for _ in range(4):
        ensemble.advance()
        for r, network in enumerate(alone):
            network.advance()
            torch.testing.assert_close(ensemble.output.weights[r], network.output.weights[0], rtol=0, atol=1e-7)
            assert float(ensemble.cost[r]) == pytest.approx(float(network.cost[0]), rel=1e-5)


def test_same_seed_same_run_and_another_seed_another() -> None:
    runs = [make(seed=seed) for seed in (1, 1, 2)]
    for network in runs:
        for _ in range(3):
            network.advance()
    assert torch.equal(weights_of(runs[0]), weights_of(runs[1]))
    assert not torch.equal(weights_of(runs[0]), weights_of(runs[2]))


@pytest.mark.parametrize("conventions", ["paper", "original"])
def test_a_resumed_run_ends_in_the_same_bits(conventions: str) -> None:
    values = {"feedback": "random", "rho": 1.0, "conventions": conventions}
    whole, first, resumed = (make([{"seed": 1}, {"seed": 2}], **values) for _ in range(3))
    for _ in range(6):
        whole.advance()
    for _ in range(3):
        first.advance()
    resumed.load_state_dict(first.state_dict())
    for _ in range(3):
        resumed.advance()
    assert torch.equal(weights_of(whole), weights_of(resumed))
    assert torch.equal(whole.cost, resumed.cost)
    assert whole.time == resumed.time == pytest.approx(3.0, abs=2e-4)


def test_a_state_of_another_backend_is_refused() -> None:
    numba, reference = make(), make(backend="reference")
    with pytest.raises(ParameterError, match="saved with the backend 'numba'; this network has 'reference'"):
        reference.load_state_dict(numba.state_dict())


def test_first_update_moves_every_weight_with_a_gradient_by_the_learning_rate() -> None:
    """RMaxProp: v = g^2 at first, so |dw| = r_0, and 0 where no presynaptic spike ever came."""
    network = make(n_hidden=0, learning_rate=1e-3, weight_scale=0.01)
    before = network.output.weights.clone()
    network.advance()
    change = (network.output.weights - before).abs()
    moved = change > 1e-9
    torch.testing.assert_close(change[moved], torch.full_like(change[moved], 1e-3), rtol=1e-3, atol=0)
    silent = torch.ones(30, dtype=torch.bool)
    silent[torch.from_numpy(TASK.inputs.neuron).long()] = False
    assert not moved[:, :, silent].any()


def test_burn_in_leaves_weights_and_then_time_is_zero() -> None:
    network = make(burn_in=1.0)
    before = weights_of(network).clone()
    assert network.time == -1.0
    network.advance()
    assert torch.equal(weights_of(network), before)
    network.advance()
    assert network.time == 0
    assert not torch.equal(weights_of(network), before)


def test_learning_rate_drops_at_its_time() -> None:
    network = make(n_hidden=0, learning_rate=1e-3, rate_drop_time=1.5, rate_drop=0.1, weight_scale=0.01)
    largest = []
    for _ in range(4):
        network.advance()
        largest.append(float(network.output.last_change.abs().max()))
    assert largest[0] == pytest.approx(1e-3, rel=1e-3)
    assert max(largest[2:]) <= 1e-4 * (1 + 1e-3)


def test_weights_stay_within_the_limit() -> None:
    network = make(learning_rate=0.05, weight_limit=0.06)
    for _ in range(4):
        network.advance()
    assert float(weights_of(network).abs().max()) == pytest.approx(0.06)


def test_without_learning_weights_and_optimiser_stay_and_activity_goes_on() -> None:
    """A deterministic network whose weights are frozen repeats itself with the stimulus (Fig 6c)."""
    network = make()
    for _ in range(3):
        network.advance()
    network.parameters.learning = False
    before, v = weights_of(network).clone(), network.plasticity.state_dict()["hidden"]
    network.advance()
    network.advance()
    spikes = network.spikes["output"].table.clone()
    network.advance()
    assert torch.equal(network.spikes["output"].table, spikes)
    assert spikes.shape[1] > 0
    assert torch.equal(weights_of(network), before)
    assert torch.equal(network.plasticity.state_dict()["hidden"], v)
    assert not network.output.last_change.any()


def test_without_feedback_only_the_output_learns() -> None:
    network = make(feedback="none")
    assert network.hidden is not None
    hidden, output = network.hidden.weights.clone(), network.output.weights.clone()
    network.advance()
    assert torch.equal(network.hidden.weights, hidden)
    assert not torch.equal(network.output.weights, output)


def test_an_optimiser_chosen_while_running_takes_over_what_the_one_before_knew() -> None:
    network = make(n_hidden=0, learning_rate=1e-3, weight_scale=0.01)
    network.advance()
    v = network.plasticity.state_dict()["output"]
    network.parameters.optimiser = "rmsprop"
    network.advance()
    gradient = network.output.weights.grad
    assert gradient is not None
    gamma = math.exp(-0.5 / TAU_RMS)
    torch.testing.assert_close(network.plasticity.state_dict()["output"], gamma * v + (1 - gamma) * gradient**2)


def test_an_error_dependent_regulariser_rests_where_there_is_no_error() -> None:
    """zeta = z^4 e^2 (A.5): without feedback there is no error at hidden units, however active they are."""
    values = {"rho": 1.0, "feedback": "none", "weight_scale": 0.3, "learning_rate": 1e-6}
    for error_dependent in (False, True):
        network = make(error_dependent=error_dependent, **values)
        assert network.hidden is not None
        before = network.hidden.weights.clone()
        network.advance()
        assert len(network.spikes["hidden"])
        assert torch.equal(network.hidden.weights, before) == error_dependent


def test_fixed_hidden_weights_stay_and_the_output_learns() -> None:
    network = make(hidden_learning=False)
    assert network.hidden is not None
    hidden, output = network.hidden.weights.clone(), network.output.weights.clone()
    network.advance()
    assert torch.equal(network.hidden.weights, hidden)
    assert not torch.equal(network.output.weights, output)


def test_regulariser_pulls_active_units_towards_zero_weight() -> None:
    """With a silent target there is no error to learn from, so only -rho w z^4 moves the hidden weights."""
    inputs = TASK.inputs
    task = Task("quiet", "no output", inputs, SpikeTrains([4999], [0], 1), 5000)
    network = make(task=task, rho=1.0, feedback="random", weight_scale=0.3, weight_limit=1.0, learning_rate=1e-6)
    assert network.hidden is not None
    network.random_feedback.zero_()
    before = network.hidden.weights.clone()
    network.advance()
    active = set(network.spikes["hidden"].neuron.tolist())
    assert active
    for i in range(4):
        shrunk = network.hidden.weights[0, i].abs() < before[0, i].abs()
        if i in active:
            assert shrunk.all()
        else:
            assert torch.equal(network.hidden.weights[0, i], before[0, i])


def test_a_changed_parameter_acts_at_the_next_chunk() -> None:
    network = make(n_hidden=0, learning_rate=1e-3, weight_scale=0.01)
    network.advance()
    network.parameters.learning_rate = 0.0
    before = weights_of(network).clone()
    network.advance()
    assert torch.equal(weights_of(network), before)


def test_feedback_matrices() -> None:
    output, random = torch.randn(3, 2, 4), torch.randn(3, 2, 4)
    b = feedback_weights(["symmetric", "random", "uniform"], output, random)
    assert not feedback_weights(["none"] * 3, output, random).any()
    assert torch.equal(b[0], output[0])
    assert torch.equal(b[1], random[1])
    assert torch.equal(b[2], torch.ones(2, 4))
    same = feedback_weights(["random"] * 3, output, random)
    assert torch.equal(same, random)


def test_a_weight_that_is_not_a_number_is_a_fault_that_changes_nothing() -> None:
    network = make()
    network.advance()
    network.output.weights[0, 0, 0] = float("nan")
    assert network.hidden is not None
    before = network.hidden.weights.clone()
    with pytest.raises(LearningFault, match=r"1 of 8 weights of the output layer are not numbers.*learning rate"):
        network.advance()
    assert torch.equal(network.hidden.weights, before)


@pytest.mark.parametrize(
    ("make_it", "message"),
    [
        (lambda: make([]), "no networks"),
        (lambda: make([{"n_hidden": 3}]), "'n_hidden' cannot differ between networks"),
        (lambda: make([{"learning_rate": -1.0}]), r"Learning rate \(learning_rate\) is -1.0; allowed is a number from"),
        (lambda: make(update_interval=0.0008), "must be longer than the axonal delay"),
        (
            lambda: make([{"feedback": "random"}, {"feedback": "symmetric"}], conventions="original"),
            "mixes the feedback kinds random, symmetric",
        ),
    ],
)
def test_bad_ensembles_are_named(make_it, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        make_it()


class TestFrame:
    """What a page sees."""

    watch = Watch(
        hidden=(1, 3, 99), output=(0, 1), probe_layer="hidden", probe_post=3, probe_pre=4, sample=7, window=(0.1, 0.2)
    )

    def frame(self, chunks: int = 3, **values):
        network = make(**values)
        for _ in range(chunks):
            network.advance()
        return network, network.frame(self.watch)

    def test_product_of_the_probe_integrates_to_the_gradient(self) -> None:
        """The displayed traces are the rule: their product's mean is the gradient of that synapse."""
        network, frame = self.frame()
        assert network.hidden is not None
        gradient = -network.hidden.weights.grad[0, 3, 4]  # type: ignore[index]
        assert float(frame.traces["probe_product"].mean()) == pytest.approx(float(gradient), rel=1e-3)
        assert abs(gradient) > 0

    def test_shapes_and_watch(self) -> None:
        _, frame = self.frame()
        assert frame.watch == replace(self.watch, hidden=(1, 3))
        assert frame.traces["hidden_membrane"].shape == (2, 5000)
        assert frame.traces["output_error"].shape == (2, 5000)
        assert frame.matrices["hidden_weights"].shape == (4, 30)
        np.testing.assert_array_equal(frame.matrices["feedback"], frame.matrices["output_weights"].T)
        assert all(array.dtype == np.float32 for array in [*frame.traces.values(), *frame.matrices.values()])

    def test_error_is_alpha_of_the_difference_of_the_rasters(self) -> None:
        network, frame = self.frame(chunks=1)
        events = torch.zeros(5000, dtype=torch.float64)
        for name, sign in (("target", 1), ("output", -1)):
            raster = frame.rasters[name]
            for time in raster.time[raster.neuron == 1]:
                events[round(float(time) / 1e-4)] += sign
        expected = network.traces.error(events).numpy() / 1e-4
        np.testing.assert_allclose(frame.traces["output_error"][1], expected, atol=1e-3)

    def test_looking_does_not_change_the_run(self) -> None:
        looked, left_alone = make(), make()
        for _ in range(3):
            looked.advance()
            left_alone.advance()
            looked.frame(self.watch)
        assert torch.equal(weights_of(looked), weights_of(left_alone))

    def test_without_hidden_layer_the_probe_is_an_output_synapse(self) -> None:
        _, frame = self.frame(n_hidden=0)
        assert frame.watch.probe_layer == "output"
        assert frame.watch.probe_post == 1
        assert "hidden" not in frame.rasters

    def test_frames_own_their_memory(self) -> None:
        network, frame = self.frame()
        kept = {name: array.copy() for name, array in frame.traces.items()}
        network.advance()
        assert all(np.array_equal(frame.traces[name], array) for name, array in kept.items())

    def test_matches_are_counted_once(self) -> None:
        _, frame = self.frame()
        n = frame.numbers
        assert n["matched"] + n["missing"] == n["targets"] == len(frame.rasters["target"].time)
        assert n["matched"] + n["extra"] == len(frame.rasters["output"].time)
