"""What a person new to the page may try, and how to read it."""

from __future__ import annotations

from typing import Final

from snn_explorer.views.guidance import LESSON, Shortcut

HINTS: Final = {
    "n_max": "Set the spike budget to 1",
    "synapse": "Click a synapse",
    LESSON: "Open lesson 1",
}
"""What to try first, by name."""

SHORTCUTS: Final = (
    Shortcut(("n",), "<kbd>n</kbd>", "look at the next sample"),
    Shortcut(("p",), "<kbd>p</kbd>", "look at the sample before"),
)
"""Shortcuts beside those that every page has."""

HELP: Final = """
<p>You look at one sample of the training set, answered by the network as it is now, while it learns from all of them.
Time runs from left to right; the layers stack from the inputs below to the errors on top. Nothing here ticks: spikes
occur at exact times, and the gradient of each of them is exact too. A colour means the same everywhere: in the
equation, the plots and the controls. Point at a factor of the equation, or at a control, to read what it does.</p>
<p>Tap a row of spikes to watch that neuron, a line of the drawn network to watch that synapse. Drag over the time axis
with a mouse or a pen to see a part of it closer; tap twice to see all. Behind the tabs are the network, the spike
budgets, how soon answers are right, and the same spikes on a clock; of a network with convolutions also its maps and
filters. Tap a spike of an output, and the tab Drive shows how each pixel of the sample moves it.</p>
<p>The address of the page holds every parameter: send it to somebody, and they see what you see. Add
<code>&amp;projector=1</code> for larger type.</p>
<p>The rule is BATS: F. Bacho and D. Chu, Exploring trade-offs in spiking neural networks, 2022; with a budget of one
spike it is Fast &amp; Deep: J. Göltz and others, Nature Machine Intelligence 3 (2021).</p>
"""
