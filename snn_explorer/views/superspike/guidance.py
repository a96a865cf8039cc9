"""What a person new to the page may try, and how to read it."""

from __future__ import annotations

from typing import Final

HINTS: Final = {
    "feedback": "Change the feedback",
    "synapse": "Click a synapse",
    "step": "Space pauses, → steps",
}
"""What to try first, by name."""

HELP: Final = """
<p>Time runs from left to right; the layers stack from the inputs below to the error on top. Follow a spike upwards to
the error, and the error downwards to the weights. A colour means the same everywhere: in the equation, the plots and
the controls. Point at a factor of the equation, or at a control, to read what it does.</p>
<p>Tap a line of the drawn network to watch that synapse, or a row of the output spikes to watch that output. Behind the
tabs beside the network are the spikes of every trial and the statistics of firing. <em>Own target</em> lets the outputs
write your word, draw your picture or spike as your file says.</p>
<table>
<tr><td><kbd>space</kbd></td><td>play, pause</td></tr>
<tr><td><kbd>→</kbd></td><td>advance by one chunk of half a second, then pause</td></tr>
<tr><td><kbd>r</kbd></td><td>start anew with the same seed: the same curve again</td></tr>
<tr><td><kbd>c</kbd></td><td>pin this learning curve, to compare other settings with it; again to let go of it</td></tr>
<tr><td><kbd>b</kbd></td><td>let a second run, B, learn beside this one from the start; change its settings, and see
what they do; again to end it</td></tr>
<tr><td><kbd>1</kbd> … <kbd>9</kbd></td><td>presets, in the order of their list</td></tr>
<tr><td><kbd>?</kbd></td><td>this help</td></tr>
</table>
<p>The address of the page holds every parameter: send it to somebody, and they see what you see. Add
<code>&amp;projector=1</code> for larger type. A word of your own is in it too (<code>?word=HELLO</code>), a picture, a
drawing or spike trains are not: see “Own target …” in the drawer.</p>
<p>The rule is SuperSpike: F. Zenke and S. Ganguli, Neural Computation 30 (2018) 1514–1541.</p>
"""
