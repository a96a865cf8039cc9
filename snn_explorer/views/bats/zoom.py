"""Seeing a part of the time axis closer: by dragging over it, or with keys; a double tap shows all again.

Whether a drag zooms is a matter of what drags, not of the device: a mouse or a pen does, a finger scrolls the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import panel as pn
from bokeh.models import BoxAnnotation, BoxZoomTool, Plot

from snn_explorer.views.figures import colour_of

CLOSER: Final = 2.0
"""How much shorter the part of the time axis gets that a key shows."""


_TOUCH: Final = {"touch-action": "pan-y pinch-zoom"}
"""What the browser does by itself with a finger on a figure; a pen may still drag along the time axis."""


class Dragging(pn.custom.JSComponent):
    """Lets a mouse or a pen drag over figures with a `Zoom`, and no finger."""

    _esm = Path(__file__).with_name("zoom.mjs")


class Zoom:
    """The part of a time axis [ms] that figures share; its whole is from 0 to the `reset_end` of their range.

    Parameters
    ----------
    figures : sequence of bokeh.models.Plot
    changed : callable
        Called when another part is shown.

    Attributes
    ----------
    dragging : Dragging
        Unseen, somewhere on the page.
    """

    def __init__(self, figures: Sequence[Plot], changed: Callable[[], None]) -> None:
        self._range: Any = figures[0].x_range
        for end in ("start", "end"):
            self._range.on_change(end, lambda _name, _old, _new: changed())
        self.dragging = Dragging()
        self.follow(figures)

    def follow(self, figures: Iterable[Plot]) -> None:
        """Follow what is done on these figures, which have the same range."""
        for figure in figures:
            figure.on_event("doubletap", lambda _event: self.show_all())
            figure.add_tools(BoxZoomTool(dimensions="width", overlay=_shade()))
            figure.toolbar.active_drag = None
            figure.styles = dict(figure.styles) | _TOUCH  # type: ignore[arg-type]

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
        visible=False,
        syncable=False,
        left_units="canvas",
        right_units="canvas",
        top_units="canvas",
        bottom_units="canvas",
        fill_color=colour,
        fill_alpha=0.2,
        line_color=colour,
        line_alpha=0.6,
    )
