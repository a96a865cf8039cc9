"""A learning curve of bounded size, however long the run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from snn_explorer.engine import FloatArray, ParameterError

MAX_POINTS = 600
"""Points that a curve has at most: more than a plot of its width can show."""


class Curve:
    """Every `stride`-th of the points that were added, and the newest.

    When the curve is full, every other point is dropped and the stride doubles. What is kept depends on the points
    alone, whose times must increase, so the same run gives the same curve.

    Parameters
    ----------
    max_points : int
        Size of a full curve, at least 3.
    """

    def __init__(self, max_points: int = MAX_POINTS) -> None:
        self.max_points = max_points
        self._kept: list[tuple[float, float]] = []
        self._newest: tuple[float, float] | None = None
        self._stride = 1
        self._count = 0

    def add(self, time: float, value: float) -> None:
        """Take in the next point."""
        self._newest = (time, value)
        if self._count % self._stride == 0:
            # one place is left for the newest point
            if len(self._kept) == self.max_points - 1:
                del self._kept[1::2]
                self._stride *= 2
            if self._count % self._stride == 0:
                self._kept.append(self._newest)
        self._count += 1

    def arrays(self) -> tuple[FloatArray, FloatArray]:
        """Times and values, two new arrays of shape ``(n_points,)``."""
        points = list(self._kept)
        if self._newest is not None and points[-1][0] != self._newest[0]:
            points.append(self._newest)
        time, value = np.array(points, dtype=np.float32).reshape(-1, 2).T
        return time.copy(), value.copy()

    def state_dict(self) -> dict[str, Any]:
        """Everything that a later `load_state_dict` needs to go on with the same points."""
        return {"kept": list(self._kept), "newest": self._newest, "stride": self._stride, "count": self._count}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave.

        Raises
        ------
        ParameterError
            If its points can be none of a curve.
        """
        kept = [(float(time), float(value)) for time, value in state["kept"]]
        newest = None if state["newest"] is None else (float(state["newest"][0]), float(state["newest"][1]))
        times = [time for time, _ in (*kept, *([newest] if newest else []))]
        stride, count = int(state["stride"]), int(state["count"])
        if len(kept) >= self.max_points or bool(kept) != bool(newest) or stride < 1 or count < len(kept):
            raise ParameterError("The saved learning curve has numbers of points that do not fit together.")
        if not all(map(math.isfinite, times)) or any(after < before for before, after in pairwise(times)):
            raise ParameterError("The saved learning curve runs back in time.")
        self._kept, self._newest, self._stride, self._count = kept, newest, stride, count
