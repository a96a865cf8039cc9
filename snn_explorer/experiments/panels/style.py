"""What all panels share: colours that colour-blind readers can tell apart, letters, lines."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.typing import RcKeyType

BLACK, SINGLE, REFERENCE = "black", "0.72", "0.5"
ORANGE, SKY, GREEN, BLUE, VERMILION, PURPLE = "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7"
"""Okabe and Ito's colours."""

SERIES = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY)
"""In the order in which series of one panel take them."""

ERROR = GREEN

STYLE: dict[RcKeyType, Any] = {
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "legend.handlelength": 1.4,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4,
    "svg.fonttype": "none",
    "figure.dpi": 100,
}
"""Passed to `matplotlib.rc_context` by every experiment that draws."""


def letter(axes: Axes, text: str) -> None:
    """Panel letter above the left corner."""
    axes.set_title(text, loc="left", fontweight="bold")


def bare(axes: Axes, *sides: str) -> None:
    """Take ticks and frame off some sides of a panel: ``"bottom"``, ``"left"``."""
    for side in sides:
        axes.spines[side].set_visible(False)
    if "bottom" in sides:
        axes.tick_params(bottom=False, labelbottom=False)
    if "left" in sides:
        axes.tick_params(left=False, labelleft=False)
