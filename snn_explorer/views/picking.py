"""What a tap on a plot means: the neuron or synapse of the drawn network, or the spike of a raster, that is nearest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from bokeh.models import Plot

from snn_explorer.engine import Frame, Raster
from snn_explorer.live.frame import LiveFrame
from snn_explorer.views.network_drawing import below, places, sizes

NETWORK_PX = (310.0, 70.0)
"""Usual size of one unit of the drawn network's axes on a screen [px]."""

NEURON_PX = 9.0
"""A tap so close to a neuron means it, and not the synapses that meet there [px]."""

SPIKE_PART = (0.02, 0.05)
"""A tap means a spike that is no further away than these parts of the raster's width and height."""


def follow_network(
    figure: Plot,
    newest: Callable[[], LiveFrame | None],
    neuron: Callable[[str, int], None],
    synapse: Callable[[str, int, int], None],
) -> None:
    """Let taps on the drawn network call `neuron` with a layer and an index, or `synapse` with layer, post and pre."""

    def tapped(event: Any) -> None:
        if (live := newest()) is None:
            return
        layer, post, pre = picked(live.frame, event.x, event.y)
        if pre is None:
            neuron(layer, post)
        else:
            synapse(layer, post, pre)

    figure.on_event("tap", tapped)


def picked(frame: Frame, x: float, y: float) -> tuple[str, int, int | None]:
    """Layer and index of the neuron at a point of the drawn network, and None; or the synapse that passes closest."""
    wide, high = NETWORK_PX
    for layer, (across, height) in places(sizes(frame)).items():
        distance = np.hypot((across - x) * wide, (height - y) * high)
        nearest = int(distance.argmin())
        if distance[nearest] <= NEURON_PX:
            return layer, nearest, None
    return nearest_synapse(frame, x, y)


def nearest_synapse(frame: Frame, x: float, y: float) -> tuple[str, int, int]:
    """Layer, postsynaptic and presynaptic neuron of the synapse whose line passes closest to a point."""
    layers = sizes(frame)
    at, uppers = places(layers), list(layers)[1:]
    layer = next((name for name in uppers if y <= at[name][1]), uppers[-1])
    (x0, y0), (x1, y1) = at[below(layer, layers)], at[layer]
    part = np.clip((y - y0) / (y1 - y0), 0, 1)
    distance = np.abs(x0[None, :] * (1 - part) + x1[:, None] * part - x)
    post, pre = np.unravel_index(int(distance.argmin()), distance.shape)
    return layer, int(post), int(pre)


def nearest_spike(raster: Raster, x: float, y: float, width: float, height: float) -> tuple[int, float] | None:
    """Neuron and time [s] of the spike at a point of a raster, whose axes are so long; None if there is none.

    In its own row a spike is hit however high the row is.
    """
    if raster.time.size == 0:
        return None
    wide, high = SPIKE_PART
    beside = np.abs(raster.time - x) / (wide * width)
    above = np.abs(raster.neuron - y) / max(high * height, 0.5)
    nearest = int(np.hypot(beside, above).argmin())
    if max(beside[nearest], above[nearest]) > 1:
        return None
    return int(raster.neuron[nearest]), float(raster.time[nearest])
