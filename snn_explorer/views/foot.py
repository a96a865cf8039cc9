"""The line at the foot of the page: numbers, and one sentence on what is happening."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from snn_explorer.views import theme
from snn_explorer.views.live_text import LiveText

_STYLE: Final = f"""
:host {{ border-top: 1px solid var(--mui-palette-divider); padding: 6px 16px; box-sizing: border-box; }}
.status {{ display: flex; gap: 2px 20px; font-size: {theme.TEXT}; align-items: baseline; }}
.status span {{ white-space: nowrap; }}
.status .sentence {{ flex: 1 1 0; min-height: 1.3em; text-align: right; overflow: hidden; text-overflow: ellipsis; }}
.status span:not(.sentence) {{ color: var(--mui-palette-text-secondary); }}
@media (max-width: 900px) {{
  .status .more {{ display: none; }}
  .status {{ flex-wrap: wrap; }}
  .status .sentence {{ text-align: left; flex-basis: 100%; min-height: 2.6em; white-space: normal; }}
}}
.status output {{ color: var(--mui-palette-text-primary); }}
"""


def foot(items: Sequence[str]) -> LiveText:
    """The line.

    Parameters
    ----------
    items : sequence of str
        Attributes and content of a span each, from behind its name on; those of class ``more`` are not on a phone.
    """
    spans = '<b data-text="whose"></b>' + "".join(f"<span {item}</span>" for item in items)
    html = f'<div class="status">{spans}<span class="sentence" role="status" data-text="sentence"></span></div>'
    return LiveText(html, stylesheets=[_STYLE], sizing_mode="stretch_width", css_classes=["status"])
