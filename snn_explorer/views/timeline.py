"""Time axes of the stack: one for all plots, or, where a pattern is longer than a chunk, one more for the rasters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from bokeh.models import BasicTicker, BoxAnnotation, CrosshairTool, CustomJS, Plot, Range1d, Span

from snn_explorer.views.figures import colour_of
from snn_explorer.views.scales import nice_above


def share_time(figures: Iterable[Plot], cursor: Span, seconds: float) -> Range1d:
    """Give figures one time axis, a cursor and veils that run through all of them; gives the axis's range.

    The whole axis goes to the range's `reset_end`, of which `Zoom` shows a part. A browser finds range and veils by the
    cursor's name.
    """
    shared = Range1d(start=0, end=seconds, reset_end=seconds, name=cursor.name)
    veils = [veil(cursor), veil(cursor)]
    for figure in figures:
        figure.x_range = shared
        figure.add_tools(CrosshairTool(overlay=cursor))
        figure.center = [*figure.center, *veils]
        figure.xaxis.visible = False
        figure.xaxis.ticker = BasicTicker(num_minor_ticks=0)  # round times in whatever part is seen
    return shared


def set_length(figure: Plot, seconds: float) -> None:
    """Let the time axis of this figure, and of all that share it, be so long; if it was not, all of it is seen."""
    shared: Any = figure.x_range
    if shared.reset_end != seconds:
        shared.update(reset_end=seconds, start=0, end=seconds)


def time_cursor(name: str) -> Span:
    """A line that follows the pointer."""
    return Span(dimension="height", line_width=1, line_color=colour_of("muted"), name=name)


def veil(cursor: Span) -> BoxAnnotation:
    """Covers what is later than a moment; two are needed where that runs over the end of a pattern."""
    return BoxAnnotation(
        name=f"{cursor.name}.veil", visible=False, level="overlay", fill_color=colour_of("paper"), fill_alpha=0.82,
        line_color=colour_of("muted"), line_width=1, line_alpha=1,
    )  # fmt: skip


def mark_moment(figures: Iterable[Plot], name: str) -> None:
    """Give figures one line at a moment that somebody asks about, none at first."""
    line = Span(dimension="height", line_width=1.5, line_dash="dotted", line_color=colour_of("change"), name=name)
    for figure in figures:
        figure.add_layout(line)


def show_moment(figure: Plot, name: str, seconds: float | None) -> None:
    """Put the line of this figure, and of all that share it, at a moment [s], or take it away."""
    # with every frame: Bokeh's own search would look through all parts of the figure
    line: Any = next(part for part in figure.center if part.name == name)
    if line.location != seconds:
        line.location = seconds


def link(cursors: tuple[Span, Span], ranges: tuple[Range1d, Range1d]) -> None:
    """Let two cursors go together while their axes show the same time."""
    code = "if (ranges[0].reset_end === ranges[1].reset_end) { other.setv({location: cb_obj.location}, {sync: false}) }"
    for cursor, other in (cursors, cursors[::-1]):
        cursor.js_on_change("location", CustomJS(args={"other": other, "ranges": [*ranges]}, code=code))


def time_ticks(seconds: float) -> list[float]:
    """Four to nine round times."""
    step = nice_above(seconds / 8)
    return [float(tick) for tick in np.arange(0, seconds * (1 + 1e-9), step).round(6)]


def show_time_axis(figure: Plot, words: str) -> None:
    """Draw the time axis under this figure, the lowest of its stack; without words: draw none."""
    if (figure.xaxis[0].visible, figure.xaxis[0].axis_label) == (bool(words), words or None):
        return
    figure.xaxis.visible = bool(words)
    figure.xaxis.axis_label = words or None
    figure.min_border_bottom = 0 if words else 3
