"""How the layers use their spike budgets: neurons by the number of spikes that they gave to the sample."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from bokeh.models import Plot

from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import BatsFrame
from snn_explorer.views.bats.parts import Shape
from snn_explorer.views.columns import Columns, flat
from snn_explorer.views.figures import boxes, fix_ticks, render, set_range
from snn_explorer.views.network_drawing import sizes
from snn_explorer.views.scales import Growing

FIGURES: Final = ("hidden_budget", "output_budget")

_KINDS: Final = {"silent": "muted", "used": "ink", "saturated": "change"}
"""Colours of silent neurons, of those with spikes left, and of saturated ones."""


def figures() -> list[Plot]:
    """Histograms of hidden neurons and outputs, empty."""
    drawn = []
    for name, words in zip(FIGURES, ("hidden neurons", "outputs"), strict=True):
        bars = [boxes(f"{name}.{kind}", role, fill_alpha=0.8) for kind, role in _KINDS.items()]
        figure = render(name, bars[0] * bars[1] * bars[2], (0, 10), xlim=(-0.6, 30.6))
        figure.xaxis.axis_label, figure.yaxis.axis_label = "spikes of a neuron", words
        figure.update(min_border_bottom=0, min_border_left=0)
        drawn.append(figure)
    return drawn


class Heights:
    """Heights of the histograms; they grow in round steps."""

    def __init__(self) -> None:
        self._heights = {name: Growing(10.0) for name in FIGURES}

    def fit(self, columns: Columns) -> None:
        """Take a frame in."""
        for name, height in self._heights.items():
            height.fit(max(float(columns[f"{name}.{kind}"]["top"].max(initial=0.0)) for kind in _KINDS))

    def reset(self) -> None:
        """Back to the smallest heights."""
        for height in self._heights.values():
            height.reset()

    def show(self, figures: dict[str, Plot], live: BatsFrame) -> None:
        """Set the axes: as far as the largest budget goes."""
        for name, height in self._heights.items():
            set_range(figures[name], 0.0, height.value)
            n_max = int(budgets_of(live, name.removesuffix("_budget")).max(initial=1))
            across: Any = figures[name].x_range
            if across.end != n_max + 0.6:
                across.end = n_max + 0.6
                fix_ticks(figures[name].xaxis[0], sorted({0, n_max // 2, n_max}))


def columns(live: BatsFrame) -> Columns:
    """Columns of the histograms, for one frame."""
    columns: Columns = {}
    for name in FIGURES:
        layer = name.removesuffix("_budget")
        counts = spikes_of(live, layer)
        kinds = {"silent": counts == 0, "saturated": counts == budgets_of(live, layer)}
        kinds["used"] = ~kinds["silent"] & ~kinds["saturated"]
        columns |= {f"{name}.{kind}": _bars(counts[mine]) for kind, mine in kinds.items()}
    return columns


def spikes_of(live: BatsFrame, layer: str) -> FloatArray:
    """Spikes of each neuron of ``hidden`` (all hidden layers) or ``output``."""
    raster, n = live.frame.rasters.get(layer), Shape.of(live.frame).layers.get(layer, 0)
    return flat(np.bincount(raster.neuron.astype(int), minlength=n) if raster is not None else [])


def budgets_of(live: BatsFrame, layer: str) -> FloatArray:
    """Spike budget of each neuron of ``hidden`` (all hidden layers) or ``output``."""
    numbers, each = live.frame.numbers, list(sizes(live.frame).items())
    mine = each[-1:] if layer == "output" else each[1:-1]
    return flat([numbers[f"{name}_budget"] for name, size in mine for _ in range(size)])


def _bars(counts: FloatArray) -> dict[str, FloatArray]:
    """One bar for each number of spikes that some neuron gave."""
    number, height = np.unique(counts, return_counts=True)
    return {"left": flat(number - 0.4), "right": flat(number + 0.4), "bottom": flat(np.zeros(number.size)),
            "top": flat(height)}  # fmt: skip


def note(live: BatsFrame) -> str:
    """What is shown, in a few words."""
    return "grey: silent, orange: budget spent; for this sample"


def sentence(live: BatsFrame) -> str:
    """What the histograms show, for a screen reader."""
    said = []
    for layer, words in (("hidden", "hidden neurons"), ("output", "outputs")):
        counts = spikes_of(live, layer)
        if counts.size:
            silent, spent = int((counts == 0).sum()), int((counts == budgets_of(live, layer)).sum())
            said.append(f"Of {counts.size} {words} {silent} are silent and {spent} have spent their budget; together "
                        f"they spike {counts.sum():.0f} times.")  # fmt: skip
    return " ".join(said)
