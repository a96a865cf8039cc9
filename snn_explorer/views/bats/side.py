"""The views that share one place of the page; only the one that is seen costs anything."""

from __future__ import annotations

from typing import Any, Final

from bokeh.models import Plot

from snn_explorer.live.frame import BatsFrame
from snn_explorer.views.bats import budget, clock, latency, network, sample
from snn_explorer.views.columns import Columns

VIEWS: Final = {
    "sample": "Sample", "network": "Network", "budget": "Budget", "latency": "Latency", "clock": "Clock",
}  # fmt: skip
"""Names of the views on their tabs."""

FIGURES: Final = {
    "sample": sample.FIGURES,
    "network": (network.FIGURE,),
    "budget": budget.FIGURES,
    "latency": (latency.FIGURE,),
    "clock": (clock.FIGURE,),
}
"""Names of the figures of each view, from left to right."""

_MODULES: Final[dict[str, Any]] = {
    "sample": sample, "network": network, "budget": budget, "latency": latency, "clock": clock,
}  # fmt: skip


class SideViews:
    """What is drawn in the views.

    Attributes
    ----------
    seen : str
        Which of `VIEWS` is seen; the others are left as they were.
    """

    def __init__(self, seen: str) -> None:
        self.seen = seen or next(iter(VIEWS))
        self._columns: Columns = {}
        self._heights = budget.Heights()

    def columns(self, live: BatsFrame) -> Columns:
        """Columns of every source, for one frame: new ones for the view that is seen."""
        for view in VIEWS if not self._columns else (self.seen,):
            self._columns |= _MODULES[view].columns(live)
        self._heights.fit(self._columns)
        return self._columns.copy()

    def reset(self) -> None:
        """Back to the smallest ranges."""
        self._heights.reset()

    def arrange(self, figures: dict[str, Plot], live: BatsFrame) -> None:
        """Fit the axes."""
        sample.arrange(figures, live)
        latency.arrange(figures[latency.FIGURE], live)
        clock.arrange(figures[clock.FIGURE], live)
        self._heights.show(figures, live)

    def texts(self, live: BatsFrame) -> dict[str, str]:
        """The text line of the view that is seen and the note above it, by name."""
        module = _MODULES[self.seen]
        return {self.seen: module.sentence(live), f"{self.seen}_note": module.note(live)}
