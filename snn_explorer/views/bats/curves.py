"""How the network gets better: accuracy, loss, and spikes for each sample, over epochs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from bokeh.models import Plot

from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import BatsFrame
from snn_explorer.live.pair import NAMES
from snn_explorer.views.bats.reference import Reference
from snn_explorer.views.columns import Columns, flat
from snn_explorer.views.figures import letters, line, points, render, set_range
from snn_explorer.views.scales import Growing

FIRST_EPOCHS: Final = 5.0
"""Epochs that the axes show at first."""

ASIDE: Final = 13.0
"""From the end of an accuracy curve to the middle of its letter [%]."""

FIGURES: Final = {"accuracy": "Accuracy", "loss": "Loss", "spikes": "Spikes"}
"""Figures that share one place, and their names on the tabs."""

_SECOND: Final[dict[str, Any]] = {"line_width": 1.8, "line_dash": [5, 3]}
"""How the curves of a second run are drawn, which learns beside the first."""


def figures() -> list[Plot]:
    """Figures of the three curves, empty."""
    accuracy = (
        line("accuracy.reference", "muted", line_width=1.2) * line("accuracy.training", "ink", line_width=1.8)
        * points("accuracy.held_out", "ink", marker="circle", size=5, fill_alpha=0)
        * points("accuracy.now", marker="circle", size=6) * line("accuracy.beside", "ink", **_SECOND)
    )  # fmt: skip
    loss = (
        line("loss.reference", "muted", line_width=1.2) * line("loss.training", "ink", line_width=1.8)
        * line("loss.beside", "ink", **_SECOND)
    )  # fmt: skip
    spikes = (
        line("spikes.hidden", "ink", line_width=1.8) * line("spikes.output", "muted", line_width=1.8)
        * line("spikes.hidden_beside", "ink", **_SECOND) * line("spikes.output_beside", "muted", **_SECOND)
    )  # fmt: skip
    drawn = [
        render("accuracy", accuracy, (0, 100), xlim=(0, FIRST_EPOCHS)),
        render("loss", loss, (0, 50), xlim=(0, FIRST_EPOCHS)),
        render("spikes", spikes, (0, 100), xlim=(0, FIRST_EPOCHS)),
    ]
    for figure in drawn:
        figure.xaxis.axis_label = "epochs"
        figure.min_border_bottom = 0
    letters(drawn[0], "accuracy", NAMES, baseline="middle")
    return drawn


def columns(lives: Sequence[BatsFrame], reference: Reference | None) -> Columns:
    """Columns of the curves of one or two runs, and of the pinned run's."""
    curve, beside = ({name: epochs_of(live, name) for name in live.curves} for live in (lives[0], lives[-1]))
    two, pinned = len(lives) > 1, {} if reference is None else reference.curves
    nothing = flat([]), flat([])
    if not two:
        beside = {}
    accuracies = [_columns(each.get("accuracy", nothing), 100) for each in (curve, beside)]
    nowhere = _columns(nothing)
    ends = [{column: values[-1:] for column, values in each.items()} for each in accuracies]
    return {
        "accuracy.reference": _columns(pinned.get("accuracy", nothing), 100),
        "accuracy.training": accuracies[0],
        "accuracy.held_out": _columns(curve["held_out"], 100),
        "accuracy.beside": accuracies[1],
        "accuracy.now": {column: np.concatenate([end[column] for end in ends]) for column in ("x", "y")},
        **{f"accuracy.{name}": _aside(end) if two else nowhere for name, end in zip(NAMES, ends, strict=True)},
        "loss.reference": _columns(pinned.get("loss", nothing)),
        "loss.training": _columns(curve["loss"]),
        "loss.beside": _columns(beside.get("loss", nothing)),
        "spikes.hidden": _columns(curve["hidden"]),
        "spikes.output": _columns(curve["output"]),
        "spikes.hidden_beside": _columns(beside.get("hidden", nothing)),
        "spikes.output_beside": _columns(beside.get("output", nothing)),
    }


def _aside(end: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Place of the letter at the end of a curve: above it where that is low, below it where it is high."""
    return {"x": end["x"], "y": end["y"] + np.where(end["y"] < 50, ASIDE, -ASIDE).astype(np.float32)}


def epochs_of(live: BatsFrame, name: str) -> tuple[FloatArray, FloatArray]:
    """A curve over epochs."""
    seen, value = live.curves[name]
    return seen / np.float32(live.samples_per_epoch), value


class Spans:
    """Ranges of the curves; they grow in round steps."""

    def __init__(self) -> None:
        self.epochs = Growing(FIRST_EPOCHS)
        self._heights = {"loss": Growing(1.0), "spikes": Growing(10.0)}

    def fit(self, lives: Sequence[BatsFrame], reference: Reference | None) -> None:
        """Take in the frames of all runs that are shown."""
        ends = [epochs_of(live, "accuracy")[0][-1:] for live in lives]
        ends += [] if reference is None else [reference.epochs[-1:]]
        self.epochs.fit(float(np.concatenate(ends).max(initial=0.0)))
        for height, names in (("loss", ("loss",)), ("spikes", ("hidden", "output"))):
            shown = np.concatenate([live.curves[name][1] for live in lives for name in names])
            self._heights[height].fit(float(shown.max(initial=0.0)))

    def reset(self) -> None:
        """Back to the smallest ranges."""
        for growing in (self.epochs, *self._heights.values()):
            growing.reset()

    def show(self, figures: dict[str, Plot]) -> None:
        """Set the axes."""
        for name in FIGURES:
            across: Any = figures[name].x_range
            if across.end != self.epochs.value:
                across.end = self.epochs.value
        for name, height in self._heights.items():
            set_range(figures[name], 0.0, height.value)


def sentences(live: BatsFrame) -> dict[str, str]:
    """What each curve shows, for a screen reader."""
    if not live.curves["accuracy"][1].size:
        return dict.fromkeys(FIGURES, "Nothing has been learned yet.")
    now = {name: float(value[-1]) if value.size else np.nan for name, (_, value) in live.curves.items()}
    epochs = live.frame.time / live.samples_per_epoch
    held_out = "" if np.isnan(now["held_out"]) else f", and of held-out ones {now['held_out']:.1%}"
    return {
        "accuracy": f"After {epochs:.1f} epochs {now['accuracy']:.1%} of the training samples are answered right"
        f"{held_out}.",
        "loss": f"After {epochs:.1f} epochs the loss is {now['loss']:.3g}.",
        "spikes": f"For each sample hidden neurons spike {now['hidden']:.0f} times, outputs {now['output']:.0f} times.",
    }


def _columns(curve: tuple[FloatArray, FloatArray], scale: float = 1) -> dict[str, FloatArray]:
    return {"x": curve[0], "y": curve[1] * np.float32(scale)}
