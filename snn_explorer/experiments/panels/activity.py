"""Activity of single networks: membranes, errors, rasters, spike timing over trials."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.gridspec import SubplotSpec
from numpy.typing import NDArray

from snn_explorer.experiments.panels.style import ERROR, ORANGE, REFERENCE, SKY, bare, letter
from snn_explorer.superspike.neuron import LIFNeuron

WINDOW_COLORS = (SKY, ORANGE)
"""Colours of the two outputs and of the windows in which each should spike."""

ERROR_RANGE = 60.0
"""Error axis [Hz]; one wrong spike makes an error of 50 Hz."""

STROKE = 8.0
"""Length of a spike's stroke above the threshold [mV]."""


def spikes_of(
    data: xr.Dataset, layer: str, condition: str, when: str = "after", seed: int | None = None
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Times [s] and neurons of the spikes of one network.

    Parameters
    ----------
    data : Dataset
    layer : str
        ``"input"``, ``"hidden"``, ``"output"`` or ``"target"``.
    condition : str
        Name of the condition.
    when : str
        ``"before"`` or ``"after"`` learning.
    seed : int, optional
        Index of the seed; by default that of the network shown for the condition. Only hidden spikes have others.
    """
    index = data.condition.values.tolist().index(condition)
    seed = int(data[f"{when}_shown"][index]) if seed is None else seed
    name = f"{when}_{layer}"
    mine = (data[f"{name}_condition"].values == index) & (data[f"{name}_seed"].values == seed)
    return data[f"{name}_time"].values[mine].astype(np.float64), data[f"{name}_neuron"].values[mine].astype(np.int64)


def raster(axes: Axes, time: NDArray, neuron: NDArray, n_neurons: int, size: float = 1.0) -> None:
    """One dot for each spike."""
    axes.plot(time, neuron, ".", color="black", markersize=size, markeredgewidth=0, rasterized=True)
    axes.set_ylim(-0.5 - n_neurons / 50, n_neurons - 0.5 + n_neurons / 50)


def spike_timing(axes: Axes, data: xr.Dataset) -> None:
    """Output spikes of each trial, trial by trial, with the targets above."""
    end = float(data.time[-1])
    axes.plot(
        data.trial_time * 1e3, data.trial_learning_time, ".", color="black", markersize=0.8, markeredgewidth=0,
        rasterized=True,
    )  # fmt: skip
    target, _ = spikes_of(data, "target", str(data.condition.values[0]))
    axes.plot(target * 1e3, np.full_like(target, end * 1.03), "v", color="0.5", markersize=4)
    axes.set_ylim(0, end * 1.06)
    axes.set_xlim(0, data.attrs["after_duration"] * 1e3)
    axes.set_xlabel("Time in trial [ms]")
    axes.set_ylabel("Learning time [s]")


def activity(figure: FigureBase, place: SubplotSpec, data: xr.Dataset, when: str, text: str) -> None:
    """Error, output membrane with targets, hidden membranes and input raster of one trial, top to bottom."""
    condition, hidden = str(data.condition.values[0]), data.get(f"{when}_hidden_membrane")
    ratios = [1, 1.3] + ([] if hidden is None else [1.6]) + [1.2]
    rows = _rows(figure, place, ratios)
    time = np.arange(data.sizes[f"{when}_sample"]) * data.attrs["dt"] * 1e3
    letter(rows[0], text)
    rows[0].plot(time, data[f"{when}_output_error"][0], color=ERROR, linewidth=0.8)
    rows[0].axhline(0, color="0.6", linewidth=0.5, linestyle=":")
    rows[0].set_ylim(-ERROR_RANGE, ERROR_RANGE)
    rows[0].set_ylabel("e [Hz]")
    membrane(rows[1], time, data[f"{when}_output_membrane"].values[0] * 1e3)
    target, _ = spikes_of(data, "target", condition, when)
    rows[1].plot(target * 1e3, np.full_like(target, -47.0), "o", color="black", markersize=2.5)
    rows[1].set_ylim(top=-44)
    rows[1].set_ylabel("$U_o$ [mV]")
    if hidden is not None:
        for i, values in enumerate(hidden.values * 1e3):
            membrane(rows[2], time, values, offset=16.0 * i)
        rows[2].set_ylabel("$U_h$")
        bare(rows[2], "left")
    input_time, neuron = spikes_of(data, "input", condition, when)
    raster(rows[-1], input_time * 1e3, neuron, 100, size=2.0)
    rows[-1].set_ylabel("Input")
    rows[-1].set_xlabel("Time [ms]")
    for axes in rows:
        axes.set_xlim(0, time[-1])


def windows_activity(figure: FigureBase, place: SubplotSpec, data: xr.Dataset, text: str, duration: float) -> None:
    """Output and hidden membranes and input raster; windows of opportunity shaded in the colour of their output."""
    condition = str(data.condition.values[0])
    output, hidden = data.after_output_membrane.values * 1e3, data.after_hidden_membrane.values * 1e3
    rows = _rows(figure, place, [1.3, 1.6, 1.4])
    letter(rows[0], text)
    time = np.arange(output.shape[1]) * data.attrs["dt"]
    for axes, layer, values, colors in (
        (rows[0], "output", output, WINDOW_COLORS),
        (rows[1], "hidden", hidden, ("black",) * len(hidden)),
    ):
        _stacked(axes, time, values, spikes_of(data, layer, condition), colors)
        axes.set_ylabel(f"$U_{layer[0]}$")
    raster(rows[2], *spikes_of(data, "input", condition), n_neurons=100, size=2.0)
    rows[2].set_ylabel("Input")
    rows[2].set_xlabel("Time [s]")
    mine = data.after_window_condition.values == 0
    for start, stop, label in zip(
        data.after_window_start.values[mine], data.after_window_stop.values[mine], data.after_window_label.values[mine],
        strict=True,
    ):  # fmt: skip
        for axes in rows:
            axes.axvspan(start, stop, color=WINDOW_COLORS[label], alpha=0.25, linewidth=0)
    for axes in rows:
        axes.set_xlim(0, duration)


def membrane(axes: Axes, time: NDArray, values: NDArray, offset: float = 0.0, color: str = "black") -> None:
    """Membrane voltage [mV] with the threshold dashed, moved up by `offset`."""
    axes.plot(time, values + offset, color=color, linewidth=0.7)
    axes.axhline(LIFNeuron.threshold * 1e3 + offset, color=REFERENCE, linewidth=0.5, linestyle="--")


def _stacked(
    axes: Axes, time: NDArray, values: NDArray, spikes: tuple[NDArray, NDArray], colors: Sequence[str]
) -> None:
    """Membranes [mV] above each other, as far apart as they reach, with a stroke for each spike."""
    depth = LIFNeuron.threshold * 1e3 - values.min(axis=1)
    offset = np.concatenate([[0], np.cumsum(depth[1:] + 1.5 * STROKE)])
    for voltage, shift, color in zip(values, offset, colors, strict=True):
        membrane(axes, time, voltage, offset=shift, color=color)
    base = LIFNeuron.threshold * 1e3 + offset[spikes[1]]
    axes.vlines(spikes[0], base, base + STROKE, color="black", linewidth=0.7)
    bare(axes, "left")


def _rows(figure: FigureBase, place: SubplotSpec, ratios: Sequence[float]) -> list[Axes]:
    """Panels one above the other that share their time axis; only the lowest has one."""
    grid = place.subgridspec(len(ratios), 1, height_ratios=ratios, hspace=0.02)
    rows = [figure.add_subplot(grid[i]) for i in range(len(ratios))]
    for axes in rows[:-1]:
        bare(axes, "bottom")
    return rows
