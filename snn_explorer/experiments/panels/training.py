"""Panels of trainings: accuracy, spikes and active neurons over epochs."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from snn_explorer.experiments.panels.style import REFERENCE, SERIES, STYLE, letter

LINES = ("-", "--", ":", "-.")
"""Line styles of the layers, from the first hidden one on."""


def draw_training(data: xr.Dataset) -> Figure:
    """Panels a: accuracy, b: spikes per sample, c: active neurons, each over epochs; conditions in colours."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 2.6), layout="constrained")
        accuracy, spikes, active = figure.subplots(1, 3)
        letter(accuracy, "a")
        accuracy_panel(accuracy, data)
        letter(spikes, "b")
        layer_panel(spikes, data, "spikes_per_sample", "Spikes per sample")
        letter(active, "c")
        layer_panel(active, data, "active_share", "Active neurons [%]", scale=100)
        active.set_ylim(0, 102)
        layer_legend(active, data)
    return figure


def accuracy_panel(axes: Axes, data: xr.Dataset, conditions: Sequence[str] | None = None) -> None:
    """Accuracy on held-out samples, single networks thin, their mean thick; dots: on the test set after the end.

    Parameters
    ----------
    axes : Axes
    data : Dataset
    conditions : sequence of str, optional
        Those to draw; all by default. Each has the colour of its place among all of them.
    """
    lowest = []
    for name, color in series(data, conditions):
        mine = data.sel(condition=name)
        curve, test = 100 * mine.validation_accuracy, 100 * mine.test_accuracy.dropna("seed")
        axes.plot(data.epoch, curve.T, color=color, linewidth=0.4, alpha=0.5)
        label = f"{name}: {float(test.mean()):.2f}" + (f" ± {float(test.std()):.2f} %" if test.size > 1 else " %")
        axes.plot(data.epoch, curve.mean("seed"), color=color, linewidth=1.3, label=label)
        end = float(data.epoch[curve.notnull().any("seed").values][-1]) if curve.notnull().any() else data.epoch[-1]
        axes.plot(np.full(test.size, end), test, "o", color=color, markersize=3, clip_on=False, zorder=3)
        lowest += [float(test.min()), float(curve.isel(epoch=slice(data.epoch.size // 4, None)).min())]
    axes.set_ylim(max(0.0, np.floor(np.nanmin(lowest) - 1)), 100)
    axes.set_ylabel("Accuracy [%]")
    axes.legend(loc="lower right", title="dots: test set", title_fontsize=6, fontsize=6, handlelength=1)
    epoch_axis(axes, data)


def layer_panel(axes: Axes, data: xr.Dataset, name: str, label: str, *, scale: float = 1.0) -> None:
    """Something recorded for each layer over epochs, mean over seeds: conditions in colours, layers by line style."""
    for condition, color in series(data):
        for layer, line in zip(data.layer.values, LINES, strict=False):
            curve = scale * data[name].sel(condition=condition, layer=layer)
            axes.plot(data.epoch, curve.mean("seed"), color=color, linestyle=line, linewidth=1.2)
    axes.set_ylim(bottom=0)
    axes.set_ylabel(label)
    epoch_axis(axes, data)


def layer_legend(axes: Axes, data: xr.Dataset) -> None:
    """Which line style is which layer."""
    lines = [Line2D([], [], color=REFERENCE, linestyle=line, linewidth=1.2) for line in LINES]
    axes.legend(lines[: data.layer.size], data.layer.values.tolist(), loc="best")


def epoch_axis(axes: Axes, data: xr.Dataset) -> None:
    """Epochs from 0 to the last."""
    axes.set_xlim(0, float(data.epoch[-1]))
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.set_xlabel("Epoch")


def series(data: xr.Dataset, conditions: Sequence[str] | None = None) -> list[tuple[str, str]]:
    """Conditions with their colours."""
    colors = dict(zip(data.condition.values.tolist(), SERIES, strict=False))
    return [(name, colors[name]) for name in (colors if conditions is None else conditions)]


def share_bars_of(axes: Axes, data: xr.Dataset, name: str, label: str) -> None:
    """Bars of the first hidden layer's share on the test set, mean over seeds, single networks as dots."""
    for place, (condition, color) in enumerate(series(data)):
        shares = 100 * data[name].sel(condition=condition).isel(layer=0).dropna("seed")
        axes.bar(place, float(shares.mean()), color=color, width=0.7)
        axes.plot(np.full(shares.size, place), shares, "o", color="black", markersize=1.5)
    axes.set_xticks(range(data.condition.size), [name.replace(" + ", "\n+ ") for name in data.condition.values])
    axes.set_ylim(0, 100)
    axes.set_ylabel(label)
