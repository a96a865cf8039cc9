"""One run of a BATS experiment: its networks are trained side by side, one for each condition and seed.

The test set is looked at once, at the end, with the weights of the last epoch.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import xarray as xr

from snn_explorer import __version__
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.bats.weights import save_weights
from snn_explorer.checks import check_whole
from snn_explorer.experiments.bats_experiment import BatsExperiment, Condition
from snn_explorer.experiments.experiment import Metrics, Settings
from snn_explorer.experiments.learner import Learner
from snn_explorer.experiments.sources import Source
from snn_explorer.experiments.threaded_run import ThreadedRun
from snn_explorer.experiments.training_metrics import HEADLINES, training_metrics
from snn_explorer.quantities import plain

CHECKPOINT_EVERY = 1.0
"""Shortest wall time between checkpoints [s]; there is one after each epoch that is not shorter."""


@dataclass(frozen=True)
class Member:
    """One network of a run: index of its condition, and of its seed within that condition."""

    condition: int
    seed: int


class Training(ThreadedRun[Learner]):
    """All networks of one run of an experiment; they are its `workers`.

    Parameters
    ----------
    experiment : BatsExperiment
    settings : Settings
    n_threads : int, optional
        See `ThreadedRun`.

    Attributes
    ----------
    members : list of Member
        What each worker is.
    length : int
        Length of learning in the experiment's unit.
    task : str
        Names of the data sets.
    seen : list of Dataset
        What the experiment's `after` saw of each trained network; empty before, and where it has none.

    Raises
    ------
    ParameterError
        If a setting cannot be used, or data are missing.
    """

    _kind: ClassVar[type[Learner]] = Learner

    def __init__(self, experiment: BatsExperiment, settings: Settings, n_threads: int | None = None) -> None:
        self.experiment, self.settings = experiment, settings.read_as(BatsParameters)
        self.length = check_whole(f"The number of {experiment.unit}", settings.length, minimum=1)
        self.members = members_of(experiment, settings.seeds)
        sources = dict.fromkeys(self._source(condition) for condition in experiment.conditions)
        self._samples = {source: source.load(settings.data) for source in sources}
        self.task = ", ".join(samples.name for samples in self._samples.values())
        super().__init__([self._learner(member) for member in self.members], n_threads)
        self.seen: list[xr.Dataset] = []
        self._epochs_saved = 0

    @property
    def headlines(self) -> Sequence[str]:
        """Metrics to show first, those that apply."""
        return HEADLINES

    @property
    def further_files(self) -> Mapping[str, Callable[[Path], None]]:
        """Weights of the first condition's first network, which `snn_explorer.bats.weights.load_network` reads."""
        return {"weights.safetensors": partial(save_weights, self.workers[0].network)}

    def save(self, checkpoint: Path) -> None:
        """Write everything that `resume` needs."""
        super().save(checkpoint)
        self._epochs_saved = self._epochs_done

    def dataset(self) -> xr.Dataset:
        """All that was recorded, with the dimensions condition, seed, epoch and layer, and those of `after`."""
        names = [condition.name for condition in self.experiment.conditions]
        parts = []
        for k, (member, learner) in enumerate(zip(self.members, self.workers, strict=True)):
            mine = xr.merge([learner.dataset(), *self.seen[k : k + 1]], combine_attrs="no_conflicts")
            seed = learner.network.parameters.seed
            parts.append(mine.expand_dims(condition=[names[member.condition]], seed=[seed]))
        data = xr.merge(parts, join="outer", compat="no_conflicts", combine_attrs="no_conflicts")
        layers = max((part.layer.values.tolist() for part in parts), key=len)
        return self._described(data.reindex(condition=names, layer=layers))

    def metrics(self, data: xr.Dataset) -> Metrics:
        """Metrics of each condition, see `snn_explorer.experiments.training_metrics.METRICS`."""
        return {str(name): training_metrics(data, str(name)) for name in data.condition.values}

    def _described(self, data: xr.Dataset) -> xr.Dataset:
        """The dataset with parameters in which conditions differ as coordinates, and all else as attributes."""
        experiment = self.experiment
        used = [experiment.parameters(self.settings, condition) for condition in experiment.conditions]
        differing = dict.fromkeys(name for condition in experiment.conditions for name in condition.values)
        coordinates = {name: ("condition", [plain(getattr(each, name)) for each in used]) for name in differing}
        coordinates["data"] = ("condition", [self._samples[self._source(c)].name for c in experiment.conditions])
        common = {name: plain(value) for name, value in used[0].param.values().items()}
        data.attrs = {
            "experiment": experiment.name,
            "figure": experiment.figure,
            "version": __version__,
            "task": self.task,
            **{f"parameter_{name}": value for name, value in common.items() if name not in {"name", *differing}},
        }
        return data.assign_coords(coordinates)

    def _source(self, condition: Condition) -> Source:
        return condition.source or self.experiment.source

    def _learner(self, member: Member) -> Learner:
        condition = self.experiment.conditions[member.condition]
        parameters = self.experiment.parameters(self.settings, condition, member.seed)
        length = min(self.length, condition.most_epochs or self.length)
        samples = self._samples[self._source(condition)]
        return self._kind(samples, parameters, length, self.settings.backend, self.settings.device)

    @property
    def _epochs_done(self) -> int:
        """Epochs that all networks have done."""
        return min(learner.epochs_done for learner in self.workers)

    def _finish(self, pool: ThreadPoolExecutor) -> None:
        list(pool.map(lambda learner: learner.look_at_test(), self.workers))
        after = self.experiment.after
        if after is not None:
            self.seen = list(pool.map(lambda learner: after(learner.network), self.workers))

    def _checkpoint_due(self, seconds: float) -> bool:
        return seconds >= CHECKPOINT_EVERY and self._epochs_done > self._epochs_saved

    def _status(self) -> str:
        """Epoch of the network that is furthest behind, and mean accuracy in training of the moment, in words."""
        last = min(self.workers, key=lambda learner: learner.done / learner.total)
        accuracy = [learner.network.progress.accuracy for learner in self.workers if learner.done]
        epoch = min(last.epochs_done + 1, last.epochs)
        return f"epoch {epoch} of {last.epochs}, accuracy {statistics.fmean(accuracy):.4f}"

    def _lengths(self, done: Sequence[int]) -> tuple[str, str]:
        pairs = zip(self.workers, done, strict=True)
        learned = max(batches / learner.network.batches_per_epoch for learner, batches in pairs)
        return f"{learned:.4g} epochs", f"{self.length}"

    def _description(self) -> dict[str, Any]:
        return {
            "experiment": self.experiment.name,
            "version": __version__,
            "data": self.task,
            "seeds": self.settings.seeds,
            "values": dict(self.settings.values),
        }


def members_of(experiment: BatsExperiment, seeds: int) -> list[Member]:
    """The networks of a run with so many seeds."""
    return [
        Member(index, k)
        for index, condition in enumerate(experiment.conditions)
        for k in range(min(seeds, condition.most_seeds or seeds))
    ]
