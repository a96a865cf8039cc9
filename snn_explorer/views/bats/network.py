"""The drawn network; its picture knows no learning rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from snn_explorer.engine import Frame
from snn_explorer.live.frame import BatsFrame
from snn_explorer.views import network_drawing
from snn_explorer.views.bats.maps import convolutions, tiling
from snn_explorer.views.bats.maps_as_neurons import with_maps_as_neurons
from snn_explorer.views.bats.parts import Shape
from snn_explorer.views.columns import Columns

FIGURE: Final = network_drawing.FIGURE

FAINTER: Final = 3.0
"""How much stronger than the strongest a weight would have to be for the widest line."""


def columns(live: BatsFrame) -> Columns:
    """Columns of lines and nodes, for one frame; the lines are faint, because weights differ little in strength."""
    frame = with_maps_as_neurons(live.frame)
    return network_drawing.columns(frame, _widest(frame))


def drawn(live: BatsFrame | None) -> BatsFrame | None:
    """A frame with the network as it is drawn."""
    return None if live is None else replace(live, frame=with_maps_as_neurons(live.frame))


def widest(live: BatsFrame) -> float:
    """Weight [1/s] whose line would be the widest."""
    return _widest(with_maps_as_neurons(live.frame))


def note(live: BatsFrame) -> str:
    """What is shown, in a few words."""
    if convolutions(live.frame):
        return "a dot is a map, its lines mean weights; tap one to watch it"
    return network_drawing.note(live)


def sentence(live: BatsFrame) -> str:
    """What the drawing shows, for a screen reader."""
    layers = Shape.of(live.frame).layers
    n_maps = [f"{tiling(live.frame, name).maps[0]} maps" for name in convolutions(live.frame)]
    dots = f" Drawn as dots: {', '.join(n_maps)}." if n_maps else ""
    return f"{layers['input']} inputs, {layers.get('hidden', 0)} hidden, {layers['output']} outputs.{dots}"


def _widest(frame: Frame) -> float:
    """See `widest`; of a frame as it is drawn."""
    weights = [matrix for name, matrix in frame.matrices.items() if name.endswith("_weights")]
    return FAINTER * max(float(np.abs(matrix).max(initial=0.0)) for matrix in weights) or 1.0
