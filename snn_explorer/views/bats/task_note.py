"""What there is to learn, in a few calm lines of the drawer, and which of it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import panel as pn

from snn_explorer.tasks.samples import Samples
from snn_explorer.views.bar import OUTLINED, Bar, Button
from snn_explorer.views.box import Box
from snn_explorer.views.controls import title
from snn_explorer.views.live_text import LiveText


class TaskNote(pn.viewable.Viewer):
    """The group "Task" of the drawer; its lines are empty until the samples are there.

    Parameters
    ----------
    look_on : callable
        Called with how many samples on to look.
    """

    def __init__(self, look_on: Callable[[int], None]) -> None:
        super().__init__()
        self._samples: Samples | None = None
        self._lines = LiveText("<p>&nbsp;</p>", sizing_mode="stretch_width", margin=0)
        buttons = {"before": Button("Sample before"), "next": Button("Next sample")}
        row = Bar(
            buttons,
            lambda key, _word: look_on(1 if key == "next" else -1),
            stylesheets=[OUTLINED],
            margin=(6, 0, 0, 0),
            sizing_mode="stretch_width",
        )
        self._column = Box(title("Task"), self._lines, row, sizing_mode="stretch_width", margin=(0, 16))

    def describe(self, samples: Samples) -> None:
        """Describe these samples."""
        if samples is self._samples:
            return
        self._samples = samples
        sizes = f"{len(samples.train)} training samples, {samples.n_in} inputs, {samples.n_classes} classes"
        self._lines.html = f'<p style="margin: 2px 0">{escape(samples.title)}</p><p class="muted">{sizes}</p>'

    def __panel__(self) -> Box:
        return self._column
