"""What each plot of a BATS network shows."""

from __future__ import annotations

from typing import Final

from snn_explorer.views.labels import Label, symbol
from snn_explorer.views.live_text import number

LABELS: Final = {
    "error": Label(
        "<mi>δ</mi>", "error", "spike errors", "1/s",
        "The error of each spike, as a stem where it occurs: above zero the loss would grow if it came later. Thick: "
        "outputs; thin: hidden spikes, drawn larger.",
        note="<span data-if='hidden_magnification'>hidden × "
        + number("hidden_magnification", digits=1, width=1, significant=True) + "</span>",
    ),
    "output": Label(
        symbol("S", "o"), "ink", "output spikes", "",
        "Spikes of the outputs, one row a class; the shaded row is the right one, and a green stem on a spike is its "
        "error. Tap a row to watch that output.",
        note='<span data-text="output_note"></span>',
        factors=("error",),
    ),
    "output_membrane": Label(
        symbol("U", "o"), "surrogate", "output membrane", "ϑ",
        "Membrane of the watched output in units of its threshold; a spike subtracts one threshold. Exact between "
        "events: drag over a part of the time axis to see it closer, double click to see all.",
        note='<span data-text="output_membrane_note"></span>', short="membrane",
    ),
    "hidden": Label(
        symbol("S", "h"), "ink", "hidden spikes", "",
        "Spikes of the hidden neurons, one row each. Tap a row to watch that neuron.",
        note='<span data-text="hidden_note"></span>',
        factors=("presynaptic",),
    ),
    "hidden_membrane": Label(
        symbol("U", "h"), "surrogate", "hidden membranes", "ϑ",
        "Membranes of the watched hidden neurons, one above the other, in units of their threshold; one that has spent "
        "its budget may rise above it.",
        note='<span data-text="hidden_membrane_note"></span>', short="membranes",
    ),
    "input": Label(
        symbol("S", "i"), "presynaptic", "input spikes", "",
        "The sample as spikes, one row a pixel: the brighter, the earlier; black ones are silent.",
        note='<span data-text="input_note"></span>',
    ),
    "image": Label(
        "", "ink", "Sample", "",
        "The sample: the darker a pixel, the earlier its spike. What is no image is a ring, by the times of two of its "
        "spikes, among other samples; a shade for each class.",
        factors=("presynaptic",),
    ),
    "answer": Label(
        "", "ink", "Answer", "",
        "What each output says; the shaded row is the right class, and circles are the numbers of spikes wanted.",
        factors=("error",),
    ),
    "drive": Label(
        "", "ink", "Drive", "",
        "How far one output spike moves when a pixel's spike does, exactly: orange, it comes later if the pixel does; "
        "blue, it comes earlier. The darker below, the brighter the pixel. All numbers add up to 1.",
        factors=("presynaptic",),
    ),
    "maps": Label(
        "", "ink", "Maps", "",
        "Right: neurons of each map that spiked, the darker the earlier their first spike. Left of each map: the "
        "weights of its filter, orange above 0 and blue below. In slow motion spikes appear when they come. Tap a "
        "neuron to watch it.",
        factors=("presynaptic",),
    ),
    "network": Label(
        "", "ink", "Network", "",
        "Inputs below, outputs above. Dark lines are excitatory weights and light blue ones inhibitory; the stronger, "
        "the wider. Dashed green: the way of the error. Larger dots spike more. Tap a line to watch that synapse.",
        factors=("change", "error"),
    ),
    "hidden_budget": Label(
        "", "ink", "Budget of hidden neurons", "", "How many hidden neurons give how many spikes to this sample."
    ),
    "output_budget": Label("", "ink", "Budget of outputs", "", "How many outputs give how many spikes to this sample."),
    "latency": Label(
        "", "ink", "Latency", "",
        "How many answers are right if output spikes are read up to a moment only; dashed: when nearly all of them "
        "are there.",
    ),
    "clock": Label(
        "", "ink", "Clock against events", "",
        "Strokes: the exact spikes; orange dots: the same network on a clock with steps of dt. Outputs are above.",
    ),
    "accuracy": Label(
        "", "ink", "Accuracy", "%",
        "Right answers in the last 20 training batches, each before it was learned from; circles: held-out "
        "samples after each epoch; thin: the pinned run.",
        factors=("error",),
    ),
    "loss": Label("", "ink", "Loss", "", "Mean loss of the last 20 training batches; thin: the pinned run.",
        factors=("error",),
    ),
    "spikes": Label(
        "", "ink", "Spikes", "for each sample", "Spikes of all hidden neurons (dark) and of all outputs (grey)."
    ),
    "probe": Label(
        "", "ink", "Synapse", "",
        "One synapse and this sample, from bottom to top: spikes of its presynaptic neuron; how a larger weight would "
        "move each spike of its neuron; the error of that spike; the product, whose sum is the gradient.",
        factors=("change", "error", "surrogate", "presynaptic"),
    ),
}  # fmt: skip
"""Labels by name of the figure."""
