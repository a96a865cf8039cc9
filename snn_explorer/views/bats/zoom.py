"""Seeing a part of the time axis closer: by dragging over it, or with keys; a double tap shows all again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from bokeh.models import BoxAnnotation, BoxZoomTool, Plot

from snn_explorer.views.figures import colour_of

CLOSER: Final = 2.0
"""How much shorter the part of the time axis gets that a key shows."""


class Zoom:
    """The part of a time axis [ms] that figures share; its whole is from 0 to the `reset_end` of their range.

    Parameters
    ----------
    figures : sequence of bokeh.models.Plot
    changed : callable
        Called when another part is shown.
    drag : bool
        Whether dragging over a figure shows that part; where fingers scroll the page it must not.
    """

    def __init__(self, figures: Sequence[Plot], changed: Callable[[], None], *, drag: bool) -> None:
        self._range: Any = figures[0].x_range
        for end in ("start", "end"):
            self._range.on_change(end, lambda _name, _old, _new: changed())
        self._drag = drag
        self.follow(figures)

    def follow(self, figures: Iterable[Plot]) -> None:
        """Follow what is done on these figures, which have the same range."""
        for figure in figures:
            figure.on_event("doubletap", lambda _event: self.show_all())
            if self._drag:
                tool = BoxZoomTool(dimensions="width", overlay=_shade())
                figure.add_tools(tool)
                figure.toolbar.active_drag = tool

    @property
    def window(self) -> tuple[float, float] | None:
        """The part of the time axis that is shown [s]; None where all of it is."""
        start, end = self._range.start, self._range.end
        return None if start <= 0 and end >= self._whole else (start / 1e3, end / 1e3)

    def by(self, factor: float) -> None:
        """Show a part that is so many times as long, around the same middle."""
        start, end = self._range.start, self._range.end
        middle, half = (start + end) / 2, factor * (end - start) / 2
        self._range.update(start=max(middle - half, 0.0), end=min(middle + half, self._whole))

    def show_all(self) -> None:
        """Show the whole time axis."""
        self._range.update(start=0, end=self._whole)

    @property
    def _whole(self) -> float:
        """End of the whole axis; before a frame says more, that of what is shown."""
        return self._range.reset_end or self._range.end


def _shade() -> BoxAnnotation:
    """What is seen while somebody drags."""
    colour = colour_of("muted")
    return BoxAnnotation(
        visible=False, syncable=False, fill_color=colour, fill_alpha=0.2, line_color=colour, line_alpha=0.6
    )
