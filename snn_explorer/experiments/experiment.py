"""What an experiment is: ensembles to train, conditions to compare, and a figure to draw.

An experiment trains one or more ensembles on one task. Each network of an ensemble belongs to a condition and has a
seed; the learning curves of all are collected in a dataset with dimensions condition, seed and time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from snn_explorer.engine import ParameterError
from snn_explorer.superspike.parameters import SuperSpikeParameters, checked
from snn_explorer.tasks import Task, available_benchmarks, frozen_poisson, load_benchmark
from snn_explorer.tasks.checks import check_positive, check_whole

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

GENERATED_TASK_SEED = 0
"""Seed of the frozen Poisson pattern that stands in for the benchmark where there are no files."""


@dataclass(frozen=True)
class Settings:
    """What a person can choose about one run of an experiment.

    Parameters
    ----------
    seeds : int
        Networks per condition, with seeds 1, 2, ...
    seconds : float
        Learning time [s].
    values : mapping of str to object
        SuperSpike parameters that differ from the experiment's own.
    data : Path, optional
        Folder with data files; by default where `snn_explorer.tasks.data.data_dir` finds it.
    backend : str
        Backend of the kernels.

    Raises
    ------
    ParameterError
        If a value cannot be used.
    """

    seeds: int
    seconds: float
    values: Mapping[str, Any] = field(default_factory=dict)
    data: Path | None = None
    backend: str = "auto"

    def __post_init__(self) -> None:
        object.__setattr__(self, "seeds", check_whole("The number of seeds", self.seeds, minimum=1))
        object.__setattr__(self, "seconds", check_positive("The learning time", self.seconds, "s"))
        object.__setattr__(self, "values", checked(self.values))
        if self.data is not None and not self.data.is_dir():
            raise ParameterError(f"The data folder {str(self.data)!r} does not exist.")


@dataclass(frozen=True)
class Condition:
    """One condition: its name in the summary, and the parameters that make it."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Experiment:
    """An experiment of the SuperSpike paper.

    Attributes
    ----------
    name, figure, title : str
        Name on the command line, figure of the paper, what it shows.
    conditions : sequence of Condition
        What is compared. Conditions that differ in swept parameters only share an ensemble.
    values : mapping
        Parameters of all conditions.
    seeds, seconds : int, float
        Defaults.
    draw : callable
        Makes the figure from the dataset.
    """

    name: str
    figure: str
    title: str
    conditions: Sequence[Condition]
    values: Mapping[str, Any]
    seeds: int
    seconds: float
    draw: Callable[[xr.Dataset], Figure]

    def task(self, settings: Settings) -> Task:
        """The public benchmark where its files are found, else a pattern of the same kind, generated."""
        if "poisson" in available_benchmarks(settings.data):
            return load_benchmark("poisson", settings.data)
        return frozen_poisson(np.random.default_rng(GENERATED_TASK_SEED))

    def parameters(self, settings: Settings, condition: Condition) -> SuperSpikeParameters:
        """Parameters of a condition; what the person set wins."""
        return SuperSpikeParameters(**{**self.values, **condition.values, **settings.values})
