"""What a person new to the page may try, and how to read it."""

from __future__ import annotations

from typing import Final

from snn_explorer.views.guidance import LESSON

HINTS: Final = {
    "feedback": "Change the feedback",
    "synapse": "Click a synapse",
    LESSON: "Open lesson 1",
}
"""What to try first, by name."""

HELP: Final = """
<p>Time runs from left to right; the layers stack from the inputs below to the error on top. Follow a spike upwards to
the error, and the error downwards to the weights. A colour means the same everywhere: in the equation, the plots and
the controls. Point at a factor of the equation, or at a control, to read what it does: what shows it
lights up, and a plot that you point at lights up its factors.</p>
<p><em>Why did this weight change?</em> Tap a line of the drawn network to watch that synapse: below the rule are its
numbers for the last chunk, rate times what is in the brackets. Tap a neuron to watch its membrane and the strongest
synapse onto it; an input has the strongest from it. Tap a spike, or any moment of a trace, to see the factors at that
moment; <em>at … ms</em> beside the synapse does the same, and an empty field goes back to the whole chunk. Drag over
the stack with a mouse or a pen to see a part of its time axis closer, down to single steps of 0.1 ms; tap twice to see
all. Behind the tabs beside the network are the spikes of every trial and the statistics of firing. <em>Own
target</em> lets the outputs write your word, draw your picture or spike as your file says.</p>
<p>The address of the page holds every parameter: send it to somebody, and they see what you see. Add
<code>&amp;projector=1</code> for larger type. A word of your own is in it too (<code>?word=HELLO</code>), a picture, a
drawing or spike trains are not: see “Own target …” in the drawer.</p>
<p>The rule is SuperSpike: F. Zenke and S. Ganguli, Neural Computation 30 (2018) 1514–1541.</p>
"""
