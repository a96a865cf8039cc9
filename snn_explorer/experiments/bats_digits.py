"""Handwritten digits of 8 x 8 pixels: the built-in data set, learned with many spikes per neuron."""

from __future__ import annotations

from snn_explorer.experiments.bats_experiment import BatsExperiment, Condition
from snn_explorer.experiments.panels.training import draw_training
from snn_explorer.experiments.sources import DIGITS

VALUES = {
    "hidden": (128,),
    "n_max": (30, 30),
    "theta": (0.06, 0.3),
    "init": (-1.0, 1.0),
    "loss": "count",
    "target_true": 15.0,
    "target_false": 3.0,
    "learning_rate": 0.01,
    "rate_decay": 0.5,
    "decay_every": 20,
    "batch_size": 50,
    "dead_output_push": 1.0,
}
"""Parameters that learn the digits; the push keeps outputs alive that would be silent for their class at first."""

EXPERIMENT = BatsExperiment(
    name="bats-digits",
    figure="beyond the paper",
    title="Handwritten digits of 8 x 8 pixels, many spikes per neuron",
    source=DIGITS,
    conditions=[Condition("many spikes")],
    values=VALUES,
    seeds=5,
    length=60,
    draw=draw_training,
)
