"""Sizes of a network and its layers' rows, as the plots take them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from snn_explorer.engine import FloatArray, Frame, Raster
from snn_explorer.tasks.samples import Samples
from snn_explorer.views.columns import flat
from snn_explorer.views.network_drawing import sizes

MS = np.float32(1e3)
"""Milliseconds in a second: the unit of times on this page."""


@dataclass(frozen=True)
class Shape:
    """What the arrangement depends on.

    Attributes
    ----------
    layers : dict of str to int
        Neurons of ``input``, ``hidden`` (all hidden layers; left out where there is none) and ``output``.
    hidden_lanes, output_lanes : int
        Membranes that are drawn.
    duration : float
        Simulated time [ms].
    """

    layers: Mapping[str, int]
    hidden_lanes: int
    output_lanes: int
    duration: float

    @classmethod
    def of(cls, *frames: Frame) -> Shape:
        """Shape that the frames of one or two runs fit into."""
        n_in, *_, n_out = sizes(frames[0]).values()
        n_hidden = max(sum([*sizes(frame).values()][1:-1]) for frame in frames)
        layers = {"input": n_in} | ({"hidden": n_hidden} if n_hidden else {}) | {"output": n_out}
        hidden, output = (max(len(getattr(frame.watch, layer)) for frame in frames) for layer in ("hidden", "output"))
        return cls(layers, hidden, output, 1e3 * max(frame.duration for frame in frames))


def class_names(samples: Samples) -> tuple[str, ...]:
    """Names of the classes; numbers where they have none."""
    return samples.class_names or tuple(str(i) for i in range(samples.n_classes))


def raster(frame: Frame, name: str) -> dict[str, FloatArray]:
    """Columns of a raster: times [ms] and rows."""
    spikes = frame.rasters.get(name, Raster(flat([]), flat([])))
    return {"x": spikes.time * MS, "y": spikes.neuron}


def trace(frame: Frame, name: str) -> FloatArray:
    """The only row of a trace; empty where the network has none."""
    return flat(frame.traces.get(name, ()))


def upright(x: FloatArray, bottom: FloatArray, top: FloatArray) -> dict[str, FloatArray]:
    """Columns of stems."""
    return {"x0": x, "y0": flat(bottom), "x1": x, "y1": flat(top)}
