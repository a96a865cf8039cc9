"""How the room of the page goes to the plots of the stack, for networks and tasks of every size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from bokeh.models import Plot

from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.views import network_drawing
from snn_explorer.views.cells import place_cells, share_rows
from snn_explorer.views.figures import glyph, set_range, show_ticks
from snn_explorer.views.superspike import rasters, stack
from snn_explorer.views.timeline import set_length, show_time_axis

ROWS: Final = 60
"""Rows of the page's grid, of which each plot takes some."""

MANY: Final = 20
"""A layer with more neurons needs room for its raster."""

ROW_PX: Final = 11.0
"""Height of a row on a screen of usual size [px], by which marks are made to fit."""

FAINT_BELOW_PX: Final = 6.0
"""Where rows are closer [px], the targets are drawn faintly."""


@dataclass(frozen=True)
class Shape:
    """What the arrangement depends on.

    Attributes
    ----------
    layers : dict of str to int
        Number of neurons by layer, from input to output.
    hidden_lanes, output_lanes : int
        Membranes that are drawn.
    period : float or None
        Length of the pattern that the rasters show as a whole [s]; None where they show the chunk.
    """

    layers: Mapping[str, int]
    hidden_lanes: int
    output_lanes: int
    period: float | None

    @property
    def tight(self) -> bool:
        """Whether rasters leave little room to the traces."""
        return self.period is not None or self.layers["output"] > MANY

    @classmethod
    def of(cls, *lives: SuperSpikeFrame) -> Shape:
        """Shape that the frames of one or two runs fit into."""
        sizes, watches = [network_drawing.sizes(live.frame) for live in lives], [live.frame.watch for live in lives]
        layers = {name: max(one.get(name, 0) for one in sizes) for name in max(sizes, key=len)}
        hidden, output = (max(map(len, lanes)) for lanes in zip(*((w.hidden, w.output) for w in watches), strict=True))
        sweep = lives[0].sweep
        return cls(layers, hidden, output, None if sweep is None else sweep.period)


FIRST_SHAPE: Final = Shape({"input": 100, "hidden": 4, "output": 1}, 4, 1, None)
"""Until a frame says more."""


def rows(shape: Shape) -> dict[str, tuple[int, int]]:
    """First row of each plot and the row after its last, from top to bottom; what has no neurons is left out."""
    room = {name: share for name, share in _shares(shape).items() if "hidden" in shape.layers or "hidden" not in name}
    return share_rows(room, ROWS)


def _shares(shape: Shape) -> dict[str, float]:
    """How much room each plot wants, from top to bottom."""
    n_output, n_hidden = shape.layers["output"], shape.layers.get("hidden", 0)
    traces = {"error": 6, "output_membrane": 7, "hidden_membrane": 7} if shape.tight else {
        "error": 9, "output_membrane": 8 + 2 * shape.output_lanes, "hidden_membrane": 14,
    }  # fmt: skip
    spikes = {
        "output": 24 if n_output > MANY else 5 + 0.3 * (n_output - 1),
        "hidden": 10 if n_hidden > MANY else 6,
        "input": 10 if shape.tight else 16,
    }
    order = ("error", "output", "output_membrane", "hidden", "hidden_membrane", "input")
    if shape.period is not None:
        order = (*rasters.FIGURES, *stack.FIGURES)
    return {name: (traces | spikes)[name] for name in order}


def arrange_cells(cells: Mapping[str, Any], shape: Shape, *more: str) -> None:
    """Give the plots' cells their rows, and classes; those of layers that are not there are gone."""
    place_cells(cells, rows(shape), *more, many={name for name, n in shape.layers.items() if n > MANY})


def arrange_figures(figures: Mapping[str, Plot], shape: Shape) -> None:
    """Fit rows, marks and time axes of the stack to the network and its task."""
    room = rows(shape)
    for layer, n in shape.layers.items():
        _show_rows(figures[layer], n)
        begin, end = room[layer]
        n_shown = len(rasters.hidden_rows(n)) if layer == "hidden" else n
        _fit_marks(figures[layer], layer, (end - begin) * ROW_PX / n_shown)
    _show_time(figures, shape, list(room))


def _show_rows(figure: Plot, n: int) -> None:
    """Show so many neurons, one row each, counted from 1, with a tick at the first and the last."""
    edge = 1.0 if n < 10 else 0.03 * n
    set_range(figure, -edge, n - 1 + edge)
    show_ticks(figure, {tick: str(tick + 1) for tick in sorted({0, n - 1})})


def _fit_marks(figure: Plot, layer: str, spacing: float) -> None:
    """Make the marks of a raster fit to rows that are so far apart [px]."""
    part, least, most = {"output": (1.5, 3.0, 18.0), "hidden": (0.6, 2.5, 9.0), "input": (2.2, 2.5, 9.0)}[layer]
    glyph(figure, f"{layer}.spikes").size = float(np.clip(part * spacing, least, most))
    if layer == "output":
        # many rings would hide the spikes in them
        faint = spacing < FAINT_BELOW_PX
        glyph(figure, "output.targets").update(
            size=float(np.clip(1.9 * spacing, 4, 11)), line_alpha=0.4 if faint else 1
        )
        glyph(figure, "output.spikes").line_width = 1.8 if faint else 1.2


def _show_time(figures: Mapping[str, Plot], shape: Shape, names: list[str]) -> None:
    """Set the rasters' time axis, and draw each time axis below the lowest plot of its group."""
    length = stack.CHUNK if shape.period is None else shape.period
    set_length(figures["input"], length)
    words: dict[str, str] = dict.fromkeys((*rasters.FIGURES, *stack.FIGURES), "")
    words[names[-1]] = "time in the chunk [s]"
    if shape.period is not None:
        words["input"] = "time in the pattern [s]"
    for name, said in words.items():
        show_time_axis(figures[name], said)
