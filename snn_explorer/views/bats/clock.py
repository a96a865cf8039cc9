"""The same network on a clock: where its spikes come late, or not at all."""

from __future__ import annotations

import math
from typing import Any, Final

from bokeh.models import Plot

from snn_explorer.bats.clocked import FIRST_STEP
from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import BatsFrame
from snn_explorer.views.bats.maps import convolutions
from snn_explorer.views.bats.parts import Shape, raster
from snn_explorer.views.columns import Columns, flat
from snn_explorer.views.figures import dashed, fix_ticks, points, render, set_range, show_ticks, spikes
from snn_explorer.views.timeline import time_ticks

FIGURE: Final = "clock"

STEPS_MS: Final = (0.05, 20.0)
"""Steps that the slider goes through [ms]."""

NOT_HERE: Final = "a network with convolutions does not run on a clock here; strokes are its exact spikes"

FIRST_STEP_MS: Final = 1e3 * FIRST_STEP

GAP: Final = 0.06
"""Room between hidden rows and outputs, as a share of all rows."""


def figure() -> Plot:
    """Figure of both rasters, empty."""
    elements = (
        dashed("clock.border") * spikes("clock.exact", 7)
        * points("clock.clocked", "eligibility", marker="circle", size=3.5, line_width=0)
    )  # fmt: skip
    drawn = render(FIGURE, elements, (0, 150), xlim=(0, 200))
    drawn.xaxis.axis_label = "time [ms]"
    drawn.min_border_bottom = 0
    return drawn


def columns(live: BatsFrame) -> Columns:
    """Columns of both rasters, for one frame: hidden neurons below, outputs above."""
    shape = Shape.of(live.frame)
    ends = [0.0, shape.duration] if "hidden" in shape.layers else []
    border = flat([(shape.layers.get("hidden", 0) - 1 + _first_output(shape)) / 2 for _ in ends])
    return {
        "clock.border": {"x": flat(ends), "y": border},
        "clock.exact": _rows(live, ""),
        "clock.clocked": _rows(live, "_clock"),
    }


def arrange(figure: Plot, live: BatsFrame) -> None:
    """Show all neurons and the simulated time."""
    shape = Shape.of(live.frame)
    first, end = _first_output(shape), _first_output(shape) + _stride(shape) * shape.layers["output"]
    set_range(figure, -2.0, end + 1)
    show_ticks(figure, {0.0: "hidden", first: "outputs"} if first else {0.0: "outputs"})
    across: Any = figure.x_range
    if across.end != shape.duration:
        across.end = shape.duration
        fix_ticks(figure.xaxis[0], time_ticks(shape.duration))


def note(live: BatsFrame) -> str:
    """How far the clock is off, in a few words."""
    n, step = live.frame.numbers, live.frame.watch.clock_step
    if convolutions(live.frame):
        return NOT_HERE
    if step is None:
        return "nothing on a clock yet; its steps must be below τₛ"
    late = "no spike to compare" if math.isnan(n["clock_late"]) else f"off by {1e3 * n['clock_late']:.2g} ms"
    return f"{late} on average; {n['clock_miscounted']:.0%} of the neurons miscounted"


def sentence(live: BatsFrame) -> str:
    """What is shown, for a screen reader."""
    step, said = live.frame.watch.clock_step, note(live)
    if said == NOT_HERE:
        return NOT_HERE[0].upper() + NOT_HERE[1:] + "."
    return f"There is {said}." if step is None else f"On a clock with steps of {1e3 * step:g} ms: {said}."


def _stride(shape: Shape) -> float:
    """Outputs are drawn so many rows apart, that a few of them take a fifth of the height at least."""
    return max(1.0, 0.25 * shape.layers.get("hidden", 0) / shape.layers["output"])


def _first_output(shape: Shape) -> float:
    n_hidden = shape.layers.get("hidden", 0)
    return n_hidden * (1 + GAP) + (_stride(shape) if n_hidden else 0.0)


def _rows(live: BatsFrame, kind: str) -> dict[str, FloatArray]:
    shape = Shape.of(live.frame)
    hidden, output = raster(live.frame, f"hidden{kind}"), raster(live.frame, f"output{kind}")
    rows = _first_output(shape) + _stride(shape) * output["y"]
    return {"x": flat([*hidden["x"], *output["x"]]), "y": flat([*hidden["y"], *rows])}
