"""Figure 4: spikes and active hidden neurons for each test sample of MNIST, one spike per neuron against many.

Many spikes per neuron need fewer neurons, and fewer spikes in all.
"""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import torch
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from snn_explorer.bats import Network
from snn_explorer.experiments import bats_mnist, fast_and_deep_mnist
from snn_explorer.experiments.bats_experiment import BatsExperiment, Condition
from snn_explorer.experiments.learner import layer_names
from snn_explorer.experiments.panels.style import STYLE, letter
from snn_explorer.experiments.panels.training import series
from snn_explorer.experiments.sources import MNIST

CONDITIONS = (Condition("one spike", fast_and_deep_mnist.PUSHED), Condition("many spikes", bats_mnist.VALUES))
"""The two networks that figures 4, 6 and 7 compare, neither of which collapses."""


def sparsity(network: Network) -> xr.Dataset:
    """Spikes and active neurons of each layer for each test sample."""
    blocks = [layers for layers, _ in network.responses(network.samples.test)]
    spikes = torch.cat([torch.stack([layer.count for layer in layers], 1) for layers in blocks])
    active = torch.cat([torch.stack([layer.n_neurons - layer.n_silent for layer in layers], 1) for layers in blocks])
    variables = {"sample_spikes": (spikes, "spikes"), "sample_active": (active, "neurons")}
    dims = ("sample", "layer")
    return xr.Dataset(
        {
            name: (dims, values.cpu().numpy().astype(np.float32), {"units": unit})
            for name, (values, unit) in variables.items()
        },
        coords={"layer": layer_names(len(network.layers))},
    )


def draw(data: xr.Dataset) -> Figure:
    """Panels a: spikes of all neurons, b: active hidden neurons, over test samples and seeds."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 1.9), layout="constrained")
        spikes, active = figure.subplots(1, 2)
        letter(spikes, "a")
        _boxes(spikes, data, data.sample_spikes.sum("layer", skipna=False))
        spikes.set_xlabel("Spikes per sample")
        letter(active, "b")
        _boxes(active, data, data.sample_active.isel(layer=slice(None, -1)).sum("layer", skipna=False))
        active.set_xlabel("Active hidden neurons per sample")
        active.set_xlim(0, float(data.neurons.isel(layer=slice(None, -1)).sum("layer").max()))
        active.tick_params(labelleft=False)
    return figure


def _boxes(axes: Axes, data: xr.Dataset, values: xr.DataArray) -> None:
    """Quartiles in a box, 1st to 99th percentile as whiskers, the mean in words."""
    for place, (name, color) in enumerate(series(data)):
        mine = values.sel(condition=name).values.ravel()
        mine = mine[np.isfinite(mine)]
        axes.boxplot(
            [mine], positions=[place], widths=0.5, orientation="horizontal", whis=(1, 99), showfliers=False,
            patch_artist=True, boxprops={"facecolor": color, "alpha": 0.35},
            medianprops={"color": color, "linewidth": 2},
        )  # fmt: skip
        axes.text(float(np.median(mine)), place + 0.33, f"mean {mine.mean():.0f}", ha="center", fontsize=7)
    axes.set_yticks(range(data.condition.size), data.condition.values.tolist())
    axes.set_ylim(-0.5, data.condition.size - 0.3)
    axes.set_xlim(left=0)


EXPERIMENT = BatsExperiment(
    name="bats-fig4",
    figure="BATS, Fig 4",
    title="Networks with many spikes per neuron are sparser",
    source=MNIST,
    conditions=CONDITIONS,
    values={},
    seeds=1,
    length=30,
    draw=draw,
    after=sparsity,
)
