"""Presets of the page as experiments: their tasks, parameters, figures, and what they refuse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.experiments import load_experiment
from snn_explorer.experiments.experiment import Settings
from snn_explorer.experiments.preset_runs import preset_experiment
from snn_explorer.presets import available_presets
from snn_explorer.presets.own_target import word_to_learn
from snn_explorer.superspike import Network, SuperSpikeParameters
from snn_explorer.tasks import SpikingXor


def own_curve(preset, seconds, **values):
    """Learning time and cost of the preset's network alone."""
    network = Network(preset.task(), SuperSpikeParameters(**{**preset.values, **values}))
    curve = []
    while network.time < seconds:
        network.advance()
        curve.append((network.time, float(network.cost[0])))
    return np.array(curve).T


@pytest.mark.parametrize("key", [key for key, it in available_presets().items() if it.system == "superspike"])
def test_every_preset_is_an_experiment_of_its_own_task_and_values(key):
    preset, experiment = available_presets()[key], load_experiment(f"preset-{key}")
    assert experiment.name == preset.experiment
    assert experiment.title == preset.title
    run = experiment.start(Settings(seeds=1, length=1.0))
    (ensemble,) = run.workers
    assert ensemble.network.task.name == preset.task().name
    assert {name: getattr(ensemble.parameters, name) for name in preset.values} == preset.values


@pytest.mark.parametrize(
    ("values", "seconds"), [({"burn_in": 2.0}, 3.0), ({"burn_in": 1.25, "conventions": "original"}, 2.75)]
)
def test_the_dataset_has_the_network_s_own_times_and_costs(run, values, seconds):
    data = run(preset_experiment("fig4"), seeds=1, length=seconds, values=values).dataset()
    time, cost = own_curve(available_presets()["fig4"], seconds, **values)
    assert np.array_equal(data.time, time)
    assert np.array_equal(data.cost[0, 0], cost.astype(np.float32))
    assert data.attrs["experiment"] == "preset-fig4"
    assert data.time.units == "s"


def test_more_seeds_follow_the_preset_s_own(run):
    data = run(preset_experiment("fig5"), seeds=2, length=2.0, values={"burn_in": 1.0}).dataset()
    assert data.seed.values.tolist() == [13, 14]
    _, cost = own_curve(available_presets()["fig5"], 2.0, burn_in=1.0, seed=14)
    assert np.array_equal(data.cost[0, 1], cost.astype(np.float32))


def test_the_word_is_chosen_with_the_parameters(run):
    values = {"word": "HI", "outputs": "9", "seconds": "0.8", "burn_in": "0.5", "n_hidden": "2"}
    data = run(load_experiment("preset-own"), seeds=1, length=2.0, values=values).dataset()
    time, cost = own_curve(word_to_learn("HI", 9, 0.8), 2.0, burn_in=0.5, n_hidden=2)
    assert np.array_equal(data.time, time)
    assert np.array_equal(data.cost[0, 0], cost.astype(np.float32))
    assert {name: data.attrs[f"task_{name}"] for name in ("word", "outputs", "seconds")} == {
        "word": "HI",
        "outputs": "9",
        "seconds": "0.8",
    }


def test_a_checkpoint_of_another_word_does_not_fit(run, tmp_path):
    values = {"word": "HI", "outputs": 9, "seconds": 0.8, "burn_in": 0.5, "n_hidden": 2}
    started = run(preset_experiment("own"), seeds=1, length=1.0, values=values)
    again = preset_experiment("own").start(replace(Settings(seeds=1, length=2.0), values={**values, "seconds": 0.9}))
    with pytest.raises(ParameterError, match=r"seconds '0.8', this run has '0.9'"):
        again.resume(tmp_path / "checkpoint.pt")
    same = preset_experiment("own").start(Settings(seeds=1, length=2.0, values=values))
    same.resume(tmp_path / "checkpoint.pt")
    assert same.workers[0].done == started.workers[0].total


def test_a_resumed_run_has_the_same_curve(run, tmp_path):
    whole = run(preset_experiment("fig4"), seeds=1, length=4.0, values={"burn_in": 1.0}).dataset()
    run(preset_experiment("fig4"), seeds=1, length=2.0, values={"burn_in": 1.0})
    resumed = preset_experiment("fig4").start(Settings(seeds=1, length=4.0, values={"burn_in": 1.0}))
    resumed.resume(tmp_path / "checkpoint.pt")
    resumed.run(lambda share, now: None, tmp_path / "checkpoint.pt")
    assert resumed.dataset().identical(whole)


@pytest.mark.parametrize(("key", "labels"), [("fig4", ["Cost [wrong spikes/s]"]), ("fig5", ["Accuracy, strict"])])
def test_the_figure_shows_the_curve_and_what_is_on_its_axes(run, key, labels):
    experiment = preset_experiment(key)
    data = run(experiment, seeds=1, length=3.0, values={"burn_in": 1.0}).dataset()
    axes = experiment.draw(data).axes
    assert len(axes) == (2 if isinstance(available_presets()[key].task(), SpikingXor) else 1)
    assert [panel.get_ylabel() for panel in axes][-1:] == labels
    assert {panel.get_xlabel() for panel in axes} == {"Learning time [s]"}
    assert np.array_equal(axes[0].lines[0].get_ydata(), data.cost[0, 0].clip(min=1e-3))


def test_a_data_folder_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"presets take the one that SNN_EXPLORER_DATA names"):
        preset_experiment("fig6").start(Settings(seeds=1, length=1.0, data=tmp_path))


def test_an_unknown_preset_is_named_with_those_there_are():
    with pytest.raises(ParameterError, match=r"There is no preset 'fig9' here; there are: fig1, fig2, fig4"):
        load_experiment("preset-fig9")
