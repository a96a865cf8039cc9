"""Where the plots of a SuperSpike page are: one stack over time, three panels beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bokeh.models import Plot

from snn_explorer.views.box import ROW, Box
from snn_explorer.views.cells import ABOVE, ABOVE_WITH_BUTTON, TWIN, cell, one_column
from snn_explorer.views.figure_pane import FigurePane
from snn_explorer.views.labels import label, note
from snn_explorer.views.superspike.gallery import TIMED
from snn_explorer.views.superspike.labels import LABELS
from snn_explorer.views.superspike.layout import FIRST_SHAPE, Shape, arrange_cells
from snn_explorer.views.superspike.probe import weight_in_numbers
from snn_explorer.views.superspike.side import FIGURES, VIEWS
from snn_explorer.views.tabs import Tabs
from snn_explorer.views.twins import cells_of_first, cells_of_second

GRID: Final = """
:host { display: grid !important; box-sizing: border-box; min-height: 0; overflow: auto;
  padding: 10px 16px 6px 12px; column-gap: 20px; align-items: stretch;
  grid-template-columns: minmax(0, 1fr) minmax(320px, 31%);
  grid-template-rows: max-content repeat(60, minmax(9px, 1fr)); }
:host > .top { grid-area: 1 / 1 / 2 / 3; margin: 0 0 8px !important; }
:host > .cell { grid-column: 1; min-width: 0; min-height: 0; }
:host > .side { grid-area: 2 / 2 / 21 / 3; }
:host > .cell-curve { grid-area: 21 / 2 / 38 / 3; }
:host > .cell-probe { grid-area: 38 / 2 / 62 / 3; }
""" + one_column("""
  :host > .cell-output { order: 2; height: 84px !important; }
  :host > .cell-output.many { height: 270px !important; }
  :host > .cell-output_membrane { order: 3; height: 130px !important; }
  :host > .cell-curve { order: 4; height: 210px !important; }
  :host > .side { order: 5; height: 290px !important; }
  :host > .cell-error { order: 6; height: 120px !important; }
  :host > .cell-hidden { order: 7; height: 96px !important; }
  :host > .cell-hidden.many { height: 180px !important; }
  :host > .cell-hidden_membrane { order: 8; height: 180px !important; }
  :host > .cell-input { order: 9; height: 210px !important; }
  :host > .cell-probe { order: 10; height: 330px !important; }
""")
"""Sixty rows, of which `layout` gives each plot some; on a phone one column, what matters most first."""

_PROBE: Final = """
:host { display: grid; grid-template: auto auto minmax(0, 1fr) / 4.8em minmax(0, 1fr) auto; align-items: center; }
:host > * { margin: 0 !important; }
:host > .chooser { grid-column: 2 / -1; }
:host > .weight { grid-column: 1 / 3; }
:host > .bk-Figure { grid-column: 1 / -1; }
:host > .bk-Figure { align-self: stretch; }
@media (hover: none) { :host { grid-template-columns: 7.4em minmax(0, 1fr) auto; } }
"""


def timed_cells(figures: dict[str, Plot]) -> dict[str, Box]:
    """The stack of plots over time, by name."""
    timed = cells_of_first(figures, TIMED, LABELS)
    arrange_cells(timed, FIRST_SHAPE)
    return timed


def twin_cells(figures: Mapping[str, Plot], shape: Shape) -> dict[str, Box]:
    """The stack of a second run, by name."""
    twins = cells_of_second(figures, LABELS)
    arrange_cells(twins, shape, TWIN)
    return twins


def cells_beside(figures: dict[str, Plot], views: Tabs, pin_button: Any, synapse: Any, moment: Any) -> list[Any]:
    """The panels beside the stack: views of the network, the learning curve, the synapse."""
    named = label("probe", LABELS["probe"], tight=True)
    return [
        views,
        cell("curve", label("curve", LABELS["curve"]), pin_button, figures["curve"], style=ABOVE_WITH_BUTTON),
        cell("probe", named, synapse, weight_in_numbers(), moment, figures["probe"], style=_PROBE),
    ]  # fmt: skip


def side(figures: dict[str, Plot], see: Callable[[str], None]) -> Tabs:
    """The views that share one place, behind their tabs."""
    views = {}
    for view, title in VIEWS.items():
        panes = [FigurePane(figures[name]) for name in FIGURES[view]]
        says = " ".join(LABELS[name].sentence for name in FIGURES[view])
        beside = Box(*panes, stylesheets=[ROW])
        views[title] = Box(note(view, title, says, FIGURES[view]), beside, stylesheets=[ABOVE])
    keys = {title: view for view, title in VIEWS.items()}
    return Tabs("Views of the network", views, lambda title: see(keys[title]))
