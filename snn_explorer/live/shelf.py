"""Where runs wait while their page is loaded again: in this process's memory, for as long as there is room."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from snn_explorer.engine import Watch
from snn_explorer.live.run import Run
from snn_explorer.live.saved_run import restored_run, save_run
from snn_explorer.presets import Preset

MAX_RUNS: Final = 60
MAX_BYTES: Final = 300_000_000
"""What waits at most, in runs and in bytes; a run has 50 kB to 15 MB."""


class Waiting(NamedTuple):
    """A saved run, or two that learn in step, with what a page has set beside them.

    Attributes
    ----------
    saved : tuple of bytes
        What `snn_explorer.live.saved_run.save_run` gave for each.
    address : str
        The address that leads to such a page.
    playing : bool
        Whether the first goes on by itself; a second follows it.
    speed : float or None
        See `Run.speed`.
    watch : Watch
    outlook : object or None
        What a page may want beside the runs when it shows them again; nothing here looks into it.
    """

    saved: tuple[bytes, ...]
    address: str
    playing: bool
    speed: float | None
    watch: Watch
    outlook: Any = None

    @classmethod
    def of(cls, runs: Sequence[Run], address: str, outlook: Any = None) -> Waiting:
        """Pause a run, or two, and save them.

        Raises
        ------
        ParameterError
            If there is no network to save, or it is too large.
        """
        first = runs[0]
        playing = first.state in ("playing", "preparing")
        first.pause()
        return cls(tuple(save_run(run) for run in runs), address, playing, first.speed, first.watch, outlook)

    def restored(self, presets: Mapping[str, Preset]) -> tuple[Run, ...]:
        """The runs again.

        Raises
        ------
        ParameterError
            If it cannot be read, or its preset is not there.
        """
        first, *others = (restored_run(saved, presets) for saved in self.saved)
        first.speed = self.speed
        first.look(self.watch)
        if self.playing:
            first.play()
        return first, *others


class Shelf:
    """Saved runs by key, bounded; the oldest make room. Every method may be called from any thread.

    Whoever knows a key takes the run, so a page makes its key from random numbers.

    Parameters
    ----------
    max_runs, max_bytes : int
        What is kept at most.
    """

    def __init__(self, max_runs: int = MAX_RUNS, max_bytes: int = MAX_BYTES) -> None:
        self.max_runs, self.max_bytes = max_runs, max_bytes
        self._runs: dict[str, Waiting] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._runs)

    @property
    def n_bytes(self) -> int:
        """Bytes of all runs and keys that wait."""
        with self._lock:
            return self._size()

    def put(self, key: str, waiting: Waiting) -> None:
        """Keep a run; one with the same key is replaced, and the oldest go where there is no room for all."""
        with self._lock:
            self._runs.pop(key, None)
            self._runs[key] = waiting
            while len(self._runs) > self.max_runs or self._size() > self.max_bytes:
                del self._runs[next(iter(self._runs))]

    def take(self, key: str) -> Waiting | None:
        """The run with this key, which is then no longer here; None if there is none, or none any more."""
        with self._lock:
            return self._runs.pop(key, None)

    def _size(self) -> int:
        return sum(len(key) + sum(map(len, waiting.saved)) for key, waiting in self._runs.items())


@cache
def shelf() -> Shelf:
    """The shelf of this process."""
    return Shelf()
