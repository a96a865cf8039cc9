"""How the parts of a laboratory are arranged on the page: one stack of plots, three panels beside it, a drawer."""

from __future__ import annotations

from typing import Any, Final

import panel as pn
import panel_material_ui as pmui
import param
from bokeh.core.properties import value
from bokeh.models import Text
from panel.util.parameters import edit_readonly

from snn_explorer.views import theme
from snn_explorer.views.figures import LEFT_BORDER
from snn_explorer.views.labels import LABELS, label, note
from snn_explorer.views.laboratory import Laboratory
from snn_explorer.views.superspike.gallery import TIMED
from snn_explorer.views.superspike.layout import FIRST_SHAPE, arrange_cells
from snn_explorer.views.superspike.probe import equation_with_numbers
from snn_explorer.views.superspike.side import FIGURES, VIEWS
from snn_explorer.views.superspike.status import status_line
from snn_explorer.views.tabs import tabbed

_GRID: Final = """
:host { display: grid !important; box-sizing: border-box; min-height: 0; overflow: auto;
  padding: 10px 16px 6px 12px; column-gap: 20px; align-items: stretch;
  grid-template-columns: minmax(0, 1fr) minmax(320px, 31%);
  grid-template-rows: max-content repeat(60, minmax(9px, 1fr)); }
:host > .top { grid-area: 1 / 1 / 2 / 3; margin: 0 0 8px !important; }
:host > .cell { grid-column: 1; min-width: 0; min-height: 0; }
:host > .side { grid-area: 2 / 2 / 21 / 3; }
:host > .cell-curve { grid-area: 21 / 2 / 38 / 3; }
:host > .cell-probe { grid-area: 38 / 2 / 62 / 3; }
@media (max-width: 900px) {
  :host { display: flex !important; flex-direction: column; gap: 6px; padding: 8px 8px 24px; }
  :host > * { flex: none !important; width: 100% !important; }
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
}
"""
"""Sixty rows, of which `layout` gives each plot some; on a phone one column, what matters most first."""

_TOP: Final = """
:host { display: flex; flex-flow: row wrap; gap: 4px 12px; align-items: end; }
:host > .equation { flex: 1 1 calc(50 * var(--snn-text, 13px)); margin: 0 !important; }
:host > .hints { flex: 0 1 auto; margin: 0 !important; }
"""

_BESIDE: Final = """
:host { display: grid; grid-template: minmax(0, 1fr) / calc(7.7 * var(--snn-text, 13px)) minmax(0, 1fr); }
:host > * { margin: 0 !important; }
:host(.gone) { display: none; }
@media (max-width: 900px) { :host { grid-template-columns: 72px minmax(0, 1fr); } }
"""

_ABOVE: Final = """
:host { display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); }
:host > * { margin: 0 !important; }
"""

_CURVE: Final = """
:host { display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr) auto; align-items: start; }
:host > * { margin: 0 !important; }
:host > .label { grid-area: 1 / 1 / 2 / 3; }
:host > .pin { grid-area: 1 / 2 / 2 / 3; z-index: 1; }
:host > .bk-Figure { grid-column: 1 / -1; align-self: stretch; }
"""

_PROBE: Final = """
:host { display: grid; grid-template: auto auto minmax(0, 1fr) / 4.8em minmax(0, 1fr); align-items: center; }
:host > * { margin: 0 !important; }
:host > .bk-Figure, :host > .whole-width { grid-column: 1 / -1; }
:host > .bk-Figure { align-self: stretch; }
"""

_COLUMN: Final = """
:host { display: flex !important; flex-direction: column; height: 100%; overflow: hidden; }
:host > .plots { flex: 1 1 0 !important; }
:host > :not(.plots) { flex: none !important; }
"""

_PAGE: Final = {
    ".MuiAppBar-root": {
        "bgcolor": "primary.contrastText", "color": "primary.main", "boxShadow": "none",
        "borderBottom": "1px solid", "borderColor": "divider", "backgroundImage": "none",
    },
    ".title": {"color": "text.primary", "fontSize": "18px", "fontWeight": 500, "whiteSpace": "nowrap"},
    "&& .title": {"color": "var(--mui-palette-text-primary)"},
    ".MuiToolbar-root": {"minHeight": "56px", "margin": 0},
    ".narrow-only": {"display": "none !important"},
    "@media (max-width: 900px)": {
        ".wide-only, .title": {"display": "none !important"},
        ".narrow-only": {"display": "flex !important"},
        ".header .MuiToolbar-root": {"paddingLeft": "12px", "paddingRight": "4px"},
        ".header .MuiIconButton-edgeStart": {"marginRight": 0},
    },
}  # fmt: skip


class _Idle(param.Parameterized):
    """Stands for the busy state that pages share."""

    busy = param.Boolean(default=False)


def arrange(lab: Laboratory, *, drawer: bool = True) -> pmui.Page:
    """The page of a laboratory, with the drawer open or not."""
    figures = lab.drawing.figures
    timed = {name: _cell(name, label(name), figures[name], style=_BESIDE) for name in TIMED}
    lab.timed = timed
    arrange_cells(timed, FIRST_SHAPE)
    cells = [
        *timed.values(),
        _side(lab),
        _cell("curve", label("curve"), lab.pin_button, figures["curve"], style=_CURVE),
    ]
    cells.append(_cell("probe", label("probe"), lab.synapse, equation_with_numbers(), figures["probe"], style=_PROBE))
    top = pn.Column(lab.equation, lab.hints, stylesheets=[_TOP], css_classes=["top"], sizing_mode="stretch_width")
    lab.plots.param.update(objects=[top, *cells], stylesheets=[_GRID], sizing_mode="stretch_both", margin=0)
    hidden = pn.Row(lab.drawing.stream, lab.shortcuts, lab.help, lab.own_dialog.view, width=0, height=0, margin=0)
    main = pn.Column(
        lab.notice, lab.plots, status_line(), hidden, stylesheets=[_COLUMN], sizing_mode="stretch_both", margin=0
    )
    page = pmui.Page(
        title="SNN Explorer",
        header=lab.transport.objects(),
        sidebar=[*lab.transport.narrow_objects(), lab.task_note, lab.controls],
        sidebar_open=drawer,
        sidebar_width=300,
        sidebar_resizable=False,
        main=[main],
        theme_config=theme.material_theme(),
        sx=_PAGE,
        busy_indicator=None,
    )
    with edit_readonly(page):
        # Panel's own is the whole process's: it would outlive the session, and send every browser's answers to all
        page.busy = _Idle().param.busy
    page.param.watch(lambda event: lab.drawing.stream.param.update(dark=event.new), "dark_theme")
    lab.drawing.stream.dark = page.dark_theme
    if lab.projector:
        _enlarge(lab)
    return page


def _enlarge(lab: Laboratory) -> None:
    """Larger type for people in the last row, and no hints."""
    lab.hints.hints = {}
    scale = theme.PROJECTOR_SCALE
    lab.drawing.stream.sizes = {name: round(size * scale) for name, size in theme.SIZES.items()}
    for figure in lab.drawing.figures.values():
        size = f"{round(theme.SIZES['small'] * scale)}px"
        for axis in figure.axis:
            axis.update(major_label_text_font_size=size, axis_label_text_font_size=size)
        words: Any
        for words in figure.select(Text):
            words.text_font_size = value(size)
        if figure.min_border_left:
            figure.min_border_left = round(LEFT_BORDER * scale)


def _side(lab: Laboratory) -> pn.Column:
    """The views that share one place, behind their tabs."""
    views = {}
    for view, title in VIEWS.items():
        figures = [lab.drawing.figures[name] for name in FIGURES[view]]
        panes = [pn.pane.Bokeh(figure, sizing_mode="stretch_both", margin=0) for figure in figures]
        says = " ".join(LABELS[name].sentence for name in FIGURES[view])
        beside = pn.Row(*panes, sizing_mode="stretch_both", margin=0)
        views[title] = pn.Column(note(view, says), beside, stylesheets=[_ABOVE], margin=0)
    keys = {title: view for view, title in VIEWS.items()}
    return tabbed("Views of the network", views, lambda title: lab.see(keys[title]))


def _cell(name: str, *parts: Any, style: str) -> pn.Column:
    """A plot with its label; the last part is the figure."""
    pane = pn.pane.Bokeh(parts[-1], sizing_mode="stretch_both", margin=0)
    return pn.Column(*parts[:-1], pane, stylesheets=[style], css_classes=["cell", f"cell-{name}"], margin=0)
