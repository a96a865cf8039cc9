"""MNIST with one spike per neuron: Fast & Deep (Goeltz et al. 2021), which the paper compares with (section III B).

The authors' program stops at 30 epochs, before the network loses too many of its neurons (Fig 5); with other seeds the
loss comes earlier, and once an output is silent nothing brings it back. So the network is trained in three ways: with
the settings of their program, with dead outputs pushed, and with images that move and a learning rate that falls too.
"""

from __future__ import annotations

from snn_explorer.experiments.bats_experiment import BatsExperiment, Condition
from snn_explorer.experiments.bats_mnist import HELD_OUT
from snn_explorer.experiments.panels.training import draw_training
from snn_explorer.experiments.sources import MNIST

VALUES = {
    "hidden": (800,),
    "n_max": (1, 1),
    "theta": (0.7, 2.0),
    "duration": 1.0,
    "init": (0.0, 1.0),
    "loss": "first_spike",
    "tau_loss": 0.005,
    "batch_size": 50,
    "learning_rate": 0.002,
    "rate_decay": 1.0,
    "validation": HELD_OUT,
}
"""Parameters of the authors' program, whose learning rate is not the text's 0.003."""

PUSHED = {**VALUES, "dead_output_push": 0.1}
"""The same network with dead outputs pushed."""

MOVED = {**PUSHED, "shift": 1, "rate_decay": 0.9, "decay_every": 1}
"""The same again, trained like `bats_mnist_moved`."""

EXPERIMENT = BatsExperiment(
    name="fast-and-deep-mnist",
    figure="BATS, Table I",
    title="MNIST, one spike per neuron (Fast & Deep)",
    source=MNIST,
    conditions=[
        Condition("original settings", VALUES),
        Condition("outputs pushed", PUSHED),
        Condition("moved images", MOVED),
    ],
    values={},
    seeds=3,
    length=30,
    draw=draw_training,
)
