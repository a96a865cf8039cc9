"""A run whose parts learn side by side on threads, with checkpoints to go on from, to the same bits."""

from __future__ import annotations

import os
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import torch

from snn_explorer.engine import ParameterError
from snn_explorer.experiments.experiment import Progress
from snn_explorer.experiments.files import write_atomically

SLICE = 0.25
"""Wall time after which a worker makes room for the one that is furthest behind [s]."""


def n_cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Worker(Protocol):
    """A part of a run that knows nothing of the others."""

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        ...

    @property
    def done(self) -> int:
        """Chunks or batches that were advanced."""
        ...

    @property
    def total(self) -> int:
        """Chunks or batches that there are to be."""
        ...

    def advance(self, slice_seconds: float) -> None:
        """Go on for about `slice_seconds` of wall time, one chunk or batch at least, or to the end."""
        ...

    def state_dict(self) -> dict[str, Any]:
        """Everything needed to go on to the same bits."""
        ...

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave; it may be of a shorter run."""
        ...


W = TypeVar("W", bound=Worker)


class ThreadedRun(ABC, Generic[W]):
    """Workers that advance side by side, whatever they learn.

    Parameters
    ----------
    workers : sequence of Worker
    n_threads : int, optional
        Workers that advance at the same time; by default one on each core. The results do not depend on it.

    Attributes
    ----------
    workers : sequence of Worker
        Parts of the run.
    seconds_wall : float
        Wall time of learning so far [s].
    """

    def __init__(self, workers: Sequence[W], n_threads: int | None) -> None:
        self.workers = workers
        self.n_threads = n_cores() if n_threads is None else n_threads
        self.seconds_wall = 0.0

    @property
    def further_files(self) -> Mapping[str, Callable[[Path], None]]:
        """Files that belong to the results beside dataset, figure and summary; none."""
        return {}

    def run(self, progress: Progress, checkpoint: Path) -> None:
        """Learn to the end, leaving a `checkpoint` now and then, at the end, and where a person interrupts.

        Raises
        ------
        LearningFault
            If learning cannot go on.
        """
        running: dict[Future[None], W] = {}
        with ThreadPoolExecutor(self.n_threads) as pool:
            try:
                self._learn(pool, running, progress, checkpoint)
            except KeyboardInterrupt:
                wait(running)
                self.save(checkpoint)
                raise
            self.save(checkpoint)
            self._finish(pool)

    def save(self, checkpoint: Path) -> None:
        """Write everything that `resume` needs."""
        state = {
            "description": self._description(),
            "workers": [worker.state_dict() for worker in self.workers],
            "seconds_wall": self.seconds_wall,
        }
        write_atomically(checkpoint, lambda path: torch.save(state, path))

    def resume(self, checkpoint: Path) -> None:
        """Go on where `checkpoint` was written; more learning than then is fine.

        Raises
        ------
        ParameterError
            If there is no such file, or it belongs to a run with other settings.
        """
        if not checkpoint.is_file():
            raise ParameterError(f"There is nothing to resume: {str(checkpoint)!r} does not exist.")
        state = torch.load(checkpoint, weights_only=True, map_location="cpu")
        for key, value in self._description().items():
            if state["description"].get(key) != value:
                there = state["description"].get(key)
                raise ParameterError(f"{str(checkpoint)!r} was written with {key} {there!r}, this run has {value!r}.")
        pairs = list(zip(self.workers, state["workers"], strict=True))
        if any(saved["done"] > worker.total for worker, saved in pairs):
            learned, wanted = self._lengths([saved["done"] for _, saved in pairs])
            raise ParameterError(
                f"{str(checkpoint)!r} already holds {learned} of learning; ask for more than {wanted}."
            )
        for worker, saved in pairs:
            worker.load_state_dict(saved)
        self.seconds_wall = state["seconds_wall"]

    @property
    def share_done(self) -> float:
        """Share of all chunks or batches that were advanced."""
        return sum(worker.done for worker in self.workers) / sum(worker.total for worker in self.workers)

    def _learn(
        self, pool: ThreadPoolExecutor, running: dict[Future[None], W], progress: Progress, checkpoint: Path
    ) -> None:
        """Keep all threads busy, the worker that is furthest behind first; pause them for each checkpoint."""
        saved = last = time.monotonic()
        while running or not all(worker.finished for worker in self.workers):
            due = self._checkpoint_due(time.monotonic() - saved)
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

    def _start_more(self, pool: ThreadPoolExecutor, running: dict[Future[None], W]) -> None:
        waiting = [worker for worker in self.workers if not worker.finished and worker not in running.values()]
        waiting.sort(key=lambda worker: worker.done / worker.total)
        for worker in waiting[: self.n_threads - len(running)]:
            running[pool.submit(worker.advance, SLICE)] = worker

    def _finish(self, pool: ThreadPoolExecutor) -> None:
        """Look at what was learned, once, at the end."""

    @abstractmethod
    def _checkpoint_due(self, seconds: float) -> bool:
        """Whether to write a checkpoint `seconds` of wall time after the last."""

    @abstractmethod
    def _status(self) -> str:
        """Cost or accuracy of the moment, in words."""

    @abstractmethod
    def _description(self) -> dict[str, Any]:
        """What must be equal for a checkpoint to fit."""

    @abstractmethod
    def _lengths(self, done: Sequence[int]) -> tuple[str, str]:
        """Length of learning after so many chunks or batches of each worker, and the one asked for, in words."""
