"""The views that share one place of the page; only the one that is seen costs anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bokeh.models import Plot

from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.views.columns import Columns
from snn_explorer.views.superspike import firing, network, spike_timing

VIEWS: Final = {"network": "Network", "timing": "Spike timing", "firing": "Firing"}
"""Names of the views on their tabs."""

FIGURES: Final = {"network": (network.FIGURE,), "timing": (spike_timing.FIGURE,), "firing": firing.FIGURES}
"""Names of the figures of each view, from left to right."""


class SideViews:
    """What is drawn in the views.

    Attributes
    ----------
    seen : str
        Which of `VIEWS` is seen; the others are left as they were.
    """

    def __init__(self) -> None:
        self.seen = "network"
        self._columns: Columns = {}
        self._heights = firing.FiringHeights()

    def columns(self, live: SuperSpikeFrame) -> Columns:
        """Columns of every source, for one frame: new ones for the view that is seen."""
        for view in VIEWS if not self._columns else (self.seen,):
            self._columns |= self._new(view, live)
        return self._columns.copy()

    def reset(self) -> None:
        """Back to the smallest ranges."""
        self._heights.reset()

    def arrange(self, figures: Mapping[str, Plot], live: SuperSpikeFrame, span: float) -> None:
        """Fit the axes; `span` is the learning time that is shown [s]."""
        spike_timing.arrange(figures[spike_timing.FIGURE], live, span)
        self._heights.show(figures)

    def texts(self, live: SuperSpikeFrame) -> dict[str, str]:
        """The text line of the view that is seen and the note above it, by name."""
        module: Any = {"network": network, "timing": spike_timing, "firing": firing}[self.seen]
        return {self.seen: module.sentence(live), f"{self.seen}_note": module.note(live)}

    def _new(self, view: str, live: SuperSpikeFrame) -> Columns:
        if view == "network":
            return network.columns(live)
        if view == "timing":
            return spike_timing.columns(live)
        columns = firing.columns(live.firing)
        self._heights.fit(columns)
        return columns
