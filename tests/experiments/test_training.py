"""Training by epochs: side by side on threads, interrupted and resumed to the same bits; tested at the end only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr

from snn_explorer.bats import Network
from snn_explorer.bats.order import epoch_order
from snn_explorer.engine import ParameterError
from snn_explorer.experiments import load_experiment, threaded_run
from snn_explorer.experiments.bats_experiment import Condition
from snn_explorer.experiments.experiment import Settings
from snn_explorer.experiments.learner import Learner, layer_names
from snn_explorer.experiments.training import Training

from .conftest import ignore_progress, run_until
from .test_simulation import ROOT, RUN, assert_same_bits

SMALL = {"hidden": (12,), "batch_size": 200}
TWO = replace(
    load_experiment("bats-digits"),
    conditions=[Condition("many"), Condition("one", {"n_max": (1, 1), "loss": "first_spike"}, most_seeds=1)],
)
"""Two conditions, the second with one network only."""


def recorded(training: Training) -> xr.Dataset:
    """All that does not depend on how fast the machine was."""
    return training.dataset().drop_vars("samples_per_second")


def weights_of(training: Training) -> list[torch.Tensor]:
    return [layer.weight.detach() for learner in training.workers for layer in learner.network.layers]


@pytest.mark.parametrize("stop_at", [0.3, 0.55])
def test_an_interrupted_run_ends_in_the_same_bits(stop_at: float, tmp_path: Path, run) -> None:
    settings = {"seeds": 2, "length": 3, "values": SMALL}
    whole = run(TWO, **settings)
    first, resumed = (Training(TWO, Settings(**settings)) for _ in range(2))
    checkpoint = tmp_path / "interrupted.pt"
    run_until(stop_at, first, checkpoint)
    resumed.resume(checkpoint)
    assert stop_at < resumed.share_done < 1
    assert any(learner.network.epoch % 1 for learner in resumed.workers), "in the middle of an epoch"
    resumed.run(ignore_progress, checkpoint)
    assert_same_bits(recorded(whole), recorded(resumed))
    assert all(torch.equal(a, b) for a, b in zip(weights_of(whole), weights_of(resumed), strict=True))


def test_a_killed_process_is_resumed_to_the_same_bits(tmp_path: Path) -> None:
    arguments = ["run", "bats-digits", "--seeds", "2", "--epochs", "40", "--set", "hidden=32", "--out"]
    program = f"from snn_explorer.experiments import training\ntraining.CHECKPOINT_EVERY = 0.0\n{RUN}"

    def start(program: str, folder: Path, *more: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", program, *arguments, str(folder), *more]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    killed, whole = tmp_path / "killed", tmp_path / "whole"
    victim = start(program, killed)
    while not (killed / "checkpoint.pt").exists():
        assert victim.poll() is None, victim.communicate()[0]
        time.sleep(0.02)
    victim.kill()
    victim.communicate()
    assert victim.returncode == -signal.SIGKILL
    assert not (killed / "result.nc").exists()
    for process in (start(RUN, killed, "--resume"), start(RUN, whole)):
        output = process.communicate()[0]
        assert process.returncode == 0, output
    with xr.open_dataset(killed / "result.nc") as a, xr.open_dataset(whole / "result.nc") as b:
        assert_same_bits(a.load().drop_vars("samples_per_second"), b.load().drop_vars("samples_per_second"))


def test_results_do_not_depend_on_the_number_of_threads(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threaded_run, "SLICE", 0.0)
    alone, together = (run(TWO, n_threads, seeds=2, length=2, values=SMALL) for n_threads in (1, 4))
    assert len(alone.workers) == 3
    assert_same_bits(recorded(alone), recorded(together))


def test_a_finished_run_can_be_continued_for_more_epochs(tmp_path: Path, run) -> None:
    run(TWO, seeds=1, length=2, values=SMALL)
    longer = Training(TWO, Settings(seeds=1, length=4, values=SMALL))
    longer.resume(tmp_path / "checkpoint.pt")
    longer.run(ignore_progress, tmp_path / "checkpoint.pt")
    assert_same_bits(recorded(longer), recorded(run(TWO, seeds=1, length=4, values=SMALL)))


def test_a_checkpoint_of_another_run_is_refused_by_name(tmp_path: Path, run) -> None:
    checkpoint = tmp_path / "checkpoint.pt"
    run(TWO, seeds=1, length=2, values=SMALL)
    with pytest.raises(ParameterError, match=r"written with seeds 1, this run has 2"):
        Training(TWO, Settings(seeds=2, length=2, values=SMALL)).resume(checkpoint)
    with pytest.raises(ParameterError, match=r"written with values \{'hidden': \(12,\)"):
        Training(TWO, Settings(seeds=1, length=2, values={"hidden": "8"})).resume(checkpoint)
    with pytest.raises(ParameterError, match=r"already holds 2 epochs of learning; ask for more than 1\."):
        Training(TWO, Settings(seeds=1, length=1, values=SMALL)).resume(checkpoint)


def test_a_checkpoint_follows_each_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each holds all networks after the same number of epochs or more; none is written between."""
    monkeypatch.setattr("snn_explorer.experiments.training.CHECKPOINT_EVERY", 0.0)
    monkeypatch.setattr(threaded_run, "SLICE", 0.0)
    training = Training(TWO, Settings(seeds=1, length=3, values=SMALL))
    epochs: list[int] = []
    save = Training.save

    def note(self: Training, checkpoint: Path) -> None:
        epochs.append(min(learner.epochs_done for learner in self.workers))
        save(self, checkpoint)

    monkeypatch.setattr(Training, "save", note)
    training.run(ignore_progress, tmp_path / "checkpoint.pt")
    assert epochs == [1, 2, 3]


def test_the_test_set_is_looked_at_once_with_the_last_weights(run, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[tuple[int, float]] = []
    evaluate = Network.evaluate

    def note(self: Network, split: Any, until: float | None = None) -> Any:
        if split is self.samples.test:
            looked.append((id(self), self.epoch))
        return evaluate(self, split, until)

    monkeypatch.setattr(Network, "evaluate", note)
    training = run(TWO, seeds=1, length=3, values=SMALL)
    assert sorted(looked) == sorted((id(learner.network), 3.0) for learner in training.workers)


def test_curves_are_those_of_a_network_trained_by_hand() -> None:
    """Accuracy in training is that of samples as answered before they were learned from."""
    training = Training(TWO, Settings(seeds=1, length=2, values=SMALL))
    learner = training.workers[0]
    learner.advance(1e9)
    network = Network(learner.network.samples, learner.network.parameters)
    for epoch in range(2):
        right = []
        for _ in range(network.batches_per_epoch):
            order = epoch_order(len(network.training), network.parameters.seed, epoch)
            labels = network.training.labels[order][sum(map(len, right)) :]
            network.advance()
            answers = network.loss.decode(network.spikes[-1])
            right.append(answers == labels[: len(answers)])
        assert learner.curves["training_accuracy"][epoch] == torch.cat(right).double().mean()
        seen = network.evaluate(network.validation)
        assert learner.curves["validation_accuracy"][epoch] == seen.accuracy
        assert learner.curves["active_share"][epoch].tolist() == list(seen.active_share)


def test_conditions_may_have_fewer_seeds_and_epochs_and_other_data(run) -> None:
    experiment = replace(TWO, conditions=[TWO.conditions[0], replace(TWO.conditions[1], most_epochs=1)])
    data = run(experiment, seeds=2, length=2, values=SMALL).dataset()
    assert data.validation_accuracy.dims == ("condition", "seed", "epoch")
    assert data.condition.values.tolist() == ["many", "one"]
    recorded = data.training_accuracy.notnull().values
    np.testing.assert_array_equal(recorded, [[[True, True], [True, True]], [[True, False], [False, False]]])
    np.testing.assert_array_equal(data.test_accuracy.notnull(), [[True, True], [True, False]])


def test_units_and_parameters(run) -> None:
    data = run(TWO, seeds=1, length=1, values=SMALL).dataset()
    assert data.spikes_per_sample.dims == ("condition", "seed", "epoch", "layer")
    assert data.layer.values.tolist() == ["hidden", "output"]
    assert data.n_max.values.tolist() == ["30, 30", "1, 1"]
    assert data.loss.values.tolist() == ["count", "first_spike"]
    assert data.attrs["parameter_hidden"] == "12"
    assert data.attrs["task"] == "digits"
    assert all("units" in data[name].attrs for name in data.data_vars)
    assert (data.neurons.sel(layer="output") == 10).all()


def test_nothing_is_held_out_where_nothing_should_be(run) -> None:
    data = run(TWO, seeds=1, length=1, values={**SMALL, "validation": 0}).dataset()
    assert data.validation_accuracy.isnull().all()
    assert data.training_accuracy.notnull().all()


def test_what_a_person_sets_wins_over_the_condition() -> None:
    training = Training(TWO, Settings(seeds=2, length=1, values={**SMALL, "n_max": "2,5", "seed": "7"}))
    assert [learner.network.parameters.seed for learner in training.workers] == [7, 8, 7]
    assert all(learner.network.parameters.n_max == (2, 5) for learner in training.workers)


@pytest.mark.parametrize(
    ("n_layers", "names"), [(1, ["output"]), (2, ["hidden", "output"]), (3, ["hidden 1", "hidden 2", "output"])]
)
def test_layers_are_named_from_the_input_on(n_layers: int, names: list[str]) -> None:
    assert layer_names(n_layers) == names


def test_learners_know_how_far_they_are() -> None:
    training = Training(TWO, Settings(seeds=1, length=2, values=SMALL))
    learner = training.workers[0]
    assert isinstance(learner, Learner)
    assert learner.total == 2 * learner.network.batches_per_epoch
    learner.advance(0.0)
    assert (learner.done, learner.epochs_done, learner.finished) == (1, 0, False)
    learner.advance(1e9)
    assert (learner.done, learner.epochs_done, learner.finished) == (learner.total, 2, True)
