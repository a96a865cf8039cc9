"""How the room of the page goes to the plots of the stack, for networks of every size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from bokeh.models import Plot

from snn_explorer.views.bats.parts import Shape
from snn_explorer.views.cells import place_cells, share_rows
from snn_explorer.views.figures import glyph, set_range, show_ticks
from snn_explorer.views.timeline import set_length

ROWS: Final = 60
"""Rows of the page's grid, of which each plot takes some."""

ROW_PX: Final = 11.0
"""Height of a row on a screen of usual size [px], by which marks are made to fit."""

SHARES: Final = {"error": 9, "output": 12, "output_membrane": 8, "hidden": 14, "hidden_membrane": 10, "input": 12}
"""How much room each plot wants, from top to bottom."""

MOST_NAMED: Final = 4
"""Rows that all have a tick; of more, the first and the last."""

FIRST_SHAPE: Final = Shape({"input": 64, "hidden": 128, "output": 10}, 4, 1, 200.0)
"""Until a frame says more."""


def rows(shape: Shape) -> dict[str, tuple[int, int]]:
    """First row of each plot and the row after its last, from top to bottom; what has no neurons is left out."""
    room = {name: share for name, share in SHARES.items() if "hidden" in shape.layers or "hidden" not in name}
    return share_rows(room, ROWS)


def arrange_cells(cells: Mapping[str, Any], shape: Shape, *more: str) -> None:
    """Give the plots' cells their rows, and classes; those of layers that are not there are gone."""
    place_cells(cells, rows(shape), *more)


def arrange_figures(figures: Mapping[str, Plot], shape: Shape, classes: Sequence[str]) -> None:
    """Fit rows, marks and the time axis of the stack to the network; outputs have the names of their classes."""
    room = rows(shape)
    for layer, n in shape.layers.items():
        edge = max(0.6, 0.03 * n)
        set_range(figures[layer], -edge, n - 1 + edge)
        names = classes if layer == "output" else range(1, n + 1)
        ticks = range(n) if n <= MOST_NAMED else (0, n - 1)
        show_ticks(figures[layer], {float(tick): str(names[tick]) for tick in ticks})
        begin, end = room[layer]
        spacing = (end - begin) * ROW_PX / n
        glyph(figures[layer], f"{layer}.spikes").size = float(np.clip(1.8 * spacing, 3.0, 12.0))
    set_length(figures["input"], shape.duration)
