"""One run of an experiment: its ensembles learn side by side, with checkpoints to go on from, to the same bits."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from snn_explorer import __version__
from snn_explorer.engine import ParameterError
from snn_explorer.experiments.ensemble import Ensemble, group_conditions
from snn_explorer.experiments.experiment import Experiment, Settings
from snn_explorer.experiments.files import write_atomically
from snn_explorer.experiments.observation import observe
from snn_explorer.tasks import SpikingXor

CHECKPOINT_EVERY = 40.0
"""Wall time between checkpoints [s]."""

SLICE = 0.25
"""Wall time after which an ensemble makes room for the one that is furthest behind [s]."""

Progress = Callable[[float, str], None]
"""Called now and then with the share that is done, and with the cost or accuracy of the moment in words."""


def n_cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Simulation:
    """All ensembles of one run of an experiment.

    Parameters
    ----------
    experiment : Experiment
    settings : Settings
    n_threads : int, optional
        Ensembles that advance at the same time; by default one on each core. The results do not depend on it.

    Attributes
    ----------
    task : Task or SpikingXor
        What is learned.
    ensembles : list of Ensemble
        Networks and what was recorded of them.
    after : list of dict
        What `observe` saw of each ensemble after learning; empty before, and where the experiment wants nothing.
    seconds_wall : float
        Wall time of learning so far [s].
    """

    def __init__(self, experiment: Experiment, settings: Settings, n_threads: int | None = None) -> None:
        self.experiment, self.settings = experiment, settings
        self.task = experiment.task(settings.data)
        groups = group_conditions(experiment, settings, self.task.n_outputs)
        self.ensembles = [Ensemble(self.task, experiment, settings, conditions) for conditions in groups]
        self.n_threads = n_cores() if n_threads is None else n_threads
        self.after: list[dict[str, Tensor]] = []
        self.seconds_wall = 0.0

    def run(self, progress: Progress, checkpoint: Path) -> None:
        """Learn to the end, leaving a `checkpoint` now and then, at the end, and where a person interrupts.

        Raises
        ------
        LearningFault
            If learning cannot go on.
        """
        running: dict[Future[None], Ensemble] = {}
        with ThreadPoolExecutor(self.n_threads) as pool:
            try:
                self._learn(pool, running, progress, checkpoint)
            except KeyboardInterrupt:
                wait(running)
                self.save(checkpoint)
                raise
            self.save(checkpoint)
            wanted = self.experiment.after
            if wanted is not None:
                self.after = list(pool.map(lambda ensemble: observe(ensemble, wanted), self.ensembles))

    def save(self, checkpoint: Path) -> None:
        """Write everything that `resume` needs."""
        state = {
            "description": self._description(),
            "ensembles": [ensemble.state_dict() for ensemble in self.ensembles],
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
        pairs = list(zip(self.ensembles, state["ensembles"], strict=True))
        if any(saved["done"] > ensemble.n_chunks for ensemble, saved in pairs):
            learned = max((saved["done"] - ensemble.n_burn_in) * ensemble.chunk for ensemble, saved in pairs)
            raise ParameterError(
                f"{str(checkpoint)!r} already holds {learned:g} s of learning; ask for more than "
                f"{self.settings.seconds:g} s."
            )
        for ensemble, saved in pairs:
            ensemble.load_state_dict(saved)
        self.seconds_wall = state["seconds_wall"]

    def _learn(
        self, pool: ThreadPoolExecutor, running: dict[Future[None], Ensemble], progress: Progress, checkpoint: Path
    ) -> None:
        """Keep all threads busy, the ensemble that is furthest behind first; pause them for each checkpoint."""
        saved = last = time.monotonic()
        while running or not all(ensemble.finished for ensemble in self.ensembles):
            due = time.monotonic() - saved > CHECKPOINT_EVERY
            if due and not running:
                self.save(checkpoint)
                saved, due = time.monotonic(), False
            if not due:
                self._start_more(pool, running)
            for job in wait(running, return_when=FIRST_COMPLETED).done:
                del running[job]
                job.result()
            now = time.monotonic()
            self.seconds_wall, last = self.seconds_wall + now - last, now
            progress(self.share_done, self._status())

    def _start_more(self, pool: ThreadPoolExecutor, running: dict[Future[None], Ensemble]) -> None:
        waiting = [
            ensemble for ensemble in self.ensembles if not ensemble.finished and ensemble not in running.values()
        ]
        waiting.sort(key=lambda ensemble: ensemble.done)
        for ensemble in waiting[: self.n_threads - len(running)]:
            running[pool.submit(ensemble.advance, SLICE)] = ensemble

    @property
    def share_done(self) -> float:
        """Share of all chunks that were advanced."""
        return sum(ensemble.done for ensemble in self.ensembles) / sum(ensemble.n_chunks for ensemble in self.ensembles)

    def _status(self) -> str:
        """Median over all networks of the cost or accuracy of the moment, in words."""
        values = torch.cat([ensemble.latest() for ensemble in self.ensembles])
        name = "accuracy" if isinstance(self.task, SpikingXor) else "cost"
        return f"{name} {float(values.nanmedian()):.3g}"

    def _description(self) -> dict[str, Any]:
        """What must be equal for a checkpoint to fit."""
        return {
            "experiment": self.experiment.name,
            "version": __version__,
            "task": self.task.name,
            "seeds": self.settings.seeds,
            "values": dict(self.settings.values),
        }
