"""Figures 6 and 7: accuracy against simulated time, and the output spikes for one 9, one spike per neuron against many.

Answers are read from the output spikes up to a moment. With many spikes per neuron they are right long before the
encoding window of the input is over.
"""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import torch
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from snn_explorer.bats import Network
from snn_explorer.experiments.bats_experiment import BatsExperiment
from snn_explorer.experiments.bats_fig4 import CONDITIONS
from snn_explorer.experiments.panels.style import REFERENCE, STYLE, letter
from snn_explorer.experiments.panels.training import series
from snn_explorer.experiments.sources import MNIST

TIMES = np.arange(0, 0.2501, 0.0025)
"""Moments at which answers are read [s]."""

EXAMPLE = 9
"""Class of the sample shown: the first of it in the test set."""


def latency(network: Network) -> xr.Dataset:
    """Accuracy on the test set by output spikes up to each of `TIMES`, and one sample with its output spikes."""
    right, n_samples = np.zeros(len(TIMES)), 0
    for layers, labels in network.responses(network.samples.test):
        answers = [network.loss.decode(layers[-1], float(until)) for until in TIMES]
        right += [int((answer == labels).sum()) for answer in answers]
        n_samples += len(labels)
    data = xr.Dataset(
        {"accuracy_until": ("until", right / n_samples, {"units": "1"})},
        coords={"until": ("until", TIMES, {"units": "s", "long_name": "output spikes up to then are read"})},
    )
    return data.merge(_example(network))


def _example(network: Network) -> xr.Dataset:
    """The sample shown, as it is stored, and the output spikes that it causes."""
    test = network.samples.test
    index = torch.nonzero(test.labels == EXAMPLE)[:1, 0]
    image = test.batch(index)[0].reshape(network.samples.image_shape or (1, -1))
    ((layers, _),) = network.responses(test.subset(index))
    output = layers[-1]
    n = int(output.count[0])
    return xr.Dataset(
        {
            "example": (("row", "column"), image.numpy(), {"units": "1"}),
            "example_time": ("output_spike", output.time[0, :n].cpu().numpy(), {"units": "s"}),
            "example_neuron": ("output_spike", output.neuron[0, :n].float().cpu().numpy()),
        },
        coords={"output_spike": np.arange(n)},
    )


def draw(data: xr.Dataset) -> Figure:
    """Panels a: accuracy against simulated time, b: the sample, c and d: output spikes of the two networks."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 2.8), layout="constrained")
        grid = figure.add_gridspec(2, 3, width_ratios=(3, 1, 3))
        accuracy, sample = figure.add_subplot(grid[:, 0]), figure.add_subplot(grid[:, 1])
        letter(accuracy, "a")
        _accuracy(accuracy, data)
        letter(sample, "b")
        sample.imshow(data.example.isel(condition=0, seed=0), cmap="gray_r", vmin=0, vmax=1)
        sample.set_axis_off()
        shared = None
        for row, (place, (name, color)) in enumerate(zip("cd", series(data)[::-1], strict=True)):
            shared = raster = figure.add_subplot(grid[row, 2], sharex=shared)
            letter(raster, place)
            _raster(raster, data, name, color)
            if row == 0:
                raster.tick_params(labelbottom=False)
            else:
                raster.set_xlabel("Time [ms]")
    return figure


def _accuracy(axes: Axes, data: xr.Dataset) -> None:
    for name, color in series(data):
        curves = 100 * data.accuracy_until.sel(condition=name).dropna("seed", how="all")
        axes.plot(1e3 * data.until, curves.T, color=color, linewidth=0.4, alpha=0.5)
        axes.plot(1e3 * data.until, curves.mean("seed"), color=color, linewidth=1.3, label=name)
    _end_of_encoding(axes, data)
    axes.set_xlim(0, 1e3 * float(data.until[-1]))
    axes.set_ylim(0, 102)
    axes.set_xlabel("Output spikes read up to [ms]")
    axes.set_ylabel("Accuracy on the test set [%]")
    axes.legend(loc="lower right")


def _raster(axes: Axes, data: xr.Dataset, condition: str, color: str) -> None:
    mine = data.sel(condition=condition).isel(seed=0)
    n_out = int(mine.neurons[-1])
    axes.plot(1e3 * mine.example_time, mine.example_neuron, "|", color=color, markersize=5)
    _end_of_encoding(axes, data)
    axes.set_xlim(0, 1e3 * float(data.until[-1]))
    axes.set_ylim(n_out - 0.5, -0.5)
    axes.set_yticks([0, EXAMPLE] if n_out > EXAMPLE else [0])
    axes.set_ylabel("Output")
    axes.set_title(condition, loc="right", fontsize=7, color=color)


def _end_of_encoding(axes: Axes, data: xr.Dataset) -> None:
    axes.axvline(1e3 * data.attrs["parameter_encoding_time"], color=REFERENCE, linewidth=0.8, linestyle=":")


EXPERIMENT = BatsExperiment(
    name="bats-fig6",
    figure="BATS, Figs 6, 7",
    title="Many spikes per neuron answer before the input is over",
    source=MNIST,
    conditions=CONDITIONS,
    values={},
    seeds=1,
    length=30,
    draw=draw,
    after=latency,
)
