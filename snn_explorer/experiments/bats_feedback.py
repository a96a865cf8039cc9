"""Crossing the two papers: BATS with the feedback of SuperSpike, on digits and on MNIST.

Errors reach the hidden layer through the output weights themselves (symmetric, the exact gradient), through fixed
random weights, or the same for all hidden neurons (uniform); and the exact gradient with a regulariser that holds back
neurons that spike much, as SuperSpike's does.
"""

from __future__ import annotations

import matplotlib as mpl
import xarray as xr
from matplotlib.figure import Figure

from snn_explorer.experiments import bats_digits, bats_mnist
from snn_explorer.experiments.bats_experiment import BatsExperiment, Condition
from snn_explorer.experiments.panels.style import STYLE, letter
from snn_explorer.experiments.panels.training import accuracy_panel, share_bars_of
from snn_explorer.experiments.sources import DIGITS, MNIST

KINDS = {
    "symmetric": {"feedback": "symmetric"},
    "random": {"feedback": "random"},
    "uniform": {"feedback": "uniform"},
    "symmetric + regulariser": {"feedback": "symmetric", "rho": 1.0},
}

MNIST_EPOCHS = 10


def named(data: str, kind: str) -> str:
    """Name of the condition with this data set and this kind of feedback."""
    return f"{data}, {kind}"


def draw(data: xr.Dataset) -> Figure:
    """Panels a and b: accuracy over epochs on digits and MNIST, c and d: active hidden neurons."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 4.6), layout="constrained")
        for column, name in enumerate(("digits", "MNIST")):
            mine = data.sel(condition=[named(name, kind) for kind in KINDS]).dropna("seed", how="all")
            mine = mine.dropna("epoch", how="all", subset=["training_accuracy"]).assign_coords(condition=list(KINDS))
            accuracy, active = figure.add_subplot(2, 2, 1 + column), figure.add_subplot(2, 2, 3 + column)
            letter(accuracy, "ab"[column])
            accuracy_panel(accuracy, mine)
            accuracy.set_title(name, loc="right", fontsize=8)
            letter(active, "cd"[column])
            share_bars_of(active, mine, "test_active_share", "Active hidden neurons [%]")
    return figure


EXPERIMENT = BatsExperiment(
    name="bats-feedback",
    figure="beyond the papers",
    title="BATS with random and uniform feedback, and with a regulariser",
    source=DIGITS,
    conditions=[
        *(Condition(named("digits", kind), {**bats_digits.VALUES, **values}) for kind, values in KINDS.items()),
        *(
            Condition(
                named("MNIST", kind), {**bats_mnist.VALUES, **values}, MNIST, most_seeds=1, most_epochs=MNIST_EPOCHS
            )
            for kind, values in KINDS.items()
        ),
    ],
    values={},
    seeds=5,
    length=60,
    draw=draw,
)
