"""The tab of the browser that shows a page: it remembers a key, by which a page that is loaded again finds its run."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import panel as pn
import param
from bokeh.document import Document
from bokeh.events import DocumentReady

from snn_explorer.views.component import Component


class Tab(Component):
    """Where a page is shown.

    Attributes
    ----------
    key : str
        That of this page; nobody can guess it.
    shown : bool
        Whether the browser has the page.
    on_shown : callable
        Set by the sessions; called once, with the key of the page that the tab showed before, or "".
    """

    key = param.String(default="")
    heard = param.Boolean(default=False, doc="Whether the server knows what the tab showed before.")

    _bundle = Path(__file__).with_name("tab.mjs")

    def __init__(self) -> None:
        super().__init__(key=secrets.token_urlsafe(16), width=0, height=0, margin=0)
        self.shown = False
        self.on_shown: Callable[[str], None] = _nobody

    def find_next(self, key: str) -> None:
        """Let the tab's next page find the run with this key."""
        self._send_msg({"key": key})

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        document = pn.state.curdoc
        if not self.shown and document is not None:
            self.shown = True
            # what a browser says before all of its page is built is heard outside of the document's lock
            document.add_next_tick_callback(partial(self._show, document, str(data["before"])))

    def _show(self, document: Document, before: str) -> None:
        # Panel keeps changes to itself until a page is built to its last part, half a second after this one
        document.callbacks.trigger_event(DocumentReady())
        self.heard = True
        self.on_shown(before)


def _nobody(_before: str) -> None:
    """Nobody listens."""
