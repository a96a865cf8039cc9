"""The stack of plots over the time of one sample: input spikes below, then layer after layer, errors on top.

A membrane is exact between events, at any zoom: it is computed anew for the part of the time axis that is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from bokeh.models import FixedTicker, Plot

from snn_explorer.engine import FloatArray, Frame
from snn_explorer.views.bats.parts import MS, Shape, raster, trace, upright
from snn_explorer.views.columns import Columns, Traces, flat
from snn_explorer.views.figures import boxes, dashed, level, line, points, render, spikes, stems
from snn_explorer.views.network_drawing import ids, sizes
from snn_explorer.views.scales import Settling, nice_below

LEAST_DELTA: Final = 5.0
"""Half the smallest range of the errors [1/s]."""

BELOW: Final = 0.4
"""Room below rest at first, in thresholds."""

ABOVE: Final = 0.2
"""Room above the threshold at first, in thresholds."""

STEM: Final = 0.9
"""Longest stem on an output spike, in rows."""

FULL: Final = 0.25
"""Error whose stem is the longest, as a share of the range of errors: the output spikes' are mostly small."""

MEMBRANES: Final = ("output_membrane", "hidden_membrane")


def figures() -> list[Plot]:
    """Figures from top to bottom, empty."""
    watched = {"marker": "triangle", "angle": -90, "size": 8, "line_width": 0}
    drawn = [
        render("error", level("error.zero", 0) * stems("error.hidden", "error", line_width=1, line_alpha=0.5)
               * stems("error.output", "error", line_width=2.2), (-LEAST_DELTA, LEAST_DELTA)),
        render("output", boxes("output.label", "muted", fill_alpha=0.22) * stems("output.delta", "error", line_width=2)
               * spikes("output.spikes", 12) * points("output.watched", "surrogate", **watched), (-1, 10)),
        render("output_membrane", dashed("output_membrane.threshold") * line("output_membrane.trace", "surrogate"),
               (-BELOW, 1 + ABOVE)),
        render("hidden", dashed("hidden.border") * spikes("hidden.spikes", 4)
               * points("hidden.watched", "surrogate", **watched), (-4, 132)),
        render("hidden_membrane", dashed("hidden_membrane.threshold") * line("hidden_membrane.trace", "surrogate"),
               (-BELOW, 1 + ABOVE)),
        render("input", spikes("input.spikes", 4), (-2, 66)),
    ]  # fmt: skip
    for figure in drawn:
        figure.yaxis.ticker = FixedTicker(ticks=[])  # until a frame says how many neurons there are
    return drawn


class Ranges:
    """Ranges of the errors and the membranes, in round steps; see `Settling`.

    Attributes
    ----------
    magnification : float
        What the errors of hidden spikes are drawn larger by.
    """

    def __init__(self) -> None:
        self.magnification = 1.0
        self._delta = Settling(LEAST_DELTA)
        self._below = {name: Settling(BELOW) for name in MEMBRANES}
        self._above = {name: Settling(ABOVE) for name in MEMBRANES}

    def fit(self, frames: Sequence[Frame]) -> None:
        """Take in the frames of all runs that are shown."""
        self._delta.fit(max(_largest(trace(frame, "output_delta")) for frame in frames))
        for name in MEMBRANES:
            membranes = [frame.traces.get(name, np.zeros((1, 1), np.float32)) for frame in frames]
            self._below[name].fit(-min(float(each.min(initial=0.0)) for each in membranes))
            self._above[name].fit(max(float(each.max(initial=0.0)) for each in membranes) - 1)
        self.magnification = magnification(max(_largest(trace(frame, "hidden_delta")) for frame in frames), self.delta)

    def reset(self) -> None:
        """Back to the smallest ranges."""
        for growing in (self._delta, *self._below.values(), *self._above.values()):
            growing.reset()

    @property
    def delta(self) -> float:
        """Half the range of the errors [1/s]."""
        return self._delta.value

    def lane(self, name: str) -> float:
        """Distance between membranes, which are drawn one above the other, in thresholds."""
        return self._below[name].value + 1 + self._above[name].value

    def limits(self, shape: Shape) -> dict[str, tuple[float, float]]:
        """Lower and upper end of the vertical axes."""
        lanes = {"output_membrane": shape.output_lanes, "hidden_membrane": shape.hidden_lanes}
        limits = {"error": (-self.delta, self.delta)}
        for name, n in lanes.items():
            bottom = -self._below[name].value
            limits[name] = bottom, bottom + max(n, 1) * self.lane(name)
        return limits

    def ticks(self, shape: Shape) -> dict[str, dict[float, str]]:
        """Ticks and their texts: rest and threshold of each lane, or the threshold where there are many."""
        ticks = {"error": {0.0: "0", self.delta: f"{self.delta:g}", -self.delta: f"−{self.delta:g}"}}
        for name, n in (("output_membrane", shape.output_lanes), ("hidden_membrane", shape.hidden_lanes)):
            levels = {0.0: "0", 1.0: "ϑ"} if n <= 2 else {1.0: "ϑ"}
            ticks[name] = {at + self.lane(name) * i: said for i in range(n) for at, said in levels.items()}
        return ticks


def magnification(largest: float, room: float) -> float:
    """What errors of hidden spikes up to the `largest` are drawn larger by: a round number, 1 at least."""
    return max(nice_below(room / largest), 1.0) if 0 < largest < np.inf else 1.0


def columns(frame: Frame, shape: Shape, ranges: Ranges) -> Columns:
    """Columns of every source of the stack, for one frame."""
    output, hidden = raster(frame, "output"), raster(frame, "hidden")
    delta, label = trace(frame, "output_delta"), frame.numbers["label"]
    within = np.clip(delta / (FULL * ranges.delta), -1, 1) * STEM
    hidden_delta = flat(trace(frame, "hidden_delta") * ranges.magnification)
    columns = {
        "error.output": upright(output["x"], np.zeros_like(delta), delta),
        "error.hidden": upright(hidden["x"], np.zeros_like(hidden_delta), hidden_delta),
        "output.label": {"left": flat([0]), "right": flat([shape.duration]), "bottom": flat([label - 0.5]),
                         "top": flat([label + 0.5])},
        "output.spikes": output,
        "output.delta": upright(output["x"], output["y"], flat(output["y"] + within)),
        "output.watched": _marks(frame.watch.output),
        "hidden.border": _across(shape.duration, _borders(frame)),
        "hidden.spikes": hidden,
        "hidden.watched": _marks(frame.watch.hidden),
        "input.spikes": raster(frame, "input"),
    }  # fmt: skip
    time = Traces(trace(frame, "membrane_time") * MS)
    for name in MEMBRANES:
        membranes = frame.traces.get(name, np.zeros((0, 0), np.float32))
        lanes = (ranges.lane(name) * np.arange(len(membranes))[:, None]).astype(np.float32)
        columns[f"{name}.trace"] = time(membranes + lanes) if len(membranes) else {"x": flat([]), "y": flat([])}
        columns[f"{name}.threshold"] = _across(shape.duration, lanes + 1)
    return columns


def _borders(frame: Frame) -> FloatArray:
    """Heights at which one hidden layer's rows end and the next one's begin, ``(n, 1)``."""
    return flat([each.start - 0.5 for each in ids(sizes(frame)).values() if each.start])[:, None]


def _marks(neurons: tuple[int, ...]) -> dict[str, FloatArray]:
    """A mark at the left end of the rows of the watched neurons."""
    return {"x": flat(np.zeros(len(neurons))), "y": flat(neurons)}


def _across(duration: float, levels: FloatArray) -> dict[str, FloatArray]:
    if not len(levels):
        return {"x": flat([]), "y": flat([])}
    return Traces(flat([0.0, duration]))(np.repeat(levels, 2, axis=1))


def _largest(values: FloatArray) -> float:
    return float(np.abs(values).max(initial=0.0))
