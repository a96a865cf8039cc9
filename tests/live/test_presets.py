"""Presets: there without data files, and worth looking at."""

from __future__ import annotations

import pytest

from snn_explorer.live import DEFAULT_PRESET, Run, available_presets
from snn_explorer.tasks import data

WORTH_WATCHING = 15.0
"""A newcomer watches for so long [s]."""


@pytest.fixture
def no_data(monkeypatch, tmp_path):
    monkeypatch.setenv(data.ENVIRONMENT_VARIABLE, str(tmp_path))


@pytest.mark.usefixtures("no_data")
def test_without_data_files_there_is_still_something_to_see():
    presets = available_presets()
    assert list(presets) == ["fig2", "fig4"]
    assert DEFAULT_PRESET in presets
    for key, preset in presets.items():
        assert preset.key == key
        assert preset.sentence.endswith(".")
        assert preset.figure.startswith("Fig ")


@pytest.mark.usefixtures("data_dir")
def test_the_benchmark_is_there_when_its_files_are():
    assert list(available_presets()) == ["fig2", "fig4", "poisson"]


@pytest.mark.usefixtures("no_data")
@pytest.mark.parametrize("key", ["fig2", "fig4"])
def test_a_network_visibly_gets_better_while_a_newcomer_watches(key, frame_of):
    preset = available_presets()[key]
    run = Run(preset)
    run.speed = None
    run.play()
    while run.time < WORTH_WATCHING * preset.speed:
        run.work(0)
    run.pause()
    live = frame_of(run)
    assert live.curve_cost[0] > 0.9 * live.silent_cost
    assert live.curve_cost[-1] < 0.2 * live.silent_cost


@pytest.mark.usefixtures("data_dir")
def test_the_benchmark_runs(frame_of):
    run = Run(available_presets()["poisson"])
    run.step()
    live = frame_of(run)
    assert live.silent_cost == pytest.approx(10.0, rel=0.01)
    assert live.frame.rasters["input"].time.size == 232


def test_preset_values_cannot_be_changed_by_accident(fig4):
    with pytest.raises(TypeError, match="does not support item assignment"):
        fig4.values["n_hidden"] = 5
