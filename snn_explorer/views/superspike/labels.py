"""What each plot of a SuperSpike network shows."""

from __future__ import annotations

from typing import Final

from snn_explorer.views.labels import Label, symbol
from snn_explorer.views.live_text import number

LABELS: Final = {
    "error": Label(
        "<mi>e</mi>", "error", "error", "Hz",
        "The output's error, positive where a spike is missing and negative where one is too many; thin lines: the "
        "errors fed back to the hidden neurons, drawn larger.",
        factors=("error",),
        note="<span data-if='feedback_magnification'>fed back × "
        + number("feedback_magnification", digits=1, width=1, significant=True) + "</span>",
    ),
    "output": Label(
        symbol("S", "o"), "ink", "output spikes", "",
        "Spikes of the outputs as strokes, one row each; rings are the targets, where a spike is wanted, and shaded "
        "boxes the windows in which one is. Tap a spike to see the rule at that moment, or a row to watch that output.",
        factors=("error",),
        note='<span data-text="output_note"></span>',
    ),
    "output_membrane": Label(
        symbol("U", "o"), "surrogate", "output membrane", "mV",
        "Voltage of the output neuron; it spikes where it crosses the dashed threshold at −50 mV, and starts again "
        "from rest at −60 mV. Of many outputs, the one with the mark at its row. Nothing is smoothed: only the rule "
        "looks at it through σ′.",
        note='<span data-text="output_membrane_note"></span>', short="membrane",
    ),
    "hidden": Label(
        symbol("S", "h"), "ink", "hidden spikes", "",
        "Spikes of the hidden neurons, one row each. Tap a spike to watch its neuron at that moment.",
        factors=("presynaptic",),
        note='<span data-text="hidden_note"></span>',
    ),
    "hidden_membrane": Label(
        symbol("U", "h"), "surrogate", "hidden membranes", "mV",
        "Voltages of the hidden neurons that are watched, whose rows have a mark, one above the other; each has its "
        "own rest (−60 mV) and threshold (−50 mV). Nothing is smoothed: only the rule looks at them through σ′.",
        note='<span data-text="hidden_membrane_note"></span>',
    ),
    "input": Label(
        symbol("S", "i"), "presynaptic", "input spikes", "",
        "Frozen spikes of the input neurons, one row each. Tap a spike to watch a synapse from its neuron at that "
        "moment.",
    ),
    "network": Label(
        "", "ink", "Network", "",
        "Inputs below, outputs above. Dark lines are excitatory weights and light blue ones inhibitory; the stronger, "
        "the wider. Green: the way of the error, dashed where its weight is positive and dotted where negative. Larger "
        "dots spike more; rings: membranes that are drawn. Tap a line to watch that synapse, or a neuron.",
        factors=("change", "error"),
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
        "the pinned run.", factors=("error",),
        note='<span class="one-line" data-text="curve_note"></span>',
    ),
    "probe": Label(
        "", "ink", "Synapse", "",
        "One synapse, from bottom to top: presynaptic trace, surrogate derivative, eligibility, error, and the product "
        "of the last two, whose integral times the rate is the change of the weight. The surrogate stands in for a "
        "derivative that is zero, and with it the eligibility does. Tap a moment to see the rule at that time.",
        factors=("change", "error", "eligibility", "surrogate", "presynaptic"),
    ),
}  # fmt: skip
"""Labels by name of the figure."""
