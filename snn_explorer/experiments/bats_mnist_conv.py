"""MNIST with convolutions (section III B, Tables II and III): 15C5-P2-40C5-P2-300-10, on images that bend.

Each layer may spike more than the one before: once, three times, ten times, and thirty times at the outputs. The paper
names elastic distortion and no numbers for it; here pixels move by 0.8 of a pixel (root mean square).
"""

from __future__ import annotations

from snn_explorer.experiments.bats_experiment import BatsExperiment, Condition
from snn_explorer.experiments.bats_mnist import HELD_OUT
from snn_explorer.experiments.panels.training import draw_training
from snn_explorer.experiments.sources import MNIST

VALUES = {
    "convolutions": "15C5-P2-40C5-P2",
    "hidden": (300,),
    "n_max": (1, 3, 10, 30),
    "theta": (0.04, 0.8, 0.6, 0.3),
    "duration": 0.2,
    "init": (-1.0, 1.0),
    "loss": "count",
    "target_true": 30.0,
    "target_false": 3.0,
    "batch_size": 20,
    "learning_rate": 0.003,
    "rate_decay": 0.5,
    "decay_every": 10,
    "min_rate": 1e-4,
    "elastic_strength": 20.0,
    "elastic_width": 4.0,
    "validation": HELD_OUT,
}
"""The paper's parameters; thresholds and initial weights are those of the authors' program."""

EXPERIMENT = BatsExperiment(
    name="bats-mnist-conv",
    figure="BATS, Table II",
    title="MNIST, convolutions and pooling",
    source=MNIST,
    conditions=[Condition("convolutions")],
    values=VALUES,
    seeds=1,
    length=100,
    draw=draw_training,
)
