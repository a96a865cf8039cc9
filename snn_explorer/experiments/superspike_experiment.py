"""An experiment of the SuperSpike paper: a task, conditions to compare on it, what to record, and a figure to draw.

Every condition is learned by one network for each seed. Conditions that differ in swept parameters only (see
`snn_explorer.superspike.parameters.SWEEPABLE`) run as one ensemble, whatever their number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from snn_explorer.experiments.experiment import Settings, Unit
from snn_explorer.superspike.parameters import SuperSpikeParameters
from snn_explorer.tasks import SpikingXor, Task

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from snn_explorer.experiments.simulation import Simulation


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
class SuperSpikeExperiment:
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
    seeds : int
        Networks per condition.
    length : float
        Learning time [s].
    draw : callable
        Makes the figure from the dataset.
    before, after : Observation, optional
        What is recorded at learning time 0 and after learning.
    trials : bool
        Whether to keep all output spikes of the first network over the whole of learning.
    feedback : bool
        Whether to keep the random feedback weights.
    options : mapping of str to str
        What a person chose about the task, by names that are nothing else's; a checkpoint fits no other choice.
    """

    unit: ClassVar[Unit] = "s"
    name: str
    figure: str
    title: str
    task: Callable[[Path | None], Task | SpikingXor]
    conditions: Sequence[Condition]
    values: Mapping[str, Any]
    seeds: int
    length: float
    draw: Callable[[xr.Dataset], Figure]
    before: Observation | None = None
    after: Observation | None = None
    trials: bool = False
    feedback: bool = False
    options: Mapping[str, str] = field(default_factory=dict)

    def parameters(self, settings: Settings, condition: Condition) -> SuperSpikeParameters:
        """Parameters of a condition; what the person set wins."""
        return SuperSpikeParameters(**{**self.values, **condition.values, **settings.values})

    def start(self, settings: Settings) -> Simulation:
        """Make a run."""
        from snn_explorer.experiments.simulation import Simulation

        return Simulation(self, settings)

    def expected_seconds(self) -> float:
        """Wall time [s] of a run with the experiment's own seeds and learning time, all cores being free."""
        from snn_explorer.experiments.estimate import expected_seconds

        return expected_seconds(self)
