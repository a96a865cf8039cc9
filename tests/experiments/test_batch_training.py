"""Presets of BATS as experiments: batch by batch, with curves, seeds, figure, and checkpoints to go on from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import xarray as xr

from snn_explorer.bats import BatsParameters, Network
from snn_explorer.bats.learning_curves import CURVES, LearningCurves
from snn_explorer.engine import ParameterError
from snn_explorer.experiments import load_experiment, threaded_run
from snn_explorer.experiments.batch_training import BatchTraining
from snn_explorer.experiments.experiment import Settings
from snn_explorer.presets import available_presets

from .conftest import ignore_progress, run_until
from .test_simulation import assert_same_bits

DIGITS = load_experiment("preset-bats-digits")
SMALL = {"hidden": (12,), "batch_size": 200}
"""1293 digits an epoch: seven batches, the last one of 93."""


def recorded(training: BatchTraining) -> xr.Dataset:
    """All that does not depend on how fast the machine was."""
    return training.dataset().drop_vars("samples_per_second")


def network_of(key: str, **values) -> Network:
    preset = available_presets()[key]
    return Network(preset.task(), BatsParameters(**{**preset.values, **values}))


@pytest.mark.parametrize("key", [key for key, it in available_presets().items() if it.system == "bats"])
def test_every_preset_is_an_experiment_of_its_own_samples_and_values(key: str) -> None:
    preset, experiment = available_presets()[key], load_experiment(f"preset-{key}")
    assert (experiment.name, experiment.title, experiment.seeds) == (preset.experiment, preset.title, 1)
    assert experiment.length == 60 * preset.speed
    figure = preset.figure.replace("BATS ", "BATS, ")
    assert experiment.figure == (figure if figure != "BATS" else "beyond the paper")
    (learner,) = experiment.start(Settings(seeds=1, length=1)).workers
    task = preset.task()
    assert (learner.network.samples.name, len(learner.network.samples.train)) == (task.name, len(task.train))
    assert {name: getattr(learner.network.parameters, name) for name in preset.values} == preset.values
    assert learner.total == 1


@pytest.mark.parametrize(
    ("samples", "batches", "seen"), [(1, 1, 200), (200, 1, 200), (201, 2, 400), (1293, 7, 1293), (1294, 8, 1493)]
)
def test_whole_batches_are_learned_up_to_the_samples_asked_for(samples: int, batches: int, seen: int, run) -> None:
    training = run(DIGITS, seeds=1, length=samples, values=SMALL)
    data = training.dataset()
    assert (data.samples_learned.size, data.samples_learned[-1]) == (batches, seen)
    assert training.workers[0].network.time == seen


def test_each_batch_and_epoch_has_its_point(run) -> None:
    data = run(DIGITS, seeds=1, length=3000, values=SMALL).dataset()
    network, found = network_of("bats-digits", **SMALL), {name: [] for name in CURVES}
    curves = LearningCurves(network)
    while network.time < 3000:
        network.advance()
        for name, value in curves.points().items():
            found[name].append((network.time, value))
    for name, points in found.items():
        seen, values = np.array(points).T
        curve = data[f"{name}_curve"][0, 0]
        assert np.array_equal(curve, values.astype(np.float32))
        assert np.array_equal(curve[curve.dims[0]], seen)
    assert data.samples_learned_at_epoch.values.tolist() == [1293, 2586]
    assert np.array_equal(data.held_out_curve[0, 0], data.validation_accuracy[0, 0, :2].astype(np.float32))
    assert np.isnan(data.validation_accuracy[0, 0, 2]), "the third epoch is not over"
    assert data.test_accuracy.item() == network.evaluate(network.samples.test).accuracy


def test_more_seeds_follow_the_preset_s_own(run) -> None:
    data = run(DIGITS, seeds=2, length=600, values={**SMALL, "seed": "5"}).dataset()
    assert data.seed.values.tolist() == [5, 6]
    assert data.accuracy_curve.dtype == np.float32
    alone = run(DIGITS, seeds=1, length=600, values={**SMALL, "seed": 6}).dataset()
    for name in CURVES:
        np.testing.assert_array_equal(data[f"{name}_curve"][:, 1:], alone[f"{name}_curve"])
    assert not np.array_equal(data.loss_curve[0, 0], data.loss_curve[0, 1])


@pytest.mark.parametrize("stop_at", [0.3, 0.6])
def test_an_interrupted_run_ends_in_the_same_bits(stop_at: float, tmp_path: Path, run) -> None:
    settings = {"seeds": 2, "length": 3000, "values": SMALL}
    whole = run(DIGITS, **settings)
    first, resumed = (DIGITS.start(Settings(**settings)) for _ in range(2))
    checkpoint = tmp_path / "interrupted.pt"
    run_until(stop_at, first, checkpoint)
    resumed.resume(checkpoint)
    assert stop_at < resumed.share_done < 1
    assert any(learner.network.epoch % 1 for learner in resumed.workers), "in the middle of an epoch"
    resumed.run(ignore_progress, checkpoint)
    assert_same_bits(recorded(whole), recorded(resumed))
    for mine, its in zip(whole.workers, resumed.workers, strict=True):
        for one, other in zip(mine.network.layers, its.network.layers, strict=True):
            assert torch.equal(one.weight, other.weight)


def test_a_finished_run_goes_on_for_more_samples_and_not_for_fewer(tmp_path: Path, run) -> None:
    run(DIGITS, seeds=1, length=500, values=SMALL)
    longer = DIGITS.start(Settings(seeds=1, length=1500, values=SMALL))
    longer.resume(tmp_path / "checkpoint.pt")
    longer.run(ignore_progress, tmp_path / "checkpoint.pt")
    assert_same_bits(recorded(longer), recorded(run(DIGITS, seeds=1, length=1500, values=SMALL)))
    with pytest.raises(ParameterError, match=r"already holds 1693 samples of learning; ask for more than 400\."):
        DIGITS.start(Settings(seeds=1, length=400, values=SMALL)).resume(tmp_path / "checkpoint.pt")
    with pytest.raises(ParameterError, match=r"written with seeds 1, this run has 2"):
        DIGITS.start(Settings(seeds=2, length=1500, values=SMALL)).resume(tmp_path / "checkpoint.pt")


def test_a_person_sees_samples_and_the_moving_average(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threaded_run, "SLICE", 0.0)
    told: list[tuple[float, str]] = []
    training = DIGITS.start(Settings(seeds=1, length=600, values=SMALL))
    training.run(lambda share, now: told.append((share, now)), tmp_path / "checkpoint.pt")
    accuracy = training.dataset().accuracy_curve[0, 0].values
    assert told == [(k / 3, f"{200 * k} samples, accuracy {accuracy[k - 1]:.4f}") for k in (1, 2, 3)]


@pytest.mark.parametrize("key", ["bats-digits", "bats-fig3"])
def test_the_figure_shows_accuracy_and_loss_over_samples(run, key: str) -> None:
    experiment = load_experiment(f"preset-{key}")
    data = run(experiment, seeds=2, length=1400, values=SMALL if key == "bats-digits" else {}).dataset()
    accuracy, loss = experiment.draw(data).axes
    assert [axes.get_ylabel() for axes in (accuracy, loss)] == ["Accuracy [%]", "Loss"]
    assert {axes.get_xlabel() for axes in (accuracy, loss)} == {"Training samples learned from"}
    for axes, name, scale in ((accuracy, "accuracy_curve", 100), (loss, "loss_curve", 1)):
        first, second, mean = axes.lines[:3]
        drawn = np.stack([first.get_ydata(), second.get_ydata()])
        np.testing.assert_allclose(drawn, scale * data[name][0], rtol=1e-6)
        np.testing.assert_allclose(mean.get_ydata(), drawn.mean(0), rtol=1e-5)
        assert np.array_equal(mean.get_xdata(), data.samples_learned)
    rings = accuracy.lines[3]
    assert rings.get_xdata().tolist() == ([1293] if key == "bats-digits" else [])
    assert (accuracy.get_legend() is not None) == (key == "bats-digits")
    np.testing.assert_allclose(rings.get_ydata(), 100 * data.held_out_curve[0].mean("seed"), rtol=1e-6)
