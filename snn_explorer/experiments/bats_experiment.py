"""An experiment of the BATS paper: data sets, conditions to compare on them, what to look at, and a figure to draw.

Every condition is trained for a number of epochs by one network for each seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.experiments.experiment import Settings, Unit
from snn_explorer.experiments.sources import Source

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from snn_explorer.bats import Network
    from snn_explorer.experiments.training import Training


@dataclass(frozen=True)
class Condition:
    """One condition of an experiment.

    Attributes
    ----------
    name : str
        Its name in the summary.
    values : mapping
        The parameters that make it.
    source : Source, optional
        Its data set, where it is not the experiment's.
    most_seeds, most_epochs : int, optional
        Largest number of seeds and epochs, where fewer than the experiment's are enough.
    """

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    source: Source | None = None
    most_seeds: int | None = None
    most_epochs: int | None = None


@dataclass(frozen=True)
class BatsExperiment:
    """An experiment of the BATS paper.

    Attributes
    ----------
    name, figure, title : str
        Name on the command line, figure or table of the paper, what it shows.
    source : Source
        The data set.
    conditions : sequence of Condition
        What is compared.
    values : mapping
        Parameters of all conditions.
    seeds : int
        Networks per condition.
    length : int
        Epochs.
    draw : callable
        Makes the figure from the dataset.
    after : callable, optional
        Looks at a trained network and gives a dataset of its own; dimensions whose length differs
        between networks must have a coordinate.
    """

    unit: ClassVar[Unit] = "epochs"
    name: str
    figure: str
    title: str
    source: Source
    conditions: Sequence[Condition]
    values: Mapping[str, Any]
    seeds: int
    length: int
    draw: Callable[[xr.Dataset], Figure]
    after: Callable[[Network], xr.Dataset] | None = None

    def parameters(self, settings: Settings, condition: Condition, seed: int = 0) -> BatsParameters:
        """Parameters of a condition's network with index `seed`; what the person set wins."""
        parameters = BatsParameters(**{**self.values, **condition.values, **settings.values})
        parameters.seed += seed
        return parameters

    def start(self, settings: Settings) -> Training:
        """Make a run."""
        from snn_explorer.experiments.training import Training

        return Training(self, settings)

    def expected_seconds(self) -> float:
        """Wall time [s] of a run with the experiment's own seeds and epochs, all cores being free."""
        from snn_explorer.experiments.training_estimate import expected_seconds

        return expected_seconds(self)
