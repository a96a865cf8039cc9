"""Where runs wait while their page is reloaded: in this process's memory, for as long as there is room."""

from __future__ import annotations

import threading
from functools import cache
from typing import Final

MAX_RUNS: Final = 60
MAX_BYTES: Final = 300_000_000
"""What waits at most, in runs and in bytes; a run has 50 kB to 15 MB."""


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
        self._runs: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._runs)

    @property
    def n_bytes(self) -> int:
        """Bytes of all runs and keys that wait."""
        with self._lock:
            return self._size()

    def put(self, key: str, saved: bytes) -> None:
        """Keep a run; one with the same key is replaced, and the oldest go where there is no room for all."""
        with self._lock:
            self._runs.pop(key, None)
            self._runs[key] = saved
            while len(self._runs) > self.max_runs or self._size() > self.max_bytes:
                del self._runs[next(iter(self._runs))]

    def take(self, key: str) -> bytes | None:
        """The run with this key, which is then no longer here; None if there is none, or none any more."""
        with self._lock:
            return self._runs.pop(key, None)

    def _size(self) -> int:
        return sum(len(key) + len(saved) for key, saved in self._runs.items())


@cache
def shelf() -> Shelf:
    """The shelf of this process."""
    return Shelf()
