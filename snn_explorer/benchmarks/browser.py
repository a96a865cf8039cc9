"""The machine's own Chromium, for `bench live` and for the tests."""

from __future__ import annotations

import shutil
from typing import Final

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
"""Names under which it may be installed."""

QUIET_FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
"""Start it without a GPU and without network requests of its own."""


def find_browser() -> str | None:
    """Path of the first of `BROWSERS` that is installed, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
