"""One run of a SuperSpike experiment: its ensembles learn side by side."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from snn_explorer import __version__
from snn_explorer.checks import check_positive
from snn_explorer.experiments.dataset import to_dataset
from snn_explorer.experiments.ensemble import Ensemble, group_conditions
from snn_explorer.experiments.experiment import Metrics, Settings
from snn_explorer.experiments.metrics import ANSWER_HEADLINES, COST_HEADLINES, metrics_of
from snn_explorer.experiments.observation import observe
from snn_explorer.experiments.superspike_experiment import SuperSpikeExperiment
from snn_explorer.experiments.threaded_run import ThreadedRun
from snn_explorer.superspike.parameters import SuperSpikeParameters
from snn_explorer.tasks import SpikingXor

if TYPE_CHECKING:
    import xarray as xr

CHECKPOINT_EVERY = 40.0
"""Wall time between checkpoints [s]."""


class Simulation(ThreadedRun[Ensemble]):
    """All ensembles of one run of an experiment; they are its `workers`.

    Parameters
    ----------
    experiment : SuperSpikeExperiment
    settings : Settings
    n_threads : int, optional
        See `ThreadedRun`.

    Attributes
    ----------
    task : Task or SpikingXor
        What is learned.
    seconds : float
        Learning time [s].
    after : list of dict
        What `observe` saw of each ensemble after learning; empty before, and where the experiment wants nothing.
    """

    def __init__(self, experiment: SuperSpikeExperiment, settings: Settings, n_threads: int | None = None) -> None:
        self.experiment, self.settings = experiment, settings.read_as(SuperSpikeParameters)
        self.seconds = check_positive("The learning time", settings.length, "s")
        self.task = experiment.task(settings.data)
        groups = group_conditions(experiment, self.settings, self.task.n_outputs)
        super().__init__(
            [Ensemble(self.task, experiment, self.settings, self.seconds, conditions) for conditions in groups],
            n_threads,
        )
        self.after: list[dict[str, Tensor]] = []

    @property
    def headlines(self) -> Sequence[str]:
        """Metrics to show first, those that apply."""
        return ANSWER_HEADLINES if isinstance(self.task, SpikingXor) else COST_HEADLINES

    def dataset(self) -> xr.Dataset:
        """All that was recorded, see `snn_explorer.experiments.dataset`."""
        return to_dataset(self)

    def metrics(self, data: xr.Dataset) -> Metrics:
        """Metrics of each condition, see `snn_explorer.experiments.metrics.METRICS`."""
        return {str(name): metrics_of(data, str(name)) for name in data.condition.values}

    def _finish(self, pool: ThreadPoolExecutor) -> None:
        wanted = self.experiment.after
        if wanted is not None:
            self.after = list(pool.map(lambda ensemble: observe(ensemble, wanted), self.workers))

    def _checkpoint_due(self, seconds: float) -> bool:
        return seconds > CHECKPOINT_EVERY

    def _status(self) -> str:
        """Median over all networks of the cost or accuracy of the moment, in words."""
        values = torch.cat([ensemble.latest() for ensemble in self.workers])
        name = "accuracy" if isinstance(self.task, SpikingXor) else "cost"
        return f"{name} {float(values.nanmedian()):.3g}"

    def _lengths(self, done: Sequence[int]) -> tuple[str, str]:
        pairs = zip(self.workers, done, strict=True)
        learned = max((chunks - ensemble.n_burn_in) * ensemble.chunk for ensemble, chunks in pairs)
        return f"{learned:g} s", f"{self.seconds:g} s"

    def _description(self) -> dict[str, Any]:
        return {
            "experiment": self.experiment.name,
            "version": __version__,
            "task": self.task.name,
            "seeds": self.settings.seeds,
            "values": dict(self.settings.values),
            **self.experiment.options,
        }
