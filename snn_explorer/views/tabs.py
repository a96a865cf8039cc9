"""Several views in one place of the page, of which a strip of tabs chooses one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

import panel as pn
import param

from snn_explorer.views import theme
from snn_explorer.views.box import Box
from snn_explorer.views.component import Component

_STRIP: Final = f"""
.strip {{ display: flex; flex-wrap: wrap; gap: 0 4px; margin-bottom: 2px;
          border-bottom: 1px solid var(--mui-palette-divider); }}
button {{ all: unset; cursor: pointer; padding: 3px 3px; font: 500 {theme.TEXT}/1.3 {theme.FONT};
          color: var(--mui-palette-text-secondary); border-bottom: 2px solid transparent; margin-bottom: -1px; }}
button:hover {{ color: var(--mui-palette-text-primary); }}
button[aria-selected=true] {{ color: var(--mui-palette-text-primary); border-color: currentColor; }}
button:focus-visible {{ outline: 2px solid currentColor; outline-offset: -2px; border-radius: 4px; }}
"""

_STACKED: Final = """
:host { display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); }
:host > * { margin: 0 !important; grid-column: 1; min-width: 0; min-height: 0; }
:host > .view { grid-row: 2; }
:host > .away { visibility: hidden; }
"""
"""What is not chosen keeps its size, so that nothing moves when it is."""


class TabStrip(Component):
    """The tabs' names."""

    names = param.List(default=[], item_type=str)
    chosen = param.String(default="", doc="The name of the tab that is open.")
    label = param.String(default="", doc="What the tabs are, for a screen reader.")

    _bundle = Path(__file__).with_name("tabs.mjs")
    _stylesheets: ClassVar = [_STRIP]


class Tabs(pn.viewable.Viewer):
    """Views in one place, of which one is open.

    Parameters
    ----------
    label : str
        What the tabs are, for a screen reader.
    views : mapping of str to Box
        Views by name.
    opened : callable
        Called with the name of a view that somebody opens.
    first : str
        Name of the view that is open at first; by default the first one.
    """

    def __init__(self, label: str, views: Mapping[str, Box], opened: Callable[[str], None], first: str = "") -> None:
        super().__init__()
        self._views, self._opened = dict(views), opened
        chosen = first or next(iter(views))
        self._strip = TabStrip(names=list(views), chosen=chosen, label=label, sizing_mode="stretch_width")
        self._column = Box(
            self._strip, *views.values(), stylesheets=[_STACKED], css_classes=["side"], margin=0
        )  # fmt: skip
        self._show(chosen)
        self._strip.param.watch(self._choose, "chosen")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the views that are offered."""
        return tuple(self._strip.names)

    @property
    def chosen(self) -> str:
        """Name of the view that is open."""
        return self._strip.chosen

    def open(self, name: str) -> None:
        """Open this view, as if somebody had chosen its tab."""
        self._strip.chosen = name

    def offer(self, names: Sequence[str]) -> None:
        """Offer these views alone, the first of them where the one that is open is not among them."""
        if self.chosen not in names:
            self.open(names[0])
        if self._strip.names != list(names):
            self._strip.names = list(names)

    def __panel__(self) -> Box:
        return self._column

    def _show(self, chosen: str) -> None:
        for name, view in self._views.items():
            view.css_classes = ["view"] if name == chosen else ["view", "away"]

    def _choose(self, event: param.parameterized.Event) -> None:
        self._show(event.new)
        self._opened(event.new)
