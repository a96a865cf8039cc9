"""Cells of the page's grid: a plot with its label beside or above it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from itertools import pairwise
from typing import Any, Final

import numpy as np
import panel as pn

BESIDE: Final = """
:host { display: grid; grid-template: minmax(0, 1fr) / calc(7.7 * var(--snn-text, 13px)) minmax(0, 1fr); }
:host > * { margin: 0 !important; }
:host(.gone) { display: none; }
@media (max-width: 900px) { :host { grid-template-columns: 72px minmax(0, 1fr); } }
"""

ABOVE: Final = """
:host { display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); }
:host > * { margin: 0 !important; }
"""

ABOVE_WITH_BUTTON: Final = """
:host { display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr) auto; align-items: start; }
:host > * { margin: 0 !important; }
:host > .label { grid-area: 1 / 1 / 2 / 3; }
:host > .pin { grid-area: 1 / 2 / 2 / 3; z-index: 1; }
:host > .bk-Figure { grid-column: 1 / -1; align-self: stretch; }
"""


def cell(name: str, *parts: Any, style: str) -> pn.Column:
    """A plot with its label; the last part is the figure."""
    pane = pn.pane.Bokeh(parts[-1], sizing_mode="stretch_both", margin=0)
    return pn.Column(*parts[:-1], pane, stylesheets=[style], css_classes=["cell", f"cell-{name}"], margin=0)


def share_rows(shares: Mapping[str, float], n_rows: int) -> dict[str, tuple[int, int]]:
    """First row of each plot and the row after its last, from top to bottom, by how much room each wants."""
    edges = np.rint(np.cumsum([0, *shares.values()]) * n_rows / sum(shares.values())).astype(int).tolist()
    return dict(zip(shares, pairwise(edges), strict=True))


def place_cells(cells: Mapping[str, Any], rows: Mapping[str, tuple[int, int]], many: Container[str] = ()) -> None:
    """Give the plots' cells their rows; those without any are gone, and `many` are plots of large layers."""
    for name, cell in cells.items():
        classes = ["cell", f"cell-{name}"]
        if name not in rows:
            cell.css_classes = [*classes, "gone"]
            continue
        if name in many:
            classes.append("many")
        begin, end = rows[name]
        # the grid counts lines from 1, and its first row is the equation's
        cell.param.update(css_classes=classes, styles={"grid-row": f"{begin + 2} / {end + 2}"})
