"""Firing statistics of hidden units, and final costs and accuracies of many networks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from numpy.typing import NDArray

from snn_explorer.analysis import (
    Histogram,
    coefficients_of_variation,
    cv_histogram,
    firing_rates,
    interspike_intervals,
    isi_histogram,
    rate_histogram,
)
from snn_explorer.experiments.panels.activity import spikes_of


def hidden_rates(data: xr.Dataset, condition: str) -> NDArray[np.float64]:
    """Firing rate of every hidden unit of all networks of a condition after learning [Hz], ``(n_networks * n_h,)``."""
    n_hidden = int(data.n_hidden.sel(condition=condition))
    spikes = (neuron for _, neuron in _networks(data, condition))
    return np.concatenate([firing_rates(neuron, n_hidden, _duration(data)) for neuron in spikes])


def rate_panel(axes: Axes, data: xr.Dataset, condition: str, color: str = "black") -> None:
    """Distribution of the firing rates of hidden units, all networks together."""
    _steps(axes, rate_histogram(hidden_rates(data, condition)), color)
    axes.set_xticks([0, 50, 100], ["0", "50", "100+"])
    axes.set_xlabel("Hidden rate [Hz]")
    axes.set_ylabel("Density [1/Hz]")


def isi_panel(axes: Axes, data: xr.Dataset, condition: str, color: str = "black") -> None:
    """Distribution of their interspike intervals, on semi-log axes."""
    intervals = [interspike_intervals(time, neuron).interval for time, neuron in _networks(data, condition)]
    _steps(axes, isi_histogram(np.concatenate(intervals)), color, scale=1e3)
    axes.set_yscale("log")
    axes.set_xlabel("ISI [ms]")
    axes.set_ylabel("Density [1/s]")


def cv_panel(axes: Axes, data: xr.Dataset, condition: str, color: str = "black") -> None:
    """Distribution of the coefficients of variation of their interspike intervals."""
    n_hidden = int(data.n_hidden.sel(condition=condition))
    spikes = _networks(data, condition)
    values = [coefficients_of_variation(time, neuron, n_hidden, MIN_INTERVALS) for time, neuron in spikes]
    _steps(axes, cv_histogram(np.concatenate(values)), color)
    axes.set_xlabel("CV of the ISI")
    axes.set_ylabel("Density")


MIN_INTERVALS = 5
"""Intervals that a unit needs to have a coefficient of variation: few give too small a one."""


def sized(axes: Axes, data: xr.Dataset, conditions: Sequence[str], color: str, label: str) -> None:
    """Final cost, mean and standard deviation over networks, against the number of hidden units."""
    final = data.cost.isel(time=-1).sel(condition=list(conditions))
    axes.errorbar(
        data.n_hidden.sel(condition=list(conditions)), final.mean("seed"), final.std("seed"), color=color, label=label,
        marker="o", markersize=3, linewidth=1.1, capsize=2, elinewidth=0.8,
    )  # fmt: skip


def _networks(data: xr.Dataset, condition: str) -> list[tuple[NDArray, NDArray]]:
    """Hidden spikes of each network of a condition after learning is switched off."""
    stops = max(data.attrs["after_learning_stops"], 0.0)
    seeds = np.flatnonzero(data.cost.sel(condition=condition).notnull().any("time"))
    spikes = [spikes_of(data, "hidden", condition, seed=int(k)) for k in seeds]
    return [(time[time >= stops], neuron[time >= stops]) for time, neuron in spikes]


def _duration(data: xr.Dataset) -> float:
    return data.attrs["after_duration"] - max(data.attrs["after_learning_stops"], 0.0)


def _steps(axes: Axes, histogram: Histogram, color: str, scale: float = 1.0) -> None:
    axes.stairs(histogram.density, histogram.edges * scale, color=color, fill=True, alpha=0.35, linewidth=0)
    axes.stairs(histogram.density, histogram.edges * scale, color=color, linewidth=1)
    axes.set_xlim(0, histogram.edges[-1] * scale)
