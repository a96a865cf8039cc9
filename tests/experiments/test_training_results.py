"""What a training leaves behind: files and figures of every BATS experiment, at a size that a test can afford."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import xarray as xr

from snn_explorer.bats.weights import load_network
from snn_explorer.experiments import MODULES, load_experiment
from snn_explorer.experiments.bats_experiment import BatsExperiment
from snn_explorer.experiments.bats_fig4 import sparsity
from snn_explorer.experiments.bats_fig6 import EXAMPLE, TIMES, latency
from snn_explorer.experiments.results import write_results
from snn_explorer.experiments.sources import DIGITS
from snn_explorer.experiments.training import Training

from .test_results import letters_of

PANELS = {
    "bats-digits": "abc",
    "bats-yinyang": "abc",
    "bats-mnist": "abc",
    "bats-mnist-moved": "abc",
    "bats-mnist-conv": "abc",
    "fast-and-deep-mnist": "abc",
    "bats-fashion": "abc",
    "bats-emnist": "abc",
    "bats-fig4": "ab",
    "bats-fig5": "abc",
    "bats-fig6": "abcd",
    "bats-feedback": "abcd",
}


def on_digits(name: str) -> BatsExperiment:
    """The experiment with scikit-learn's digits as its data, in large batches, and windows that fit into these."""
    experiment = load_experiment(name)
    assert isinstance(experiment, BatsExperiment)
    conditions = [
        replace(each, source=None, values={**each.values, "batch_size": 500}) for each in experiment.conditions
    ]
    windows = {"convolutions": "15C3-P2-40C2-P2"} if "convolutions" in experiment.values else {}
    return replace(experiment, source=DIGITS, conditions=conditions, values={**experiment.values, **windows})


def test_all_experiments_are_tested() -> None:
    trained = {name for name in MODULES if isinstance(load_experiment(name), BatsExperiment)}
    assert trained == set(PANELS)


@pytest.mark.parametrize("name", PANELS)
def test_figures_have_their_panels_and_can_be_drawn_from_the_file(name: str, tmp_path: Path, run) -> None:
    experiment = on_digits(name)
    training = run(experiment, seeds=2, length=2)
    summary = write_results(training, tmp_path, f"snn-explorer run {name}")
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"checkpoint.pt", "figure.png", "figure.svg", "result.nc", "summary.json", "weights.safetensors"}
    first = training.workers[0].network
    again = load_network(tmp_path / "weights.safetensors", first.samples)
    assert all(torch.equal(a.weight, b.weight) for a, b in zip(first.layers, again.layers, strict=True))
    assert json.loads((tmp_path / "summary.json").read_text()) == summary
    with xr.open_dataset(tmp_path / "result.nc") as data:
        data.load()
    assert letters_of(experiment.draw(data)) == PANELS[name]
    assert list(data.condition.values) == [condition.name for condition in experiment.conditions]
    assert list(data.seed.values) == [1, 2]
    assert list(data.epoch.values) == [1, 2]


@pytest.fixture
def trained(run) -> Training:
    """The two networks of figures 4 to 6 after a little training on digits, with thresholds for so few inputs."""
    return run(on_digits("bats-fig6"), seeds=1, length=1, values={"hidden": "50", "theta": "0.06,0.3"})


def test_sparsity_sums_to_what_the_evaluation_says(trained: Training) -> None:
    """Figure 4."""
    for learner in trained.workers:
        data, test = sparsity(learner.network), learner.test
        assert test is not None
        assert data.sizes["sample"] == len(learner.network.samples.test)
        np.testing.assert_allclose(data.sample_spikes.mean("sample"), test.spikes_per_sample, rtol=1e-5)
        shares = data.sample_active.mean("sample") / [50, 10]
        np.testing.assert_allclose(shares, test.active_share, rtol=1e-5)


def test_accuracy_grows_from_no_answer_to_the_accuracy_of_the_whole_time(trained: Training) -> None:
    """Figure 6. The network with many spikes is simulated for 0.2 s, before the last moment."""
    network, test = trained.workers[1].network, trained.workers[1].test
    assert test is not None
    data = latency(network)
    assert float(data.accuracy_until[0]) == 0
    assert float(data.accuracy_until[-1]) == test.accuracy > 0
    middle = len(TIMES) // 3
    seen = network.evaluate(network.samples.test, until=float(TIMES[middle]))
    assert float(data.accuracy_until[middle]) == seen.accuracy


def test_the_sample_shown_is_a_nine_and_its_spikes_are_the_outputs(trained: Training) -> None:
    """Figure 7."""
    network = trained.workers[1].network
    data, test = latency(network), network.samples.test
    first = int((test.labels == EXAMPLE).nonzero()[0])
    np.testing.assert_array_equal(data.example, test.inputs[first].reshape(8, 8))
    ((layers, _),) = network.responses(test.subset(torch.tensor([first])))
    counts = np.bincount(data.example_neuron.values.astype(int), minlength=10)
    np.testing.assert_array_equal(counts, layers[-1].per_neuron[0])
    assert (np.diff(data.example_time) >= 0).all()


def test_digits_are_learned_with_a_part_of_the_neurons(run) -> None:
    """Two thirds of the epochs: of 360 test samples nearly all are right, with some 30 % of the hidden neurons."""
    training = run(load_experiment("bats-digits"), seeds=2, length=40)
    (metrics,) = training.metrics(training.dataset()).values()
    assert metrics["accuracy"] >= 0.965
    assert metrics["active_share"] < 0.4


def test_dead_outputs_need_the_push(run) -> None:
    """Yin-Yang: without it the outputs are silent, and stay so."""
    training = run(load_experiment("bats-yinyang"), seeds=1, length=30)
    data = training.dataset()
    pushed, dead = (training.metrics(data)[name] for name in ("with the push", "without the push"))
    assert pushed["accuracy"] >= 0.92
    assert dead["accuracy"] == 0
    assert (data.silent_share.sel(condition="without the push", layer="output") == 1).all()
