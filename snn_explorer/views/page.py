"""The page of a laboratory: header, learning rule, plots, the line at the foot, a drawer."""

from __future__ import annotations

from typing import Any, Final

import panel_material_ui as pmui
import param
from bokeh.document import Document
from panel.util.parameters import edit_readonly

from snn_explorer.views import theme
from snn_explorer.views.beside import TWO
from snn_explorer.views.box import Box
from snn_explorer.views.component import Component, module_of, modules
from snn_explorer.views.figures import enlarge
from snn_explorer.views.laboratory import Laboratory
from snn_explorer.views.legend import Highlights
from snn_explorer.views.time_travel import PAST, STRIP

_TOP: Final = """
:host { display: flex; flex-flow: row wrap; gap: 4px 12px; align-items: start; }
:host > .equation { flex: 1 1 calc(50 * var(--snn-text, 13px)); margin: 0 !important; }
:host > .hints { flex: 0 1 auto; margin: 0 !important; }
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
    "@media (max-width: 1410px)": {
        "a:has(> .title)": {"display": "none !important"},
    },
    "@media (max-width: 900px)": {
        ".header .MuiToolbar-root": {"paddingLeft": "12px", "paddingRight": "4px"},
        ".header .MuiIconButton-edgeStart": {"marginRight": 0},
    },
}  # fmt: skip


_DRAWER: Final = 300
_READING: Final = 350


class LaboratoryPage(pmui.Page):
    """Material's page; its parts look after themselves, see `Component`."""

    @classmethod
    def _patch_datamodel_ref(cls, props: Any, ref: str) -> None:
        Component._patch_datamodel_ref(props, ref)


class _Idle(param.Parameterized):
    """Stands for the busy state that pages share."""

    busy = param.Boolean(default=False)


_TEMPLATE: Final = """{% extends "base.html" %}
{% block postamble %}
{{ super() }}
<style id="building">[data-root-id] { display: none !important; }</style>
<script>
  const showPage = () => requestAnimationFrame(() => document.getElementById("building")?.remove())
  // the plots are there, and soon their first frame
  document.addEventListener("snn-explorer", () => {
    document.addEventListener("snn-explorer", showPage, {once: true})
    setTimeout(showPage, 300)
  }, {once: true})
  setTimeout(showPage, 20000)
  for (const module of {{ modules | tojson }}) { importShim(module).catch(() => {}) }
</script>
{% endblock %}
"""
"""Nothing is shown until there is a frame to show: what is shown while it is built is measured again with each part.

The browser reads the modules while the server makes the parts. If one is missing, its part will tell.
"""


def empty_page(document: Document) -> pmui.Page:
    """The page without anything in it, for this document."""
    document.template_variables["modules"] = [module_of(LaboratoryPage), *modules()]
    page = LaboratoryPage(
        title="SNN Explorer",
        sidebar_resizable=False,
        theme_config=theme.material_theme(),
        sx=_PAGE,
        busy_indicator=None,
        template=_TEMPLATE,
    )
    with edit_readonly(page):
        # Panel's own is the whole process's: it would outlive the session, and send every browser's answers to all
        page.busy = _Idle().param.busy
    return page


def furnish(page: pmui.Page, lab: Laboratory[Any], *, drawer: bool = True) -> None:
    """Put the parts of a laboratory in their places, with the drawer open or not."""
    parts = lab.parts()
    top = Box(*parts.top, lab.hints, stylesheets=[_TOP], css_classes=["top"], sizing_mode="stretch_width")
    cells, sheets = [top, *parts.cells], [parts.grid, TWO, PAST]
    lab.plots.param.update(objects=cells, stylesheets=sheets)
    working = lab.drawing.stream, lab.tab, lab.shortcuts, lab.connection, Highlights(width=0, height=0, margin=0)
    hidden = Box(
        *working, lab.help, lab.data, lab.take_away.view, lab.lessons.list.dialog, *parts.unseen, width=0, height=0
    )
    strip = Box(lab.time_travel, lab.moments, stylesheets=[STRIP], sizing_mode="stretch_width")
    main = Box(lab.notice, lab.plots, strip, parts.status, hidden, stylesheets=[_COLUMN])
    page.param.update(
        header=lab.transport.objects(),
        sidebar=[
            lab.lessons.drawer,
            *lab.transport.narrow_objects(),
            *parts.drawer,
            lab.beside.drawer,
            lab.settings.controls,
        ],
        sidebar_open=drawer,
        sidebar_width=_drawer_width(lab),
        main=[main],
    )
    page.param.watch(lambda event: lab.drawing.stream.param.update(dark=event.new), "dark_theme")
    lab.drawing.stream.dark = page.dark_theme
    if lab.projector:
        _enlarge(lab)


def _drawer_width(lab: Laboratory[Any]) -> int:
    """Width of the drawer [px]: text to be read needs more than controls."""
    if lab.lessons.lesson is None:
        return _DRAWER
    return round(_READING * theme.PROJECTOR_SCALE) if lab.projector else _READING


def _enlarge(lab: Laboratory[Any]) -> None:
    """Larger type for people in the last row, and no hints."""
    lab.hints.hints = {}
    scale = theme.PROJECTOR_SCALE
    lab.drawing.stream.sizes = {name: round(size * scale) for name, size in theme.SIZES.items()}
    enlarge(lab.drawing.figures.values())
