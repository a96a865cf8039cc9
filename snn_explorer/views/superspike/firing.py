"""How the hidden neurons fire: histograms of rates, interspike intervals and their variation (Fig 6d)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from bokeh.models import FixedTicker, Plot

from snn_explorer.analysis import Histogram, coefficients_of_variation, firing_rates
from snn_explorer.analysis.histograms import CV_EDGES, ISI_EDGES, RATE_EDGES
from snn_explorer.live.firing import Firing
from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.views.columns import Columns, flat
from snn_explorer.views.figures import boxes, render, set_range
from snn_explorer.views.scales import Growing

FIGURES: Final = ("firing_rate", "firing_interval", "firing_variation")
"""Histograms from left to right."""

LOWEST: Final = 0.7
"""Where the logarithmic axis of intervals begins: a bar of one interval is just seen."""

_NAMES: Final = {"hidden": "hidden neurons", "output": "outputs"}


def figures() -> list[Plot]:
    """Figures of the three histograms, empty."""
    return [
        _figure("firing_rate", "rate [Hz]", "neurons", RATE_EDGES, [0, 50, 100]),
        _figure("firing_interval", "interval [ms]", "intervals", 1e3 * ISI_EDGES, [0, 250, 500], logy=True),
        _figure("firing_variation", "CV of intervals", "neurons", CV_EDGES, [0, 1, 2]),
    ]


def _figure(name: str, across: str, up: str, edges: np.ndarray, ticks: list[int], *, logy: bool = False) -> Plot:
    options = {"logy": True} if logy else {}
    limits = (LOWEST, 100.0) if logy else (0.0, 5.0)
    drawn = render(name, boxes(name, "ink", fill_alpha=0.75), limits, xlim=(edges[0], edges[-1]), **options)
    drawn.xaxis.axis_label, drawn.yaxis.axis_label = across, up
    drawn.xaxis.ticker = FixedTicker(ticks=ticks)
    drawn.update(min_border_bottom=0, min_border_left=0)  # three of them share the width of one
    return drawn


class FiringHeights:
    """Heights of the histograms; they grow in round steps."""

    def __init__(self) -> None:
        self._heights = {name: Growing(least) for name, least in zip(FIGURES, (5.0, 100.0, 5.0), strict=True)}

    def fit(self, columns: Columns) -> None:
        """Take a frame in."""
        for name, height in self._heights.items():
            height.fit(float(columns[name]["top"].max(initial=0.0)))

    def reset(self) -> None:
        """Back to the smallest heights."""
        for height in self._heights.values():
            height.reset()

    def show(self, figures: Mapping[str, Plot]) -> None:
        """Set the vertical axes."""
        for name, height in self._heights.items():
            set_range(figures[name], LOWEST if name == "firing_interval" else 0.0, height.value)


def columns(firing: Firing) -> Columns:
    """Columns of the histograms, for one frame."""
    rate, interval, variation = firing.histograms()
    return {
        "firing_rate": _bars(rate),
        "firing_interval": _bars(interval, scale=1e3, bottom=LOWEST),
        "firing_variation": _bars(variation),
    }


def _bars(histogram: Histogram, scale: float = 1.0, bottom: float = 0.0) -> dict[str, np.ndarray]:
    """One bar for each bin that is not empty, with a hair's breadth between them."""
    there = histogram.counts > 0
    left, right, top = (values[there] for values in (histogram.edges[:-1], histogram.edges[1:], histogram.counts))
    gap = 0.05 * (right - left)
    return {
        "left": flat(scale * (left + gap)),
        "right": flat(scale * (right - gap)),
        "bottom": flat(np.full(top.size, bottom)),
        "top": flat(top),
    }


def note(live: SuperSpikeFrame) -> str:
    """What is shown, in a few words."""
    return f"{_NAMES[live.firing.layer]}, last {live.firing.duration:.0f} s"


def sentence(live: SuperSpikeFrame) -> str:
    """What the histograms show, for a screen reader."""
    firing = live.firing
    if not firing.duration:
        return "There are no spikes yet."
    rate = firing_rates(firing.spikes.neuron, firing.n_neurons, firing.duration)
    variation = coefficients_of_variation(firing.spikes.time, firing.spikes.neuron, firing.n_neurons)
    said = f"In the last {firing.duration:.0f} s the {_NAMES[firing.layer]} fire at {rate.mean():.1f} Hz on average, "
    said += f"from {rate.min():.1f} to {rate.max():.1f} Hz"
    if np.isfinite(variation).any():
        said += f"; the coefficient of variation of their intervals is {np.nanmean(variation):.2f} on average"
    return said + "."
