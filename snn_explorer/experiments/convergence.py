"""One run of the convergence experiment: grids of small networks side by side, a block of seeds each (Fig 3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import xarray as xr

from snn_explorer import __version__
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.checks import check_whole
from snn_explorer.engine import ParameterError
from snn_explorer.experiments.experiment import Metrics, Settings
from snn_explorer.experiments.network_grid import AXIS, NetworkGrid
from snn_explorer.experiments.threaded_run import ThreadedRun
from snn_explorer.quantities import plain

if TYPE_CHECKING:
    from snn_explorer.experiments.bats_fig3 import ConvergenceExperiment

BLOCK = 10
"""Seeds in a grid, which bounds the memory needed."""

SETTABLE = (
    "n_max", "theta", "tau_s", "duration", "loss", "target_true", "target_false", "tau_loss", "learning_rate",
    "rate_decay", "decay_every", "min_rate", "seed",
)  # fmt: skip
"""Parameters that act on these networks."""

METRICS = {
    "networks": "number of networks: seeds x means x standard deviations",
    "accuracy": "share of patterns answered right after the last epoch, mean over networks",
    "accuracy_sd": "standard deviation over seeds of its mean over the grid",
    "initial_accuracy": "share of patterns answered right before learning",
    "paper_accuracy": "the same in each network's best epoch, a tie or silence being an answer for the first output",
    "both_right_share": "share of networks that answer both patterns right after the last epoch",
    "unanswered_share": "share of patterns to which a network gives no spike after the last epoch",
}
"""What each metric means."""

CHECKPOINT_EVERY = 1.0
"""Shortest wall time between checkpoints [s]."""

VARIABLES = {
    "accuracy": "share of patterns answered right after the last epoch",
    "paper_accuracy": "the same in the network's best epoch, a tie or silence being an answer for the first output",
    "unanswered": "share of patterns without an output spike after the last epoch",
}
"""What is kept of each network, and its meaning."""


class Convergence(ThreadedRun[NetworkGrid]):
    """All networks of a run; the workers are one grid for each condition and block of seeds.

    Parameters
    ----------
    experiment : ConvergenceExperiment
    settings : Settings
    n_threads : int, optional
        See `ThreadedRun`.

    Raises
    ------
    ParameterError
        If a setting cannot be used, or a parameter is set that plays no part here.
    """

    headlines = ("accuracy", "accuracy_sd", "both_right_share", "unanswered_share", "paper_accuracy")

    def __init__(self, experiment: ConvergenceExperiment, settings: Settings, n_threads: int | None = None) -> None:
        self.experiment, self.settings = experiment, settings.read_as(BatsParameters)
        unused = [name for name in settings.values if name not in SETTABLE]
        if unused:
            allowed = ", ".join(SETTABLE)
            raise ParameterError(f"{experiment.name} has no use for the parameter {unused[0]!r}; it has {allowed}.")
        self.epochs = check_whole("The number of epochs", settings.length, minimum=1)
        first = experiment.parameters(self.settings, experiment.conditions[0]).seed
        self.seeds = list(range(first, first + settings.seeds))
        blocks = [self.seeds[k : k + BLOCK] for k in range(0, len(self.seeds), BLOCK)]
        self._parameters = [experiment.parameters(self.settings, condition) for condition in experiment.conditions]
        for parameters in self._parameters:
            parameters.check()
        self._n_blocks = len(blocks)
        where = settings.backend, settings.device
        grids = [NetworkGrid(p, block, self.epochs, *where) for p in self._parameters for block in blocks]
        super().__init__(grids, n_threads)

    def dataset(self) -> xr.Dataset:
        """Accuracy of each network, with the dimensions condition, seed, mean and sd, and over epochs."""
        data = xr.Dataset(
            coords={
                "condition": [condition.name for condition in self.experiment.conditions],
                "seed": self.seeds,
                "mean": ("mean", AXIS, {"units": "1", "long_name": "mean of the initial weights"}),
                "sd": ("sd", AXIS, {"units": "1", "long_name": "standard deviation of the initial weights"}),
                "epoch": ("epoch", np.arange(self.epochs + 1), {"units": "1", "long_name": "epochs that are over"}),
            },
            attrs=self._attributes(),
        )
        values = {"accuracy": "accuracy", "paper_accuracy": "best", "unanswered": "unanswered"}
        for name, attribute in values.items():
            dims = ("condition", "seed", "mean", "sd")
            data[name] = (dims, self._joined(attribute, 0), {"units": "1", "long_name": VARIABLES[name]})
        curves = self._joined("curves", 2)
        for k, name in enumerate(("accuracy", "unanswered")):
            attributes = {"units": "1", "long_name": f"{name} after each epoch, mean over the grid"}
            data[f"mean_{name}"] = (("condition", "epoch", "seed"), curves[:, k], attributes)
        return data

    def metrics(self, data: xr.Dataset) -> Metrics:
        """Metrics of each condition, see `METRICS`."""
        return {str(name): _metrics(data.sel(condition=name)) for name in data.condition.values}

    def _joined(self, attribute: str, axis: int) -> np.ndarray:
        """Something of all grids, with the conditions first and the blocks joined along the axis of their seeds."""
        n, values = self._n_blocks, [getattr(grid, attribute) for grid in self.workers]
        return torch.stack([torch.cat(values[k : k + n], axis) for k in range(0, len(values), n)]).cpu().numpy()

    def _attributes(self) -> dict[str, Any]:
        experiment = self.experiment
        differing = {name for condition in experiment.conditions for name in condition.values}
        common = self._parameters[0].param.values()
        return {
            "experiment": experiment.name,
            "figure": experiment.figure,
            "version": __version__,
            "task": "spatio-temporal",
            **{f"parameter_{name}": plain(common[name]) for name in SETTABLE if name not in differing},
        }

    def _checkpoint_due(self, seconds: float) -> bool:
        return seconds >= CHECKPOINT_EVERY

    def _status(self) -> str:
        """Epoch of the grid that is furthest behind, and accuracy of the conditions, in words."""
        means = [
            f"{condition.name} {accuracy.mean():.3f}"
            for condition, accuracy in zip(self.experiment.conditions, self._joined("accuracy", 0), strict=True)
        ]
        return f"epoch {min(grid.done for grid in self.workers)} of {self.epochs}, {', '.join(means)}"

    def _lengths(self, done: Sequence[int]) -> tuple[str, str]:
        return f"{max(done)} epochs", f"{self.epochs}"

    def _description(self) -> dict[str, Any]:
        return {
            "experiment": self.experiment.name,
            "version": __version__,
            "seeds": self.settings.seeds,
            "values": dict(self.settings.values),
        }


def _metrics(mine: xr.Dataset) -> dict[str, float]:
    accuracy = mine.accuracy
    return {
        "networks": accuracy.size,
        "accuracy": float(accuracy.mean()),
        "accuracy_sd": float(accuracy.mean(("mean", "sd")).std("seed")),
        "initial_accuracy": float(mine.mean_accuracy.isel(epoch=0).mean()),
        "paper_accuracy": float(mine.paper_accuracy.mean()),
        "both_right_share": float((accuracy == 1).mean()),
        "unanswered_share": float(mine.unanswered.mean()),
    }
