"""Ranges that grow in round steps and never jitter."""

from __future__ import annotations

import math
from typing import Final

CALM: Final = 200
"""Frames in which only small values were seen, after which a range that settles shrinks."""

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


class Settling(Growing):
    """A range that also shrinks, in round steps, after the largest value stayed below a third of it for `CALM` frames.

    Parameters
    ----------
    start : float
        The smallest range.
    """

    def __init__(self, start: float) -> None:
        super().__init__(start)
        self._calm, self._seen = 0, 0.0

    def fit(self, largest: float) -> bool:
        """See `Growing.fit`."""
        if self.value <= self.start or not largest < self.value / 3:
            self._calm, self._seen = 0, 0.0
            return super().fit(largest)
        self._calm, self._seen = self._calm + 1, max(self._seen, largest)
        if self._calm >= CALM:
            self.value = max(self.start, nice_above(self._seen) if self._seen else 0.0)
            self._calm, self._seen = 0, 0.0
        return False

    def reset(self) -> None:
        """See `Growing.reset`."""
        super().reset()
        self._calm, self._seen = 0, 0.0


_FINE: Final = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)


class Following:
    """The range of a colour scale, in fine round steps: never exceeded, and never more than twice too long.

    Parameters
    ----------
    least : float
        The smallest range.
    """

    def __init__(self, least: float) -> None:
        self._least = self.value = least

    def fit(self, largest: float) -> None:
        """Take `largest` in."""
        if self.value / 2 <= largest <= self.value or not math.isfinite(largest):
            return
        if largest <= self._least:
            self.value = self._least
            return
        decade = 10.0 ** math.floor(math.log10(largest))
        self.value = decade * next(step for step in _FINE if step * decade >= largest * (1 - 1e-9))
