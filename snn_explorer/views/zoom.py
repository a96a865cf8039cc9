"""Seeing a part of a time axis closer: by dragging over it, or with keys; a double tap shows all again.

Whether a drag zooms is a matter of what drags, not of the device: a mouse or a pen does, a finger scrolls the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from bokeh.models import BoxAnnotation, BoxZoomTool, Plot

from snn_explorer.views.component import Component
from snn_explorer.views.figures import colour_of

CLOSER: Final = 2.0
"""How much shorter the part of a time axis gets that a key shows."""

LEAST: Final = 1e-4
"""The shortest part that a key shows, of the whole."""


_TOUCH: Final = {"touch-action": "pan-y pinch-zoom"}
"""What the browser does by itself with a finger on a figure; a pen may still drag along the time axis."""


class Dragging(Component):
    """Lets a mouse or a pen drag over figures with a `Zoom`, and no finger."""

    _bundle = Path(__file__).with_name("zoom.mjs")


class Part(NamedTuple):
    """What is shown of an axis, from `start` to `end`; the `whole` is from 0 to there."""

    start: float
    end: float
    whole: float

    def longer(self, factor: float) -> Part:
        """A part that is so many times as long, around the same middle."""
        middle, half = (self.start + self.end) / 2, max(factor * (self.end - self.start), LEAST * self.whole) / 2
        return Part(max(middle - half, 0.0), min(middle + half, self.whole), self.whole)


class Zoom:
    """The parts of time axes that are shown; the whole of each is from 0 to the `reset_end` of its range.

    While two axes are as long, they show the same time, and the same part of it.

    Parameters
    ----------
    axes : sequence of sequence of bokeh.models.Plot
        Figures that share each axis.
    changed : callable
        Called when another part is shown.
    second : float
        A second on these axes.

    Attributes
    ----------
    dragging : Dragging
        Unseen, somewhere on the page.
    """

    def __init__(self, axes: Sequence[Sequence[Plot]], changed: Callable[[], None], *, second: float) -> None:
        self._ranges: list[Any] = [figures[0].x_range for figures in axes]
        self._changed, self._second, self.dragging = changed, second, Dragging()
        for shown in self._ranges:
            for end in ("start", "end"):
                shown.on_change(end, lambda _name, _old, _new, shown=shown: self._follow_range(shown))
        self.follow(figure for figures in axes for figure in figures)

    def follow(self, figures: Iterable[Plot]) -> None:
        """Follow what is done on these figures, which have these axes."""
        for figure in figures:
            figure.on_event("doubletap", lambda _event: self.show_all())
            figure.add_tools(BoxZoomTool(dimensions="width", overlay=_shade()))
            figure.toolbar.active_drag = None
            figure.styles = dict(figure.styles) | _TOUCH  # type: ignore[arg-type]

    @property
    def window(self) -> tuple[float, float] | None:
        """The part of the first axis that is shown [s]; None where all of it is."""
        start, end, whole = self.parts[0]
        return None if start <= 0 and end >= whole else (start / self._second, end / self._second)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is shown of each axis."""
        return tuple(Part(shown.start, shown.end, shown.reset_end) for shown in self._ranges)

    def show(self, parts: Iterable[Part]) -> None:
        """Show these parts of axes that are as long as theirs."""
        for shown, (start, end, whole) in zip(self._ranges, parts, strict=True):
            shown.update(reset_end=whole, start=start, end=end)

    def by(self, factor: float) -> None:
        """Show parts that are so many times as long, around the same middles."""
        self.show([part.longer(factor) for part in self.parts])

    def show_all(self) -> None:
        """Show the whole time axes."""
        self.show([Part(0, whole, whole) for _, _, whole in self.parts])

    def _follow_range(self, changed: Any) -> None:
        """Let what is as long show the same; start and end come one after the other."""
        if changed.start >= changed.end:
            return
        for shown in self._ranges:
            if shown.reset_end == changed.reset_end:
                shown.update(start=changed.start, end=changed.end)
        self._changed()


def _shade() -> BoxAnnotation:
    """What is seen while somebody drags."""
    colour = colour_of("muted")
    return BoxAnnotation(
        visible=False, syncable=False, fill_color=colour, fill_alpha=0.2, line_color=colour, line_alpha=0.6,
        left_units="canvas", right_units="canvas", top_units="canvas", bottom_units="canvas",
    )  # fmt: skip
