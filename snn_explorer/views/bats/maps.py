"""Feature maps: what each filter of a convolution found where and when, with the filter beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from bokeh.models import Plot

from snn_explorer.bats.feature_maps import as_maps
from snn_explorer.bats.wiring import Maps, maps_of, windows_of
from snn_explorer.engine import FloatArray, Frame
from snn_explorer.live.frame import BatsFrame
from snn_explorer.views.bats import signed
from snn_explorer.views.bats.parts import MS
from snn_explorer.views.bats.tiling import ASPECT, Tiling
from snn_explorer.views.columns import Columns, flat
from snn_explorer.views.figures import boxes, glyph, render, show_square, tiles
from snn_explorer.views.network_drawing import ids, sizes
from snn_explorer.views.scales import Following

FIGURE: Final = "maps"

LEAST: Final = 0.5
"""The smallest weight that has the full colour [1/s]."""

LATEST: Final = 0.12
"""Opacity of a spike at the end of the simulated time."""


@dataclass
class Chosen:
    """What is looked at: which convolution, and the map before it whose weights are drawn, both counted from 0."""

    layer: int = 0
    before: int = 0

    def of(self, frame: Frame) -> tuple[str, int] | None:
        """The layer's name and the map before; None where there is no convolution."""
        if not (layers := convolutions(frame)):
            return None
        layer = layers[min(self.layer, len(layers) - 1)]
        return layer, min(self.before, n_before(frame, layer) - 1)


def convolutions(frame: Frame) -> list[str]:
    """Names of the convolutions, from the input on."""
    return [name for name in sizes(frame) if maps_of(frame, name)]


def n_before(frame: Frame, layer: str) -> int:
    """Maps that a convolution sees."""
    windows = windows_of(frame, layer)
    return 1 if windows is None else windows.maps[0]


def tiling(frame: Frame, layer: str) -> Tiling:
    """Where the maps of a layer are drawn."""
    maps = maps_of(frame, layer)
    assert maps is not None
    return Tiling(maps, int(frame.numbers[f"{layer}_window"]))


def figure() -> Plot:
    """Figure of maps and filters, empty."""
    places = boxes("maps.places", "muted", fill_alpha=0.13)
    drawn = render(FIGURE, places, (-1, 0), xlim=(0, ASPECT), xaxis=None, yaxis=None)
    drawn.update(min_border_left=4, outline_line_color=None)
    tiles(drawn, "maps.neurons", "ink")
    signed.add_tiles(drawn, FIGURE)
    return drawn


def columns(live: BatsFrame, chosen: Chosen, scale: Following) -> Columns:
    """Columns of all sources, for one frame: each neuron's first spike, and the filters."""
    if (wanted := chosen.of(live.frame)) is None:
        nothing = flat([])
        empty = dict.fromkeys(("x", "y", "fill_alpha", "time", "map", "row", "column"), nothing)
        places = dict.fromkeys(("left", "right", "bottom", "top"), nothing)
        none = dict.fromkeys(("map", "row", "column"), nothing)
        return {"maps.places": places, "maps.neurons": empty} | signed.columns(
            FIGURE, nothing, nothing, nothing, 1.0, **none
        )
    layer, before = wanted
    at = tiling(live.frame, layer)
    return {"maps.places": at.places(), "maps.neurons": _neurons(live, layer, at)} | _weights(
        live, layer, before, at, scale.value
    )


def largest(live: BatsFrame, chosen: Chosen) -> float:
    """The largest weight of the filters that are drawn, whatever its sign."""
    if (wanted := chosen.of(live.frame)) is None:
        return 0.0
    return float(np.abs(_filters(live.frame, *wanted)).max())


def arrange(figure: Plot, live: BatsFrame, chosen: Chosen) -> None:
    """Show all maps of the chosen layer, in squares that fit them."""
    if (wanted := chosen.of(live.frame)) is None:
        return
    at = tiling(live.frame, wanted[0])
    wide, high = at.span
    show_square(figure, (0, wide), (-high, 0))
    signed.set_size(figure, FIGURE, at.weight)
    neurons = glyph(figure, "maps.neurons")
    if neurons.width != at.pixel:
        neurons.update(width=at.pixel, height=at.pixel)


def note(live: BatsFrame, chosen: Chosen) -> str:
    """What is shown, in a few words."""
    if (wanted := chosen.of(live.frame)) is None:
        return ""
    n_maps, n_rows, n_columns = tiling(live.frame, wanted[0]).maps
    return f"{n_maps} maps of {n_rows} × {n_columns} neurons, each beside the weights of its filter"


def sentence(live: BatsFrame, chosen: Chosen) -> str:
    """What is shown, for a screen reader."""
    if (wanted := chosen.of(live.frame)) is None:
        return ""
    layer, before = wanted
    at, n = tiling(live.frame, layer), live.frame.numbers
    first = _first(live.frame, layer, at.maps)
    spiked = np.isfinite(first)
    when = f"; the first spike comes at {float(MS) * first.min():.1f} ms" if spiked.any() else ""
    filters = _filters(live.frame, layer, before)
    return (
        f"{layer}: {spiked.sum()} of {n[f'{layer}_size']:.0f} neurons in {at.maps[0]} maps spike{when}. Weights of the "
        f"filters from map {before + 1} go from {filters.min():.2f} to {filters.max():.2f}."
    )


def _first(frame: Frame, layer: str, maps: Maps) -> FloatArray:
    """Time of each neuron's first spike [s], ``maps``."""
    raster, mine = frame.rasters["hidden"], ids(sizes(frame))[layer]
    own = (raster.neuron >= mine.start) & (raster.neuron < mine.stop)
    return as_maps(raster.time[own], raster.neuron[own].astype(np.int64) - mine.start, maps).first.astype(np.float32)


def _filters(frame: Frame, layer: str, before: int) -> FloatArray:
    """Weights of all filters from one map before, ``(n_filters, K * K)``."""
    weights = frame.matrices[f"{layer}_weights"]
    return weights.reshape(len(weights), n_before(frame, layer), -1)[:, before]


def _neurons(live: BatsFrame, layer: str, at: Tiling) -> dict[str, FloatArray]:
    first = _first(live.frame, layer, at.maps)
    number, row, column = (flat(each) for each in np.nonzero(np.isfinite(first)))
    time = first[np.isfinite(first)]
    x, y = at.neurons(number, row, column)
    early = 1 - np.clip(time / live.frame.duration, 0, 1)
    return {
        "x": x, "y": y, "fill_alpha": flat(LATEST + (1 - LATEST) * early), "time": time * MS, "map": number, "row": row,
        "column": column,
    }  # fmt: skip


def _weights(live: BatsFrame, layer: str, before: int, at: Tiling, largest: float) -> Columns:
    filters = _filters(live.frame, layer, before)
    number, row, column = (flat(each) for each in np.indices((len(filters), at.window, at.window)))
    x, y = at.weights(number, row, column)
    return signed.columns(FIGURE, x, y, flat(filters), largest, map=number, row=row, column=column)
