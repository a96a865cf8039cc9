"""The figures of one page, and how a frame gets into them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from snn_explorer.engine import FloatArray, Frame, Watch
from snn_explorer.live import LiveFrame
from snn_explorer.presets import Preset
from snn_explorer.views import curve, probe, rasters, stack, status
from snn_explorer.views.columns import Columns, Parts, Traces, flat, parts_of
from snn_explorer.views.figures import set_range, show_ticks
from snn_explorer.views.gallery import fresh_figures
from snn_explorer.views.labels import accessible
from snn_explorer.views.layout import Shape, arrange_figures
from snn_explorer.views.reference import NOTHING, Reference
from snn_explorer.views.scales import Growing
from snn_explorer.views.side import SideViews
from snn_explorer.views.stream import FrameStream, encode, names_of

NUMBERS: Final = (
    "time", "cost", "hidden_rate_hz", "output_rate_hz", "matched", "targets", "missing", "extra", "weights_at_limit",
    "probe_weight", "probe_change", "probe_integral", "feedback_magnification", "accuracy",
)  # fmt: skip
"""Numbers that the page shows, in its units."""

READING_PAUSE: Final = 0.5
"""Sentences change no more often than this [s], or nobody could read them."""


class Update(NamedTuple):
    """What a frame changes on the page."""

    live: LiveFrame
    shape: Shape
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
    preset : Preset
        What learns; to be set when that changes.

    Attributes
    ----------
    figures : dict of str to bokeh.models.Plot
    stream : FrameStream
    side : SideViews
    last : LiveFrame or None
        The newest frame that was sent.
    reference : Reference or None
        The pinned run.
    """

    def __init__(self, on_painted: Callable[[int], None], preset: Preset) -> None:
        self.figures = fresh_figures()
        for name, figure in self.figures.items():
            figure.html_attributes = accessible(name)
        self._on_painted, self.preset = on_painted, preset
        self.stream = FrameStream(self._painted, numbers=list(NUMBERS), width=0, height=0, margin=0)
        self.last: LiveFrame | None = None
        self.side = SideViews()
        self.reference: Reference | None = None
        self._probe_scales, self._ranges = probe.ProbeScales(), stack.StackRanges()
        self._span = Growing(curve.FIRST_SPAN)
        self._probed: Any = None
        self._shown_shape: Shape | None = None
        self._said: tuple[float, object] = (-READING_PAUSE, "")
        self._sent: Columns = {}

    def compose(self, live: LiveFrame) -> Update:
        """Make a frame ready to be sent."""
        parts, shape = parts_of(live), Shape.of(live)
        self._fit(live, parts)
        traces = Traces(parts["time"])
        passed = live.frame.time - self.last.frame.time if self.last else 0.0
        columns = stack.columns(live.frame, parts, traces, self._ranges) | curve.columns(live, self.reference)
        columns |= rasters.columns(live, parts, shape.layers.get("hidden", 0), shape.layers["output"], passed)
        columns |= self._probe_scales.columns(parts, traces) | self.side.columns(live)
        message = encode(live.serial, columns, numbers(live.frame, parts), known=self._sent)
        self._sent = columns
        return Update(live, shape, columns, message, self._texts(live))

    def show(self, update: Update) -> None:
        """Send it to the browser; axes are touched only where they change."""
        self.last = update.live
        if not self.stream.columns:
            self.stream.columns = names_of(update.columns)
        if update.shape != self._shown_shape:
            self._shown_shape = update.shape
            arrange_figures(self.figures, update.shape)
        self._show_ranges(update)
        if update.texts is not None:
            self.stream.texts = update.texts
        self.stream.message = update.message

    def forget(self) -> None:
        """The browser may lack what was composed before: send everything again."""
        self._sent = {}

    def _painted(self, serial: int) -> None:
        if serial == 0:
            self.forget()
        self._on_painted(serial)

    def _fit(self, live: LiveFrame, parts: Parts) -> None:
        """Let ranges grow; start them anew with another synapse or another run."""
        if self._probed != (probed := probe_of(live.frame.watch)):
            self._probed = probed
            self._probe_scales.reset()
        pinned = self.reference.time if self.reference else live.curve_time
        learned = float(np.concatenate([live.curve_time[-1:], pinned[-1:]]).max(initial=0.0))
        if self.last is not None and live.frame.time < self.last.frame.time:
            for ranges in (self._span, self._probe_scales, self._ranges, self.side):
                ranges.reset()
        self._span.fit(learned)
        self._probe_scales.fit(parts)
        self._ranges.fit(parts)

    def _texts(self, live: LiveFrame) -> dict[str, str] | None:
        now, (when, what) = time.monotonic(), self._said
        seen = live.state, self.side.seen, self.reference
        if what == seen and now - when < READING_PAUSE:
            return None
        self._said = now, seen
        texts = status.texts(live) | self.side.texts(live) | {"curve_note": NOTHING}
        if self.reference is not None:
            texts["curve_note"], compared = self.reference.compare(live, self.preset)
            texts["curve"] += f" {compared}"
        return texts

    def _show_ranges(self, update: Update) -> None:
        lanes = {"output_membrane": update.shape.output_lanes, "hidden_membrane": update.shape.hidden_lanes}
        for name, ticks in self._ranges.ticks(lanes, tight=update.shape.tight).items():
            show_ticks(self.figures[name], ticks)
        show_ticks(self.figures["probe"], self._probe_scales.ticks())
        span: Any = self.figures["curve"].x_range
        if span.end != self._span.value:
            span.end = self._span.value
        for name, (start, end) in self._ranges.limits(lanes).items():
            set_range(self.figures[name], start, end)
        self.side.arrange(self.figures, update.live, self._span.value)


def probe_of(watch: Watch) -> tuple[str, int, int]:
    """Layer, postsynaptic and presynaptic neuron of the probe synapse."""
    return watch.probe_layer, watch.probe_post, watch.probe_pre


def numbers(frame: Frame, parts: Parts) -> FloatArray:
    """The numbers of the page in the order of `NUMBERS`, NaN for what this network has not."""
    hidden_error, product = stack.rows(parts, "hidden_error"), frame.traces["probe_product"]
    page: Mapping[str, float] = frame.numbers | {
        "time": frame.time,
        "weights_at_limit": 100 * frame.numbers["weights_at_limit"],
        "accuracy": 100 * frame.numbers.get("accuracy", np.nan),
        "probe_weight": 1e3 * frame.numbers["probe_weight"],
        "probe_change": 1e3 * frame.numbers["probe_change"],
        "probe_integral": 1e3 * float(product.mean()) * frame.duration,
        "feedback_magnification": stack.feedback_magnification(hidden_error) if hidden_error.size else np.nan,
    }
    return flat([page.get(name, np.nan) for name in NUMBERS])
