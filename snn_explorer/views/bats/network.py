"""The drawn network; its picture knows no learning rule."""

from __future__ import annotations

from typing import Final

import numpy as np

from snn_explorer.live.frame import BatsFrame
from snn_explorer.views import network_drawing
from snn_explorer.views.bats.parts import Shape
from snn_explorer.views.columns import Columns

FIGURE: Final = network_drawing.FIGURE

FAINTER: Final = 3.0
"""How much stronger than the strongest a weight would have to be for the widest line."""


def columns(live: BatsFrame) -> Columns:
    """Columns of lines and nodes, for one frame; the lines are faint, because weights differ little in strength."""
    return network_drawing.columns(live.frame, widest(live))


def widest(live: BatsFrame) -> float:
    """Weight [1/s] whose line would be the widest."""
    weights = [matrix for name, matrix in live.frame.matrices.items() if name.endswith("_weights")]
    return FAINTER * max(float(np.abs(matrix).max(initial=0.0)) for matrix in weights) or 1.0


def note(live: BatsFrame) -> str:
    """What is shown, in a few words."""
    return network_drawing.note(live)


def sentence(live: BatsFrame) -> str:
    """What the drawing shows, for a screen reader."""
    layers = Shape.of(live.frame).layers
    return f"{layers['input']} inputs, {layers.get('hidden', 0)} hidden, {layers['output']} outputs."
