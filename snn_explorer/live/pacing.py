"""Keeping a run at so many simulated seconds per second."""

from __future__ import annotations

MAX_DEBT = 0.25
"""A run that fell behind catches up with this much time [s] at most; what it missed beyond that is let go."""


class Pacer:
    """Says when the next chunk may start.

    Parameters
    ----------
    speed : float or None
        Simulated seconds per second; None is as fast as possible.

    Notes
    -----
    Times before 0 (burn-in, in which there is nothing to learn and little to see) are not held back.
    """

    def __init__(self, speed: float | None = None) -> None:
        self._speed = speed
        self._anchor: tuple[float, float] | None = None

    @property
    def speed(self) -> float | None:
        """Simulated seconds per second; None is as fast as possible."""
        return self._speed

    @speed.setter
    def speed(self, speed: float | None) -> None:
        self._speed = speed
        self.restart()

    def restart(self) -> None:
        """Count from the next chunk on, as after a pause."""
        self._anchor = None

    def due(self, simulated: float, now: float) -> float:
        """When the chunk that starts at simulated time `simulated` [s] may start, in the time [s] of `now`."""
        if self._speed is None or simulated < 0:
            self._anchor = None
            return now
        if self._anchor is None:
            self._anchor = (now, simulated)
        wall, start = self._anchor
        due = wall + (simulated - start) / self._speed
        if now - due > MAX_DEBT:
            due = now - MAX_DEBT
            self._anchor = (due, simulated)
        return due
