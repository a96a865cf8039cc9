"""A dialog over the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Final

import param
from panel.viewable import Children

from snn_explorer.views import theme
from snn_explorer.views.component import Component

FRAME: Final = f"""
dialog {{ box-sizing: border-box; max-height: calc(100vh - 48px); padding: 0; overflow: hidden;
          border: 1px solid var(--mui-palette-divider); border-radius: 6px;
          font: {theme.TEXT}/1.4 {theme.FONT}; color: var(--mui-palette-text-primary);
          background: var(--mui-palette-background-paper); }}
dialog[open] {{ display: flex; flex-direction: column; }}
dialog::backdrop {{ background: rgb(0 0 0 / 40%); }}
header {{ display: flex; gap: 8px; align-items: center; padding: 16px 20px 8px; }}
h2 {{ flex: 1; margin: 0; font: 500 {theme.LARGE}/1.3 {theme.FONT}; }}
header button {{ font: inherit; color: inherit; background: none; min-height: 28px; padding: 2px 10px; cursor: pointer;
                 border: 1px solid var(--mui-palette-divider); border-radius: 4px; }}
.body {{ overflow: auto; min-height: 0; padding: 4px 20px 16px; }}
header button:focus-visible {{ outline: 2px solid; outline-offset: -2px; }}
.body:focus-visible {{ outline: 1px solid var(--mui-palette-text-secondary); outline-offset: -1px; }}
"""
"""How dialogs look: a header with a heading and buttons, and a body that scrolls."""

_STYLE: Final = f"""
{FRAME}
dialog {{ width: min(600px, 100vw - 16px); }}
"""


class Dialog(Component):
    """What is over the page until it is closed.

    Attributes
    ----------
    open : bool
    objects : list
        What it shows, below each other.
    """

    title = param.String(default="")
    open = param.Boolean(default=False)
    objects = Children()

    _bundle = Path(__file__).with_name("dialog.mjs")
    _render_policy = "manual"
    _stylesheets: ClassVar = [_STYLE]

    def __init__(self, title: str, objects: Sequence[Any] = ()) -> None:
        super().__init__(title=title, objects=list(objects), width=0, height=0, margin=0)
