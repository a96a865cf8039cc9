"""The network, drawn: inputs below, hidden units, outputs above; weights as lines, feedback dashed, spikes as size."""

from __future__ import annotations

from typing import Final

import numpy as np
from bokeh.models import Plot
from numpy.typing import NDArray

from snn_explorer.engine import FloatArray, Frame, Raster
from snn_explorer.live.frame import LiveFrame
from snn_explorer.views.columns import Columns, flat
from snn_explorer.views.figures import dots, lines_between, render

FIGURE: Final = "network"

THINNEST: Final = 0.5
"""Width of a line without any weight [px]."""

WIDENED: Final = 3.0
"""By how much a line is wider at the weight limit [px]."""

BESIDE: Final = 0.015
"""How far feedback paths lie beside the weights that they accompany."""

MOST_LINES: Final = 500
"""Lines that are drawn: the strongest weights of each layer."""

MOST_PATHS: Final = 100
"""Feedback paths that are drawn; more would hide the weights below them."""

RING: Final = 20.0
RING_OF_MANY: Final = 9.0
"""Diameter of the ring around a neuron that is watched [px]."""

Sizes = dict[str, int]
"""Number of neurons by layer, from input to output; a layer without neurons is left out."""

Places = dict[str, tuple[FloatArray, float]]
"""Horizontal positions of each layer's neurons, and its height."""

Indices = NDArray[np.intp]


def figure() -> Plot:
    """Figure of the network, empty."""
    elements = (
        lines_between("network.excitatory", "ink")
        * lines_between("network.inhibitory", "inhibitory")
        * lines_between("network.feedback", "error").opts(line_dash="dashed")
        * lines_between("network.negative_feedback", "error").opts(line_dash="dotted")
        * lines_between("network.probe", "change")
        * dots("network.nodes", "ink")
        * dots("network.watched", "surrogate").opts(fill_alpha=0, line_width=2)
    )
    drawn = render(FIGURE, elements, (-0.25, 2.25), xaxis=None, yaxis=None, xlim=(-0.04, 1.04))
    drawn.outline_line_color = None
    return drawn


def sizes(frame: Frame) -> Sizes:
    """Number of neurons in each layer of the frame's network, whose matrices are in the order of the layers.

    Where the frame says it, because neurons share their weights, it is not read from the matrices.
    """
    weights = {name.removesuffix("_weights"): matrix for name, matrix in frame.matrices.items() if "_weights" in name}
    first, matrix = next(iter(weights.items()))
    found = {"input": int(frame.numbers.get(f"{first}_inputs", 0) or matrix.shape[1])}
    return found | {name: int(frame.numbers.get(f"{name}_size", 0) or len(matrix)) for name, matrix in weights.items()}


def places(layers: Sizes) -> Places:
    """Horizontal positions of each layer's neurons, and its height."""
    heights = np.linspace(0, 2, len(layers))
    return {name: (_spread(n), float(y)) for (name, n), y in zip(layers.items(), heights, strict=True)}


def _spread(n: int) -> FloatArray:
    """Evenly over the width; few neurons keep away from the edges."""
    return ((np.arange(n) + 0.5) / n).astype(np.float32)


def ids(layers: Sizes) -> dict[str, range]:
    """Ids of each hidden layer's neurons where those of all hidden layers are counted through, as in rasters."""
    hidden = list(layers)[1:-1]
    ends = np.cumsum([layers[name] for name in hidden]).tolist()
    return {name: range(end - layers[name], end) for name, end in zip(hidden, ends, strict=True)}


def below(layer: str, layers: Sizes) -> str:
    """The layer that a layer's weights come from."""
    names = list(layers)
    return names[names.index(layer) - 1]


def columns(frame: Frame, weight_limit: float) -> Columns:
    """Columns of lines and nodes, for one frame."""
    layers = sizes(frame)
    at = places(layers)
    excitatory, inhibitory = [], []
    for layer in list(layers)[1:]:
        weights = frame.matrices[f"{layer}_weights"]
        post, pre = _strongest(weights, MOST_LINES)
        drawn = _lines(at, below(layer, layers), pre, layer, post, weights[post, pre] / weight_limit)
        positive = weights[post, pre] > 0
        excitatory.append(drawn[:, positive])
        inhibitory.append(drawn[:, ~positive])
    feedback, positive = _feedback(frame, at)
    return {
        "network.excitatory": _columns(np.hstack(excitatory)),
        "network.inhibitory": _columns(np.hstack(inhibitory)),
        "network.feedback": _columns(feedback[:, positive]),
        "network.negative_feedback": _columns(feedback[:, ~positive]),
        "network.probe": _columns(_probe(frame, at, layers)),
        "network.nodes": _nodes(frame, at, ids(layers)),
        "network.watched": _watched(frame, at, ids(layers)),
    }


def _strongest(weights: FloatArray, most: int) -> tuple[Indices, Indices]:
    """Indices of the strongest weights, or of all if there are few."""
    strength = np.abs(weights).ravel()
    n = min(most, strength.size)
    chosen = np.argpartition(strength, strength.size - n)[strength.size - n :]
    post, pre = np.unravel_index(chosen, weights.shape)
    return post, pre


def note(live: LiveFrame) -> str:
    """What is shown, in a few words."""
    largest = max(n_weights(live.frame))
    few = f"the {MOST_LINES} strongest of {largest} weights; " if largest > MOST_LINES else ""
    return f"{few}tap a neuron or a line to watch it"


def n_weights(frame: Frame) -> list[int]:
    """Number of weights of each layer."""
    return [weights.size for name, weights in frame.matrices.items() if name.endswith("_weights")]


def _lines(at: Places, lower: str, pre: Indices, upper: str, post: Indices, strength: FloatArray) -> FloatArray:
    """Lines as rows x0, y0, x1, y1, width, alpha; the strength is 1 at the weight limit."""
    (x0, y0), (x1, y1) = at[lower], at[upper]
    strength = np.abs(strength)
    ones = np.ones(len(pre), dtype=np.float32)
    alpha = np.clip(0.04 + 1.2 * strength, 0, 0.9)
    return np.stack([x0[pre], y0 * ones, x1[post], y1 * ones, THINNEST + WIDENED * strength, alpha]).astype(np.float32)


def _feedback(frame: Frame, at: Places) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Paths of the error from outputs to the last hidden layer, beside the weights there, and which are positive.

    They are as wide as their weights are strong; where no error is fed back, there are none.
    """
    weights = frame.matrices.get("feedback", np.zeros((0, 0), dtype=np.float32))
    largest = float(np.abs(weights).max(initial=0))
    if not largest > 0:
        return np.zeros((6, 0), dtype=np.float32), np.zeros(0, dtype=bool)
    post, pre = _strongest(weights, MOST_PATHS)
    drawn = _lines(at, "output", pre, list(at)[-2], post, 0.4 * weights[post, pre] / largest)
    drawn[[0, 2]] += BESIDE
    drawn[5] = np.maximum(0.25, np.abs(weights[post, pre]) / largest)
    return drawn, weights[post, pre] > 0


def _probe(frame: Frame, at: Places, layers: Sizes) -> FloatArray:
    watch = frame.watch
    pre, post = np.array([watch.probe_pre]), np.array([watch.probe_post])
    line = _lines(at, below(watch.probe_layer, layers), pre, watch.probe_layer, post, flat([0.7]))
    line[5] = 1
    return line


def _nodes(frame: Frame, at: Places, hidden: dict[str, range]) -> dict[str, FloatArray]:
    """Neurons, larger the more they spiked in the chunk."""
    x, y, size = [], [], []
    for layer, (across, height) in at.items():
        mine = hidden.get(layer, range(len(across)))
        counts = _counts(frame.rasters.get("hidden" if layer in hidden else layer), mine)
        small, big = (1.5, 6.0) if len(across) > 32 else (6.0, 16.0)
        x.append(across)
        y.append(np.full(len(across), height))
        size.append(small + (big - small) * np.minimum(counts / 10, 1))
    return {"x": flat(np.concatenate(x)), "y": flat(np.concatenate(y)), "size": flat(np.concatenate(size))}


def _watched(frame: Frame, at: Places, hidden: dict[str, range]) -> dict[str, FloatArray]:
    """Rings around the neurons whose membranes are drawn, in layers of which that are not all."""
    x, y, size = [flat([])], [flat([])], [flat([])]
    for layer in list(at)[1:]:
        across, height = at[layer]
        mine = hidden.get(layer, range(len(across)))
        wished = frame.watch.hidden if layer in hidden else frame.watch.output
        watched = [neuron - mine.start for neuron in wished if neuron in mine]
        if len(watched) < len(across):
            x.append(across[watched])
            y.append(np.full(len(watched), height))
            size.append(np.full(len(watched), RING_OF_MANY if len(across) > 32 else RING))
    return {"x": flat(np.concatenate(x)), "y": flat(np.concatenate(y)), "size": flat(np.concatenate(size))}


def _counts(raster: Raster | None, mine: range) -> FloatArray:
    """Spikes of each neuron with these ids."""
    if raster is None:
        return np.zeros(len(mine), dtype=np.float32)
    return np.bincount(raster.neuron.astype(int), minlength=mine.stop)[mine.start : mine.stop].astype(np.float32)


def _columns(lines: FloatArray) -> dict[str, FloatArray]:
    names = ("x0", "y0", "x1", "y1", "line_width", "line_alpha")
    return dict(zip(names, lines, strict=True))
