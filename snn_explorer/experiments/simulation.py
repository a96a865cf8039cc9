"""Training an experiment's ensembles, with checkpoints from which a run goes on to the same bits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from snn_explorer import __version__
from snn_explorer.engine import ParameterError, Watch
from snn_explorer.experiments.experiment import Condition, Experiment, Settings
from snn_explorer.experiments.files import write_atomically
from snn_explorer.superspike import Network
from snn_explorer.superspike.parameters import SWEEPABLE

CHECKPOINT_EVERY = 30.0
"""Wall time between checkpoints [s]."""

Progress = Callable[[float, str], None]
"""Called after each chunk with the share that is done, and with the cost of the moment in words."""


@dataclass
class Ensemble:
    """Networks that run together: all seeds of some of the experiment's conditions, condition by condition."""

    network: Network
    conditions: list[int]


class Simulation:
    """All ensembles of one run of an experiment, advanced side by side.

    Parameters
    ----------
    experiment : Experiment
    settings : Settings

    Attributes
    ----------
    time : ndarray, shape (n_chunks,)
        Learning time at the end of each chunk [s].
    cost, hidden_rate : Tensor, shape (n_conditions, n_seeds, n_chunks)
        Moving average of the cost, and the mean rate of the hidden units [Hz]; not a number without hidden layer.
    spikes : list of Tensor, shape (n_spikes, 2)
        Chunk and time [s] of the output spikes of the first network.
    snapshots : dict of str to dict
        What the first network did in the first and last chunk, ``start`` and ``end``.
    """

    def __init__(self, experiment: Experiment, settings: Settings) -> None:
        self.experiment, self.settings = experiment, settings
        self.task = experiment.task(settings)
        self.ensembles = list(self._make_ensembles())
        chunk = self.ensembles[0].network.n_steps * self.task.dt
        self.n_chunks = max(1, round(settings.seconds / chunk))
        self.time = np.arange(1, self.n_chunks + 1) * chunk
        shape = (len(experiment.conditions), settings.seeds, self.n_chunks)
        self.cost, self.hidden_rate = torch.full((2, *shape), torch.nan)
        self.spikes: list[torch.Tensor] = []
        self.snapshots: dict[str, dict[str, torch.Tensor]] = {}
        self.done = 0
        self.seconds_wall = 0.0

    def run(self, progress: Progress, checkpoint: Path) -> None:
        """Train to the end, leaving a `checkpoint` now and then and at the end.

        Raises
        ------
        LearningFault
            If learning cannot go on.
        """
        saved = last = time.monotonic()
        self._burn_in()
        while self.done < self.n_chunks:
            self._advance()
            now = time.monotonic()
            self.seconds_wall, last = self.seconds_wall + now - last, now
            if now - saved > CHECKPOINT_EVERY:
                self.save(checkpoint)
                saved = now
            progress(self.done / self.n_chunks, f"cost {float(self.cost[:, :, self.done - 1].median()):.3g}")
        self.snapshots["end"] = self._look()
        self.save(checkpoint)

    def save(self, checkpoint: Path) -> None:
        """Write everything that `resume` needs."""
        state = {
            "description": self._description(),
            "networks": [ensemble.network.state_dict() for ensemble in self.ensembles],
            "cost": self.cost[:, :, : self.done],
            "hidden_rate": self.hidden_rate[:, :, : self.done],
            "spikes": self.spikes,
            "snapshots": self.snapshots,
            "done": self.done,
            "seconds_wall": self.seconds_wall,
        }
        write_atomically(checkpoint, lambda path: torch.save(state, path))

    def resume(self, checkpoint: Path) -> None:
        """Go on where `checkpoint` was written; a longer learning time than then is fine.

        Raises
        ------
        ParameterError
            If there is no such file, or it belongs to a run with other settings.
        """
        if not checkpoint.is_file():
            raise ParameterError(f"There is nothing to resume: {str(checkpoint)!r} does not exist.")
        state = torch.load(checkpoint, weights_only=True)
        for key, value in self._description().items():
            if state["description"].get(key) != value:
                there = state["description"].get(key)
                raise ParameterError(f"{str(checkpoint)!r} was written with {key} {there!r}, this run has {value!r}.")
        if state["done"] > self.n_chunks:
            raise ParameterError(
                f"{str(checkpoint)!r} already holds {state['done'] * self.time[0]:g} s of learning; ask for more than "
                f"{self.settings.seconds:g} s."
            )
        for ensemble, network in zip(self.ensembles, state["networks"], strict=True):
            ensemble.network.load_state_dict(network)
        self.done, self.seconds_wall = state["done"], state["seconds_wall"]
        self.cost[:, :, : self.done], self.hidden_rate[:, :, : self.done] = state["cost"], state["hidden_rate"]
        self.spikes, self.snapshots = state["spikes"], state["snapshots"]

    def _make_ensembles(self) -> Iterator[Ensemble]:
        """Group conditions that differ in swept parameters only."""
        groups: dict[tuple[Any, ...], list[int]] = {}
        for i, condition in enumerate(self.experiment.conditions):
            fixed = {name: value for name, value in condition.values.items() if name not in SWEEPABLE}
            groups.setdefault(tuple(sorted(fixed.items())), []).append(i)
        for members in groups.values():
            conditions = [self.experiment.conditions[i] for i in members]
            parameters = self.experiment.parameters(self.settings, conditions[0])
            networks = [
                {**self._swept(condition), "seed": parameters.seed + k}
                for condition in conditions
                for k in range(self.settings.seeds)
            ]
            yield Ensemble(Network(self.task, parameters, networks, backend=self.settings.backend), members)

    def _swept(self, condition: Condition) -> dict[str, Any]:
        """Parameters of a condition that differ within an ensemble; what the person set wins."""
        names = (name for name in condition.values if name in SWEEPABLE and name not in self.settings.values)
        return {name: condition.values[name] for name in names}

    def _burn_in(self) -> None:
        for ensemble in self.ensembles:
            while ensemble.network.time < -self.task.dt * ensemble.network.n_steps / 2:
                ensemble.network.advance()
        if self.done == 0:
            self.snapshots["start"] = self._look()

    def _advance(self) -> None:
        for ensemble in self.ensembles:
            network = ensemble.network
            network.advance()
            shape = (len(ensemble.conditions), self.settings.seeds)
            self.cost[ensemble.conditions, :, self.done] = network.cost.reshape(shape)
            if "hidden" in network.spikes:
                counts = torch.bincount(network.spikes["hidden"].network, minlength=network.n_networks)
                rate = counts / (network.parameters.n_hidden * network.n_steps * self.task.dt)
                self.hidden_rate[ensemble.conditions, :, self.done] = rate.float().reshape(shape)
        output = self.ensembles[0].network.spikes["output"]
        mine = output.step[output.network == 0] * self.task.dt
        self.spikes.append(torch.stack([torch.full_like(mine, self.done), mine], dim=1))
        self.done += 1

    def _look(self) -> dict[str, torch.Tensor]:
        """Rasters and traces of the first network of the first condition."""
        frame = self.ensembles[0].network.frame(Watch(hidden=tuple(range(8))))
        look = {name: torch.from_numpy(values) for name, values in frame.traces.items()}
        for name, raster in frame.rasters.items():
            look[f"{name}_spikes"] = torch.from_numpy(np.stack([raster.time, raster.neuron], axis=1))
        return look

    def _description(self) -> dict[str, Any]:
        """What must be equal for a checkpoint to fit."""
        return {
            "experiment": self.experiment.name,
            "version": __version__,
            "task": self.task.name,
            "seeds": self.settings.seeds,
            "values": dict(self.settings.values),
        }
