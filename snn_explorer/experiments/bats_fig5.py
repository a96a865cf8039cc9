"""Figure 5: with one spike per neuron more and more neurons fall silent, until accuracy drops; with many they do not.

A neuron that loses its only spike has no gradient any more. The learning rate is the text's 0.003 for both networks.
"""

from __future__ import annotations

import matplotlib as mpl
import xarray as xr
from matplotlib.figure import Figure

from snn_explorer.experiments import bats_mnist, fast_and_deep_mnist
from snn_explorer.experiments.bats_experiment import BatsExperiment, Condition
from snn_explorer.experiments.panels.style import STYLE, letter
from snn_explorer.experiments.panels.training import accuracy_panel, layer_legend, layer_panel
from snn_explorer.experiments.sources import MNIST


def draw(data: xr.Dataset) -> Figure:
    """Panels a: accuracy, b: neurons silent for a sample, c: neurons silent for all samples, over epochs."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 2.6), layout="constrained")
        accuracy, silent, dead = figure.subplots(1, 3)
        letter(accuracy, "a")
        accuracy_panel(accuracy, data)
        letter(silent, "b")
        layer_panel(silent, data.assign(silent=1 - data.active_share), "silent", "Silent for a sample [%]", scale=100)
        letter(dead, "c")
        layer_panel(dead, data, "silent_share", "Silent for all samples [%]", scale=100)
        layer_legend(dead, data)
    return figure


EXPERIMENT = BatsExperiment(
    name="bats-fig5",
    figure="BATS, Fig 5",
    title="One spike per neuron: neurons die, and accuracy drops",
    source=MNIST,
    conditions=[
        Condition("one spike", {**fast_and_deep_mnist.VALUES, "learning_rate": 0.003}),
        Condition("many spikes", bats_mnist.VALUES),
    ],
    values={},
    seeds=1,
    length=60,
    draw=draw,
)
