"""Learning curves: cost or accuracy against learning time."""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter

from snn_explorer.experiments.metrics import accuracy_curve
from snn_explorer.experiments.panels.style import GREEN, SINGLE

COST_FLOOR = 1e-3
"""Costs below this are drawn at it: a perfect network has none, and the axis is logarithmic."""

N_SINGLE = 20
"""Single networks that are drawn, at most: as many as the paper's trials."""


def cost_axis(axes: Axes, data: xr.Dataset, low: float = COST_FLOOR) -> None:
    """Logarithmic cost from `low` to a little above the silent network's."""
    axes.set_yscale("log")
    axes.set_ylim(low, 3 * data.attrs["silent_cost"])
    axes.set_ylabel("Cost [wrong spikes/s]")
    axes.yaxis.set_minor_formatter(NullFormatter())


def time_axis(axes: Axes, data: xr.Dataset, burn_in: bool = False) -> None:
    """Learning time, from 0 or from the start of the burn-in."""
    first = float(data.time[0]) if burn_in else 0.0
    axes.set_xlim(min(first, 0.0), float(data.time[-1]))
    axes.set_xlabel("Learning time [s]")


def learning_curves(axes: Axes, data: xr.Dataset, condition: str, dashed: str | None = None) -> None:
    """Single networks grey, their mean black, the mean of another condition dashed."""
    cost = data.cost.sel(condition=condition).dropna("seed", how="all").clip(min=COST_FLOOR)
    axes.plot(data.time, cost[:N_SINGLE].T, color=SINGLE, linewidth=0.5, rasterized=True)
    axes.plot(data.time, cost.mean("seed"), color="black", linewidth=1.4)
    if dashed is not None:
        mean = data.cost.sel(condition=dashed).clip(min=COST_FLOOR).mean("seed")
        axes.plot(data.time, mean, color="black", linewidth=1.1, linestyle="--")
    cost_axis(axes, data)
    time_axis(axes, data)


def accuracy_curves(axes: Axes, data: xr.Dataset, condition: str, green: str | None = None) -> None:
    """Strict accuracy in 10 s: single networks grey, their mean black, the mean of another condition green."""
    accuracy = accuracy_curve(data, condition)
    axes.plot(data.time, accuracy[:N_SINGLE].T, color=SINGLE, linewidth=0.4, rasterized=True)
    if green is not None:
        axes.plot(data.time, accuracy_curve(data, green).mean("seed"), color=GREEN, linewidth=1.2)
    axes.plot(data.time, accuracy.mean("seed"), color="black", linewidth=1.4)
    axes.set_ylim(0, 1.02)
    axes.set_ylabel("Accuracy, strict")
    time_axis(axes, data)


def mean_cost(axes: Axes, data: xr.Dataset, condition: str, color: str, label: str, linestyle: str = "-") -> None:
    """Mean cost of one condition, in colour, with the range over networks."""
    cost = data.cost.sel(condition=condition).dropna("seed", how="all")
    axes.fill_between(data.time, cost.min("seed"), cost.max("seed"), color=color, alpha=0.18, linewidth=0)
    axes.plot(data.time, cost.mean("seed"), color=color, linewidth=1.2, linestyle=linestyle, label=label)
