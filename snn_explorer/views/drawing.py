"""The figures of one page, and how a frame gets into them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from bokeh.models import Plot

from snn_explorer.engine import FloatArray, Frame, Watch
from snn_explorer.live import LiveFrame
from snn_explorer.views import curve, network_drawing, probe, stack, status
from snn_explorer.views.columns import Columns, Parts, Traces, flat, parts_of
from snn_explorer.views.figures import set_range, show_ticks
from snn_explorer.views.gallery import fresh_figures
from snn_explorer.views.labels import accessible
from snn_explorer.views.scales import Growing
from snn_explorer.views.stream import FrameStream, encode, names_of

NUMBERS: Final = (
    "time", "cost", "hidden_rate_hz", "output_rate_hz", "matched", "targets", "missing", "extra", "weights_at_limit",
    "probe_weight", "probe_change", "probe_integral", "feedback_magnification",
)  # fmt: skip
"""Numbers that the page shows, in its units."""

READING_PAUSE: Final = 0.5
"""Sentences change no more often than this [s], or nobody could read them."""


class Update(NamedTuple):
    """What a frame changes on the page."""

    live: LiveFrame
    columns: Columns
    message: bytes
    texts: dict[str, str] | None


class Drawing:
    """The figures of one page.

    `compose` may run in any thread, one at a time; `show` belongs to the document's.

    Parameters
    ----------
    on_painted : callable
        Called with the serial number of a frame that the browser has painted.
    """

    def __init__(self, on_painted: Callable[[int], None]) -> None:
        self.figures = fresh_figures()
        for name, figure in self.figures.items():
            figure.html_attributes = accessible(name)
        self.stream = FrameStream(on_painted, numbers=list(NUMBERS), width=0, height=0, margin=0)
        self.last: LiveFrame | None = None
        self._probe_scales = probe.ProbeScales()
        self._ranges = stack.StackRanges()
        self._span = Growing(curve.FIRST_SPAN)
        self._probed: Any = None
        self._shown_shape: Any = None
        self._said: tuple[float, str] = (-READING_PAUSE, "")

    def compose(self, live: LiveFrame) -> Update:
        """Make a frame ready to be sent."""
        parts = parts_of(live)
        self._fit(live, parts)
        traces = Traces(parts["time"])
        columns = stack.columns(live.frame, parts, traces, self._ranges.lane) | curve.columns(live)
        columns |= self._probe_scales.columns(parts, traces)
        columns |= network_drawing.columns(live.frame, live.values["weight_limit"])
        return Update(live, columns, encode(live.serial, columns, numbers(live.frame, parts)), self._texts(live))

    def show(self, update: Update) -> None:
        """Send it to the browser; axes are touched only where they change."""
        self.last = update.live
        if not self.stream.columns:
            self.stream.columns = names_of(update.columns)
        self._show_shape(update.live)
        self._show_ranges(len(update.live.frame.watch.hidden))
        if update.texts is not None:
            self.stream.texts = update.texts
        self.stream.message = update.message

    def _fit(self, live: LiveFrame, parts: Parts) -> None:
        """Let ranges grow; start them anew with another synapse or another run."""
        if self._probed != (probed := probe_of(live.frame.watch)):
            self._probed = probed
            self._probe_scales.reset()
        learned = float(live.curve_time[-1:].max(initial=0.0))
        if self.last is not None and live.frame.time < self.last.frame.time:
            self._span.reset()
            self._probe_scales.reset()
            self._ranges.reset()
        self._span.fit(learned)
        self._probe_scales.fit(parts)
        self._ranges.fit(parts)

    def _texts(self, live: LiveFrame) -> dict[str, str] | None:
        now, (when, state) = time.monotonic(), self._said
        if state == live.state and now - when < READING_PAUSE:
            return None
        self._said = now, live.state
        return status.texts(live)

    def _show_shape(self, live: LiveFrame) -> None:
        layers, lanes = network_drawing.sizes(live.frame), len(live.frame.watch.hidden)
        if (layers, lanes) == self._shown_shape:
            return
        self._shown_shape = layers, lanes
        for layer, n in layers.items():
            show_rows(self.figures[layer], n)

    def _show_ranges(self, lanes: int) -> None:
        show_ticks(self.figures["hidden_membrane"], stack.lane_ticks(lanes, self._ranges.lane))
        show_ticks(self.figures["probe"], self._probe_scales.ticks())
        span: Any = self.figures["curve"].x_range
        if span.end != self._span.value:
            span.end = self._span.value
        for name, (start, end) in self._ranges.limits(lanes).items():
            set_range(self.figures[name], start, end)


def probe_of(watch: Watch) -> tuple[str, int, int]:
    """Layer, postsynaptic and presynaptic neuron of the probe synapse."""
    return watch.probe_layer, watch.probe_post, watch.probe_pre


def numbers(frame: Frame, parts: Parts) -> FloatArray:
    """The numbers of the page in the order of `NUMBERS`, NaN for what this network has not."""
    hidden_error, product = stack.rows(parts, "hidden_error"), frame.traces["probe_product"]
    page: Mapping[str, float] = frame.numbers | {
        "time": frame.time,
        "weights_at_limit": 100 * frame.numbers["weights_at_limit"],
        "probe_weight": 1e3 * frame.numbers["probe_weight"],
        "probe_change": 1e3 * frame.numbers["probe_change"],
        "probe_integral": 1e3 * float(product.mean()) * frame.duration,
        "feedback_magnification": stack.feedback_magnification(hidden_error) if hidden_error.size else np.nan,
    }
    return flat([page.get(name, np.nan) for name in NUMBERS])


def show_rows(figure: Plot, n: int) -> None:
    """Show so many neurons, one row each, counted from 1, with a tick at the first and the last."""
    edge = 1.0 if n < 10 else 0.03 * n
    set_range(figure, -edge, n - 1 + edge)
    show_ticks(figure, {tick: str(tick + 1) for tick in sorted({0, n - 1})})
