"""Labels of plots: symbol, plain name, unit and one sentence, for eyes and for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from snn_explorer.views import legend, theme
from snn_explorer.views.live_text import LiveText

STYLE: Final = f"""
{legend.LIT}
:host {{ flex: none; position: relative; }}
.label {{ display: block; cursor: help; border-radius: 4px; padding: 2px 4px; outline-offset: -1px; }}
.label:focus-visible {{ outline: 2px solid; }}
.label b {{ font: 500 {theme.TEXT}/1.3 {theme.FONT}; }}
.label math {{ font-size: {theme.LARGE}; line-height: 1; }}
.label small {{ display: block; font-size: {theme.SMALL}; line-height: 1.25;
                color: var(--mui-palette-text-secondary); }}
.data {{ all: unset; position: absolute; box-sizing: border-box; height: 24px; padding: 0 6px; margin: -3px 0 0 4px;
         cursor: pointer; opacity: 0; border-radius: 4px; font: {theme.SMALL}/22px {theme.FONT};
         border: 1px solid var(--mui-palette-divider); background: var(--mui-palette-background-paper); }}
.data.right {{ right: 0; top: 0; margin: 0; }}
@media (hover: hover) {{ .data.over {{ left: 0; top: 0; margin: 0; }} }}
:host(:hover) .data, .data:focus-visible {{ opacity: 1; }}
.data:focus-visible {{ outline: 2px solid; outline-offset: -1px; }}
@media (hover: none) {{ .data {{ opacity: 1; margin-top: -6px; }} }}
.watched {{ position: absolute; left: -4px; top: 0; bottom: 0; min-height: 14px; width: 3px; border-radius: 2px;
            background: currentColor; transition: opacity 0.3s; pointer-events: none; }}
.one-line {{ display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; min-height: 1.25em; }}
.reader {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }}
"""


@dataclass(frozen=True)
class Label:
    """Symbol (MathML), role of its colour, plain name, unit and one sentence.

    `note` is HTML in small type; `short` is shown instead of the name where the note says the rest. `factors` are the
    roles of the factors of the learning rule that the plot shows, where that is not just the role of its colour.
    """

    symbol: str
    role: str
    name: str
    unit: str
    sentence: str
    note: str = ""
    short: str = ""
    factors: tuple[str, ...] = ()

    @property
    def shows(self) -> tuple[str, ...]:
        """Roles of the factors that the plot shows."""
        return self.factors or (self.role,)

    @property
    def in_a_sentence(self) -> str:
        """The name within a sentence."""
        return self.name[0].lower() + self.name[1:]


def symbol(letter: str, index: str) -> str:
    """MathML of a letter with an index."""
    return f"<msub><mi>{letter}</mi><mi>{index}</mi></msub>"


def data_button(words: str, *figures: str, place: str = "") -> str:
    """HTML of the button that opens the tables of figures; it is seen where the pointer or the focus is."""
    named = f'aria-label="Data of {words}" title="What is drawn here, as a table"'
    return f'<button type="button" class="data {place}" data-table="{" ".join(figures)}" {named}>Data</button>'


def label(name: str, it: Label, *, tight: bool = False) -> LiveText:
    """The label beside or above the plot `name`, with its sentence as a title and a text line for screen readers.

    `tight`: there is no room beside its name.
    """
    unit = f" [{it.unit}]" if it.unit else ""
    letter = f'<math style="color: var(--snn-{it.role})"><mrow>{it.symbol}</mrow></math>' if it.symbol else ""
    data = data_button(it.in_a_sentence, name, place="over" if tight else "")
    words = f"<small>{it.short or it.name}{unit}</small>"
    if not it.symbol:
        letter, words = f"<b>{it.name}</b>", f"<small>{it.unit}</small>"
    note = f"<small>{it.note}</small>" if it.note else ""
    html = (
        f'<span class="label" tabindex="0" {legend.attributes(it.shows)} title="{it.sentence}">'
        f"{letter}{data}{words}{note}</span>"
        f'<p class="reader" data-text="{name}"></p>{_watched(name)}'
    )
    return LiveText(html, stylesheets=[STYLE], css_classes=["label"])


def note(name: str, title: str, sentence: str, figures: Sequence[str]) -> LiveText:
    """A line in small type above a view of figures, which follows the frames, and its text line for screen readers."""
    html = (
        f'<span class="label" title="{sentence}"><small data-text="{name}_note"></small>'
        f"{data_button(title.lower(), *figures, place='right')}</span>"
        f'<p class="reader" data-text="{name}"></p>{_watched(name)}'
    )
    return LiveText(html, stylesheets=[STYLE], css_classes=["label"])


def _watched(name: str) -> str:
    """HTML of a line that is seen while a lesson asks to watch the plot: its panel sets the variable on the page."""
    return f'<i class="watched" style="opacity: var(--snn-watched-{name}, 0)"></i>'


def accessible(it: Label) -> dict[str, str]:
    """Attributes that tell a screen reader what the canvas of a plot is, and the legend which factors it shows."""
    name = f"{it.name[0].upper()}{it.name[1:]}. {it.sentence}"
    return {"role": "img", "aria-label": name, "data-shows": legend.shown_by(it.shows)}
