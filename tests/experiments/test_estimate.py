"""Expected times: a closed form of what was measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snn_explorer.experiments import estimate, load_experiment
from snn_explorer.experiments.ensemble import LARGEST, group_conditions, n_neurons
from snn_explorer.experiments.experiment import Settings


def test_expected_time_is_a_sum_over_ensembles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fig 4: 20 networks of 4 + 1 neurons and three kinds of feedback, and as many of 8 + 1; 270 s of 0.5 s chunks."""
    experiment = load_experiment("superspike-fig4")
    monkeypatch.setattr(estimate, "chunk_seconds", lambda make_task: (1, 1e-3, 1e-6))
    small, large = 540 * (1e-3 + 300e-6), 540 * (1e-3 + 540e-6)
    for n_cores, expected in ((1, small + large), (64, large)):
        monkeypatch.setattr(estimate, "n_cores", lambda n=n_cores: n)
        assert estimate.expected_seconds(experiment) == pytest.approx(expected)


def test_costs_of_a_chunk_come_from_two_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A made-up machine on which a chunk takes 2 ms and 3 us for each neuron; fig 6's task has 100 outputs."""
    neurons = 16 + 100
    monkeypatch.setattr(estimate, "_timed", lambda task, n: 2e-3 + 3e-6 * n * neurons)
    estimate.chunk_seconds.cache_clear()
    n_outputs, per_chunk, per_neuron = estimate.chunk_seconds(load_experiment("superspike-fig6").task)
    estimate.chunk_seconds.cache_clear()
    assert n_outputs == 100
    assert per_chunk == pytest.approx(2e-3)
    assert per_neuron == pytest.approx(3e-6)


@pytest.mark.parametrize("name", ["superspike-fig5", "superspike-fig7", "superspike-fig8"])
def test_ensembles_hold_conditions_that_may_be_together_and_stay_small(name: str) -> None:
    experiment = load_experiment(name)
    settings, n_outputs = Settings(seeds=5, length=1), experiment.task(None).n_outputs
    groups = list(group_conditions(experiment, settings, n_outputs))
    assert sorted(index for group in groups for index in group) == list(range(len(experiment.conditions)))
    for group in groups:
        sizes = [n_neurons(experiment, settings, condition, n_outputs) for condition in group.values()]
        assert sum(sizes[:-1]) < LARGEST
        shared = [{**condition.values, "rho": 0, "feedback": ""} for condition in group.values()]
        assert all(values == shared[0] for values in shared)


def test_on_a_gpu_conditions_that_may_be_together_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.device_count", lambda: 1)
    experiment = load_experiment("superspike-fig7")
    settings, n_outputs = Settings(seeds=5, length=1, device="cuda"), experiment.task(None).n_outputs
    groups = list(group_conditions(experiment, settings, n_outputs))
    fixed = [{**condition.values, "rho": 0, "feedback": ""} for condition in experiment.conditions]
    assert len(groups) == len({str(sorted(values.items())) for values in fixed})


def test_fewer_seeds_where_few_are_enough() -> None:
    experiment = load_experiment("superspike-fig5")
    uniform = next(condition for condition in experiment.conditions if condition.name == "uniform")
    few = replace(uniform, at_most=3)
    assert n_neurons(experiment, Settings(seeds=10, length=1), few, 2) == 3 * (4 + 2)
    assert n_neurons(experiment, Settings(seeds=2, length=1), few, 2) == 2 * (4 + 2)
