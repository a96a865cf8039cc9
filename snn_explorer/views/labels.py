"""What each plot shows: symbol, plain name, unit and one sentence, for eyes and for screen readers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from snn_explorer.views import theme
from snn_explorer.views.live_text import LiveText, number

STYLE: Final = f"""
:host {{ flex: none; }}
.label {{ display: block; cursor: help; border-radius: 4px; padding: 2px 4px; outline-offset: -1px; }}
.label b {{ font: 500 {theme.TEXT}/1.3 {theme.FONT}; }}
.label math {{ font-size: {theme.LARGE}; line-height: 1; }}
.label small {{ display: block; font-size: {theme.SMALL}; line-height: 1.25;
                color: var(--mui-palette-text-secondary); }}
.one-line {{ display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; min-height: 1.25em; }}
.reader {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }}
"""


@dataclass(frozen=True)
class Label:
    """Symbol (MathML), role of its colour, plain name, unit and one sentence.

    `note` is HTML in small type; `short` is shown instead of the name where the note says the rest.
    """

    symbol: str
    role: str
    name: str
    unit: str
    sentence: str
    note: str = ""
    short: str = ""


def _symbol(letter: str, index: str) -> str:
    return f"<msub><mi>{letter}</mi><mi>{index}</mi></msub>"


LABELS: Final = {
    "error": Label(
        "<mi>e</mi>", "error", "error", "Hz",
        "The output's error, positive where a spike is missing and negative where one is too many; thin lines: the "
        "errors fed back to the hidden neurons, drawn larger.",
        note="<span data-if='feedback_magnification'>fed back × "
        + number("feedback_magnification", digits=1, width=1, significant=True) + "</span>",
    ),
    "output": Label(
        _symbol("S", "o"), "ink", "output spikes", "",
        "Spikes of the outputs as strokes, one row each; rings are the targets, where a spike is wanted, and shaded "
        "boxes the windows in which one is. Tap a row to watch that output.",
        note='<span data-text="output_note"></span>',
    ),
    "output_membrane": Label(
        _symbol("U", "o"), "surrogate", "output membrane", "mV",
        "Voltage of the output neuron; it spikes where it crosses the dashed threshold at −50 mV, and starts again "
        "from rest at −60 mV. Of many outputs, the one with the mark at its row.",
        note='<span data-text="output_membrane_note"></span>', short="membrane",
    ),
    "hidden": Label(
        _symbol("S", "h"), "ink", "hidden spikes", "", "Spikes of the hidden neurons, one row each.",
        note='<span data-text="hidden_note"></span>',
    ),
    "hidden_membrane": Label(
        _symbol("U", "h"), "surrogate", "hidden membranes", "mV",
        "Voltages of the first hidden neurons, one above the other in the order of their rows; each has its own rest "
        "(−60 mV) and threshold (−50 mV).",
    ),
    "input": Label(
        _symbol("S", "i"), "presynaptic", "input spikes", "", "Frozen spikes of the input neurons, one row each."
    ),
    "network": Label(
        "", "ink", "Network", "",
        "Inputs below, outputs above. Dark lines are excitatory weights and light blue ones inhibitory; the stronger, "
        "the wider. Dashed green: the way of the error. Larger dots spike more. Tap a line to watch that synapse.",
    ),
    "timing": Label(
        "", "ink", "Spike timing", "",
        "When the output spikes within a trial, one row for each trial from the first at the bottom to the newest at "
        "the top; vertical lines are the targets, on which the spikes gather.",
    ),
    "firing_rate": Label(
        "", "ink", "Firing rates", "", "How many neurons fire at which rate; the last bar: at 100 Hz and more."
    ),
    "firing_interval": Label(
        "", "ink", "Interspike intervals", "",
        "How many intervals between successive spikes of a neuron are how long; on this logarithmic axis random firing "
        "gives a straight line.",
    ),
    "firing_variation": Label(
        "", "ink", "Coefficients of variation", "",
        "How irregular the neurons fire: 0 is a clock, 1 is random; the last bar: 2 and more.",
    ),
    "curve": Label(
        "", "ink", "Learning curve", "wrong or missing spikes / s",
        "Cost, averaged over 10 s, in wrong or missing spikes per second and output; dashed: a silent network; thin: "
        "the pinned run.",
        note='<span class="one-line" data-text="curve_note"></span>',
    ),
    "probe": Label(
        "", "ink", "Synapse", "",
        "One synapse, from bottom to top: presynaptic trace, surrogate derivative, eligibility, error, and the product "
        "of the last two, whose integral is the change of the weight.",
    ),
}  # fmt: skip
"""Labels by name of the figure."""


def label(name: str, extra: str = "") -> LiveText:
    """The label beside or above a plot, with its sentence as a title and a text line for screen readers."""
    it = LABELS[name]
    unit = f" [{it.unit}]" if it.unit else ""
    symbol = f'<math style="color: var(--snn-{it.role})"><mrow>{it.symbol}</mrow></math>' if it.symbol else ""
    words = f"<small>{it.short or it.name}{unit}</small>" if it.symbol else f"<b>{it.name}</b> <small>{it.unit}</small>"
    note = f"<small>{it.note}</small>" if it.note else ""
    html = (
        f'<span class="label" title="{it.sentence}">{symbol}{words}{note}{extra}</span>'
        f'<p class="reader" data-text="{name}"></p>'
    )
    return LiveText(html, stylesheets=[STYLE], css_classes=["label"])


def note(name: str, sentence: str) -> LiveText:
    """A line in small type above a view, which follows the frames, and the view's text line for screen readers."""
    html = (
        f'<span class="label" title="{sentence}"><small data-text="{name}_note"></small></span>'
        f'<p class="reader" data-text="{name}"></p>'
    )
    return LiveText(html, stylesheets=[STYLE], css_classes=["label"])


def accessible(name: str) -> dict[str, str]:
    """Attributes that tell a screen reader what the canvas of a plot is."""
    it = LABELS[name]
    return {"role": "img", "aria-label": f"{it.name[0].upper()}{it.name[1:]}. {it.sentence}"}
