"""Time that a piece of work takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from snn_explorer.devices import CPU


@dataclass
class Spent:
    """Seconds: `core` of this thread on a core, which other programs do not lengthen much, and `wall` of the clock."""

    core: float = 0.0
    wall: float = 0.0


@contextmanager
def spent() -> Iterator[Spent]:
    """Take the time of a ``with`` block, written when it ends."""
    found = Spent()
    core, wall = time.thread_time(), time.perf_counter()
    yield found
    found.core, found.wall = time.thread_time() - core, time.perf_counter() - wall


def wall(work: Callable[[], object], n: int, device: torch.device) -> float:
    """Wall time of `n` calls [s], with all that they leave to a GPU."""
    _wait(device)
    start = time.perf_counter()
    for _ in range(n):
        work()
    _wait(device)
    return time.perf_counter() - start


def _wait(device: torch.device) -> None:
    if device != CPU:
        torch.cuda.synchronize(device)
