"""Figure 5: a nonlinearly separable classification of noisy inputs, the spiking exclusive-or.

Panels a to f are the paper's. The rest goes beyond it: the draw of the random feedback matrix decides whether a
network of four hidden units can learn the task, so success is shown against the number of positive feedback weights,
for larger hidden layers, and for single matrices that all networks of a condition share (weights drawn anew).
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from snn_explorer.experiments.metrics import GOOD_ACCURACY, final_accuracy
from snn_explorer.experiments.panels.activity import windows_activity
from snn_explorer.experiments.panels.curves import accuracy_curves
from snn_explorer.experiments.panels.shares import share_bars
from snn_explorer.experiments.panels.sketch import FILL, network_sketch
from snn_explorer.experiments.panels.style import BLUE, ORANGE, SKY, STYLE, VERMILION, letter
from snn_explorer.experiments.superspike_experiment import Condition, Observation, SuperSpikeExperiment
from snn_explorer.tasks import SpikingXor

TRIALS = 20
"""The paper's number of trials, enough where the outcome is clear."""

MATRICES = range(1, 9)
"""Seeds of feedback matrices that are shared by all networks of a condition; not selected."""

PAPER = {"c": "random", "d": "no hidden layer", "e": "symmetric", "f": "uniform"}
REGULARISED = "random + regulariser"
WIDER = ("random, 8 hidden", "random, 16 hidden", "symmetric, 8 hidden")


def spiking_xor(data: Path | None) -> SpikingXor:
    """The task, which needs no files."""
    del data
    return SpikingXor()


def draw(data: xr.Dataset) -> Figure:
    """Panels a: sketch; b: activity; c to f: accuracy while learning; g to i: beyond the paper."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 8.2), layout="constrained")
        rows = figure.add_gridspec(3, 1, height_ratios=[1.25, 0.9, 1.05])
        top, middle, bottom = (figure.add_subfigure(row) for row in rows)
        grid = top.add_gridspec(1, 2, width_ratios=[1, 3])
        sketch = top.add_subplot(grid[0])
        letter(sketch, "a")
        network_sketch(sketch, [("100 inputs", 8, FILL), ("4 hidden", 4, BLUE), ("2 outputs", 2, ORANGE)], "feedback")
        windows_activity(top, grid[1], data, "b", duration=1.0)
        for axes, (text, condition) in zip(middle.subplots(1, 4, sharey=True), PAPER.items(), strict=True):
            letter(axes, text)
            axes.set_title(condition)
            accuracy_curves(axes, data, condition, green=REGULARISED if condition == "random" else None)
            axes.label_outer()
        bottom.suptitle("Beyond the paper", fontsize=8, style="italic")
        accuracies, positive, matrices = bottom.subplots(1, 3, width_ratios=[1.5, 1.1, 1])
        _accuracies(accuracies, data)
        _positive_weights(positive, data)
        _matrices(matrices, data)
    return figure


def _accuracies(axes: Axes, data: xr.Dataset) -> None:
    """Strict and per-unit accuracy side by side."""
    letter(axes, "g")
    names = [*PAPER.values(), REGULARISED, *WIDER]
    for shift, answered, color, label in (
        (-0.15, "answered", "black", "strict"),
        (0.15, "answered_per_unit", SKY, "per output"),
    ):
        accuracy = final_accuracy(data, answered).sel(condition=names)
        place = np.arange(len(names)) + shift
        for x, values in zip(place, accuracy.values, strict=True):
            axes.plot(np.full_like(values, x), values, ".", color=color, alpha=0.25, markersize=3, markeredgewidth=0)
        axes.errorbar(
            place, accuracy.mean("seed"), accuracy.std("seed"), fmt="_", color=color, label=label, markersize=7,
            elinewidth=0.8,
        )  # fmt: skip
    axes.axhline(0.5, color=SKY, linewidth=0.7, linestyle=":")
    axes.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor", fontsize=7)
    axes.set_ylim(0, 1.1)
    axes.set_ylabel("Accuracy")
    axes.legend(loc="lower right")


def _positive_weights(axes: Axes, data: xr.Dataset) -> None:
    """Success of random feedback against the number of positive weights in its matrix."""
    letter(axes, "h")
    weights = data.random_feedback.sel(condition="random").dropna("seed", how="all").dropna("hidden", how="all")
    good = (final_accuracy(data).sel(condition="random", seed=weights.seed) > GOOD_ACCURACY).values
    positive = (weights > 0).sum(["output", "hidden"]).values
    n_weights = weights.sizes["output"] * weights.sizes["hidden"]
    counts = range(n_weights + 1)
    share_bars(axes, list(counts), [good[positive == count] for count in counts], BLUE)
    axes.set_xlabel(f"Positive feedback weights of {n_weights}")
    axes.set_ylabel(f"Share above {GOOD_ACCURACY}")


def _matrices(axes: Axes, data: xr.Dataset) -> None:
    """Success of single matrices, weights drawn anew for each network."""
    letter(axes, "i")
    accuracy = final_accuracy(data)
    good = [accuracy.sel(condition=fixed(matrix)).dropna("seed").values > GOOD_ACCURACY for matrix in MATRICES]
    share_bars(axes, list(MATRICES), good, VERMILION)
    axes.set_xlabel("Feedback matrix (seed)")


def fixed(matrix: int) -> str:
    """Name of the condition in which all networks have this matrix."""
    return f"random, fixed matrix {matrix}"


EXPERIMENT = SuperSpikeExperiment(
    name="superspike-fig5",
    figure="SuperSpike, Fig 5",
    title="A spiking exclusive-or of noisy inputs needs a hidden layer",
    task=spiking_xor,
    conditions=[
        Condition("random", {"feedback": "random"}),
        Condition("no hidden layer", {"n_hidden": 0}, at_most=TRIALS),
        Condition("symmetric", {"feedback": "symmetric"}),
        Condition("uniform", {"feedback": "uniform"}, at_most=TRIALS),
        Condition(REGULARISED, {"feedback": "random", "rho": 1.0}, at_most=TRIALS),
        Condition("random, 8 hidden", {"feedback": "random", "n_hidden": 8}, at_most=TRIALS),
        Condition("random, 16 hidden", {"feedback": "random", "n_hidden": 16}, at_most=TRIALS),
        Condition("symmetric, 8 hidden", {"feedback": "symmetric", "n_hidden": 8}, at_most=TRIALS),
        *(Condition(fixed(m), {"feedback": "random"}, at_most=TRIALS, matrix=m) for m in MATRICES),
    ],
    values={"n_hidden": 4, "weight_scale": 0.01, "rate_drop": 1.0},
    seeds=100,
    length=1000.0,
    draw=draw,
    after=Observation(frozen=3.0, traces=True, best=True),
    feedback=True,
)
