"""All figures of a BATS page."""

from __future__ import annotations

from typing import Final

from bokeh.models import Plot

from snn_explorer.views import network_drawing
from snn_explorer.views.bats import budget, clock, curves, drive, latency, maps, probe, sample, stack
from snn_explorer.views.gallery import Gallery
from snn_explorer.views.timeline import share_time, show_time_axis, time_cursor

TIMED: Final = ("error", "output", "output_membrane", "hidden", "hidden_membrane", "input")
"""The stack of plots over time, from top to bottom."""

FIRST_DURATION: Final = 200.0
"""Simulated time until a frame says more [ms]."""


def build() -> list[Plot]:
    """All figures, empty."""
    stacked, one = stack.figures(), probe.figure()
    share_time([*stacked, one], time_cursor("cursor"), FIRST_DURATION)
    show_time_axis(stacked[-1], "time [ms]")
    beside = [*sample.figures(), drive.figure(), maps.figure(), network_drawing.figure(), *budget.figures()]
    return [*stacked, one, *curves.figures(), *beside, latency.figure(), clock.figure()]


GALLERY: Final = Gallery(build)
