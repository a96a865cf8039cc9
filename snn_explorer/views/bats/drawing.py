"""The figures of a BATS page, and how a frame gets into them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import BatsFrame
from snn_explorer.presets import Preset
from snn_explorer.views.bats import curves, probe, stack, status
from snn_explorer.views.bats.gallery import GALLERY, TIMED
from snn_explorer.views.bats.labels import LABELS
from snn_explorer.views.bats.layout import arrange_figures
from snn_explorer.views.bats.parts import Shape
from snn_explorer.views.bats.reference import NOTHING, Reference
from snn_explorer.views.bats.side import SideViews
from snn_explorer.views.columns import Columns, flat
from snn_explorer.views.drawing import Drawing
from snn_explorer.views.figures import set_range, show_ticks

NUMBERS: Final = (
    "time", "epoch", "accuracy", "held_out", "loss", "hidden", "output", "hidden_silent", "hidden_saturated",
    "probe_weight", "probe_gradient", "probe_change", "hidden_magnification", "moment_delta", "moment_factor",
    "moment_kernel",
)  # fmt: skip
"""Numbers that the page shows, in its units."""


class BatsDrawing(Drawing[BatsFrame]):
    """The figures of a BATS page.

    Parameters
    ----------
    on_painted, preset
        See `Drawing`.

    Attributes
    ----------
    side : SideViews
    reference : Reference or None
        The pinned run.
    moment : float or None
        Time [s] of the spike that somebody asks about: the closest one of the probe's neuron.
    """

    timed = TIMED

    def __init__(self, on_painted: Callable[[int], None], preset: Preset) -> None:
        super().__init__(GALLERY.fresh_figures(), LABELS, NUMBERS, on_painted, preset)
        self.side = SideViews(preset.view)
        self.reference: Reference | None = None
        self._ranges, self._spans, self._probe_scales = stack.Ranges(), curves.Spans(), probe.ProbeScales()
        self.moment: float | None = None
        self._looked_at: Any = None
        self._shown_shape: Shape | None = None

    @property
    def pinned(self) -> bool:
        """See `Drawing.pinned`."""
        return self.reference is not None

    def pin_or_unpin(self) -> None:
        """See `Drawing.pin_or_unpin`."""
        if self.pinned:
            self.reference = None
        elif self.last is not None and self.last.curves["accuracy"][0].size:
            self.reference = Reference.of(self.last, self.preset)

    def hidden_lane(self, y: float) -> int:
        """Which of the watched hidden neurons is drawn at this height of the plot of membranes."""
        assert self._shown_shape is not None
        return stack.watched_lane(self._shown_shape, self._ranges, y)

    def _columns(self, live: BatsFrame) -> tuple[Columns, FloatArray]:
        frame, shape = live.frame, Shape.of(live.frame)
        self._fit(live)
        columns = stack.columns(frame, shape, self._ranges) | curves.columns(live, self.reference)
        columns |= probe.columns(frame, self._probe_scales, shape.duration) | self.side.columns(live)
        return columns, numbers(live, self._ranges, self.moment)

    def _about(self, live: BatsFrame) -> object:
        watch = live.frame.watch
        return live.state, self.side.seen, self.reference, watch.sample, watch.hidden, watch.output, watch.clock_step

    def _texts(self, live: BatsFrame) -> dict[str, str]:
        texts = status.texts(live) | self.side.texts(live) | {"curve_note": NOTHING}
        if self.reference is not None:
            texts["curve_note"], compared = self.reference.compare(live, self.preset)
            texts["accuracy"] += f" {compared}"
        return texts

    def _fit(self, live: BatsFrame) -> None:
        """Let ranges grow; start them anew with another synapse, sample or run."""
        watch = live.frame.watch
        looked_at = watch.probe_layer, watch.probe_post, watch.probe_pre
        if looked_at != self._looked_at:
            self._looked_at = looked_at
            self._probe_scales.reset()
        if self.last is not None and live.frame.time < self.last.frame.time:
            for ranges in (self._ranges, self._spans, self._probe_scales, self.side):
                ranges.reset()
        self._ranges.fit(live.frame)
        self._spans.fit(live, self.reference)
        self._probe_scales.fit(probe.values(live.frame))

    def _arrange(self, live: BatsFrame) -> None:
        shape, figures = Shape.of(live.frame), self.figures
        if shape != self._shown_shape:
            self._shown_shape = shape
            arrange_figures(figures, shape)
            probe.arrange(figures[probe.FIGURE], shape.duration)
        for name, (start, end) in self._ranges.limits(shape).items():
            set_range(figures[name], start, end)
        for name, ticks in self._ranges.ticks(shape).items():
            show_ticks(figures[name], ticks)
        show_ticks(figures[probe.FIGURE], self._probe_scales.ticks())
        self._spans.show(figures)
        self.side.arrange(figures, live)


def numbers(live: BatsFrame, ranges: stack.Ranges, moment: float | None) -> FloatArray:
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
        page["hidden_magnification"] = stack.magnification(live.frame, ranges)
    else:
        page["hidden"] = np.nan
    page |= probe.at_spike(live.frame, moment)
    return flat([page.get(name, np.nan) for name in NUMBERS])
