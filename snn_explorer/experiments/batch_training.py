"""One run of a preset of BATS: networks that are followed batch by batch, as a page follows one.

The curves of a page are there to the same bits; whatever a training by epochs records is there as well.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import xarray as xr

from snn_explorer.bats import BatsParameters
from snn_explorer.bats.learning_curves import CURVES, LearningCurves, variables
from snn_explorer.experiments.learner import Learner
from snn_explorer.experiments.training import Training
from snn_explorer.tasks import Samples


class BatchLearner(Learner):
    """One network, with a point of its learning curves for each batch.

    Parameters
    ----------
    samples, parameters, backend, device
        See `Learner`.
    length : int
        Training samples to learn from, or a few more: a batch is learned as a whole.

    Attributes
    ----------
    points : dict of str to list of tuple
        Samples learned from, and the value then, for each of `snn_explorer.bats.learning_curves.CURVES`.
    """

    def __init__(
        self, samples: Samples, parameters: BatsParameters, length: int, backend: str, device: str | None = None
    ) -> None:
        super().__init__(samples, parameters, length, backend, device)
        self.points: dict[str, list[tuple[float, float]]] = {name: [] for name in CURVES}
        self._learning = LearningCurves(self.network)

    @property
    def accuracy(self) -> float:
        """Moving average of the share of right answers."""
        return self.points["accuracy"][-1][1]

    def dataset(self) -> xr.Dataset:
        """All that was recorded: the curves over the samples learned from, beside what each epoch left."""
        data = super().dataset()
        for name, points in self.points.items():
            seen, values = np.array(points, np.float64).reshape(-1, 2).T
            data.update(variables(name, seen, values.astype(np.float32)))
        return data

    def state_dict(self) -> dict[str, Any]:
        """Everything needed to go on to the same bits."""
        points = {name: list(points) for name, points in self.points.items()}
        return {**super().state_dict(), "points": points, "means": self._learning.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave; it may be of a shorter run."""
        super().load_state_dict(state)
        self.points = {name: list(points) for name, points in state["points"].items()}
        self._learning.load_state_dict(state["means"])

    def _n_batches(self, length: int) -> int:
        return self.network.training_set.n_batches(length)

    def _record(self) -> None:
        super()._record()
        for name, value in self._learning.points().items():
            self.points[name].append((self.network.time, value))


class BatchTraining(Training):
    """A training whose length is a number of samples; see `Training`."""

    workers: Sequence[BatchLearner]
    _kind: ClassVar[type[Learner]] = BatchLearner

    def _status(self) -> str:
        """Samples that the network furthest behind has learned from, and mean accuracy of the moment, in words."""
        last = min(self.workers, key=lambda learner: learner.done)
        # a batch of another network may be learned at this very moment, and have no point yet
        accuracy = [learner.accuracy for learner in self.workers if learner.points["accuracy"]]
        return f"{last.network.time:.0f} samples, accuracy {statistics.fmean(accuracy):.4f}"

    def _lengths(self, done: Sequence[int]) -> tuple[str, str]:
        pairs = zip(self.workers, done, strict=True)
        learned = max(learner.network.training_set.n_seen(batches) for learner, batches in pairs)
        return f"{learned} samples", f"{self.length}"
