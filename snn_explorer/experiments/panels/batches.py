"""Learning curves of BATS, batch by batch: accuracy and loss against the samples learned from."""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes

from snn_explorer.experiments.panels.style import BLUE, SINGLE


def accuracy_by_batch(axes: Axes, data: xr.Dataset, condition: str) -> None:
    """Accuracy in training: single networks grey, their mean black; rings: on held-out samples after each epoch."""
    mine = data.sel(condition=condition)
    _curve(axes, mine, "accuracy_curve", 100.0)
    rings = 100 * mine.held_out_curve.mean("seed")
    axes.plot(
        rings.samples_learned_at_epoch, rings, "o", label="held-out samples", color=BLUE, markersize=3,
        fillstyle="none", clip_on=False,
    )  # fmt: skip
    if rings.size:
        axes.legend(loc="lower right")
    axes.set_ylim(0, 102)
    axes.set_ylabel("Accuracy [%]")


def loss_by_batch(axes: Axes, data: xr.Dataset, condition: str) -> None:
    """Loss in training: single networks grey, their mean black."""
    _curve(axes, data.sel(condition=condition), "loss_curve", 1.0)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("Loss")


def _curve(axes: Axes, mine: xr.Dataset, name: str, scale: float) -> None:
    curve = scale * mine[name]
    axes.plot(curve.samples_learned, curve.transpose("samples_learned", "seed"), color=SINGLE, linewidth=0.5)
    axes.plot(curve.samples_learned, curve.mean("seed"), color="black", linewidth=1.4)
    axes.set_xlim(0, float(curve.samples_learned[-1]))
    axes.set_xlabel("Training samples learned from")
