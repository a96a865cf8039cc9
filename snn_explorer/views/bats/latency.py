"""How soon the answer is right: the share of right answers if output spikes were read up to a moment only (Fig 6)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from bokeh.models import Plot

from snn_explorer.live.frame import BatsFrame
from snn_explorer.live.latency import NEARLY, soon_enough
from snn_explorer.views.bats.parts import MS
from snn_explorer.views.columns import Columns, flat
from snn_explorer.views.figures import fix_ticks, line, points, render, uprights
from snn_explorer.views.timeline import time_ticks

FIGURE: Final = "latency"


def figure() -> Plot:
    """Figure of the curve, empty."""
    elements = (
        uprights("latency.soon", "muted", line_dash="dashed") * line("latency.share", "ink", line_width=1.8)
        * points("latency.end", marker="circle", size=6)
    )  # fmt: skip
    drawn = render(FIGURE, elements, (0, 100), xlim=(0, 200))
    drawn.xaxis.axis_label, drawn.yaxis.axis_label = "output spikes read up to [ms]", "right answers [%]"
    drawn.min_border_bottom = 0
    return drawn


def columns(live: BatsFrame) -> Columns:
    """Columns of the curve, for one frame."""
    time, share = live.latency
    soon = soon_enough(time, share)
    return {
        "latency.soon": {"x": flat([] if soon is None else [1e3 * soon])},
        "latency.share": {"x": time * MS, "y": share * np.float32(100)},
        "latency.end": {"x": time[-1:] * MS, "y": share[-1:] * np.float32(100)},
    }


def arrange(figure: Plot, live: BatsFrame) -> None:
    """Show the simulated time."""
    across: Any = figure.x_range
    if across.end != 1e3 * live.frame.duration:
        across.end = 1e3 * live.frame.duration
        fix_ticks(figure.xaxis[0], time_ticks(across.end))


def note(live: BatsFrame) -> str:
    """What is shown, in a few words."""
    soon = soon_enough(*live.latency)
    when = "" if soon is None else f"; dashed: {NEARLY:.0%} of the final accuracy, at {1e3 * soon:.0f} ms"
    return f"the last training batches{when}"


def sentence(live: BatsFrame) -> str:
    """What the curve shows, for a screen reader."""
    soon, (time, share) = soon_enough(*live.latency), live.latency
    if soon is None:
        return "There are no right answers yet."
    return (
        f"Output spikes up to {1e3 * time[-1]:.0f} ms give {share[-1]:.0%} right answers, and those up to "
        f"{1e3 * soon:.0f} ms {NEARLY:.0%} of these."
    )
