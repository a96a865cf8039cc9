"""MNIST with many spikes per neuron (section III B).

The paper trains on all 60,000 samples; here 1,000 are held out to follow the training, and the test set is left alone
until its end.
"""

from __future__ import annotations

from snn_explorer.experiments.bats_experiment import BatsExperiment, Condition
from snn_explorer.experiments.panels.training import draw_training
from snn_explorer.experiments.sources import MNIST

HELD_OUT = 1 / 60
"""Share of the training set that is held out in experiments of the paper."""

VALUES = {
    "hidden": (800,),
    "n_max": (30, 30),
    "theta": (0.2, 1.3),
    "duration": 0.2,
    "init": (-1.0, 1.0),
    "loss": "count",
    "target_true": 15.0,
    "target_false": 3.0,
    "batch_size": 50,
    "learning_rate": 0.003,
    "rate_decay": 1.0,
    "validation": HELD_OUT,
}
"""The paper's parameters; thresholds and initial weights are those of the authors' program."""

EXPERIMENT = BatsExperiment(
    name="bats-mnist",
    figure="BATS, Table I",
    title="MNIST, many spikes per neuron",
    source=MNIST,
    conditions=[Condition("many spikes")],
    values=VALUES,
    seeds=3,
    length=100,
    draw=draw_training,
)
