"""Shares of networks that succeeded, with how sure they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray


def wilson_interval(successes: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's confidence interval of a share.

    Parameters
    ----------
    successes, n : int
        Successes among n trials, n at least 1.
    z : float
        Quantile of the normal distribution; 1.96 for 95 %.
    """
    share, weight = successes / n, z**2 / n
    centre = (share + weight / 2) / (1 + weight)
    half = z * np.sqrt(share * (1 - share) / n + weight / (4 * n)) / (1 + weight)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def share_bars(axes: Axes, places: Sequence[int], outcomes: Sequence[NDArray[np.bool_]], color: str) -> None:
    """Share of True in each of the outcomes, with 95 % intervals and the number of networks above."""
    for place, outcome in zip(places, outcomes, strict=True):
        if outcome.size:
            share = float(outcome.mean())
            low, high = wilson_interval(int(outcome.sum()), outcome.size)
            axes.bar(place, share, color=color, width=0.75)
            axes.plot([place, place], [low, high], color="black", linewidth=0.8)
        axes.text(place, 1.04, str(outcome.size), ha="center", fontsize=6, color="0.4")
    axes.set_title("networks", loc="right", fontsize=6, color="0.4")
    axes.set_xticks(places)
    axes.set_xlim(min(places) - 0.6, max(places) + 0.6)
    axes.set_yticks([0, 0.5, 1])
    axes.set_ylim(0, 1.1)
