"""Figure 7: a complex output pattern needs symmetric feedback; random feedback is worse than no hidden layer.

100 outputs learn a spike pattern of 3.5 s from 100 frozen Poisson inputs. Compared are kinds of feedback at several
sizes of the hidden layer, and at 256 hidden units a learning rule without voltage nonlinearity (symm. linear),
hidden weights that do not learn (fixed hidden), and the regulariser (3.4) with rho = 1, a = 4.
"""

from __future__ import annotations

import matplotlib as mpl
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase

from snn_explorer.experiments.panels.activity import raster, spikes_of
from snn_explorer.experiments.panels.curves import cost_axis, mean_cost, time_axis
from snn_explorer.experiments.panels.statistics import rate_panel, sized
from snn_explorer.experiments.panels.style import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    REFERENCE,
    SKY,
    STYLE,
    VERMILION,
    bare,
    letter,
)  # fmt: skip
from snn_explorer.experiments.superspike_experiment import Condition, Observation, SuperSpikeExperiment
from snn_explorer.tasks import complex_pattern

SIZES = (32, 64, 128, 256)
LARGEST = 256
NO_HIDDEN, LINEAR, FIXED = "no hidden layer", f"symm. linear, {LARGEST} hidden", f"fixed hidden, {LARGEST} hidden"

KINDS = {
    "symmetric": {"feedback": "symmetric"},
    "random": {"feedback": "random"},
    "random + regulariser": {"feedback": "random", "rho": 1.0},
}
UNIFORM_SIZES = (32, 256)

COLORS = {
    "symmetric": BLUE, "symm. linear": SKY, "random": VERMILION, "random + regulariser": ORANGE,
    "fixed hidden": PURPLE, "uniform": GREEN,
}  # fmt: skip


def named(kind: str, n_hidden: int = LARGEST) -> str:
    """Name of the condition of this kind and size."""
    return f"{kind}, {n_hidden} hidden"


def draw(data: xr.Dataset) -> Figure:
    """Panels a: learning curves; b: cost by size; c: cost by condition; d to g: outputs and hidden rates."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 6.6), layout="constrained")
        rows = figure.add_gridspec(2, 1, height_ratios=[1, 1.25])
        top, bottom = figure.add_subfigure(rows[0]), figure.add_subfigure(rows[1])
        curves, sizes, bars = top.subplots(1, 3, width_ratios=[1.35, 1, 1])
        _curves(curves, data)
        _sizes(sizes, data)
        _bars(bars, data)
        _outputs(bottom, data)
    return figure


def _curves(axes: Axes, data: xr.Dataset) -> None:
    letter(axes, "a")
    for kind in ("random", "random + regulariser", "fixed hidden", "symm. linear", "symmetric"):
        mean_cost(axes, data, named(kind), COLORS[kind], kind)
    mean_cost(axes, data, NO_HIDDEN, "black", NO_HIDDEN, "--")
    cost_axis(axes, data, low=0.3)
    axes.set_ylim(top=40)
    time_axis(axes, data, burn_in=True)
    axes.axvline(0, color=REFERENCE, linewidth=0.7, linestyle="--")
    axes.axvline(data.attrs["parameter_rate_drop_time"], color=REFERENCE, linewidth=0.7, linestyle=":")
    axes.legend(loc="upper right", ncols=2, columnspacing=0.8, fontsize=6.5)


def _sizes(axes: Axes, data: xr.Dataset) -> None:
    letter(axes, "b")
    for kind in KINDS:
        sized(axes, data, [named(kind, n) for n in SIZES], COLORS[kind], kind)
    axes.axhline(float(data.cost.sel(condition=NO_HIDDEN)[:, -1].mean()), color="black", linewidth=0.9, linestyle="--")
    axes.set_xscale("log", base=2)
    axes.set_xticks(SIZES, [str(n) for n in SIZES])
    axes.minorticks_off()
    axes.set_ylim(0, None)
    axes.set_xlabel("Hidden units")
    axes.set_ylabel("Final cost [wrong spikes/s]")


def _bars(axes: Axes, data: xr.Dataset) -> None:
    letter(axes, "c")
    final = data.cost.isel(time=-1)
    kinds = ("symmetric", "symm. linear", "random", "random + regulariser", "fixed hidden")
    for place, kind in enumerate(kinds):
        mine = final.sel(condition=named(kind))
        axes.bar(place, mine.mean(), yerr=mine.std(), color=COLORS[kind], width=0.7, error_kw={"linewidth": 0.8})
    axes.axhline(float(final.sel(condition=NO_HIDDEN).mean()), color="black", linewidth=0.9, linestyle="--")
    labels = [kind.replace("regulariser", "reg.") for kind in kinds]
    axes.set_xticks(range(len(kinds)), labels, rotation=35, ha="right", rotation_mode="anchor", fontsize=7)
    axes.set_ylabel("Final cost [wrong spikes/s]")


def _outputs(figure: FigureBase, data: xr.Dataset) -> None:
    kinds = ("symmetric", "random", "random + regulariser", "symm. linear")
    rasters, rates = figure.subplots(2, len(kinds), height_ratios=[1.7, 1])
    for column, (kind, text) in enumerate(zip(kinds, "defg", strict=True)):
        axes = rasters[column]
        letter(axes, text)
        axes.set_title(kind)
        raster(axes, *spikes_of(data, "output", named(kind)), n_neurons=data.attrs["n_outputs"])
        axes.set_xlim(0, data.attrs["period"])
        axes.set_xlabel("Time [s]")
        rate_panel(rates[column], data, named(kind), COLORS[kind])
        bare(rates[column], "left")
        rates[column].set_ylabel("")
        if column:
            bare(axes, "left")
    rasters[0].set_ylabel("Output")
    rates[0].set_ylabel("Density")


EXPERIMENT = SuperSpikeExperiment(
    name="superspike-fig7",
    figure="SuperSpike, Fig 7",
    title="A complex pattern needs symmetric feedback",
    task=complex_pattern,
    conditions=[
        *(Condition(named(kind, n), {"n_hidden": n, **values}) for kind, values in KINDS.items() for n in SIZES),
        *(Condition(named("uniform", n), {"n_hidden": n, "feedback": "uniform"}) for n in UNIFORM_SIZES),
        Condition(LINEAR, {"n_hidden": LARGEST, "surrogate": "none"}),
        Condition(FIXED, {"n_hidden": LARGEST, "hidden_learning": False}),
        Condition(NO_HIDDEN, {"n_hidden": 0}),
    ],
    values={"feedback": "symmetric"},
    seeds=5,
    length=1000.0,
    draw=draw,
    after=Observation(frozen=3.5),
)
