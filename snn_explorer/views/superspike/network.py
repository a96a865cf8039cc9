"""The drawn network, and what it says of a SuperSpike network; its picture knows no learning rule."""

from __future__ import annotations

from typing import Final

from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.views import network_drawing
from snn_explorer.views.columns import Columns
from snn_explorer.views.network_drawing import MOST_LINES, n_weights, sizes

FIGURE: Final = network_drawing.FIGURE

FEEDBACKS: Final = {
    "symmetric": "its own weights", "random": "fixed random weights", "uniform": "equal weights", "none": "",
}  # fmt: skip
"""What the error travels back through, by kind of feedback."""


def columns(live: SuperSpikeFrame) -> Columns:
    """Columns of lines and nodes, for one frame; lines are the widest at the weight limit."""
    return network_drawing.columns(live.frame, live.values["weight_limit"])


def note(live: SuperSpikeFrame) -> str:
    """What is shown, in a few words."""
    return network_drawing.note(live)


def sentence(live: SuperSpikeFrame) -> str:
    """What the drawing shows, for a screen reader."""
    layers = [f"{n} {name}{'s' if n > 1 and name != 'hidden' else ''}" for name, n in sizes(live.frame).items()]
    said = f"{', '.join(layers)}; {live.frame.numbers['weights_at_limit']:.0%} of the weights are at their limit."
    if max(n_weights(live.frame)) > MOST_LINES:
        said += f" Only the {MOST_LINES} strongest weights of a layer are drawn."
    if "hidden" not in sizes(live.frame):
        return said
    way = FEEDBACKS[live.values["feedback"]]
    return f"{said} The error travels back through {way}." if way else f"{said} No error travels back."
