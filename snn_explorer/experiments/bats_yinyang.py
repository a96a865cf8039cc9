"""Yin-Yang with one spike per neuron, which needs a push for dead outputs.

An output that is silent for its class has no gradient that could bring it back: without the push, nothing is learned.
"""

from __future__ import annotations

from snn_explorer.experiments.bats_experiment import BatsExperiment, Condition
from snn_explorer.experiments.panels.training import draw_training
from snn_explorer.experiments.sources import YIN_YANG

VALUES = {
    "hidden": (120,),
    "n_max": (1, 1),
    "theta": (0.05, 0.5),
    "duration": 1.0,
    "init": (-1.0, 1.0),
    "loss": "first_spike",
    "tau_loss": 0.005,
    "batch_size": 50,
    "learning_rate": 0.005,
    "rate_decay": 0.5,
    "decay_every": 20,
}
"""Not from the paper: outputs are silent at first, so that the push shows what it does."""

EXPERIMENT = BatsExperiment(
    name="bats-yinyang",
    figure="beyond the paper",
    title="Yin-Yang: dead outputs need a push",
    source=YIN_YANG,
    conditions=[Condition("with the push", {"dead_output_push": 1.0}), Condition("without the push")],
    values=VALUES,
    seeds=3,
    length=60,
    draw=draw_training,
)
