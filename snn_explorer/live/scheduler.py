"""Advancing all runs of the process, in turns, on a few threads."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import torch

from snn_explorer.live.warmup import warm_up

SLICE = 0.015
"""How long a run is advanced before the next has its turn [s]."""

_log = logging.getLogger(__name__)


class Served(Protocol):
    """What gets its turns: a run, or two runs that go in step; see `snn_explorer.live.run.Run`."""

    on_wish: Callable[[], None]
    on_close: Callable[[Any], None]

    @property
    def closed(self) -> bool:
        """Whether there will be no work any more."""
        ...

    @property
    def urgent(self) -> bool:
        """Whether somebody is waiting to see what a change does."""
        ...

    def due(self, now: float) -> float | None:
        """When there is work, or None if there is none."""
        ...

    def work(self, seconds: float) -> None:
        """Advance for about this long."""
        ...

    def close(self) -> None:
        """End it."""
        ...


class Scheduler:
    """Round robin over the runs that have work; a run whose parameter just moved goes first.

    Parameters
    ----------
    n_workers : int, optional
        Threads, by default one fewer than there are cores. They start with the first run.
    clock : callable
        Gives the time [s].
    """

    def __init__(self, n_workers: int | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.n_workers = max(1, (os.cpu_count() or 1) - 1) if n_workers is None else n_workers
        self._clock = clock
        self._runs: deque[Served] = deque()
        self._busy: set[Served] = set()
        self._news = threading.Condition()
        self._stopped = False
        self._threads: list[threading.Thread] = []

    @property
    def runs(self) -> tuple[Served, ...]:
        """Runs that are being looked after, the next one first."""
        with self._news:
            return tuple(self._runs)

    def add(self, run: Served) -> None:
        """Look after a run from now on, until `remove` or the run's own `close`."""
        run.on_wish, run.on_close = self._wake, self.remove
        with self._news:
            if not run.closed and run not in self._runs:
                self._runs.append(run)
            self._start_workers()
            self._news.notify()

    def remove(self, run: Served) -> None:
        """Look after it no longer; a slice that is under way ends."""
        with self._news:
            if run in self._runs:
                self._runs.remove(run)

    def stop(self, timeout: float | None = None) -> None:
        """End the threads after their present slices."""
        with self._news:
            self._stopped = True
            self._news.notify_all()
        for thread in self._threads:
            thread.join(timeout)

    def serve_one(self, *, wait: bool = False) -> bool:
        """Give one run its slice, in this thread.

        Parameters
        ----------
        wait : bool
            Wait until a run has work.

        Returns
        -------
        bool
            False if no run had work, or the scheduler was stopped.
        """
        with self._news:
            run = self._choose()
            while run is None and wait and not self._stopped:
                self._news.wait(self._sleep)
                run = self._choose()
            if run is None or self._stopped:
                return False
            self._busy.add(run)
            self._runs.remove(run)
            self._runs.append(run)
        try:
            run.work(SLICE)
        except Exception:
            _log.exception("A run failed.")
            run.close()
        finally:
            with self._news:
                self._busy.discard(run)
                self._news.notify()
        return True

    def _choose(self) -> Served | None:
        """The run to be served next; without one, `_sleep` says until when there is none (None: until news)."""
        now, first, self._sleep = self._clock(), None, None
        for run in self._runs:
            due = None if run in self._busy else run.due(now)
            if due is None:
                continue
            if due > now:
                self._sleep = min(due - now, self._sleep or due - now)
            elif run.urgent:
                return run
            else:
                first = first or run
        return first

    def _wake(self) -> None:
        with self._news:
            self._news.notify()

    def _start_workers(self) -> None:
        while len(self._threads) < self.n_workers:
            name = f"snn-explorer-worker-{len(self._threads)}"
            self._threads.append(threading.Thread(target=self._work, name=name, daemon=True))
            self._threads[-1].start()

    def _work(self) -> None:
        torch.set_num_threads(1)
        warm_up().wait()
        while self.serve_one(wait=True):
            pass


_lock = threading.Lock()
_only: Scheduler | None = None


def scheduler() -> Scheduler:
    """The process's scheduler."""
    global _only
    with _lock:
        if _only is None:
            _only = Scheduler()
            atexit.register(_only.stop, timeout=1.0)
        return _only
