"""The figures of a SuperSpike page, and how a frame gets into them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final

import numpy as np

from snn_explorer.engine import FloatArray, Frame
from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.presets import Preset
from snn_explorer.views import network_drawing
from snn_explorer.views.columns import Columns, Traces, flat
from snn_explorer.views.differences import Measure
from snn_explorer.views.drawing import Drawing
from snn_explorer.views.figures import set_range, show_ticks
from snn_explorer.views.scales import Growing
from snn_explorer.views.superspike import curve, probe, rasters, stack, status
from snn_explorer.views.superspike.gallery import GALLERY, TIMED
from snn_explorer.views.superspike.labels import LABELS
from snn_explorer.views.superspike.layout import Shape, arrange_figures
from snn_explorer.views.superspike.parts import Parts, parts_of
from snn_explorer.views.superspike.reference import NOTHING, Reference
from snn_explorer.views.superspike.side import SideViews
from snn_explorer.views.superspike.why import Why, in_chunk
from snn_explorer.views.timeline import show_moment

NUMBERS: Final = (
    "time", "cost", "hidden_rate_hz", "output_rate_hz", "matched", "targets", "missing", "extra", "weights_at_limit",
    "probe_weight", "probe_change", "feedback_magnification", "accuracy",
    "chunk_rate", "chunk_integral", "chunk_regulariser",
    "moment_error", "moment_eligibility", "moment_surrogate", "moment_presynaptic",
    "hidden_membrane_lane", "weight_magnification", *probe.ProbeScales().magnifications,
)  # fmt: skip
"""Numbers that the page shows, in its units, and those by which its tables turn places into values."""


class SuperSpikeDrawing(Drawing[SuperSpikeFrame]):
    """The figures of a SuperSpike page.

    Parameters
    ----------
    on_painted, preset
        See `Drawing`.

    Attributes
    ----------
    side : SideViews
    why : Why
        What somebody asks about the synapse that is watched.
    window : tuple of float or None
        The part of the chunk that is seen [s]; None for all of it. While the run plays, only that is sent of traces.
    """

    gallery: ClassVar = GALLERY
    timed: ClassVar = TIMED
    reference: Reference | None

    def __init__(self, on_painted: Callable[[int], None], preset: Preset) -> None:
        super().__init__(GALLERY.fresh_figures(), LABELS, NUMBERS, on_painted, preset)
        self.side = SideViews()
        self.why = Why()
        self.window: tuple[float, float] | None = None
        self._probe_scales, self._ranges = probe.ProbeScales(), stack.StackRanges()
        self._span = Growing(curve.FIRST_SPAN)
        self._probed: Any = None
        self._parts: dict[int, Parts] = {}
        self._drawn: dict[int, Parts] = {}
        self._shown_shape: Shape | None = None

    @property
    def question(self) -> Why:
        """See `Drawing.question`."""
        return self.why

    @question.setter
    def question(self, question: Why) -> None:
        self.why = question

    def pin_or_unpin(self) -> None:
        """See `Drawing.pin_or_unpin`."""
        if self.pinned:
            self.reference = None
        elif self.last is not None and self.last.curve_time.size:
            self.reference = Reference.of(self.last, self.preset)

    def _take_in(self, lives: Sequence[SuperSpikeFrame]) -> None:
        """See `Drawing`; the ranges start anew with another synapse or another run."""
        if self._probed != (probed := lives[0].frame.watch.synapse):
            self._probed = probed
            self._probe_scales.reset()
        if self._passed(lives[0]) < 0:
            for ranges in (self._span, self._probe_scales, self._ranges, self.side):
                ranges.reset()
        self._parts = {id(live): parts_of(live) for live in lives}
        window = self.window
        self._drawn = {id(live): parts_of(live, window) for live in lives} if window else self._parts
        curves = [*(live.curve_time for live in lives), *([self.reference.time] if self.reference else [])]
        self._span.fit(float(np.concatenate([time[-1:] for time in curves]).max(initial=0.0)))
        self._ranges.fit([*self._parts.values()])
        for parts in self._parts.values():
            self._probe_scales.fit(parts)

    def _timed_columns(self, live: SuperSpikeFrame) -> Columns:
        parts, shape = self._drawn[id(live)], Shape.of(live)
        columns = stack.columns(live.frame, parts, Traces(parts["time"]), self._ranges)
        n_hidden, n_outputs = shape.layers.get("hidden", 0), shape.layers["output"]
        return columns | rasters.columns(live, parts, n_hidden, n_outputs, self._passed(live))

    def _other_columns(self, live: SuperSpikeFrame, lives: Sequence[SuperSpikeFrame]) -> Columns:
        parts = self._drawn[id(live)]
        columns = curve.columns(lives, self.reference) | self._probe_scales.columns(parts, Traces(parts["time"]))
        return columns | self.side.columns(live)

    def _numbers(self, live: SuperSpikeFrame) -> FloatArray:
        parts = self._parts[id(live)]
        scales = self._probe_scales.magnifications | {
            "hidden_membrane_lane": self._ranges.lanes["hidden_membrane"],
            "weight_magnification": 1e-3 * network_drawing.WIDENED / live.values["weight_limit"],
            "feedback_magnification": self._ranges.magnification if parts["hidden_error"].size else np.nan,
        }
        self.why.look(live)
        return numbers(live.frame, {**self.why.numbers(live.frame), **scales})

    def _measures(self, live: SuperSpikeFrame, lives: Sequence[SuperSpikeFrame]) -> list[Measure]:
        return measures(live, min(learned(one) for one in lives))

    def _about(self, live: SuperSpikeFrame) -> object:
        return live.state, self.side.seen, self.reference, self.why.question, live.frame.watch.synapse

    def _texts(self, live: SuperSpikeFrame) -> dict[str, str]:
        texts = status.texts(live) | self.side.texts(live) | {"curve_note": NOTHING, "why": self.why.sentence(live)}
        if self.reference is not None:
            texts["curve_note"], compared = self.reference.compare(live, self.preset)
            texts["curve"] += f" {compared}"
        return texts

    def _arrange(self, lives: Sequence[SuperSpikeFrame]) -> None:
        shape, stacks = Shape.of(*lives), [self.figures] + ([self.twins] if self.twins else [])
        if shape != self._shown_shape:
            self._shown_shape = shape
            for figures in stacks:
                arrange_figures(figures, shape)
        lanes = {"output_membrane": shape.output_lanes, "hidden_membrane": shape.hidden_lanes}
        for figures in stacks:
            for name, ticks in self._ranges.ticks(lanes, tight=shape.tight).items():
                show_ticks(figures[name], ticks)
        show_ticks(self.figures["probe"], self._probe_scales.ticks())
        span: Any = self.figures["curve"].x_range
        if span.end != self._span.value:
            span.end = self._span.value
        for name, (start, end) in self._ranges.limits(lanes).items():
            set_range(self.figures[name], start, end)
        live = self._shown(lives)
        moment = None if self.why.question is None else self.why.question.moment
        show_moment(self.figures["input"], "pattern_moment", moment)
        show_moment(self.figures["error"], "moment", None if moment is None else in_chunk(live, moment))
        self.side.arrange(self.figures, live, self._span.value)

    def _refit(self) -> None:
        self._shown_shape = None

    def _passed(self, live: SuperSpikeFrame) -> float:
        """Learning time since the frames before [s]; negative after a new start."""
        return live.frame.time - self.lives[0].frame.time if self.lives else 0.0


def learned(live: SuperSpikeFrame) -> float:
    """Learning time to which the curve goes [s]."""
    return float(live.curve_time[-1:].max(initial=0.0))


def measures(live: SuperSpikeFrame, at: float) -> list[Measure]:
    """Cost after a learning time `at` [s], and the present rate of the hidden neurons."""
    told = []
    if live.curve_time.size:
        cost = float(np.interp(at, live.curve_time, live.curve_cost))
        told.append(Measure("cost", f"{cost:.2g}" if cost >= curve.LEAST_COST else f"below {curve.LEAST_COST:g}"))
    if "hidden_rate_hz" in live.frame.numbers:
        told.append(Measure("hidden rate", f"{live.frame.numbers['hidden_rate_hz']:.0f}", "Hz"))
    return told


def numbers(frame: Frame, more: Mapping[str, float]) -> FloatArray:
    """The numbers of the page in the order of `NUMBERS`, with `more` of them; NaN for what there is not."""
    page: Mapping[str, float] = (
        frame.numbers
        | dict(more)
        | {
            "time": frame.time,
            "weights_at_limit": 100 * frame.numbers["weights_at_limit"],
            "accuracy": 100 * frame.numbers.get("accuracy", np.nan),
            "probe_weight": 1e3 * frame.numbers["probe_weight"],
            "probe_change": 1e3 * frame.numbers["probe_change"],
        }
    )
    return flat([page.get(name, np.nan) for name in NUMBERS])
