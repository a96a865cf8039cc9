"""MNIST with the network of `bats_mnist` and another training: moved images, and a learning rate that falls.

At the paper's constant rate the network learns its training set by heart: accuracy on other samples is best near the
30th epoch and drops afterwards. Here each image moves by up to one pixel whenever it is seen, and the rate begins three
times as high and falls by a tenth in each epoch.
"""

from __future__ import annotations

from snn_explorer.experiments import bats_mnist
from snn_explorer.experiments.bats_experiment import BatsExperiment, Condition
from snn_explorer.experiments.panels.training import draw_training
from snn_explorer.experiments.sources import MNIST

EXPERIMENT = BatsExperiment(
    name="bats-mnist-moved",
    figure="beyond the papers",
    title="MNIST, the same network on moved images",
    source=MNIST,
    conditions=[Condition("moved images")],
    values={**bats_mnist.VALUES, "shift": 1, "learning_rate": 0.01, "rate_decay": 0.9, "decay_every": 1},
    seeds=3,
    length=50,
    draw=draw_training,
)
