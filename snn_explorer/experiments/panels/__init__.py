"""Panels of the papers' figures in matplotlib: colours that colour-blind readers can tell apart, panel letters."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.gridspec import SubplotSpec
from matplotlib.ticker import NullFormatter
from matplotlib.typing import RcKeyType

from snn_explorer.superspike.neuron import LIFNeuron

ERROR = "#009E73"
SINGLE = "0.72"

STYLE: dict[RcKeyType, Any] = {
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "svg.fonttype": "none",
    "figure.dpi": 100,
}
"""Passed to `matplotlib.rc_context` by every experiment that draws."""

COST_FLOOR = 1e-3
"""Costs below this are drawn at it: a perfect network has none, and the axis is logarithmic."""


def letter(axes: Axes, text: str) -> None:
    """Panel letter above the left corner."""
    axes.set_title(text, loc="left", fontweight="bold")


def learning_curves(axes: Axes, data: xr.Dataset, condition: str, dashed: str | None = None) -> None:
    """Single networks grey, their mean black, the mean of another condition dashed."""
    cost = data.cost.sel(condition=condition).clip(min=COST_FLOOR)
    axes.plot(data.time, cost.T, color=SINGLE, linewidth=0.5)
    axes.plot(data.time, cost.mean("seed"), color="black", linewidth=1.4)
    if dashed is not None:
        mean = data.cost.sel(condition=dashed).clip(min=COST_FLOOR).mean("seed")
        axes.plot(data.time, mean, color="black", linewidth=1.1, linestyle="--")
    axes.set_yscale("log")
    axes.set_ylim(COST_FLOOR, 3 * data.attrs["silent_cost"])
    axes.set_xlim(0, float(data.time[-1]))
    axes.set_xlabel("Learning time [s]")
    axes.set_ylabel("Cost [wrong spikes/s]")
    axes.yaxis.set_minor_formatter(NullFormatter())


def spike_timing(axes: Axes, data: xr.Dataset) -> None:
    """Output spikes of each trial, trial by trial, with the targets above."""
    chunk, time = data.trial_spikes.values.T
    axes.plot(time * 1e3, chunk * float(data.time[0]), ".", color="black", markersize=0.8)
    target = data["end_target_spikes"].values[:, 0]
    axes.plot(target * 1e3, np.full_like(target, float(data.time[-1]) * 1.03), "v", color="0.5", markersize=4)
    axes.set_ylim(0, float(data.time[-1]) * 1.06)
    axes.set_xlabel("Time in trial [ms]")
    axes.set_ylabel("Learning time [s]")


def activity(figure: FigureBase, place: SubplotSpec, data: xr.Dataset, when: str, text: str) -> None:
    """Error, output membrane with targets, hidden membranes and input raster of one trial, top to bottom."""
    hidden = data.get(f"{when}_hidden_membrane")
    ratios = [1, 1.3] + ([] if hidden is None else [1.6]) + [1.2]
    grid = place.subgridspec(len(ratios), 1, height_ratios=ratios, hspace=0.15)
    rows = [figure.add_subplot(grid[i]) for i in range(len(ratios))]
    time = np.arange(data[f"{when}_output_error"].shape[1]) * 0.1
    letter(rows[0], text)
    rows[0].plot(time, data[f"{when}_output_error"][0], color=ERROR, linewidth=0.8)
    rows[0].axhline(0, color="0.6", linewidth=0.5, linestyle=":")
    rows[0].set_ylabel("e [Hz]")
    _membrane(rows[1], time, data[f"{when}_output_membrane"].values[0] * 1e3)
    target = data[f"{when}_target_spikes"].values[:, 0]
    rows[1].plot(target * 1e3, np.full_like(target, -47.0), "o", color="black", markersize=2.5)
    rows[1].set_ylabel("$U_o$ [mV]")
    if hidden is not None:
        for i, membrane in enumerate(hidden.values * 1e3):
            _membrane(rows[2], time, membrane, offset=16.0 * i)
        rows[2].set_ylabel("$U_h$")
        rows[2].set_yticks([])
    inputs = data[f"{when}_input_spikes"].values
    rows[-1].plot(inputs[:, 0] * 1e3, inputs[:, 1], ".", color="black", markersize=1)
    rows[-1].set_ylabel("Input")
    rows[-1].set_xlabel("Time [ms]")
    for axes in rows:
        axes.set_xlim(0, time[-1])
    for axes in rows[:-1]:
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)


def _membrane(axes: Axes, time: np.ndarray, membrane: np.ndarray, offset: float = 0.0) -> None:
    axes.plot(time, membrane + offset, color="black", linewidth=0.7)
    axes.axhline(LIFNeuron.threshold * 1e3 + offset, color="0.6", linewidth=0.5, linestyle="--")
