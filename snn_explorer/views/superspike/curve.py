"""The learning curve: cost against learning time, with the cost of a silent network, and the curve of a pinned run.

While two runs learn side by side, the second one's curve is dashed, and each has its letter at its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from bokeh.models import Plot

from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.live.pair import NAMES
from snn_explorer.views.columns import Columns
from snn_explorer.views.figures import letters, level, line, points, render
from snn_explorer.views.superspike.reference import Reference

FIGURE: Final = "curve"

LEAST_COST: Final = 0.01
"""The lowest cost that the logarithmic axis shows; what is lower is drawn there."""

FIRST_SPAN: Final = 50.0
"""Learning time that the axis shows at first [s]."""


def figure() -> Plot:
    """Figure of the curve, empty."""
    elements = (
        level("curve.silent", 10)
        * line("curve.reference", "muted", line_width=1.2)
        * line("curve.cost", "ink", line_width=1.8)
        * points("curve.now", marker="circle", size=6)
        * line("curve.beside", "ink", line_width=1.8, line_dash=[5, 3])
    )
    drawn = render(FIGURE, elements, (LEAST_COST, 100), logy=True, xlim=(0, FIRST_SPAN))
    drawn.xaxis.axis_label = "learning time [s]"
    drawn.min_border_bottom = 0
    letters(drawn, FIGURE, NAMES)
    return drawn


def columns(lives: Sequence[SuperSpikeFrame], reference: Reference | None) -> Columns:
    """Columns of the curves of one or two runs, and of the pinned one."""
    nothing = {"x": np.zeros(0, dtype=np.float32), "y": np.zeros(0, dtype=np.float32)}
    curves = [{"x": live.curve_time, "y": shown(live.curve_cost)} for live in lives]
    ends = [{column: values[-1:] for column, values in curve.items()} for curve in curves]
    two = len(lives) > 1
    return {
        "curve.reference": nothing if reference is None else {"x": reference.time, "y": shown(reference.cost)},
        "curve.cost": curves[0],
        "curve.now": {"x": np.concatenate([end["x"] for end in ends]), "y": np.concatenate([end["y"] for end in ends])},
        "curve.beside": curves[1] if two else nothing,
        **{f"curve.{name}": end if two else nothing for name, end in zip(NAMES, (ends * 2)[:2], strict=True)},
    }


def shown(cost: FloatArray) -> FloatArray:
    """Costs as they are drawn."""
    return np.maximum(cost, np.float32(LEAST_COST))
