"""A learning rule as mathematics: factors in their colours, the numbers of one synapse below them, one sentence.

The rule stays in its place: what does not act is pale but keeps its room, and so do numbers that are not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Final

from snn_explorer.views import legend, theme
from snn_explorer.views.live_text import LiveText, number

_STYLE: Final = f"""
{legend.LIT}
:host {{ min-width: 0; }}
.rule {{ display: flex; flex-wrap: wrap; align-items: flex-start; gap: 0 3px; font-size: {theme.LARGE};
         line-height: 1.6; }}
.rule > span, .group > span:not(.value) {{ position: relative; border-radius: 4px; padding: 0 3px; outline-offset: -1px;
         white-space: nowrap; text-align: center; height: calc(1.6em + 1.5 * {theme.SMALL}); }}
.rule .group {{ display: flex; gap: 0 3px; padding: 0; }}
.rule span[data-says] {{ cursor: help; }}
.rule .pale math, .rule .pale .value {{ opacity: 0.4; }}
.rule .dotted math {{ border-bottom: 2px dotted; padding-bottom: 1px; }}
.value {{ position: absolute; left: 50%; bottom: 1px; transform: translateX(-50%); white-space: nowrap;
          color: var(--written, inherit);
          font: {theme.SMALL}/1.3 {theme.FONT}; font-variant-numeric: tabular-nums; pointer-events: none; }}
.brace {{ left: 4px; right: 4px; transform: none; border-top: 1px solid; text-align: center; }}
.aside {{ left: 0; transform: none; color: var(--mui-palette-text-secondary); }}
.caption {{ position: relative; margin-top: 4px; min-height: 2.6em; line-height: 1.3; font-size: {theme.TEXT};
            color: var(--mui-palette-text-secondary); }}
.room {{ visibility: hidden; }}
.caption div {{ position: absolute; inset: 0 0 auto; z-index: 3; padding-bottom: 4px;
                background: var(--mui-palette-background-paper); }}
p {{ display: inline; margin: 0; }}
.caption button {{ all: unset; cursor: pointer; width: 24px; text-align: center; border-radius: 12px; }}
.caption button:hover {{ background: var(--mui-palette-divider); }}
.caption button:focus-visible {{ outline: 2px solid; outline-offset: -2px; }}
.caption button[hidden] {{ display: none; }}
math {{ font-size: 1.05em; line-height: 1; }}
@media (max-width: 900px) {{
  .rule {{ font-size: 17px; gap: 0 1px; }}
  .rule > span, .group > span:not(.value) {{ padding: 0 1px; }}
  .caption {{ min-height: 3.9em; }}
}}
"""


class Rule(LiveText):
    """A rule, with a sentence below it until a factor is pointed at, or an answer is there.

    Parameters
    ----------
    parts : callable
        Gives the HTML of the rule's parts, made by `factor` and `plain`, from the values of all parameters.
    forget : callable
        Called when somebody does not need the answer any more.
    """

    def __init__(self, parts: Callable[[Mapping[str, Any]], str], forget: Callable[[], None]) -> None:
        super().__init__(stylesheets=[_STYLE], css_classes=["equation"], sizing_mode="stretch_width")
        self._parts, self._forget = parts, forget

    def say(self, sentence: str, values: Mapping[str, Any]) -> None:
        """Show the rule with these values, and this sentence below it."""
        said = escape(sentence)
        html = (
            f'<div class="rule">{self._parts(values)}</div><div class="caption"><span class="room">{said}</span>'
            f'<div><p data-caption="{said}" data-answer="why">{said}</p> <button type="button" data-sends="forget" '
            'data-with="why" aria-label="Back to what there is to see" hidden>×</button></div></div>'
        )
        if html != self.html:
            self.html = html

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        if data["sends"] == "forget":
            self._forget()


def factor(says: str, role: str, mathml: str, *, value: str = "", width: float = 0, kind: str = "") -> str:
    """HTML of a factor.

    Parameters
    ----------
    says : str
        One sentence on it.
    role : str
        Role of its colour.
    mathml : str
    value : str
        HTML of its number, made by `value_of`.
    width : float
        Room for that number, in characters of small type.
    kind : str
        ``"pale"`` for what does not act, ``"dotted"`` for a stand-in of what would be exact.
    """
    room = f" min-width: calc({width} * 0.55 * {theme.SMALL});" if width else ""
    return (
        f'<span tabindex="0" role="img" aria-label="{says}" data-says="{says}" class="{kind}" '
        f"{legend.factor(role, room)}><math><mrow>{mathml}</mrow></math>{value}</span>"
    )


def plain(mathml: str, aside: str = "") -> str:
    """HTML of what is between the factors, with a remark below it."""
    below = f'<span class="value aside">{aside}</span>' if aside else ""
    return f"<span><math><mrow>{mathml}</mrow></math>{below}</span>"


def group(parts: str, value: str) -> str:
    """HTML of parts that have one number together, below a line across them."""
    return f'<span class="group">{parts}{value}</span>'


def value_of(html: str, name: str, *, brace: bool = False) -> str:
    """HTML of a number below a factor; it is there only while the frame's number `name` is."""
    return f'<span class="value{" brace" if brace else ""}" data-only="{name}" hidden>{html}</span>'


def rounded(name: str, *, signed: bool = False) -> str:
    """HTML of a frame's number in three significant digits."""
    return number(name, digits=3, significant=True, signed=signed, width=0)


def of_time(mathml: str) -> str:
    """MathML of something at time s."""
    return f"{mathml}<mo>(</mo><mi>s</mi><mo>)</mo>"


def sub(base: str, index: str) -> str:
    """MathML of a letter with one or more letters as its index."""
    letters = "".join(f"<mi>{letter}</mi>" for letter in index)
    return f"<msub><mi>{base}</mi><mrow>{letters}</mrow></msub>"
