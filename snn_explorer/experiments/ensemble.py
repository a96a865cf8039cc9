"""Networks that learn together, and the record of what they did in each chunk.

Ensembles know nothing of each other, so that any number of them can learn side by side on threads.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from snn_explorer.experiments.experiment import Settings
from snn_explorer.experiments.observation import observe
from snn_explorer.experiments.superspike_experiment import Condition, SuperSpikeExperiment
from snn_explorer.superspike import Network
from snn_explorer.superspike.cost import COST_TAU
from snn_explorer.superspike.parameters import SWEEPABLE, SuperSpikeParameters
from snn_explorer.tasks import SpikingXor, Task

PATTERN_CURVES = ("cost", "hidden_rate")
"""Recorded for every task: moving average of the cost, and the mean rate of the hidden units [Hz]."""

ANSWER_CURVES = ("windows", "answered", "answered_per_unit")
"""Recorded for classification: windows that closed, and answered right, strictly and as a mean over outputs."""

LAST_SHARE = 0.1
"""Share of the learning time, its end, over which accuracies are taken."""

LARGEST = 1000
"""Neurons that learn in one ensemble before the next condition begins another: more gain nothing, and share no core."""


@dataclass(frozen=True)
class Member:
    """One network of an ensemble: index of its condition, and of its seed within that condition."""

    condition: int
    seed: int


class Ensemble:
    """All seeds of conditions that differ in swept parameters only.

    Parameters
    ----------
    task : Task or SpikingXor
    experiment : SuperSpikeExperiment
    settings : Settings
        With checked values.
    seconds : float
        Learning time [s].
    conditions : dict of int to Condition
        The conditions by their index in the experiment.

    Attributes
    ----------
    network : Network
        Engine with one network for each entry of `members`.
    chunk : float
        Length of a chunk [s].
    done, total, n_burn_in : int
        Chunks that were advanced, those there are to be, and how many of these are burn-in.
    time : ndarray, shape (total,)
        Learning time at the end of each chunk [s], negative in the burn-in.
    curves : dict of str to Tensor, shape (R, total)
        What was recorded in each chunk; not a number where nothing was.
    trials : list of Tensor, shape (2, n_spikes)
        Chunk, and step within it, of the output spikes of the first network, if the experiment keeps them.
    before : dict of str to Tensor
        What `observe` saw at learning time 0.
    """

    def __init__(
        self,
        task: Task | SpikingXor,
        experiment: SuperSpikeExperiment,
        settings: Settings,
        seconds: float,
        conditions: Mapping[int, Condition],
    ) -> None:
        self.experiment = experiment
        first = next(iter(conditions.values()))
        parameters = experiment.parameters(settings, first)
        self.members = [
            Member(index, k)
            for index, condition in conditions.items()
            for k in range(min(settings.seeds, condition.at_most or settings.seeds))
        ]
        networks = [
            {**_swept(conditions[member.condition], settings), "seed": parameters.seed + member.seed}
            for member in self.members
        ]
        self.network = Network(task, parameters, networks, backend=settings.backend, device=settings.device)
        self._share_matrices(conditions)
        self.chunk = self.network.n_steps * task.dt
        self.n_burn_in = round(parameters.burn_in / self.chunk)
        self.total = max(self.n_burn_in + 1, round((parameters.burn_in + seconds) / self.chunk))
        ends = round(self.network.time / task.dt) + self.network.n_steps * np.arange(1, self.total + 1)
        self.time: NDArray[np.float64] = ends * task.dt
        names = PATTERN_CURVES + (ANSWER_CURVES if isinstance(task, SpikingXor) else ())
        shape = len(self.members), self.total
        self.curves = {name: torch.full(shape, torch.nan, device=self.network.device) for name in names}
        self.trials: list[Tensor] = []
        self.before: dict[str, Tensor] = {}
        self.done = 0

    @property
    def finished(self) -> bool:
        """Whether all chunks were advanced."""
        return self.done >= self.total

    @property
    def parameters(self) -> SuperSpikeParameters:
        """Parameters that all networks share, but for the swept ones."""
        return self.network.parameters

    def advance(self, slice_seconds: float) -> None:
        """Advance chunk by chunk for about `slice_seconds` of wall time, one chunk at least, or to the end.

        Raises
        ------
        LearningFault
            If learning cannot go on.
        """
        stop = time.monotonic() + slice_seconds
        while not self.finished:
            self._look_before()
            self.network.advance()
            self._record()
            self.done += 1
            if self.finished:
                self.network.look_back()  # no next chunk tells of this one
            if time.monotonic() >= stop:
                break

    def latest(self) -> Tensor:
        """Cost of the moment, or share of right answers in the last 10 s, of each network; none before any chunk."""
        if "windows" not in self.curves:
            return self.curves["cost"][:, max(self.done - 1, 0)]
        last = slice(max(self.done - round(COST_TAU / self.chunk), 0), self.done)
        return self.curves["answered"][:, last].sum(dim=1) / self.curves["windows"][:, last].sum(dim=1)

    def last_accuracy(self) -> Tensor:
        """Share of windows answered right in the last part of learning, strictly, ``(R,)``."""
        last = max(1, round(LAST_SHARE * (self.total - self.n_burn_in)))
        answered, windows = (self.curves[name][:, -last:].sum(dim=1) for name in ("answered", "windows"))
        return answered / windows

    def state_dict(self) -> dict[str, Any]:
        """Everything needed to go on to the same bits."""
        return {
            "network": self.network.state_dict(),
            "curves": {name: curve[:, : self.done].clone() for name, curve in self.curves.items()},
            "trials": torch.cat(self.trials, dim=1) if self.trials else None,
            "before": self.before,
            "done": self.done,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave; it may be of a shorter run."""
        self.network.load_state_dict(state["network"])
        self.done, self.before = state["done"], state["before"]
        self.trials = [] if state["trials"] is None else [state["trials"]]
        for name, curve in state["curves"].items():
            self.curves[name][:, : self.done] = curve

    def _look_before(self) -> None:
        if self.done == self.n_burn_in and self.experiment.before is not None:
            self.before = observe(self, self.experiment.before)

    def _record(self) -> None:
        network, now = self.network, self.done
        self.curves["cost"][:, now] = network.cost
        if "hidden" in network.spikes:
            counts = network.spikes["hidden"].per_network(network.n_networks)
            self.curves["hidden_rate"][:, now] = counts / (self.parameters.n_hidden * network.n_steps * network.task.dt)
        outcome = network.outcome
        if outcome is not None:
            for name, value in zip(ANSWER_CURVES, (outcome.n, outcome.strict, outcome.per_unit), strict=True):
                self.curves[name][:, now] = value
        if self.experiment.trials and now >= self.n_burn_in and self.members[0].condition == 0:
            step = network.spikes["output"].of_network(0).step
            self.trials.append(torch.stack([torch.full_like(step, now - self.n_burn_in), step]))

    def _share_matrices(self, conditions: Mapping[int, Condition]) -> None:
        """Give all networks of a condition that names a matrix the feedback weights which that seed draws."""
        weights = self.network.random_feedback
        for r, member in enumerate(self.members):
            matrix = conditions[member.condition].matrix
            if matrix is not None:
                weights[r] = torch.randn(weights.shape[1:], generator=torch.Generator().manual_seed(matrix))


def group_conditions(
    experiment: SuperSpikeExperiment, settings: Settings, n_outputs: int
) -> Iterator[dict[int, Condition]]:
    """Conditions that are to share an ensemble, by index, group by group: they differ in swept parameters only."""
    groups: dict[tuple[Any, ...], list[dict[int, Condition]]] = {}
    largest = LARGEST if settings.device == "cpu" else math.inf  # a GPU is the faster the more it has to do
    for index, condition in enumerate(experiment.conditions):
        fixed = {name: value for name, value in condition.values.items() if name not in SWEEPABLE}
        parts = groups.setdefault(tuple(sorted(fixed.items())), [{}])
        if sum(n_neurons(experiment, settings, other, n_outputs) for other in parts[-1].values()) >= largest:
            parts.append({})
        parts[-1][index] = condition
    for parts in groups.values():
        yield from parts


def n_neurons(experiment: SuperSpikeExperiment, settings: Settings, condition: Condition, n_outputs: int) -> int:
    """Hidden and output neurons of all networks of a condition."""
    n_networks = min(settings.seeds, condition.at_most or settings.seeds)
    return n_networks * (experiment.parameters(settings, condition).n_hidden + n_outputs)


def _swept(condition: Condition, settings: Settings) -> dict[str, Any]:
    """Parameters of a condition that differ within an ensemble; what the person set wins."""
    return {
        name: value for name, value in condition.values.items() if name in SWEEPABLE and name not in settings.values
    }
