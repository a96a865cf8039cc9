"""The views that share one place of the page; only the one that is seen costs anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bokeh.models import Plot

from snn_explorer.live.frame import BatsFrame
from snn_explorer.views.bats import budget, clock, drive, latency, maps, network, sample
from snn_explorer.views.columns import Columns
from snn_explorer.views.scales import Following

VIEWS: Final = {
    "sample": "Sample", "drive": "Drive", "maps": "Maps", "network": "Network", "budget": "Budget",
    "latency": "Latency", "clock": "Clock",
}  # fmt: skip
"""Names of the views on their tabs."""

FIGURES: Final = {
    "sample": sample.FIGURES,
    "drive": (drive.FIGURE,),
    "maps": (maps.FIGURE,),
    "network": (network.FIGURE,),
    "budget": budget.FIGURES,
    "latency": (latency.FIGURE,),
    "clock": (clock.FIGURE,),
}
"""Names of the figures of each view, from left to right."""

_MODULES: Final[dict[str, Any]] = {
    "sample": sample, "drive": drive, "maps": maps, "network": network, "budget": budget, "latency": latency,
    "clock": clock,
}  # fmt: skip


def views_of(live: BatsFrame) -> list[str]:
    """The views that have something to show of this run."""
    missing = {"drive": not drive.is_there(live.samples), "maps": not maps.convolutions(live.frame)}
    return [view for view in VIEWS if not missing.get(view)]


class SideViews:
    """What is drawn in the views.

    Attributes
    ----------
    seen : str
        Which of `VIEWS` is seen; the others are left as they were.
    chosen : maps.Chosen
        Whose maps are drawn.
    """

    def __init__(self, seen: str) -> None:
        self.seen, self.chosen = seen or next(iter(VIEWS)), maps.Chosen()
        self._columns: Columns = {}
        self._heights = budget.Heights()
        self._scales = {"drive": Following(drive.LEAST), "maps": Following(maps.LEAST)}

    @property
    def scales(self) -> dict[str, float]:
        """The numbers that have the full colour, by ``VIEW_scale``."""
        return {f"{view}_scale": scale.value for view, scale in self._scales.items()}

    def choose(self, layer: int, before: int) -> None:
        """Draw the maps of this convolution, and its weights from this map before, both counted from 0."""
        self.chosen = maps.Chosen(layer, before)

    def fit(self, lives: Sequence[BatsFrame]) -> None:
        """Let the colours take in the frames of all runs that are shown."""
        self._scales["drive"].fit(max(drive.largest(live) for live in lives))
        self._scales["maps"].fit(max(maps.largest(live, self.chosen) for live in lives))

    def columns(self, live: BatsFrame) -> Columns:
        """Columns of every source, for one frame: new ones for the view that is seen."""
        for view in VIEWS if not self._columns else (self.seen,):
            self._columns |= self._new(view, live)
        self._heights.fit(self._columns)
        return self._columns.copy()

    def reset(self) -> None:
        """Back to the smallest ranges."""
        self._heights.reset()

    def arrange(self, figures: dict[str, Plot], live: BatsFrame) -> None:
        """Fit the axes."""
        sample.arrange(figures, live)
        drive.arrange(figures[drive.FIGURE], live)
        maps.arrange(figures[maps.FIGURE], live, self.chosen)
        latency.arrange(figures[latency.FIGURE], live)
        clock.arrange(figures[clock.FIGURE], live)
        self._heights.show(figures, live)

    def texts(self, live: BatsFrame) -> dict[str, str]:
        """The text line of the view that is seen and the note above it, by name."""
        module, more = _MODULES[self.seen], (self.chosen,) if self.seen == "maps" else ()
        return {self.seen: module.sentence(live, *more), f"{self.seen}_note": module.note(live, *more)}

    def _new(self, view: str, live: BatsFrame) -> Columns:
        if view == "maps":
            return maps.columns(live, self.chosen, self._scales["maps"])
        if view == "drive":
            return drive.columns(live, self._scales["drive"])
        return _MODULES[view].columns(live)
