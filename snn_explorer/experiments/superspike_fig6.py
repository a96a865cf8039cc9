"""Figure 6: 100 outputs learn a spike pattern of 3.5 s; when learning stops, the activity freezes.

100 frozen Poisson inputs, 32 hidden units, symmetric feedback. With the weights frozen the network is deterministic
and repeats its activity with the stimulus.
"""

from __future__ import annotations

import matplotlib as mpl
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from snn_explorer.experiments.panels.activity import raster, spikes_of
from snn_explorer.experiments.panels.sketch import FILL, network_sketch
from snn_explorer.experiments.panels.statistics import cv_panel, isi_panel, rate_panel
from snn_explorer.experiments.panels.style import BLUE, ORANGE, STYLE, bare, letter
from snn_explorer.experiments.superspike_experiment import Condition, Observation, SuperSpikeExperiment
from snn_explorer.tasks import complex_pattern

N_HIDDEN = 32
CONDITION = f"symmetric, {N_HIDDEN} hidden"
PERIOD = 3.5


def draw(data: xr.Dataset) -> Figure:
    """Panels a: sketch; b: target; c: activity before and after learning is switched off; d: firing statistics."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 6.0), layout="constrained")
        columns = figure.add_gridspec(1, 3, width_ratios=[1.15, 2, 1])
        left, middle, right = (figure.add_subfigure(column) for column in columns)
        sketch, target = left.subplots(2, 1)
        letter(sketch, "a")
        layers = [("100 inputs", 9, FILL), (f"{N_HIDDEN} hidden", 5, BLUE), ("100 outputs", 9, ORANGE)]
        network_sketch(sketch, layers, "symmetric")
        _target(target, data)
        _rasters(middle, data)
        rates, intervals, variation = right.subplots(3, 1)
        letter(rates, "d")
        for axes, panel in ((rates, rate_panel), (intervals, isi_panel), (variation, cv_panel)):
            panel(axes, data, CONDITION)
    return figure


def _target(axes: Axes, data: xr.Dataset) -> None:
    letter(axes, "b")
    time, neuron = spikes_of(data, "target", CONDITION)
    first = time < data.attrs["period"]
    raster(axes, time[first], neuron[first], data.attrs["n_outputs"])
    axes.set_xlim(0, data.attrs["period"])
    axes.set_xlabel("Time [s]")
    axes.set_ylabel("Target")


def _rasters(figure: SubFigure, data: xr.Dataset) -> None:
    """Outputs, hidden units and inputs, with an arrow where learning is switched off."""
    sizes = {"output": data.attrs["n_outputs"], "hidden": int(data.n_hidden[0]), "input": 100}
    rows = figure.subplots(3, 1, sharex=True, height_ratios=[1.6, 1, 1.2])
    letter(rows[0], "c")
    for axes, (layer, n_neurons) in zip(rows, sizes.items(), strict=True):
        raster(axes, *spikes_of(data, layer, CONDITION), n_neurons=n_neurons)
        axes.set_ylabel(layer.capitalize())
        if layer != "input":
            bare(axes, "bottom")
    stops = data.attrs["after_learning_stops"]
    rows[0].annotate(
        "learning off", (stops, 1.0), (stops, 1.1), xycoords=("data", "axes fraction"), ha="center", fontsize=7,
        arrowprops={"arrowstyle": "-|>", "color": "black"},
    )  # fmt: skip
    rows[-1].set_xlim(0, data.attrs["after_duration"])
    rows[-1].set_xlabel("Time [s]")


EXPERIMENT = SuperSpikeExperiment(
    name="superspike-fig6",
    figure="SuperSpike, Fig 6",
    title="A complex spatiotemporal pattern, and its firing statistics",
    task=complex_pattern,
    conditions=[Condition(CONDITION, {"feedback": "symmetric", "n_hidden": N_HIDDEN})],
    values={},
    seeds=5,
    length=1000.0,
    draw=draw,
    after=Observation(learning=PERIOD, frozen=PERIOD),
)
