"""The views with images: which pixels drove a spike, and the maps of a convolution; with choices, words and scales."""

from __future__ import annotations

from typing import Any, Final

from bokeh.models import Plot

from snn_explorer.views import theme
from snn_explorer.views.bats import drive, maps
from snn_explorer.views.box import Box
from snn_explorer.views.figure_pane import FigurePane
from snn_explorer.views.live_text import LiveText, number

_TEXT: Final = f"""
p {{ margin: 0 0 8px; font: {theme.TEXT}/1.35 {theme.FONT}; }}
.scale {{ display: inline-flex; gap: 4px; align-items: center; white-space: nowrap; margin-right: 10px;
          font: {theme.SMALL}/1.3 {theme.FONT}; color: var(--mui-palette-text-secondary); }}
.scale i {{ width: 36px; height: 10px; border: 1px solid var(--mui-palette-divider); border-radius: 2px; }}
.signed i {{ background: linear-gradient(90deg, var(--snn-inhibitory), transparent, var(--snn-excitatory)); }}
.early i {{ background: linear-gradient(90deg, var(--snn-ink),
            color-mix(in srgb, var(--snn-ink) {maps.LATEST:.0%}, transparent)); }}
.scale output {{ text-align: left; }}
@media (min-width: 901px) and (max-width: 1200px) {{ p {{ font: {theme.SMALL}/1.25 {theme.FONT}; }} }}
"""

_DRIVE: Final = """
:host { display: grid; grid-template: auto auto minmax(0, 1fr) / minmax(0, 5fr) minmax(0, 6fr); column-gap: 10px; }
:host > * { margin: 0 !important; }
:host > .label, :host > .row { grid-column: 1 / -1; }
:host > .words { overflow: auto; }
"""

_ROW: Final = """
:host { display: flex; flex-flow: row wrap; gap: 2px 12px; align-items: center; min-height: 28px; }
:host > * { margin: 0 !important; }
"""

_MAPS: Final = """
:host { display: grid; grid-template: auto auto auto minmax(0, 1fr) / minmax(0, 1fr); }
:host > * { margin: 0 !important; }
"""


def drive_view(figure: Plot, note: Any, choice: Any) -> Box:
    """Which pixels drove the chosen spike: the choice above, the words beside."""
    words = LiveText(
        f'<p aria-hidden="true" data-text="{drive.FIGURE}"></p>', stylesheets=[_TEXT], css_classes=["words"]
    )
    scale = LiveText(_signed("drive_scale", "ms per ms or more", digits=2), stylesheets=[_TEXT], css_classes=["scales"])
    above = Box(choice, scale, stylesheets=[_ROW], css_classes=["row"])
    return Box(note, above, FigurePane(figure), words, stylesheets=[_DRIVE])


def maps_view(figure: Plot, note: Any, choice: Any) -> Box:
    """Maps and filters: the choice and the scales above."""
    early = f'<span class="scale early">first spike: 0 <i></i> {number("duration_ms", width=3)} ms</span>'
    scales = LiveText(early + _signed("maps_scale", "1/s", digits=1), stylesheets=[_TEXT], css_classes=["scales"])
    return Box(note, choice, scales, FigurePane(figure), stylesheets=[_MAPS])


def _signed(name: str, unit: str, digits: int) -> str:
    """HTML of the scale of colours for numbers with a sign."""
    most = number(name, digits=digits, width=1)
    return f'<span class="scale signed">−{most} <i></i> +{most} {unit}</span>'
