"""Results made ahead: worker threads begin with the next few beside training, which then need not wait for them."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

N_AHEAD = 4
"""Results that are in the making, or ready, before they are asked for."""

N_WORKERS = 2
"""Threads that make them, for all networks of the process."""


class Job(NamedTuple, Generic[T]):
    """A result in the making: what makes it, and where a worker leaves it."""

    task: Callable[[], T]
    future: Future[T]


class Ahead(Generic[T]):
    """Results with the numbers 0, 1, 2, ... that are mostly asked for in this order, the next few made ahead.

    One thread asks at a time. Whatever is made ahead, results are those that tasks give when they are asked for; the
    error of a task is raised when its result is asked for. The workers know nothing of this object: when it is gone,
    they do no more of its tasks, but for those already begun.
    """

    def __init__(self) -> None:
        self._jobs: dict[int, Job[T]] = {}
        self._basis: tuple[Hashable, int] | None = None
        weakref.finalize(self, _give_up, self._jobs).atexit = False

    def get(self, number: int, settings: Hashable, order: Callable[[int], Callable[[], T]]) -> T:
        """Result of the task with this number.

        Parameters
        ----------
        number : int
        settings : Hashable
            What all tasks depend on; what was made ahead with others is forgotten.
        order : callable
            Gives the task of a number, with all that it needs: `order` is called here and now, the task in any thread.
        """
        basis = settings, os.getpid()
        if basis != self._basis:
            self.forget()
            self._basis = basis
        _give_up(self._jobs, keep=range(number, number + N_AHEAD + 1))
        job = self._jobs.pop(number, None)
        task = order(number) if job is None else job.task
        for later in range(number + 1, number + N_AHEAD + 1):
            if later not in self._jobs:
                ordered = order(later)
                self._jobs[later] = Job(ordered, _pool(os.getpid()).submit(ordered))
        # what no worker has begun is quickest done here, however much others have ordered
        return task() if job is None or job.future.cancel() else job.future.result()

    def forget(self) -> None:
        """Give up all that was made ahead."""
        if self._basis is not None and self._basis[1] != os.getpid():
            self._jobs.clear()  # a fork left the workers behind, perhaps while one of them held a lock of its job
        _give_up(self._jobs)


def _give_up(jobs: dict[int, Job[T]], keep: range = range(0)) -> None:
    """Drop the jobs of all other numbers; what no worker has begun is never done."""
    for number in [number for number in jobs if number not in keep]:
        jobs.pop(number).future.cancel()


@lru_cache(1)
def _pool(process: int) -> ThreadPoolExecutor:
    """The workers of a process: one that was forked off has none of its parent's."""
    return ThreadPoolExecutor(N_WORKERS, thread_name_prefix="snn-explorer-ahead")
