"""Where the plots of a BATS page are: one stack over the time of a sample, three panels beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bokeh.models import Plot

from snn_explorer.views.bats import curves
from snn_explorer.views.bats.gallery import TIMED
from snn_explorer.views.bats.image_views import drive_view, maps_view
from snn_explorer.views.bats.labels import LABELS
from snn_explorer.views.bats.layout import FIRST_SHAPE, arrange_cells
from snn_explorer.views.bats.parts import Shape
from snn_explorer.views.bats.probe import equation_with_numbers
from snn_explorer.views.bats.side import FIGURES, VIEWS
from snn_explorer.views.box import ROW, Box
from snn_explorer.views.cells import ABOVE, TWIN, cell, one_column
from snn_explorer.views.figure_pane import FigurePane
from snn_explorer.views.labels import label, note
from snn_explorer.views.tabs import Tabs
from snn_explorer.views.twins import cells_of_first, cells_of_second


def _plot(figure: str) -> str:
    """What a learning curve is called: that of the accuracy is the one that is meant where none is named."""
    return "curve" if figure == "accuracy" else figure


GRID: Final = """
:host { display: grid !important; box-sizing: border-box; min-height: 0; overflow: auto;
  padding: 10px 16px 6px 12px; column-gap: 20px; align-items: stretch;
  grid-template-columns: minmax(0, 1fr) minmax(320px, 31%);
  grid-template-rows: max-content repeat(60, minmax(9px, 1fr)); }
:host > .top { grid-area: 1 / 1 / 2 / 3; margin: 0 0 8px !important; }
:host > .cell { grid-column: 1; min-width: 0; min-height: 0; }
:host > .side { grid-area: 2 / 2 / 23 / 3; }
:host > .cell-curve { grid-area: 23 / 2 / 42 / 3; }
:host > .cell-probe { grid-area: 42 / 2 / 62 / 3; }
""" + one_column("""
  :host > .cell-output { order: 2; height: 190px !important; }
  :host > .cell-output_membrane { order: 3; height: 130px !important; }
  :host > .cell-curve { order: 4; height: 240px !important; }
  :host > .side { order: 5; height: 290px !important; }
  :host > .cell-error { order: 6; height: 120px !important; }
  :host > .cell-hidden { order: 7; height: 220px !important; }
  :host > .cell-hidden_membrane { order: 8; height: 180px !important; }
  :host > .cell-input { order: 9; height: 210px !important; }
  :host > .cell-probe { order: 10; height: 330px !important; }
""")
"""Sixty rows, of which `layout` gives each plot some; on a phone one column, what matters most first."""

BEHIND_TABS: Final = VIEWS | {_plot(name): title for name, title in curves.FIGURES.items()}
"""Plots that are behind a tab, and its name."""

_OF_IMAGES: Final = {"drive": drive_view, "maps": maps_view}

_PROBE: Final = """
:host { display: grid; grid-template: auto auto minmax(0, 1fr) / 4.8em minmax(0, 1fr); align-items: center; }
:host > * { margin: 0 !important; }
:host > .bk-Figure, :host > .whole-width { grid-column: 1 / -1; }
:host > .bk-Figure { align-self: stretch; }
@media (hover: none) { :host { grid-template-columns: 7.4em minmax(0, 1fr); } }
"""

_CURVES: Final = """
:host { display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr); }
:host > * { margin: 0 !important; grid-area: 1 / 1 / 2 / 2; min-height: 0; }
:host > .pin { justify-self: end; align-self: start; z-index: 1; }
"""

_ABOVE_CLOCK: Final = """
:host { display: grid; grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr); }
:host > * { margin: 0 !important; }
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


def cells_beside(figures: dict[str, Plot], views: Tabs, curves: Tabs, pin_button: Any, synapse: Any) -> list[Any]:
    """The panels beside the stack: views of sample and network, the learning curves, the synapse."""
    named = label("probe", LABELS["probe"], tight=True)
    return [
        views,
        Box(curves, pin_button, stylesheets=[_CURVES], css_classes=["cell", "cell-curve"]),
        cell("probe", named, synapse, equation_with_numbers(), figures["probe"], style=_PROBE),
    ]


def side(figures: dict[str, Plot], seen: str, see: Callable[[str], None], choices: Mapping[str, Any]) -> Tabs:
    """The views that share one place, behind their tabs; some have a control of their own."""
    views = {}
    for view, title in VIEWS.items():
        says = " ".join(LABELS[name].sentence for name in FIGURES[view])
        above = note(view, title, says, FIGURES[view])
        if view in _OF_IMAGES:
            views[title] = _OF_IMAGES[view](figures[view], above, choices[view])
            continue
        panes = [FigurePane(figures[name]) for name in FIGURES[view]]
        control = [choices[view]] if view in choices else []
        style = _ABOVE_CLOCK if control else ABOVE
        views[title] = Box(above, *control, Box(*panes, stylesheets=[ROW]), stylesheets=[style])
    keys = {title: view for view, title in VIEWS.items()}
    return Tabs("Views of sample and network", views, lambda title: see(keys[title]), VIEWS.get(seen, ""))


def learning_curves(figures: dict[str, Plot]) -> Tabs:
    """The learning curves behind their tabs."""
    views = {}
    for name, title in curves.FIGURES.items():
        pane = FigurePane(figures[name])
        above = note(_plot(name), title, LABELS[name].sentence, [name])
        views[title] = Box(above, pane, stylesheets=[ABOVE])
    return Tabs("Learning curves", views, lambda _title: None)
