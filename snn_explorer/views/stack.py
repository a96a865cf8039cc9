"""The stack of plots that share one time axis: error on top, then outputs, hidden units and inputs.

It is read like the papers' figures: the eye follows a spike upwards to the error, and the error downwards.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from bokeh.models import FixedTicker, Plot, SingleIntervalTicker

from snn_explorer.engine import FloatArray, Frame
from snn_explorer.views.columns import Columns, Parts, Traces, flat
from snn_explorer.views.figures import dashed, level, line, render, rings, spikes
from snn_explorer.views.scales import Growing, nice_below

CHUNK: Final = 0.5
"""Length of the window that is drawn [s]."""

THRESHOLD_MV: Final = -50.0
RESTING_MV: Final = -60.0
LANE_MV: Final = 20.0
"""Distance at first between the membranes of hidden neurons, which are drawn one above the other [mV]."""

ERROR_HZ: Final = 110.0
"""Half the range of the error plot [Hz]; the error of one spike peaks at 50 Hz."""

BELOW_REST_MV: Final = 15.0
ABOVE_THRESHOLD_MV: Final = 4.0
"""Room below rest, at first, and above the threshold [mV]."""

MOST_MAGNIFIED: Final = 1000.0


def figures() -> list[Plot]:
    """Figures of the stack from top to bottom, empty."""
    drawn = [
        render("error", level("error.zero", 0) * line("error.hidden", "error", line_width=1, line_alpha=0.6)
               * line("error.output", "error", line_width=2), (-ERROR_HZ, ERROR_HZ)),
        render("output", rings("output.targets", 11) * spikes("output.spikes", 18), (-1, 1)),
        render("output_membrane", level("output_membrane.threshold", THRESHOLD_MV)
               * line("output_membrane.trace", "surrogate"), (-75, -46)),
        render("hidden", spikes("hidden.spikes", 9), (-1, 4)),
        render("hidden_membrane", dashed("hidden_membrane.threshold") * line("hidden_membrane.trace", "surrogate"),
               (-75, 0)),
        render("input", spikes("input.spikes", 4), (-2, 101)),
    ]  # fmt: skip
    drawn[2].yaxis.ticker = SingleIntervalTicker(interval=10)
    for figure in (drawn[1], *drawn[3:]):
        figure.yaxis.ticker = FixedTicker(ticks=[])  # until a frame says how many neurons there are
    return drawn


def columns(frame: Frame, parts: Parts, traces: Traces, lane: float) -> Columns:
    """Columns of every source of the stack, for one frame; hidden membranes are `lane` [mV] apart."""
    hidden_error = rows(parts, "hidden_error")
    return {
        "error.output": traces(rows(parts, "output_error")),
        "error.hidden": traces(hidden_error * feedback_magnification(hidden_error)),
        "output.targets": _raster(parts, "target"),
        "output.spikes": _raster(parts, "output"),
        "output_membrane.trace": traces(rows(parts, "output_membrane") * 1e3),
        "hidden.spikes": _raster(parts, "hidden"),
        "hidden_membrane.threshold": across(*(THRESHOLD_MV + lane * i for i in range(len(frame.watch.hidden)))),
        "hidden_membrane.trace": traces(_in_lanes(rows(parts, "hidden_membrane") * 1e3, lane)),
        "input.spikes": _raster(parts, "input"),
    }


class StackRanges:
    """Ranges of the error and of the membranes; they grow in round steps."""

    def __init__(self) -> None:
        self._error, self._below_rest, self._lane = Growing(ERROR_HZ), Growing(BELOW_REST_MV), Growing(LANE_MV)

    @property
    def lane(self) -> float:
        """Distance between the hidden membranes [mV]."""
        return self._lane.value

    def fit(self, parts: Parts) -> None:
        """Take a frame in."""
        self._error.fit(float(np.abs(parts["output_error"]).max(initial=0.0)))
        self._below_rest.fit(_below_rest(parts["output_membrane"]))
        self._lane.fit(_below_rest(parts["hidden_membrane"]) + THRESHOLD_MV - RESTING_MV)

    def reset(self) -> None:
        """Back to the smallest ranges."""
        for growing in (self._error, self._below_rest, self._lane):
            growing.reset()

    def limits(self, n_lanes: int) -> dict[str, tuple[float, float]]:
        """Lower and upper end of the vertical axes, by figure."""
        error, top = self._error.value, THRESHOLD_MV + ABOVE_THRESHOLD_MV
        lowest = THRESHOLD_MV - self.lane
        return {
            "error": (-error, error),
            "output_membrane": (RESTING_MV - self._below_rest.value, top),
            "hidden_membrane": (lowest, top + self.lane * max(n_lanes - 1, 0)),
        }


def _below_rest(membrane: FloatArray) -> float:
    """How far the voltage [V] goes below rest [mV]."""
    return RESTING_MV - 1e3 * float(membrane.min(initial=0.0))


def feedback_magnification(hidden_error: FloatArray) -> float:
    """Round factor by which fed-back errors are drawn larger, so that they fill about half of the plot.

    They are the outputs' errors times feedback weights, and these are small; the label beside the plot says the factor.
    """
    largest = float(np.abs(hidden_error).max(initial=0.0))
    return nice_below(min(ERROR_HZ / 2 / max(largest, 1e-9), MOST_MAGNIFIED))


def lane_ticks(n_lanes: int, lane: float) -> dict[float, str]:
    """Where rest and threshold [mV] of each hidden membrane are on the axis, and what they are called there."""
    levels = (RESTING_MV, THRESHOLD_MV) if lane <= LANE_MV else (THRESHOLD_MV,)
    return {level + lane * i: f"{level:.0f}".replace("-", "−") for i in range(n_lanes) for level in levels}


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


def _raster(parts: Parts, name: str) -> dict[str, FloatArray]:
    return {"x": parts[f"{name}_time"], "y": parts[f"{name}_neuron"]}
