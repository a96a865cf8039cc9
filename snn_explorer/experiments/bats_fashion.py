"""Fashion-MNIST with two hidden layers and few spikes per neuron (section III D).

With the authors' settings an output may be silent at first, and its class is not learned until chance brings it back,
epochs later; so the network is trained with dead outputs pushed as well.
"""

from __future__ import annotations

from snn_explorer.experiments.bats_experiment import BatsExperiment, Condition
from snn_explorer.experiments.bats_mnist import HELD_OUT
from snn_explorer.experiments.panels.training import draw_training
from snn_explorer.experiments.sources import FASHION_MNIST

VALUES = {
    "hidden": (400, 400),
    "n_max": (5, 5, 20),
    "theta": (0.13, 0.45, 0.7),
    "duration": 0.2,
    "init": (-1.0, 1.0),
    "loss": "count",
    "target_true": 15.0,
    "target_false": 3.0,
    "batch_size": 5,
    "learning_rate": 5e-4,
    "rate_decay": 0.5,
    "decay_every": 10,
    "min_rate": 1e-4,
    "validation": HELD_OUT,
}
"""The paper's parameters; thresholds and initial weights are those of the authors' program."""

PUSHED = {**VALUES, "dead_output_push": 0.1, "min_rate": 0.0}
"""The same network with dead outputs pushed, and a learning rate that falls to the end."""

EXPERIMENT = BatsExperiment(
    name="bats-fashion",
    figure="BATS, Table V",
    title="Fashion-MNIST, two hidden layers",
    source=FASHION_MNIST,
    conditions=[Condition("original settings", VALUES), Condition("outputs pushed", PUSHED)],
    values={},
    seeds=1,
    length=100,
    draw=draw_training,
)
