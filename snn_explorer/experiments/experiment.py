"""What the command line needs of an experiment, whatever learns in it: settings in, a run, a dataset and metrics out.

A module with an `EXPERIMENT` that answers `Experiment`, and a line in `snn_explorer.experiments.MODULES`, is all that a
new experiment takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from snn_explorer.checks import check_positive, check_whole
from snn_explorer.devices import choose_device
from snn_explorer.engine import ParameterError
from snn_explorer.quantities import read_values

if TYPE_CHECKING:
    import param
    import xarray as xr
    from matplotlib.figure import Figure

Unit = Literal["s", "epochs", "samples"]
"""Of the length of learning."""

OPTIONS: Mapping[Unit, str] = {"s": "--seconds", "epochs": "--epochs", "samples": "--samples"}
"""How a person sets the length of learning in each unit."""

Progress = Callable[[float, str], None]
"""Called now and then with the share that is done, and with the cost or accuracy of the moment in words."""

Metrics = Mapping[str, Mapping[str, float]]
"""Numbers by condition and name."""


@dataclass(frozen=True)
class Settings:
    """What a person can choose about one run of an experiment.

    Parameters
    ----------
    seeds : int
        Networks per condition, with seeds 1, 2, ...
    length : float, optional
        Length of learning in the experiment's unit; None for an experiment that has none.
    values : mapping of str to object
        Parameters that differ from the experiment's own, as typed; the experiment reads and checks them.
    data : Path, optional
        Folder with data files; by default where `snn_explorer.tasks.data.data_dir` finds it.
    backend : str
        Backend of the kernels.
    device : str, optional
        Where to compute, see `snn_explorer.devices.choose_device`.

    Raises
    ------
    ParameterError
        If a value cannot be used.
    """

    seeds: int
    length: float | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    data: Path | None = None
    backend: str = "auto"
    device: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "device", str(choose_device(self.device)))
        object.__setattr__(self, "seeds", check_whole("The number of seeds", self.seeds, minimum=1))
        if self.data is not None and not self.data.is_dir():
            raise ParameterError(f"The data folder {str(self.data)!r} does not exist.")

    def read_as(self, declared: type[param.Parameterized]) -> Settings:
        """The same settings with the values read as those parameters, see `snn_explorer.quantities.read_values`."""
        return replace(self, values=read_values(declared, self.values))


class Run(Protocol):
    """One run of an experiment."""

    @property
    def experiment(self) -> Experiment:
        """What runs."""
        ...

    @property
    def settings(self) -> Settings:
        """What a person chose."""
        ...

    @property
    def seconds_wall(self) -> float:
        """Wall time so far [s], with what it took before `resume`."""
        ...

    @property
    def headlines(self) -> Sequence[str]:
        """Metrics to show first, those that apply."""
        ...

    @property
    def further_files(self) -> Mapping[str, Callable[[Path], None]]:
        """Files that belong to the results beside dataset, figure and summary: name, and what writes it."""
        ...

    def run(self, progress: Progress, checkpoint: Path) -> None:
        """Go on to the end, leaving a `checkpoint` now and then, at the end, and on a KeyboardInterrupt, raised again.

        Raises
        ------
        LearningFault
            If learning cannot go on.
        """
        ...

    def resume(self, checkpoint: Path) -> None:
        """Go on where `checkpoint` was written, to the same bits.

        Raises
        ------
        ParameterError
            If there is no such file, or it belongs to a run with other settings.
        """
        ...

    def dataset(self) -> xr.Dataset:
        """All that was recorded, with units, parameters, seeds and version.

        Conditions are the dimension ``condition``, and the attribute ``task`` says what was learned.
        """
        ...

    def metrics(self, data: xr.Dataset) -> Metrics:
        """Metrics of each condition of what `dataset` gave."""
        ...


class Experiment(Protocol):
    """A figure or table of a paper."""

    @property
    def name(self) -> str:
        """Name on the command line."""
        ...

    @property
    def figure(self) -> str:
        """Paper and figure."""
        ...

    @property
    def title(self) -> str:
        """What it shows."""
        ...

    @property
    def seeds(self) -> int:
        """Networks per condition, unless a person asks for another number."""
        ...

    @property
    def length(self) -> float | None:
        """Length of learning in `unit`, unless a person asks for another; None where there is none to choose."""
        ...

    @property
    def unit(self) -> Unit | None:
        """Unit of `length`."""
        ...

    def start(self, settings: Settings) -> Run:
        """Make a run.

        Raises
        ------
        ParameterError
            If a setting does not fit, or data are missing.
        """
        ...

    def expected_seconds(self) -> float:
        """Wall time [s] of a run with the experiment's own settings on this machine, measured on a small part of it."""
        ...

    def draw(self, data: xr.Dataset) -> Figure:
        """Make the figure from what `Run.dataset` gave."""
        ...


def chosen_length(
    experiment: Experiment, seconds: float | None, epochs: int | None, samples: int | None
) -> float | None:
    """Length of learning that a person asked for, else the experiment's own.

    Parameters
    ----------
    experiment : Experiment
    seconds, epochs, samples : float, int, int, optional
        What was asked for in each unit.

    Raises
    ------
    ParameterError
        If the length is no positive number, or in a unit that is not the experiment's.
    """
    asked: dict[Unit, float] = {}
    if seconds is not None:
        asked["s"] = check_positive("The learning time", seconds, "s")
    if epochs is not None:
        asked["epochs"] = check_whole("The number of epochs", epochs, minimum=1)
    if samples is not None:
        asked["samples"] = check_whole("The number of samples", samples, minimum=1)
    for unit, value in asked.items():
        if experiment.unit is None:
            raise ParameterError(f"{OPTIONS[unit]} is {value:g}; {experiment.name} has no length of learning to set.")
        if unit != experiment.unit:
            allowed = f"allowed is {OPTIONS[experiment.unit]}"
            raise ParameterError(
                f"{OPTIONS[unit]} is {value:g}; {experiment.name} has its length in {experiment.unit}, so {allowed}."
            )
    return asked.get(experiment.unit, experiment.length) if experiment.unit else None
