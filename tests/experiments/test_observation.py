"""Recording activity with learning switched off: it repeats, and it leaves no trace."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from snn_explorer.experiments import load_experiment
from snn_explorer.experiments.dataset import to_dataset
from snn_explorer.experiments.ensemble import Ensemble
from snn_explorer.experiments.experiment import Settings
from snn_explorer.experiments.observation import observe
from snn_explorer.experiments.panels.activity import spikes_of
from snn_explorer.experiments.superspike_experiment import Observation
from snn_explorer.superspike import Network

SMALL = {"burn_in": 1, "n_hidden": 8}


def tensors_of(state: object) -> list[torch.Tensor]:
    """All tensors in nested dicts, in order."""
    if isinstance(state, torch.Tensor):
        return [state]
    return [tensor for value in state.values() for tensor in tensors_of(value)] if isinstance(state, dict) else []


def periods(step: np.ndarray, neuron: np.ndarray, n: int) -> list[set[tuple[int, int]]]:
    """Spikes (step, neuron) of each of the first `n` presentations of 3.5 s."""
    step = np.round(step).astype(int)
    parts = (np.flatnonzero(step // 35000 == k) for k in range(n))
    return [set(zip((step[at] % 35000).tolist(), neuron[at].tolist(), strict=True)) for at in parts]


@pytest.mark.parametrize("seconds", [20.0, 20.5, 22.0])
def test_a_frozen_network_repeats_its_activity_each_period(seconds: float, run) -> None:
    """Fig 6c. The stimulus starts at time 0 of the recording wherever learning stopped in it."""
    experiment = load_experiment("superspike-fig6")
    experiment = replace(experiment, after=Observation(learning=3.5, frozen=10.5))
    data = to_dataset(run(experiment, seeds=1, length=seconds, values=SMALL))
    name, stops = str(data.condition.values[0]), data.attrs["after_learning_stops"]
    assert stops == pytest.approx(3.5)
    for layer in ("input", "target", "hidden", "output"):
        time, neuron = spikes_of(data, layer, name)
        assert time.size > 100
        _, _, second, third = periods(time / data.attrs["dt"], neuron, 4)
        assert second == third
        if layer in ("input", "target"):
            truth = getattr(experiment.task(None), f"{layer}s")
            assert second == {*zip(truth.step.tolist(), truth.neuron.tolist(), strict=True)}


def test_the_weights_still_change_before_learning_stops(run) -> None:
    """Outputs of the first period, with learning on, differ from those of the second, with learning off."""
    data = to_dataset(run(load_experiment("superspike-fig6"), seeds=1, length=20, values=SMALL))
    time, neuron = spikes_of(data, "output", str(data.condition.values[0]))
    first, second = periods(time / data.attrs["dt"], neuron, 2)
    assert first != second


@pytest.mark.parametrize("name", ["superspike-fig4", "superspike-fig5"])
def test_a_network_that_was_observed_goes_on_as_if_it_was_not(name: str) -> None:
    experiment = replace(load_experiment(name), before=None)
    task, settings = experiment.task(None), Settings(seeds=2, length=5, values={"burn_in": 0})
    conditions = dict(list(enumerate(experiment.conditions))[:1])
    seen, unseen = (Ensemble(task, experiment, settings, 5.0, conditions) for _ in range(2))
    for ensemble in (seen, unseen):
        for _ in range(4):
            ensemble.advance(0)
    before = tensors_of(seen.network.state_dict())
    record = observe(seen, Observation(learning=1.0, frozen=1.0, traces=True))
    assert all(torch.equal(a, b) for a, b in zip(before, tensors_of(seen.network.state_dict()), strict=True))
    assert seen.parameters.learning
    assert record["output_membrane"].shape[1] == 20000
    for ensemble in (seen, unseen):
        while not ensemble.finished:
            ensemble.advance(0)
    states = (tensors_of(ensemble.state_dict()) for ensemble in (seen, unseen))
    assert all(torch.equal(a.nan_to_num(), b.nan_to_num()) for a, b in zip(*states, strict=True))


def test_wrong_spikes_are_counted_over_one_period(run) -> None:
    """A silent network misses each target of the pattern once."""
    data = to_dataset(run(load_experiment("superspike-fig2"), seeds=3, length=1, values={"learning_rate": 0}))
    np.testing.assert_array_equal(data.after_wrong, [[5, 5, 5]])


def test_the_most_accurate_network_is_shown(run) -> None:
    experiment = load_experiment("superspike-fig5")
    simulation = run(experiment, seeds=4, length=30, values={"burn_in": 0})
    data = to_dataset(simulation)
    last = {"time": slice(-6, None)}  # the last tenth of 30 s
    accuracy = data.answered.isel(last).sum("time") / data.windows.isel(last).sum("time")
    for condition in ("random", "no hidden layer"):
        mine = accuracy.sel(condition=condition).values
        assert mine[int(data.after_shown.sel(condition=condition))] == mine.max()


def test_windows_hold_the_stimuli_of_their_pattern(run) -> None:
    """Set 0 fires in each window; sets 1 and 2 as the pattern's bits say, whose exclusive or is the label."""
    data = to_dataset(run(load_experiment("superspike-fig5"), seeds=1, length=1, values={"burn_in": 0}))
    name = str(data.condition.values[0])
    time, neuron = spikes_of(data, "input", name)
    mine = np.flatnonzero(data.after_window_condition.values == 0)
    assert mine.size > 10
    for k in mine:
        start, pattern = float(data.after_window_start[k]), int(data.after_window_pattern[k])
        inside = (time > start - 5e-5) & (time < start + 10e-3 - 5e-5)
        count = np.bincount(neuron[inside] // 33, minlength=3)[:3]
        assert (count == 33).tolist() == [True, bool(pattern & 1), bool(pattern >> 1)]
        assert int(data.after_window_label[k]) == (pattern & 1) ^ (pattern >> 1)


def test_settling_is_long_enough(run) -> None:
    """What is recorded is the same if the network settles for a period more."""
    simulation = run(load_experiment("superspike-fig6"), seeds=1, length=20, values=SMALL)
    network: Network = simulation.workers[0].network
    record = observe(simulation.workers[0], Observation(frozen=7.0))
    step, neuron, _ = record["output_spikes"].numpy()
    first, second = periods(step, neuron, 2)
    assert network.parameters.learning
    assert first == second
