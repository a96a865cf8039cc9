"""The learning curve: cost against learning time, with the cost of a silent network and the curve of a pinned run."""

from __future__ import annotations

from typing import Final

import numpy as np
from bokeh.models import Plot

from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.views.columns import Columns
from snn_explorer.views.figures import level, line, points, render
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
    )
    drawn = render(FIGURE, elements, (LEAST_COST, 100), logy=True, xlim=(0, FIRST_SPAN))
    drawn.xaxis.axis_label = "learning time [s]"
    drawn.min_border_bottom = 0
    return drawn


def columns(live: SuperSpikeFrame, reference: Reference | None) -> Columns:
    """Columns of the curve and of the pinned one, for one frame."""
    cost, none = shown(live.curve_cost), np.zeros(0, dtype=np.float32)
    pinned = (none, none) if reference is None else (reference.time, shown(reference.cost))
    return {
        "curve.reference": {"x": pinned[0], "y": pinned[1]},
        "curve.cost": {"x": live.curve_time, "y": cost},
        "curve.now": {"x": live.curve_time[-1:], "y": cost[-1:]},
    }


def shown(cost: FloatArray) -> FloatArray:
    """Costs as they are drawn."""
    return np.maximum(cost, np.float32(LEAST_COST))
