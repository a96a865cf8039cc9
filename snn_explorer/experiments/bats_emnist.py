"""EMNIST Balanced, 47 classes of digits and letters, with many spikes per neuron (section III C)."""

from __future__ import annotations

from snn_explorer.experiments import bats_mnist
from snn_explorer.experiments.bats_experiment import BatsExperiment, Condition
from snn_explorer.experiments.panels.training import draw_training
from snn_explorer.experiments.sources import EMNIST

EXPERIMENT = BatsExperiment(
    name="bats-emnist",
    figure="BATS, Table IV",
    title="EMNIST, 47 classes, many spikes per neuron",
    source=EMNIST,
    conditions=[Condition("many spikes")],
    values=bats_mnist.VALUES,
    seeds=1,
    length=100,
    draw=draw_training,
)
