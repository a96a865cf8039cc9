"""What a person new to the page may try, and how to read it."""

from __future__ import annotations

from typing import Final

HINTS: Final = {
    "n_max": "Set the spike budget to 1",
    "sample": "Look at the next sample (n)",
    "synapse": "Click a synapse",
}
"""What to try first, by name."""

HELP: Final = """
<p>You look at one sample of the training set, answered by the network as it is now, while it learns from all of them.
Time runs from left to right; the layers stack from the inputs below to the errors on top. Nothing here ticks: spikes
occur at exact times, and the gradient of each of them is exact too. A colour means the same everywhere: in the
equation, the plots and the controls. Point at a factor of the equation, or at a control, to read what it does.</p>
<p>Tap a row of spikes to watch that neuron, a line of the drawn network to watch that synapse. Drag over the time axis
to see a part of it closer; double click to see all. Behind the tabs are the network, the spike budgets, how soon
answers are right, and the same spikes on a clock.</p>
<table>
<tr><td><kbd>space</kbd></td><td>play, pause</td></tr>
<tr><td><kbd>→</kbd></td><td>learn one batch, then pause</td></tr>
<tr><td><kbd>n</kbd></td><td>look at the next sample; <kbd>p</kbd> at the one before</td></tr>
<tr><td><kbd>r</kbd></td><td>start anew with the same seed: the same curve again</td></tr>
<tr><td><kbd>c</kbd></td><td>pin these curves, to compare other settings with them; again to let go of them</td></tr>
<tr><td><kbd>+</kbd> <kbd>−</kbd></td><td>see a shorter or a longer part of the time axis</td></tr>
<tr><td><kbd>t</kbd></td><td>take away figures, data, weights, the run itself, a link, a command or a program</td></tr>
<tr><td><kbd>1</kbd> … <kbd>9</kbd></td><td>presets, in the order of their list</td></tr>
<tr><td><kbd>?</kbd></td><td>this help</td></tr>
</table>
<p>The address of the page holds every parameter: send it to somebody, and they see what you see. Add
<code>&amp;projector=1</code> for larger type.</p>
<p>The rule is BATS: F. Bacho and D. Chu, Exploring trade-offs in spiking neural networks, 2022; with a budget of one
spike it is Fast &amp; Deep: J. Göltz and others, Nature Machine Intelligence 3 (2021).</p>
"""
