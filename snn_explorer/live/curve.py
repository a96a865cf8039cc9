"""A learning curve of bounded size, however long the run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from snn_explorer.engine import FloatArray
from snn_explorer.saved_state import LONGEST, check_number, check_parts, check_whole, refuse

MAX_POINTS = 600
"""Points that a curve has at most: more than a plot of its width can show."""


class Curve:
    """Every `stride`-th of the points that were added, and the newest.

    When the curve is full, every other point is dropped and the stride doubles. What is kept depends on the points
    alone, whose times must increase, so the same run gives the same curve. No value is negative.

    Parameters
    ----------
    max_points : int
        Size of a full curve, at least 3.

    Attributes
    ----------
    count : int
        Points that were added.
    """

    def __init__(self, max_points: int = MAX_POINTS) -> None:
        self.max_points = max_points
        self._kept: list[tuple[float, float]] = []
        self._newest: tuple[float, float] | None = None
        self._stride = 1
        self.count = 0

    def add(self, time: float, value: float) -> None:
        """Take in the next point."""
        self._newest = (time, value)
        if self.count % self._stride == 0:
            # one place is left for the newest point
            if len(self._kept) == self.max_points - 1:
                del self._kept[1::2]
                self._stride *= 2
            if self.count % self._stride == 0:
                self._kept.append(self._newest)
        self.count += 1

    def arrays(self) -> tuple[FloatArray, FloatArray]:
        """Times and values, two new arrays of shape ``(n_points,)``."""
        points = list(self._kept)
        if self._newest is not None and points[-1][0] != self._newest[0]:
            points.append(self._newest)
        time, value = np.array(points, dtype=np.float32).reshape(-1, 2).T
        return time.copy(), value.copy()

    def state_dict(self) -> dict[str, Any]:
        """Everything that a later `load_state_dict` needs to go on with the same points."""
        return {"kept": list(self._kept), "newest": self._newest, "stride": self._stride, "count": self.count}

    def load_state_dict(
        self, state: Mapping[str, Any], end: float, name: str = "the learning curve", highest: float = math.inf
    ) -> None:
        """Take up a state that `state_dict` gave.

        Parameters
        ----------
        state : mapping
        end : float
            Time of the newest point, if there is one.
        name : str
            What it is called where it is refused.
        highest : float
            What no value is above.

        Raises
        ------
        ParameterError
            If it can be the state of no such curve.
        """
        check_parts(name, state, ("kept", "newest", "stride", "count"))
        stride, count = state["stride"], state["count"]
        check_whole(f"the stride of {name}", stride, 1, LONGEST)
        check_whole(f"the number of points of {name}", count, 0, LONGEST)
        kept = _points(name, state["kept"], highest)
        newest = None if state["newest"] is None else _points(name, [state["newest"]], highest)[0]
        if len(kept) >= self.max_points or len(kept) != -(-count // stride) or stride & (stride - 1):
            refuse(f"{name} keeps {len(kept)} of {count} points, with the stride {stride}, which do not fit together")
        if (newest is None) != (count == 0) or (newest and newest[0] != end):
            refuse(f"the newest of {count} points of {name} is {newest}; it must be of the time {end!r}")
        # the newest point is one of those kept, or comes after them
        if newest and (count - 1) % stride == 0 and kept[-1] != newest:
            refuse(f"the newest point of {name} is {newest}, and the last one kept {kept[-1]}; they must be the same")
        points = kept if newest is None or kept[-1] == newest else [*kept, newest]
        if any(after <= before for (before, _), (after, _) in pairwise(points)):
            refuse(f"the times of {name} are not all later than those before")
        self._kept, self._newest, self._stride, self.count = kept, newest, stride, count


def _points(name: str, given: Any, highest: float) -> list[tuple[float, float]]:
    """Points as times and values, each of them checked."""
    if not isinstance(given, (list, tuple)) or not all(isinstance(p, (list, tuple)) and len(p) == 2 for p in given):
        refuse(f"{name} has points that are no list of times and values")
    for time, value in given:
        check_number(f"a time of {name}", time, 0)
        check_number(f"a value of {name}", value, 0, highest)
    return [(float(time), float(value)) for time, value in given]
