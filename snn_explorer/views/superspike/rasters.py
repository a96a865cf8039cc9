"""The rasters: what inputs, hidden units and outputs spiked, and when the outputs should have.

They show the chunk, as the other plots do. A pattern that is longer than a chunk is shown as a whole, on a time axis of
its own: each chunk replaces its part, as the beam of an oscilloscope does, and a thin line is where it is now.
"""

from __future__ import annotations

from typing import Final

import holoviews as hv
import numpy as np
from bokeh.models import FixedTicker, Plot

from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.views.columns import Columns, flat
from snn_explorer.views.figures import boxes, points, render, rings, spikes, uprights
from snn_explorer.views.superspike.parts import Parts

FIGURES: Final = ("output", "hidden", "input")
"""Rasters from top to bottom."""

MOST_HIDDEN_ROWS: Final = 64
"""Hidden neurons that are shown at most, evenly taken from all."""

FASTEST_SWEEP: Final = 0.3
"""Part of a pattern that may pass from frame to frame before the line that shows the present place is left out."""

WINDOW_HEIGHT: Final = 0.8
"""Height of a window of opportunity, in rows."""


def figures() -> list[Plot]:
    """Figures of the rasters from top to bottom, empty."""
    drawn = [
        render("output", boxes("output.windows", "muted", fill_alpha=0.22) * rings("output.targets", 11)
               * spikes("output.spikes", 18) * uprights("output.now", "muted")
               * _marks("output.watched"), (-1, 1)),
        render("hidden", spikes("hidden.spikes", 9) * uprights("hidden.now", "muted")
               * _marks("hidden.watched"), (-1, 4)),
        render("input", spikes("input.spikes", 4) * uprights("input.now", "muted"), (-2, 101)),
    ]  # fmt: skip
    for figure, name in zip(drawn, FIGURES, strict=True):
        figure.yaxis.ticker = FixedTicker(ticks=[])  # until a frame says how many neurons there are
        for renderer in figure.renderers:
            if renderer.name == f"{name}.now":
                renderer.level = "overlay"  # a browser paints it without painting all spikes anew
    return drawn


def _marks(name: str) -> hv.Scatter:
    """Marks at the left end of rows."""
    return points(name, "surrogate", marker="triangle", angle=-90, size=8, line_width=0)


def columns(live: SuperSpikeFrame, parts: Parts, n_hidden: int, n_output: int, passed: float) -> Columns:
    """Columns of every source of the rasters, for one frame.

    Parameters
    ----------
    live : SuperSpikeFrame
    parts : dict of str to ndarray
        The frame, packed.
    n_hidden, n_output : int
        Sizes of the layers.
    passed : float
        Simulated time since the frame before [s].
    """
    now = {"x": _now(live, passed)}
    hidden = np.isin(parts["hidden_neuron"], hidden_rows(n_hidden))
    return {
        "output.windows": _windows(live.frame.windows),
        "output.targets": _raster(parts, "target"),
        "output.spikes": _raster(parts, "output"),
        "output.now": now,
        "output.watched": _watched(live.frame.watch.output, n_output),
        "hidden.spikes": {column: values[hidden] for column, values in _raster(parts, "hidden").items()},
        "hidden.now": now,
        "hidden.watched": _watched(
            live.frame.watch.hidden if n_hidden > len(live.frame.watch.hidden) else (), n_hidden
        ),
        "input.spikes": _raster(parts, "input"),
        "input.now": now,
    }


def hidden_rows(n_hidden: int) -> FloatArray:
    """The hidden neurons whose spikes are shown."""
    n_shown = min(n_hidden, MOST_HIDDEN_ROWS)
    return flat(np.arange(n_shown) * n_hidden // max(n_shown, 1))


def _now(live: SuperSpikeFrame, passed: float) -> FloatArray:
    """Where the sweep is, unless it would only flicker."""
    if live.sweep is None:
        return flat([])
    flickers = live.state == "playing" and not 0 <= passed <= FASTEST_SWEEP * live.sweep.period
    return flat([] if flickers else [live.sweep.now])


def _watched(neurons: tuple[int, ...], n_neurons: int) -> dict[str, FloatArray]:
    """A mark at the left end of the rows of the neurons whose membranes are drawn, if there are others."""
    rows = neurons if n_neurons > 1 else ()
    return {"x": flat(np.zeros(len(rows))), "y": flat(rows)}


def _windows(windows: FloatArray) -> dict[str, FloatArray]:
    """A box for each window of opportunity, in the row of the output that should spike."""
    begin, end, output, _pattern = windows.T
    half = np.float32(WINDOW_HEIGHT / 2)
    return {"left": flat(begin), "right": flat(end), "bottom": output - half, "top": output + half}


def _raster(parts: Parts, name: str) -> dict[str, FloatArray]:
    return {"x": parts[f"{name}_time"], "y": parts[f"{name}_neuron"]}
