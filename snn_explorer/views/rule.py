"""A learning rule as mathematics: factors in their colours, each with one sentence, and a sentence below."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from snn_explorer.views import theme
from snn_explorer.views.live_text import LiveText

_STYLE: Final = f"""
:host {{ min-width: 0; }}
.rule {{ display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 3px; font-size: {theme.LARGE};
         line-height: 1.6; }}
.rule span {{ border-radius: 4px; padding: 0 3px; outline-offset: -1px; white-space: nowrap; }}
.rule span[data-says] {{ cursor: help; }}
.rule span[data-says]:hover, .rule span[data-says]:focus-visible {{ background: var(--mui-palette-divider); }}
.rule .pale math {{ opacity: 0.4; }}
.caption {{ position: relative; margin-top: 4px; min-height: 2.6em; line-height: 1.3; font-size: {theme.TEXT};
            color: var(--mui-palette-text-secondary); }}
.room {{ visibility: hidden; }}
p {{ position: absolute; inset: 0 0 auto; z-index: 3; margin: 0; padding-bottom: 4px;
     background: var(--mui-palette-background-paper); }}
math {{ font-size: 1.05em; line-height: 1; }}
@media (max-width: 900px) {{ .rule {{ min-height: 3.2em; }} }}
"""


class Rule(LiveText):
    """The rule, of HTML that `rule` gives."""

    def __init__(self, html: str) -> None:
        super().__init__(html, stylesheets=[_STYLE], css_classes=["equation"], sizing_mode="stretch_width")

    def say(self, html: str) -> None:
        """Show another."""
        if html != self.html:
            self.html = html


def rule(factors: Sequence[str], sentence: str) -> str:
    """HTML of the factors, and `sentence` below them until one is pointed at."""
    said = escape(sentence)
    # what explains a factor lies over the page, and only the sentence takes room
    caption = f'<div class="caption"><span class="room">{said}</span><p data-caption="{said}">{said}</p></div>'
    return f'<div class="rule">{"".join(factors)}</div>{caption}'


def factor(says: str, role: str, mathml: str, *, pale: bool = False) -> str:
    """One factor, in the colour of a role, with a sentence for who points at it."""
    style = f' style="color: var(--snn-{role})"' if role else ""
    pale_class = ' class="pale"' if pale else ""
    return (
        f'<span tabindex="0" role="img" aria-label="{says}" data-says="{says}"{style}{pale_class}>'
        f"<math><mrow>{mathml}</mrow></math></span>"
    )


def plain(mathml: str) -> str:
    """What stands between factors."""
    return f"<span><math><mrow>{mathml}</mrow></math></span>"


def sub(base: str, index: str) -> str:
    """A letter with an index of one or more letters."""
    letters = "".join(f"<mi>{letter}</mi>" for letter in index)
    return f"<msub><mi>{base}</mi><mrow>{letters}</mrow></msub>"
