"""All figures of a SuperSpike page."""

from __future__ import annotations

from typing import Final

from bokeh.models import Plot

from snn_explorer.views import network_drawing
from snn_explorer.views.gallery import Gallery
from snn_explorer.views.superspike import curve, firing, probe, rasters, spike_timing, stack
from snn_explorer.views.timeline import link, mark_moment, share_time, show_time_axis, time_cursor

TIMED: Final = ("error", "output", "output_membrane", "hidden", "hidden_membrane", "input")
"""The stack of plots over time, from top to bottom."""


def build() -> list[Plot]:
    """All figures, empty."""
    spikes, traces = rasters.figures(), [*stack.figures(), probe.figure()]
    cursors = time_cursor("cursor"), time_cursor("pattern_cursor")
    link(cursors, (share_time(traces, cursors[0], stack.CHUNK), share_time(spikes, cursors[1], stack.CHUNK)))
    mark_moment(spikes, "pattern_moment")
    mark_moment(traces, "moment")
    show_time_axis(traces[-1], "time in the chunk [s]")
    return [*spikes, *traces, curve.figure(), network_drawing.figure(), spike_timing.figure(), *firing.figures()]


GALLERY: Final = Gallery(build)
