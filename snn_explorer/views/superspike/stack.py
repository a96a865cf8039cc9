"""The traces of the stack of plots: the error, and the membranes of the neurons that are watched.

With the rasters between them they are read like the papers' figures: the eye follows a spike upwards to the error, and
the error downwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from bokeh.models import FixedTicker, Plot

from snn_explorer.engine import FloatArray, Frame
from snn_explorer.views.columns import Columns, Traces, flat
from snn_explorer.views.figures import dashed, level, line, render
from snn_explorer.views.scales import Growing, nice_below
from snn_explorer.views.superspike.parts import Parts

FIGURES: Final = ("error", "output_membrane", "hidden_membrane")
"""Plots of traces from top to bottom; they always show the chunk."""

CHUNK: Final = 0.5
"""Length of the window that is drawn [s]."""

THRESHOLD_MV: Final = -50.0
RESTING_MV: Final = -60.0
BELOW_REST_MV: Final = {"output_membrane": 15.0, "hidden_membrane": 10.0}
"""Room at first below rest, by figure [mV]; several membranes are drawn one above the other."""

MOST_FOR_TWO_TICKS_MV: Final = 30.0
"""Lanes that are further apart have one tick each [mV]."""

ERROR_HZ: Final = 110.0
"""Half the range of the error plot [Hz]; the error of one spike peaks at 50 Hz."""

ABOVE_THRESHOLD_MV: Final = 4.0
"""Room above the threshold [mV]."""

MOST_MAGNIFIED: Final = 1000.0


def figures() -> list[Plot]:
    """Figures of the traces from top to bottom, empty."""
    drawn = [
        render("error", level("error.zero", 0) * line("error.hidden", "error", line_width=1, line_alpha=0.6)
               * line("error.output", "error", line_width=2), (-ERROR_HZ, ERROR_HZ)),
        *(render(name, dashed(f"{name}.threshold") * line(f"{name}.trace", "surrogate"), (-75, -46))
          for name in ("output_membrane", "hidden_membrane")),
    ]  # fmt: skip
    for figure in drawn[1:]:
        figure.yaxis.ticker = FixedTicker(ticks=[])  # until a frame says how many neurons there are
    return drawn


def columns(frame: Frame, parts: Parts, traces: Traces, ranges: StackRanges) -> Columns:
    """Columns of every source of the traces, for one frame."""
    hidden_error = rows(parts, "hidden_error")
    columns = {
        "error.output": traces(rows(parts, "output_error")),
        "error.hidden": traces(hidden_error * ranges.magnification),
    }
    for name, lane in ranges.lanes.items():
        membranes = rows(parts, name) * 1e3
        columns[f"{name}.threshold"] = across(*(THRESHOLD_MV + lane * i for i in range(len(membranes))))
        columns[f"{name}.trace"] = traces(_in_lanes(membranes, lane))
    return columns


class StackRanges:
    """Ranges of the error and of the membranes; they grow in round steps.

    Attributes
    ----------
    magnification : float
        How much larger fed-back errors are drawn.
    """

    def __init__(self) -> None:
        self.magnification = MOST_MAGNIFIED
        self._error = Growing(ERROR_HZ)
        self._below_rest = {name: Growing(room) for name, room in BELOW_REST_MV.items()}

    @property
    def lanes(self) -> dict[str, float]:
        """Distance between the membranes of neurons, which are drawn one above the other [mV], by figure."""
        return {name: growing.value + THRESHOLD_MV - RESTING_MV for name, growing in self._below_rest.items()}

    def fit(self, frames: Sequence[Parts]) -> None:
        """Take in the frames of all runs that are shown."""
        self.magnification = min(feedback_magnification(rows(parts, "hidden_error")) for parts in frames)
        for parts in frames:
            self._error.fit(float(np.abs(parts["output_error"]).max(initial=0.0)))
            for name, growing in self._below_rest.items():
                growing.fit(RESTING_MV - 1e3 * float(parts[name].min(initial=0.0)))

    def reset(self) -> None:
        """Back to the smallest ranges."""
        for growing in (self._error, *self._below_rest.values()):
            growing.reset()

    def limits(self, n_lanes: Mapping[str, int]) -> dict[str, tuple[float, float]]:
        """Lower and upper end of the vertical axes, by figure; with the number of lanes of each."""
        limits = {"error": (-self._error.value, self._error.value)}
        for name, lane in self.lanes.items():
            top = THRESHOLD_MV + ABOVE_THRESHOLD_MV + lane * max(n_lanes[name] - 1, 0)
            limits[name] = (THRESHOLD_MV - lane, top)
        return limits

    def ticks(self, n_lanes: Mapping[str, int], *, tight: bool) -> dict[str, dict[float, str]]:
        """Ticks of the membranes, by figure; `tight`: there is little room."""
        return {name: lane_ticks(n_lanes[name], lane, tight=tight) for name, lane in self.lanes.items()}


def feedback_magnification(hidden_error: FloatArray) -> float:
    """Round factor by which fed-back errors are drawn larger, so that they fill about half of the plot.

    They are the outputs' errors times feedback weights, and these are small; the label beside the plot says the factor.
    """
    # a network whose weights are no numbers any more must still be drawn, to say so
    largest = float(np.abs(hidden_error[np.isfinite(hidden_error)]).max(initial=0.0))
    return nice_below(min(ERROR_HZ / 2 / max(largest, 1e-9), MOST_MAGNIFIED))


def lane_ticks(n_lanes: int, lane: float, *, tight: bool = False) -> dict[float, str]:
    """Where voltages [mV] of each membrane are on the axis, and what they are called there.

    One alone has ticks all along; of several, rest and threshold are shown, or the threshold where room is short.
    """
    if n_lanes == 1:
        step = next(step for step in (10.0, 20.0, 50.0, 100.0, lane) if step >= lane / 4)
        levels = THRESHOLD_MV - np.arange(0, lane, step)
    else:
        both = lane <= MOST_FOR_TWO_TICKS_MV and not tight
        levels = [RESTING_MV, THRESHOLD_MV] if both else [THRESHOLD_MV]
    return {float(level + lane * i): f"{level:.0f}".replace("-", "−") for i in range(n_lanes) for level in levels}


def rows(parts: Parts, name: str) -> FloatArray:
    """A trace of the packed frame, one row a signal."""
    n_samples = max(len(parts["time"]), 1)
    return parts[name].reshape(-1, n_samples)


def across(*levels: float) -> dict[str, FloatArray]:
    """Horizontal lines through the whole window."""
    return Traces(flat([0.0, CHUNK]))(np.repeat(flat(levels)[:, None], 2, axis=1))


def _in_lanes(membranes: FloatArray, lane: float) -> FloatArray:
    """Neuron 0 at the bottom, as in the raster above."""
    return (membranes + lane * np.arange(len(membranes))[:, None]).astype(np.float32)
