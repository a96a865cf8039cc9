"""What a page takes from a run to draw: one look at the engine, and the run's history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from snn_explorer.engine import FloatArray, Frame

State = Literal["preparing", "playing", "paused", "faulted"]
"""What a run is doing; `preparing` while the kernels compile, `faulted` after learning had to stop."""


@dataclass(frozen=True)
class LiveFrame:
    """A frame with the run it was taken from.

    Attributes
    ----------
    frame : Frame
        The last chunk of the engine. Before the first chunk: the chunk to come, which is not taken yet.
    curve_time, curve_cost : ndarray, shape (n_points,)
        Learning time [s], from 0 on, and the moving average of the cost, thinned out; the last point is the newest.
    state : str
        What the run was doing.
    message : str
        A plain sentence about it, or "".
    serial : int
        Number of this frame in its run; later frames have larger ones.
    values : mapping of str to object
        Parameter values that the engine used in the frame's chunk.
    silent_cost : float
        Cost of a network whose outputs never spike.
    """

    frame: Frame
    curve_time: FloatArray
    curve_cost: FloatArray
    state: State
    message: str
    serial: int
    values: Mapping[str, Any]
    silent_cost: float
