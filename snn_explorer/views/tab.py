"""The tab of the browser that shows a page: it remembers a key, by which a page that is loaded again finds its run."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import param

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
        self.shown, self._ready = False, False
        self._before: str | None = None
        self.on_shown: Callable[[str], None] = _nobody

    def be_ready(self) -> None:
        """The page may change from now on; what changed earlier, the browser would never hear of."""
        self._ready = True
        self._show()

    def find_next(self, key: str) -> None:
        """Let the tab's next page find the run with this key."""
        self._send_msg({"key": key})

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        self._before = str(data["before"])
        self._show()

    def _show(self) -> None:
        if self._ready and self._before is not None and not self.shown:
            self.shown = self.heard = True
            self.on_shown(self._before)


def _nobody(_before: str) -> None:
    """Nobody listens."""
