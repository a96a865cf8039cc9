"""A network with convolutions as it is drawn: a dot for each map, a line for the mean of all synapses between two.

In the frame that is given to the drawing each map is one neuron, and a pooled map the same as the map before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from snn_explorer.bats.wiring import maps_of, strongest_onto
from snn_explorer.engine import FloatArray, Frame, Raster, Watch
from snn_explorer.views.columns import flat
from snn_explorer.views.network_drawing import ids, sizes

FULL: Final = 10
"""Spikes with which a dot is the largest: those of a map whose neurons have all spent their budget."""


def with_maps_as_neurons(frame: Frame) -> Frame:
    """The frame to be drawn; the same one where there is no convolution."""
    names = list(sizes(frame))
    if not any(maps_of(frame, name) for name in names):
        return frame
    matrices = {f"{name}_weights": _means(frame, name, below) for name, below in zip(names[1:], names, strict=False)}
    if "feedback" in frame.matrices:
        matrices["feedback"] = _grouped(frame.matrices["feedback"].T, _n_units(frame, names[-2])).T
    numbers = {name: value for name, value in frame.numbers.items() if not name.endswith(("_size", "_inputs"))}
    drawn = replace(frame, matrices=matrices, numbers=numbers)
    return replace(drawn, rasters=_rasters(frame, drawn), watch=_watch(frame, drawn, names))


def neuron_of(frame: Frame, layer: str, unit: int) -> int:
    """The neuron that a dot stands for: of a map the first to spike, or without spikes the one in its middle."""
    per_unit = sizes(frame)[layer] // _n_units(frame, layer)
    if per_unit == 1:
        return unit
    first = unit * per_unit
    raster, mine = _raster(frame, layer)
    spiked = np.flatnonzero((raster.neuron >= mine.start + first) & (raster.neuron < mine.start + first + per_unit))
    if spiked.size:
        return int(raster.neuron[spiked[raster.time[spiked].argmin()]]) - mine.start
    maps = maps_of(frame, layer)
    n_rows, n_columns = maps[1:] if maps else frame.matrices["image"].shape
    return first + n_rows // 2 * n_columns + n_columns // 2


def synapse_of(frame: Frame, layer: str, post: int, pre: int) -> tuple[str, int, int]:
    """The synapse that a line between two dots stands for: the strongest from the one map onto that neuron."""
    names = list(sizes(frame))
    below = names[names.index(layer) - 1]
    neuron = neuron_of(frame, layer, post)
    per_unit = int(frame.numbers[f"{layer}_inputs"]) // _n_units(frame, below)
    return layer, neuron, strongest_onto(frame, layer, neuron, range(pre * per_unit, (pre + 1) * per_unit))


def _n_units(frame: Frame, layer: str) -> int:
    """Dots of a layer; the image that the first convolution sees is one."""
    if maps := maps_of(frame, layer):
        return maps[0]
    names = list(sizes(frame))
    return 1 if layer == "input" and maps_of(frame, names[1]) else sizes(frame)[layer]


def _means(frame: Frame, layer: str, below: str) -> FloatArray:
    """Mean weight from each dot to each dot of the layer above."""
    return _grouped(frame.matrices[f"{layer}_weights"], _n_units(frame, below))


def _grouped(weights: FloatArray, n: int) -> FloatArray:
    """Means over all presynaptic neurons of each of `n` dots, which follow one another."""
    return weights.reshape(len(weights), n, -1).mean(2)


def _raster(frame: Frame, layer: str) -> tuple[Raster, range]:
    """Where a layer's spikes are, and under which ids."""
    hidden = ids(sizes(frame))
    return frame.rasters["hidden" if layer in hidden else layer], hidden.get(layer, range(sizes(frame)[layer]))


def _rasters(frame: Frame, drawn: Frame) -> dict[str, Raster]:
    """As many spikes of each dot as say how much of their budget its neurons spent."""
    found = {name: flat([]) for name in ("input", "hidden", "output")}
    own = ids(sizes(drawn))
    for layer in sizes(frame):
        raster, mine = _raster(frame, layer)
        counts = np.bincount(raster.neuron.astype(int), minlength=mine.stop)[mine.start : mine.stop]
        each = counts.reshape(_n_units(frame, layer), -1)
        if each.shape[1] > 1:
            each = np.rint(FULL * each.mean(1) / frame.numbers.get(f"{layer}_budget", 1.0))
        units = np.repeat(np.arange(len(each)), each.astype(int).ravel())
        name = "hidden" if layer in own else layer
        found[name] = flat([*found[name], *(units + (own[layer].start if layer in own else 0))])
    return {name: Raster(np.zeros_like(neuron), neuron) for name, neuron in found.items()}


def _watch(frame: Frame, drawn: Frame, names: list[str]) -> Watch:
    """What is watched, as dots."""
    neurons, dots, layers = ids(sizes(frame)), ids(sizes(drawn)), sizes(frame)
    hidden = [
        dots[name].start + (i - mine.start) // (layers[name] // _n_units(frame, name))
        for i in frame.watch.hidden
        for name, mine in neurons.items()
        if i in mine
    ]
    layer, post, pre = frame.watch.synapse
    below = names[names.index(layer) - 1]
    return replace(
        frame.watch,
        hidden=tuple(dict.fromkeys(hidden)),
        probe_post=post // (layers[layer] // _n_units(frame, layer)),
        probe_pre=pre // (int(frame.numbers[f"{layer}_inputs"]) // _n_units(frame, below)),
    )
