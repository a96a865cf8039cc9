"""Sketches of the networks: layers from the input (bottom) to the output (top)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from snn_explorer.experiments.panels.style import REFERENCE, VERMILION


def network_sketch(axes: Axes, layers: Sequence[tuple[str, int, str]], feedback: str = "") -> None:
    """Layers one above the other, each joined to the next, with the path of the feedback beside them.

    Parameters
    ----------
    axes : Axes
    layers : sequence of (str, int, str)
        Name, circles to draw and colour of each layer, from the lowest.
    feedback : str
        Label of the feedback path from the last layer to the one before; without it none is drawn.
    """
    places = [np.linspace(-1, 1, n) * (0.35 + 0.065 * n) for _, n, _ in layers]
    for low in range(len(layers) - 1):
        for x in places[low]:
            for above in places[low + 1]:
                axes.plot([x, above], [low, low + 1], color="0.8", linewidth=0.4, zorder=1)
    for level, ((name, _, color), x) in enumerate(zip(layers, places, strict=True)):
        axes.plot(x, np.full_like(x, level), "o", color=color, markersize=5, markeredgecolor="white", zorder=2)
        axes.text(-1.35, level, name, ha="right", va="center", fontsize=7)
    if feedback:
        top = len(layers) - 1
        start, stop = (places[top][-1] + 0.12, top), (places[top - 1][-1] + 0.12, top - 1)
        curve = {"arrowstyle": "->", "color": VERMILION, "linewidth": 1, "connectionstyle": "arc3,rad=-0.5"}
        axes.annotate("", stop, start, arrowprops=curve)
        beside = max(start[0], stop[0]) + 0.75
        axes.text(beside, top - 0.5, feedback, color=VERMILION, fontsize=7, va="center", rotation=-90)
    axes.set_xlim(-2.6, 2.2)
    axes.set_ylim(-0.4, len(layers) - 0.6)
    axes.set_axis_off()


FILL = REFERENCE
"""Colour of a layer without a meaning of its own."""
