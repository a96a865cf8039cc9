"""Presets: there without data files, in the paper's order, and what their tasks and parameters are meant to show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snn_explorer.live.systems import SYSTEMS
from snn_explorer.presets import DEFAULT_PRESET, available_presets
from snn_explorer.quantities import read_values
from snn_explorer.superspike.network import Network
from snn_explorer.superspike.parameters import SuperSpikeParameters

FIGURES = ["fig1", "fig2", "fig4", "fig5", "fig6", "fig7", "fig8"]


def keys(system):
    """Presets of a learning system that are there, in their order."""
    return [key for key, preset in available_presets().items() if preset.system == system]


@pytest.mark.usefixtures("no_data")
def test_without_data_files_all_figures_and_ones_own_target_are_there():
    presets = available_presets()
    assert keys("superspike") == [*FIGURES, "own"]
    assert "bats-digits" in keys("bats")
    assert DEFAULT_PRESET in presets
    for key, preset in presets.items():
        assert preset.key == key
        assert preset.sentence.endswith(".")
        assert read_values(SYSTEMS[preset.system].parameters, preset.values) == preset.values
    assert [presets[key].figure for key in FIGURES] == [f"Fig {key[-1]}" for key in FIGURES]


@pytest.mark.usefixtures("data_dir")
def test_the_benchmarks_are_there_when_their_files_are():
    assert keys("superspike") == [*FIGURES, "own", "poisson", "oxford", "seqgen"]


@pytest.mark.parametrize("key", ["fig6", "fig7", "fig8"])
@pytest.mark.parametrize("present", [False, True])
def test_the_complex_pattern_is_always_there_and_says_whether_it_is_the_papers(key, present, request):
    request.getfixturevalue("data_dir" if present else "no_data")
    preset = available_presets()[key]
    task = preset.task()
    assert (task.n_inputs, task.n_outputs, task.period) == (100, 100, 3.5)
    assert task.name == ("auryn" if present else "word-snn")
    assert ("the word SNN stands in for the paper's" in preset.sentence) == (not present)
    assert (preset.watch.output[0] == task.targets.neuron).any()


def test_names_in_the_list_are_short_enough_to_be_read():
    assert all(len(preset.name) <= 28 for preset in available_presets().values())


def ensemble(key, networks, seconds, **values):
    """Networks of a preset with other values, after so many seconds of learning."""
    preset = available_presets()[key]
    network = Network(preset.task(), SuperSpikeParameters(**{**preset.values, **values}), networks)
    while network.time < seconds:
        network.advance()
    return network


def test_fig1_plain_rate_must_be_just_right_and_the_others_need_not():
    rates = [{"learning_rate": rate} for rate in (1e-4, 1e-3, 1e-2)]
    learned = {}
    for kind in ("plain", "rmaxprop"):
        network = ensemble("fig1", rates, 150.0, optimiser=kind)
        learned[kind] = (network.cost < network.silent_cost / 4).tolist()
    assert learned == {"plain": [False, True, False], "rmaxprop": [True, True, True]}


def test_fig8_without_the_regulariser_hidden_neurons_fire_far_more():
    network = ensemble("fig8", [{"rho": 0.0}, {"rho": 1.0}], 60.0)
    spikes = np.bincount(np.asarray(network.spikes["hidden"].network), minlength=2)
    assert spikes[0] > 2.5 * spikes[1] > 0


@pytest.mark.usefixtures("data_dir")
@pytest.mark.parametrize(
    ("key", "n_inputs", "n_targets"), [("poisson", 100, 5), ("oxford", 200, 10367), ("seqgen", 4, 100)]
)
def test_the_benchmarks_are_the_public_ones(key, n_inputs, n_targets):
    task = available_presets()[key].task()
    assert task.n_inputs == n_inputs
    assert task.targets.n_spikes == n_targets


def test_preset_values_cannot_be_changed_by_accident():
    fig4 = available_presets()["fig4"]
    with pytest.raises(TypeError, match="does not support item assignment"):
        fig4.values["n_hidden"] = 5
    assert replace(fig4, title="Another").name == "Fig 4: Another"
