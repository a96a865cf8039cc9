"""Presets of the page as experiments: headless, the learning curve that the page draws, to the same bits.

One network learns unless a person asks for more seeds; parameters are the preset's, and those set on the command line.
A preset with a word to learn takes `word`, `outputs` and `seconds`, the length of a trial, beside the parameters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, cast

import matplotlib as mpl
import torch
import xarray as xr
from matplotlib.figure import Figure

from snn_explorer.engine import ParameterError
from snn_explorer.experiments import bats_experiment, superspike_experiment
from snn_explorer.experiments.bats_experiment import BatsExperiment
from snn_explorer.experiments.experiment import Experiment, Settings, Unit
from snn_explorer.experiments.panels.batches import accuracy_by_batch, loss_by_batch
from snn_explorer.experiments.panels.curves import accuracy_curves, learning_curves
from snn_explorer.experiments.panels.style import STYLE
from snn_explorer.experiments.sources import Source
from snn_explorer.experiments.superspike_experiment import SuperSpikeExperiment
from snn_explorer.presets import Preset, available_presets, own_target
from snn_explorer.tasks import Samples, SpikingXor, Task

if TYPE_CHECKING:
    from snn_explorer.experiments.batch_training import BatchTraining
    from snn_explorer.experiments.simulation import Simulation

SECONDS: Final = 100.0
"""Learning time of SuperSpike, unless a person asks for another [s]."""

MINUTE: Final = 60.0
"""Time [s] for which a page learns the samples that BATS learns here, unless a person asks for another number."""


@dataclass(frozen=True)
class _WordExperiment(SuperSpikeExperiment):
    """Preset `own`, whose word is chosen with the parameters."""

    def start(self, settings: Settings) -> Simulation:
        """Make a run that learns the word among the settings."""
        query = {name: str(settings.values[name]) for name in own_target.OPTIONS if name in settings.values}
        others = {name: value for name, value in settings.values.items() if name not in query}
        preset = own_target.word_of(query)
        return _superspike(preset).start(replace(settings, values=others))


@dataclass(frozen=True)
class _BatchExperiment(BatsExperiment):
    """Preset of BATS, which learns batch by batch as on the page."""

    unit: ClassVar[Unit] = "samples"

    def start(self, settings: Settings) -> BatchTraining:
        """Make a run."""
        from snn_explorer.experiments.batch_training import BatchTraining

        return BatchTraining(self, settings)


def preset_experiment(key: str) -> Experiment:
    """Preset of that key as an experiment.

    Raises
    ------
    ParameterError
        If there is none, or its data are not there.
    """
    presets = available_presets()
    if key not in presets:
        raise ParameterError(f"There is no preset {key!r} here; there are: {', '.join(presets)}.")
    if presets[key].system == "bats":
        return cast("Experiment", _bats(presets[key]))
    kind = _WordExperiment if key == own_target.KEY else SuperSpikeExperiment
    return cast("Experiment", _superspike(presets[key], kind))


def draw(data: xr.Dataset) -> Figure:
    """Learning curves: cost, and accuracy where the task is one of classification; accuracy and loss of BATS."""
    (condition,) = data.condition.values
    if "accuracy_curve" in data:
        panels = [accuracy_by_batch, loss_by_batch]
    else:
        panels = [learning_curves, *([accuracy_curves] if "windows" in data else [])]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(3.6 * len(panels), 2.6), layout="constrained")
        for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
            panel(axes, data, condition)
    return figure


def _superspike(preset: Preset, kind: type[SuperSpikeExperiment] = SuperSpikeExperiment) -> SuperSpikeExperiment:
    return kind(
        name=preset.experiment,
        figure=_figure("SuperSpike", preset),
        title=preset.title,
        task=partial(_task, preset),
        conditions=[superspike_experiment.Condition(preset.title)],
        values=preset.values,
        seeds=1,
        length=SECONDS,
        draw=draw,
        options=preset.query,
    )


def _bats(preset: Preset) -> BatsExperiment:
    return _BatchExperiment(
        name=preset.experiment,
        figure=_figure("BATS", preset),
        title=preset.title,
        source=_source(preset),
        conditions=[bats_experiment.Condition(preset.title)],
        values=preset.values,
        seeds=1,
        length=round(MINUTE * preset.speed),
        draw=draw,
    )


def _figure(paper: str, preset: Preset) -> str:
    """Figure of the preset as experiments name it; a page may name the paper alone."""
    figure = preset.figure.removeprefix(paper).strip()
    return f"{paper}, {figure}" if figure else "beyond the paper"


def _source(preset: Preset) -> Source:
    """What the preset learns, with its size."""
    samples = preset.task()
    assert isinstance(samples, Samples)
    split = samples.train
    active = float(((split.inputs > 0) & torch.isfinite(split.inputs)).float().mean())
    load = partial(_samples, samples)
    return Source(load, samples.n_in, samples.n_classes, len(split), active, samples.image_shape)


def _samples(samples: Samples, folder: Path | None) -> Samples:
    _check_no_folder(folder)
    return samples


def _task(preset: Preset, folder: Path | None) -> Task | SpikingXor:
    _check_no_folder(folder)
    task = preset.task()
    assert isinstance(task, Task | SpikingXor)
    return task


def _check_no_folder(folder: Path | None) -> None:
    if folder is not None:
        raise ParameterError(
            f"The data folder is {str(folder)!r}; presets take the one that SNN_EXPLORER_DATA names, as the page does."
        )
