"""Text of the page that follows the frames, filled in the browser: no message of its own travels for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import param

from snn_explorer.views import theme
from snn_explorer.views.component import Component

STYLE = f"""
:host {{ font-family: {theme.FONT}; font-size: {theme.TEXT}; color: var(--mui-palette-text-primary); }}
output {{ font-variant-numeric: tabular-nums; display: inline-block; text-align: right; }}
.muted {{ color: var(--mui-palette-text-secondary); font-size: {theme.SMALL}; }}
"""


class LiveText(Component):
    """HTML in which elements with ``data-number`` and ``data-text`` show the newest frame."""

    html = param.String(default="", doc="What to show.")

    _bundle = Path(__file__).with_name("live_text.mjs")
    _stylesheets: ClassVar = [STYLE]

    def __init__(self, html: str = "", **params: Any) -> None:
        super().__init__(html=html, **params)


def number(name: str, *, digits: int = 0, width: int = 4, signed: bool = False, significant: bool = False) -> str:
    """HTML of a number of the frame, so many characters wide that nothing moves when it changes.

    It has so many digits behind the point, or in all where only these are `significant`.
    """
    more = (" data-sign" if signed else "") + (" data-significant" if significant else "")
    # an output is announced whenever it changes, unless it says that it is not
    said = 'aria-live="off"'
    return f'<output {said} data-number="{name}" data-digits="{digits}"{more} style="min-width: {width}ch">–</output>'
