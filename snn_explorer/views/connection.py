"""What the page says when the server does not answer any more: nothing else on it could."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Final

from snn_explorer.views import theme
from snn_explorer.views.component import Component

_STYLE: Final = f"""
.lost {{ position: fixed; z-index: 2000; top: 64px; left: 50%; transform: translateX(-50%); box-sizing: border-box;
         width: min(44em, 100vw - 24px); display: flex; gap: 16px; align-items: center; padding: 12px 16px;
         border: 1px solid var(--mui-palette-divider); border-left: 4px solid var(--snn-change); border-radius: 4px;
         font: {theme.TEXT}/1.4 {theme.FONT}; color: var(--mui-palette-text-primary);
         background: var(--mui-palette-background-paper); }}
.lost[hidden] {{ display: none; }}
.lost span {{ flex: 1; }}
button {{ font: inherit; color: inherit; background: none; min-height: 28px; padding: 2px 12px; cursor: pointer;
          white-space: nowrap; border: 1px solid var(--mui-palette-divider); border-radius: 4px; }}
button:focus-visible {{ outline: 2px solid; outline-offset: 1px; }}
"""


class Connection(Component):
    """Says so in the browser when the connection to the server is lost."""

    _bundle = Path(__file__).with_name("connection.mjs")
    _stylesheets: ClassVar = [_STYLE]
