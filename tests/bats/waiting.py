"""Waiting for other threads."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 60.0
"""Seconds, which only end a test that has failed."""


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    stop = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < stop, "waited in vain"
        time.sleep(0.001)
