"""What an experiment is: a task, conditions to compare on it, what to record, and a figure to draw.

Every condition is learned by one network for each seed. Conditions that differ in swept parameters only (see
`snn_explorer.superspike.parameters.SWEEPABLE`) run as one ensemble, whatever their number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snn_explorer.checks import check_positive, check_whole
from snn_explorer.engine import ParameterError
from snn_explorer.superspike.parameters import SuperSpikeParameters, checked
from snn_explorer.tasks import SpikingXor, Task

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


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
    """One condition of an experiment.

    Attributes
    ----------
    name : str
        Its name in the summary.
    values : mapping
        The parameters that make it.
    at_most : int, optional
        Largest number of seeds, where fewer than the experiment's are enough.
    matrix : int, optional
        Seed of one random feedback matrix that all networks of the condition share; without it each draws its own.
    """

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    at_most: int | None = None
    matrix: int | None = None


@dataclass(frozen=True)
class Observation:
    """Activity that is recorded before or after learning; the network is then put back as it was.

    It begins with a presentation of the stimulus, once the network has settled.

    Attributes
    ----------
    frozen : float
        Time with learning switched off [s].
    learning : float
        Time before that with learning still on [s].
    traces : bool
        Whether to record membranes and errors of one network of the first condition.
    best : bool
        Whether to look at the most accurate network of each condition rather than at the first.
    """

    frozen: float
    learning: float = 0.0
    traces: bool = False
    best: bool = False


@dataclass(frozen=True)
class Experiment:
    """An experiment of the SuperSpike paper.

    Attributes
    ----------
    name, figure, title : str
        Name on the command line, figure of the paper, what it shows.
    task : callable
        Makes the task, given the data folder or None for the usual one.
    conditions : sequence of Condition
        What is compared.
    values : mapping
        Parameters of all conditions.
    seeds, seconds : int, float
        Defaults.
    draw : callable
        Makes the figure from the dataset.
    before, after : Observation, optional
        What is recorded at learning time 0 and after learning.
    trials : bool
        Whether to keep all output spikes of the first network over the whole of learning.
    feedback : bool
        Whether to keep the random feedback weights.
    """

    name: str
    figure: str
    title: str
    task: Callable[[Path | None], Task | SpikingXor]
    conditions: Sequence[Condition]
    values: Mapping[str, Any]
    seeds: int
    seconds: float
    draw: Callable[[xr.Dataset], Figure]
    before: Observation | None = None
    after: Observation | None = None
    trials: bool = False
    feedback: bool = False

    def parameters(self, settings: Settings, condition: Condition) -> SuperSpikeParameters:
        """Parameters of a condition; what the person set wins."""
        return SuperSpikeParameters(**{**self.values, **condition.values, **settings.values})
