"""Cells of the page's grid: a plot with its label beside or above it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from itertools import pairwise
from typing import Any, Final

import numpy as np

from snn_explorer.views.box import Box
from snn_explorer.views.figure_pane import FigurePane

BESIDE: Final = """
:host { display: grid; grid-template: minmax(0, 1fr) / calc(7.7 * var(--snn-text, 13px)) minmax(0, 1fr); }
:host > * { margin: 0 !important; }
@media (max-width: 900px) { :host { grid-template-columns: 72px minmax(0, 1fr); } }
"""

TWIN: Final = "twin"
"""Class of the cells of a second run, whose labels are those to the left where there is room for both."""

TWIN_BESIDE: Final = (
    BESIDE
    + """
@media (min-width: 1101px) {
  :host { grid-template-columns: minmax(0, 1fr); }
  :host > .label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
}
"""
)

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


def one_column(order: str) -> str:
    """Rules of a grid on a phone, and where two runs have no room beside each other: one column, in this order."""
    rules = f"""
  :host {{ display: flex !important; flex-direction: column; gap: 6px; padding: 8px 8px 24px; }}
  :host > * {{ flex: none !important; width: 100% !important; }}
  :host > .versus {{ order: 1; }}{order}"""
    return f"""
@media (max-width: 900px) {{{rules}}}
@media (max-width: 1100px) {{{rules.replace(":host", ":host(.two)")}}}
"""


def cell(name: str, *parts: Any, style: str) -> Box:
    """A plot with its label; the last part is the figure."""
    pane = FigurePane(parts[-1])
    return Box(*parts[:-1], pane, stylesheets=[style], css_classes=["cell", f"cell-{name}"])


def share_rows(shares: Mapping[str, float], n_rows: int) -> dict[str, tuple[int, int]]:
    """First row of each plot and the row after its last, from top to bottom, by how much room each wants."""
    edges = np.rint(np.cumsum([0, *shares.values()]) * n_rows / sum(shares.values())).astype(int).tolist()
    return dict(zip(shares, pairwise(edges), strict=True))


def place_cells(
    cells: Mapping[str, Any], rows: Mapping[str, tuple[int, int]], *more: str, many: Container[str] = ()
) -> None:
    """Give the plots' cells their rows and `more` classes; those without any are gone, `many` are of large layers."""
    for name, cell in cells.items():
        classes = ["cell", f"cell-{name}", *more]
        if name not in rows:
            cell.css_classes = [*classes, "gone"]
            continue
        if name in many:
            classes.append("many")
        begin, end = rows[name]
        # the grid counts lines from 1, and its first row is the equation's
        cell.param.update(css_classes=classes, styles={"grid-row": f"{begin + 2} / {end + 2}"})
