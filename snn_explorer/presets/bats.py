"""Presets of BATS: its figures on data that is always there, and MNIST where its files are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

import torch

from snn_explorer.engine import Watch
from snn_explorer.presets.preset import Preset
from snn_explorer.tasks import Samples, available_images, digits, mnist, spatio_temporal, yin_yang

N_MNIST: Final = 6000
"""Images of MNIST that a page learns: all 60,000 would take seconds to make ready."""

_MANY: Final = {"dead_output_push": 1.0}
_ONE: Final = {"n_max": (1, 1), "theta": (0.1, 0.5), "init": (0.0, 0.3), "loss": "first_spike", "learning_rate": 3e-3}
_CONVOLUTIONS: Final = {
    "convolutions": "8C3-P2", "hidden": (), "n_max": (3, 30), "theta": (0.03, 0.3), "dead_output_push": 1.0,
}  # fmt: skip
_FIRST_OUTPUT: Final = Watch(sample=0)
_WATCH: Final = Watch(hidden=(0, 1, 2, 3), output=(3,), sample=0, probe_layer="output", probe_post=3)


def available() -> list[Preset]:
    """Those that can be learned here."""
    return [*_PRESETS, *(_OF_MNIST if "mnist" in available_images() else ())]


def _some_mnist() -> Samples:
    """The first images of the training set, and the whole test set."""
    whole = mnist()
    title = f"MNIST, the first {N_MNIST} training images"
    return replace(whole, title=title, train=whole.train.subset(torch.arange(N_MNIST)))


def _preset(
    key: str, title: str, sentence: str, task: Any, values: Mapping[str, Any], figure: str = "BATS", **more: Any
) -> Preset:
    values = MappingProxyType(dict(values))
    given = {"speed": 500.0, "watch": _WATCH} | more
    return Preset(key, title, sentence, task, figure, system="bats", values=values, **given)


_PRESETS: Final = (
    _preset(
        "bats-digits", "Handwritten digits",
        "Pixels become spikes, the brightest first; the output of the right digit learns to spike most, from the exact "
        "gradient of every spike time.",
        digits, _MANY,
    ),
    _preset(
        "bats-fig3", "Many or one",
        "Two patterns differ in the order of their last two spikes only: with a budget of 1, whoever spiked before has "
        "nothing left to learn from.",
        spatio_temporal,
        {
            "hidden": (), "n_max": (10,), "theta": (1.0,), "tau_s": 1.0, "duration": 10.0, "optimiser": "sgd",
            "learning_rate": 0.1, "rate_decay": 1.0, "batch_size": 2, "validation": 0.0, "target_true": 10.0,
            "target_false": 0.0, "init": (0.0, 2.0),
        },
        figure="BATS Fig 3", speed=20.0, watch=_FIRST_OUTPUT,
    ),
    _preset(
        "bats-fig4", "Sparse",
        "Where a neuron may spike often, few need to spike at all: set the budgets to 1 and see how many then do.",
        digits, _MANY, figure="BATS Fig 4", view="budget",
    ),
    _preset(
        "bats-fig5", "Dead neurons",
        "An output that is silent has no spike whose time could be learned from, so it stays silent: push dead "
        "outputs, and learning begins.",
        digits, {"n_max": (1, 1), "loss": "first_spike"}, figure="BATS Fig 5", view="budget",
    ),
    _preset(
        "bats-fig6", "Latency",
        "The answer need not wait for the last spike: the curve says how many are right if outputs are read up to a "
        "moment only.",
        digits, _MANY, figure="BATS Fig 6, 7", view="latency",
    ),
    _preset(
        "fast-and-deep", "One spike each",
        "With a budget of 1 this is Fast & Deep: each neuron has one spike, and the first output to spike answers.",
        digits, _ONE, figure="BATS Table I",
    ),
    _preset(
        "bats-yinyang", "Yin-Yang",
        "Five spikes say where a point lies; hidden neurons learn to tell yin, yang and dots apart by when they spike.",
        yin_yang,
        {
            "hidden": (120,), "n_max": (1, 1), "theta": (0.05, 0.5), "duration": 1.0, "loss": "first_spike",
            "learning_rate": 0.005, "dead_output_push": 1.0,
        },
        speed=2000.0, watch=_FIRST_OUTPUT,
    ),
    _preset(
        "bats-feedback", "Random feedback",
        "The error comes back through fixed random weights instead of the exact gradient's: learning still works, and "
        "costs spikes.",
        digits, {**_MANY, "feedback": "random"},
    ),
    _preset(
        "bats-conv-digits", "Convolutions",
        "Eight filters look at small windows of a digit; their maps show when and where each finds what it looks for.",
        digits, _CONVOLUTIONS, view="maps", watch=replace(_WATCH, hidden=(15, 51, 87, 123), probe_pre=4),
    ),
    _preset(
        "bats-clock", "Clock against events",
        "The same spikes on a clock: the longer its step, the later they come, and some are missed.",
        digits, _MANY, view="clock",
    ),
)  # fmt: skip

_OF_MNIST: Final = (
    _preset(
        "bats-mnist", "MNIST",
        "The paper's network of 800 hidden neurons on 6000 images; the experiment bats-mnist trains it on all of them.",
        _some_mnist,
        {"hidden": (800,), "theta": (0.2, 1.3), "learning_rate": 3e-3, "rate_decay": 1.0, "validation": 1 / 60},
        figure="BATS Table I", speed=200.0,
    ),
    _preset(
        "bats-mnist-conv", "MNIST, convolutions",
        "The paper's network with two convolutions on 6000 images: maps of small windows, pooled and looked at again.",
        _some_mnist,
        {
            "convolutions": "15C5-P2-40C5-P2", "hidden": (300,), "n_max": (1, 3, 10, 30),
            "theta": (0.04, 0.8, 0.6, 0.3), "learning_rate": 3e-3, "rate_decay": 1.0, "batch_size": 20,
            "validation": 1 / 60, "target_true": 30.0,
        },
        speed=200.0, view="maps", watch=replace(_WATCH, hidden=(300, 876, 8676, 11200)),
    ),
)  # fmt: skip
