"""What is known of the browser that a session belongs to."""

from __future__ import annotations

import panel as pn


def on_a_phone() -> bool:
    """Whether the present session's browser says that it is a phone's."""
    return "Mobi" in pn.state.headers.get("User-Agent", "")
