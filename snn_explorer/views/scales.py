"""Ranges that grow in round steps and never jitter."""

from __future__ import annotations

import math
from typing import Final

_ROUND: Final = (1.0, 2.0, 5.0)


def nice_above(value: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, 50 ... (and 0.5, 0.2 ...) that is not below `value`."""
    decade = 10.0 ** math.floor(math.log10(value))
    for step in (*_ROUND, 10.0):
        if step * decade >= value * (1 - 1e-9):
            return step * decade
    return 10.0 * decade


def nice_below(value: float) -> float:
    """The largest of these numbers that is not above `value`."""
    decade = 10.0 ** math.floor(math.log10(value))
    return max(step * decade for step in _ROUND if step * decade <= value * (1 + 1e-9))


class Growing:
    """A range that follows the largest value in round steps, and never shrinks until told.

    Parameters
    ----------
    start : float
        The smallest range.
    """

    def __init__(self, start: float) -> None:
        self.start = self.value = start

    def fit(self, largest: float) -> bool:
        """Take `largest` in; whether the range grew."""
        if not (math.isfinite(largest) and largest > self.value):
            return False
        self.value = nice_above(largest)
        return True

    def reset(self) -> None:
        """Back to the smallest range."""
        self.value = self.start
