"""The figures of a BATS page, and how a frame gets into them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

import numpy as np

from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import BatsFrame
from snn_explorer.presets import Preset
from snn_explorer.views import network_drawing
from snn_explorer.views.bats import curves, network, probe, stack, status
from snn_explorer.views.bats.gallery import GALLERY, TIMED
from snn_explorer.views.bats.labels import LABELS
from snn_explorer.views.bats.layout import arrange_figures
from snn_explorer.views.bats.parts import Shape, class_names
from snn_explorer.views.bats.reference import NOTHING, Reference
from snn_explorer.views.bats.side import SideViews
from snn_explorer.views.columns import Columns, flat
from snn_explorer.views.differences import Measure
from snn_explorer.views.drawing import Drawing
from snn_explorer.views.figures import set_range, show_ticks

NUMBERS: Final = (
    "time", "epoch", "accuracy", "held_out", "loss", "hidden", "output", "hidden_silent", "hidden_saturated",
    "probe_weight", "probe_gradient", "probe_change", "hidden_magnification", "moment_delta", "moment_factor",
    "moment_kernel", "output_lane", "hidden_lane", "weight_magnification", "drive_scale", "maps_scale", "duration_ms",
    *probe.ProbeScales().magnifications,
)  # fmt: skip
"""Numbers that the page shows, in its units, and those by which its tables turn places into values."""


class BatsDrawing(Drawing[BatsFrame]):
    """The figures of a BATS page.

    Parameters
    ----------
    on_painted, preset
        See `Drawing`.

    Attributes
    ----------
    side : SideViews
    moment : float or None
        Time [s] of the spike that somebody asks about: the closest one of the probe's neuron.
    """

    gallery: ClassVar = GALLERY
    timed: ClassVar = TIMED
    reference: Reference | None

    def __init__(self, on_painted: Callable[[int], None], preset: Preset) -> None:
        super().__init__(GALLERY.fresh_figures(), LABELS, NUMBERS, on_painted, preset)
        self.side = SideViews(preset.view)
        self._ranges, self._spans, self._probe_scales = stack.Ranges(), curves.Spans(), probe.ProbeScales()
        self.moment: float | None = None
        self._sample: Any = None
        self._synapse: Any = None
        self._shown_shape: Shape | None = None

    @property
    def question(self) -> float | None:
        """See `Drawing.question`."""
        return self.moment

    @question.setter
    def question(self, question: float | None) -> None:
        self.moment = question

    def pin_or_unpin(self) -> None:
        """See `Drawing.pin_or_unpin`."""
        if self.pinned:
            self.reference = None
        elif self.last is not None and self.last.curves["accuracy"][0].size:
            self.reference = Reference.of(self.last, self.preset)

    def _take_in(self, lives: Sequence[BatsFrame]) -> None:
        """See `Drawing`; the ranges start anew with another synapse, sample or run."""
        live, frames = lives[0], [live.frame for live in lives]
        last = self.lives[0] if self.lives else None
        sample, synapse = (self.preset.key, live.frame.numbers["sample"]), live.frame.watch.synapse
        is_new = last is not None and (live.samples is not last.samples or live.frame.time < last.frame.time)
        for ranges, anew in (
            (self._ranges, is_new or sample != self._sample),
            (self._probe_scales, is_new or sample != self._sample or synapse != self._synapse),
            (self._spans, is_new),
            (self.side, is_new),
        ):
            if anew:
                ranges.reset()
        self._sample, self._synapse = sample, synapse
        self._ranges.fit(frames)
        self._spans.fit(lives, self.reference)
        self.side.fit(lives)
        self._probe_scales.fit([probe.values(frame) for frame in frames])

    def _timed_columns(self, live: BatsFrame) -> Columns:
        return stack.columns(live.frame, Shape.of(live.frame), self._ranges)

    def _other_columns(self, live: BatsFrame, lives: Sequence[BatsFrame]) -> Columns:
        columns = probe.columns(live.frame, self._probe_scales, Shape.of(live.frame).duration)
        return columns | curves.columns(lives, self.reference) | self.side.columns(live)

    def _numbers(self, live: BatsFrame) -> FloatArray:
        scales = self._probe_scales.magnifications | {
            "output_lane": self._ranges.lane("output_membrane"),
            "hidden_lane": self._ranges.lane("hidden_membrane"),
            "weight_magnification": network_drawing.WIDENED / network.widest(live),
            "duration_ms": 1e3 * live.frame.duration,
            **self.side.scales,
        }
        return numbers(live, self._ranges, self.moment, scales)

    def _measures(self, live: BatsFrame, lives: Sequence[BatsFrame]) -> list[Measure]:
        return measures(*(Reference.of(one, self.preset) for one in (live, *lives)))

    def _about(self, live: BatsFrame) -> object:
        watch = live.frame.watch
        return live.state, self.side.seen, replace(self.side.chosen), self.reference, watch, self.moment

    def _texts(self, live: BatsFrame) -> dict[str, str]:
        texts = (
            status.texts(live)
            | self.side.texts(live)
            | {"curve_note": NOTHING, "why": probe.why(live.frame, self.moment)}
        )
        if self.reference is not None:
            texts["curve_note"], compared = self.reference.compare(live, self.preset)
            texts["accuracy"] += f" {compared}"
        return texts

    def _arrange(self, lives: Sequence[BatsFrame]) -> None:
        shape, figures = Shape.of(*(live.frame for live in lives)), self.figures
        stacks = [figures] + ([self.twins] if self.twins else [])
        if shape != self._shown_shape:
            self._shown_shape = shape
            for stacked in stacks:
                arrange_figures(stacked, shape, class_names(lives[0].samples))
        for name, (start, end) in self._ranges.limits(shape).items():
            set_range(figures[name], start, end)
        for stacked in stacks:
            for name, ticks in self._ranges.ticks(shape).items():
                show_ticks(stacked[name], ticks)
        show_ticks(figures[probe.FIGURE], self._probe_scales.ticks())
        self._spans.show(figures)
        self.side.arrange(figures, self._shown(lives))

    def _refit(self) -> None:
        self._shown_shape = None


def measures(run: Reference, *runs: Reference) -> list[Measure]:
    """Right answers and spikes for each sample of a run, after as many epochs as all `runs` have learned."""
    if not all(one.epochs.size for one in runs):
        return []
    accuracy, spikes = run.after(min(float(one.epochs[-1]) for one in runs))
    return [Measure("right answers", f"{100 * accuracy:.0f}", "%"), Measure("spikes a sample", f"{spikes:.0f}")]


def numbers(live: BatsFrame, ranges: stack.Ranges, moment: float | None, scales: Mapping[str, float]) -> FloatArray:
    """The numbers of the page in the order of `NUMBERS`, NaN for what this network has not."""
    n, now = live.frame.numbers, {name: value[-1:] for name, (_, value) in live.curves.items()}
    has_hidden = "hidden_delta" in live.frame.traces
    page = dict(n) | {name: float(value[0]) if value.size else np.nan for name, value in now.items()}
    page["time"], page["epoch"] = live.frame.time, live.frame.time / live.samples_per_epoch
    for name in ("accuracy", "held_out"):
        page[name] *= 100
    if has_hidden:
        layers = [name.removesuffix("_size") for name in n if name.startswith("hidden") and name.endswith("_size")]
        size = sum(n[f"{name}_size"] for name in layers)
        for what in ("silent", "saturated"):
            page[f"hidden_{what}"] = 100 * sum(n[f"{name}_{what}"] for name in layers) / size
        page["hidden_magnification"] = ranges.magnification
    else:
        page["hidden"] = np.nan
    page |= {**probe.at_spike(live.frame, moment), **scales}
    return flat([page.get(name, np.nan) for name in NUMBERS])
