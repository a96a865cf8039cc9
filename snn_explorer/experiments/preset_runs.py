"""Presets of the page as experiments: headless, the learning curve that the page draws, to the same bits.

One network learns unless a person asks for more seeds; parameters are the preset's, and those set on the command line.
A preset with a word to learn takes `word`, `outputs` and `seconds`, the length of a trial, beside the parameters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import matplotlib as mpl
import xarray as xr
from matplotlib.figure import Figure

from snn_explorer.engine import ParameterError
from snn_explorer.experiments.experiment import Experiment, Settings
from snn_explorer.experiments.panels.curves import accuracy_curves, learning_curves
from snn_explorer.experiments.panels.style import STYLE
from snn_explorer.experiments.superspike_experiment import Condition, SuperSpikeExperiment
from snn_explorer.presets import Preset, available_presets, own_target
from snn_explorer.tasks import SpikingXor, Task

if TYPE_CHECKING:
    from snn_explorer.experiments.simulation import Simulation

SECONDS: Final = 100.0
"""Learning time, unless a person asks for another [s]: what a page shows in its first minute."""


@dataclass(frozen=True)
class _WordExperiment(SuperSpikeExperiment):
    """Preset `own`, whose word is chosen with the parameters."""

    def start(self, settings: Settings) -> Simulation:
        """Make a run that learns the word among the settings."""
        query = {name: str(settings.values[name]) for name in own_target.OPTIONS if name in settings.values}
        others = {name: value for name, value in settings.values.items() if name not in query}
        preset = own_target.word_of(query)
        return _superspike(preset).start(replace(settings, values=others))


def preset_experiment(key: str) -> Experiment:
    """Preset of that key as an experiment.

    Raises
    ------
    ParameterError
        If there is none, or its data are not there.
    """
    presets = command_presets()
    if key not in presets:
        raise ParameterError(f"There is no preset {key!r} here; there are: {', '.join(presets)}.")
    kind = _WordExperiment if key == own_target.KEY else SuperSpikeExperiment
    return cast("Experiment", _superspike(presets[key], kind))


def command_presets() -> dict[str, Preset]:
    """Presets that are experiments, by key: those of SuperSpike; BATS has experiments of its own, trained by epochs."""
    return {key: preset for key, preset in available_presets().items() if preset.system == "superspike"}


def draw(data: xr.Dataset) -> Figure:
    """Learning curve, and the accuracy where the task is one of classification."""
    (condition,) = data.condition.values
    panels = [learning_curves, *([accuracy_curves] if "windows" in data else [])]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(3.6 * len(panels), 2.6), layout="constrained")
        for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
            panel(axes, data, condition)
    return figure


def _superspike(preset: Preset, kind: type[SuperSpikeExperiment] = SuperSpikeExperiment) -> SuperSpikeExperiment:
    return kind(
        name=preset.experiment,
        figure=f"SuperSpike, {preset.figure}" if preset.figure else "beyond the paper",
        title=preset.title,
        task=partial(_task, preset),
        conditions=[Condition(preset.title)],
        values=preset.values,
        seeds=1,
        length=SECONDS,
        draw=draw,
        options=preset.query,
    )


def _task(preset: Preset, folder: Path | None) -> Task | SpikingXor:
    if folder is not None:
        raise ParameterError(
            f"The data folder is {str(folder)!r}; presets take the one that SNN_EXPLORER_DATA names, as the page does."
        )
    task = preset.task()
    assert isinstance(task, Task | SpikingXor)
    return task
