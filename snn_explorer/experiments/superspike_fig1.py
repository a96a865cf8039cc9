"""Figure 1: learning rates of single parameters make learning insensitive to r_0; a plain rate does not.

Networks with four hidden units and symmetric feedback learn the pattern of figure 2 from the same initial weights with
each value of r_0. The scale of the plain rate is arbitrary: it is `snn_explorer.superspike.optimisers.GRADIENT_UNIT`,
with which the best plain rate lies in the middle of the same values.
"""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from snn_explorer.experiments.metrics import SOLVED
from snn_explorer.experiments.panels.curves import COST_FLOOR, cost_axis, time_axis
from snn_explorer.experiments.panels.style import BLUE, ORANGE, REFERENCE, STYLE, VERMILION
from snn_explorer.experiments.superspike_experiment import Condition, SuperSpikeExperiment
from snn_explorer.tasks import simple_pattern

RATES = (2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2)
"""r_0 [V]; the paper's own values are 1e-4 to 1e-2."""

TITLES = {"plain": "plain rate", "rmsprop": "RMSprop", "rmaxprop": "RMaxProp"}
COLORS = {"plain": VERMILION, "rmsprop": ORANGE, "rmaxprop": BLUE}


def named(optimiser: str, rate: float) -> str:
    """Name of the condition with this optimiser and r_0."""
    return f"{optimiser}, r_0 = {rate:g}"


def draw(data: xr.Dataset) -> Figure:
    """Learning curves of each strategy, one line for each r_0, and the final cost against r_0."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 4.8), layout="constrained")
        top, bottom = (figure.add_subfigure(row) for row in figure.add_gridspec(2, 1))
        panels = top.subplots(1, len(TITLES), sharey=True)
        for axes, optimiser in zip(panels, TITLES, strict=True):
            _curves(axes, data, optimiser)
            axes.label_outer()
        top.legend(*panels[0].get_legend_handles_labels(), title="$r_0$ [mV]", loc="outside right center")
        cost, solved = bottom.subplots(1, 2)
        _final_cost(cost, data)
        _solved(solved, data)
    return figure


def final_cost(data: xr.Dataset, optimiser: str) -> xr.DataArray:
    """Final costs with this optimiser, ``(r_0, seed)``."""
    return data.cost.isel(time=-1).sel(condition=[named(optimiser, rate) for rate in RATES])


def _curves(axes: Axes, data: xr.Dataset, optimiser: str) -> None:
    """Median over seeds for each r_0."""
    axes.set_title(TITLES[optimiser])
    for rate, shade in zip(RATES, mpl.colormaps["viridis"](np.linspace(0, 0.95, len(RATES))), strict=True):
        cost = data.cost.sel(condition=named(optimiser, rate)).median("seed").clip(min=COST_FLOOR)
        axes.plot(data.time, cost, color=shade, linewidth=1, label=f"{rate * 1e3:g}")
    cost_axis(axes, data)
    time_axis(axes, data)


def _final_cost(axes: Axes, data: xr.Dataset) -> None:
    """Median over seeds."""
    rates = np.array(RATES) * 1e3
    for optimiser, color in COLORS.items():
        final = final_cost(data, optimiser).clip(min=COST_FLOOR)
        axes.plot(rates, final.median("seed"), "o-", color=color, markersize=3)
    axes.axhline(SOLVED * data.attrs["silent_cost"], color=REFERENCE, linewidth=0.7, linestyle=":")
    cost_axis(axes, data)
    axes.set_ylabel("Final cost [wrong spikes/s]")
    axes.set_xscale("log")
    axes.set_xlabel("$r_0$ [mV]")


def _solved(axes: Axes, data: xr.Dataset) -> None:
    """Share of networks whose final cost is below the dotted line beside."""
    for optimiser, color in COLORS.items():
        share = (final_cost(data, optimiser) < SOLVED * data.attrs["silent_cost"]).mean("seed")
        axes.plot(np.array(RATES) * 1e3, share, "o-", color=color, markersize=3, label=TITLES[optimiser])
    axes.set_ylim(-0.03, 1.03)
    axes.set_ylabel("Share of networks that learned")
    axes.legend(loc="lower center")
    axes.set_xscale("log")
    axes.set_xlabel("$r_0$ [mV]")


EXPERIMENT = SuperSpikeExperiment(
    name="superspike-fig1",
    figure="SuperSpike, Fig 1",
    title="Rates of single parameters need no tuning of r_0",
    task=simple_pattern,
    conditions=[
        Condition(named(optimiser, rate), {"optimiser": optimiser, "learning_rate": rate})
        for optimiser in TITLES
        for rate in RATES
    ],
    values={"n_hidden": 4, "feedback": "symmetric", "weight_scale": 0.02, "rate_drop": 1.0},
    seeds=20,
    length=1000.0,
    draw=draw,
)
