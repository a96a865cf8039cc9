"""The figures of one page, and how a frame gets into them: what the pages of all learning systems share."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final, Generic, NamedTuple, TypeVar

from bokeh.models import Plot

from snn_explorer.engine import FloatArray
from snn_explorer.live import LiveFrame
from snn_explorer.presets import Preset
from snn_explorer.views import legend
from snn_explorer.views.columns import Columns
from snn_explorer.views.labels import Label, accessible
from snn_explorer.views.stream import FrameStream, encode, names_of

READING_PAUSE: Final = 0.5
"""Sentences change no more often than this [s], or nobody could read them."""

Live = TypeVar("Live", bound=LiveFrame)


class Update(NamedTuple):
    """What a frame changes on the page."""

    live: Any
    columns: Columns
    message: bytes
    texts: dict[str, str] | None


class Drawing(ABC, Generic[Live]):
    """The figures of one page.

    `compose` may run in any thread, one at a time; `show` belongs to the document's.

    Parameters
    ----------
    figures : dict of str to bokeh.models.Plot
    labels : mapping of str to Label
        What each figure shows.
    numbers : sequence of str
        Names of the numbers that the page shows.
    on_painted : callable
        Called with the serial number of a frame that the browser has painted.
    preset : Preset
        What learns; to be set when that changes.

    Attributes
    ----------
    stream : FrameStream
    last : LiveFrame or None
        The newest frame that was sent.
    timed : tuple of str
        Names of the figures that stand one above the other, over the same time.
    """

    timed: ClassVar[tuple[str, ...]]

    def __init__(
        self,
        figures: dict[str, Plot],
        labels: Mapping[str, Label],
        numbers: Sequence[str],
        on_painted: Callable[[int], None],
        preset: Preset,
    ) -> None:
        self.figures, self.labels, self.preset = figures, labels, preset
        for name, figure in figures.items():
            figure.html_attributes = accessible(labels[name])
            figure.styles = {"opacity": legend.opacity(labels[name].shows), "transition": "opacity 0.15s"}
        self._on_painted = on_painted
        self.stream = FrameStream(self._painted, numbers=list(numbers), width=0, height=0, margin=0)
        self.last: Live | None = None
        self._said: tuple[float, object] = (-READING_PAUSE, "")
        self._sent: Columns = {}

    def compose(self, live: Live) -> Update:
        """Make a frame ready to be sent."""
        columns, numbers = self._columns(live)
        message = encode(live.serial, columns, numbers, known=self._sent)
        self._sent = columns
        return Update(live, columns, message, self._texts_in_time(live))

    def show(self, update: Update) -> None:
        """Send it to the browser; axes are touched only where they change."""
        self.last = update.live
        if not self.stream.columns:
            self.stream.columns = names_of(update.columns)
        self._arrange(update.live)
        if update.texts is not None:
            self.stream.texts = update.texts
        self.stream.state = update.live.state
        self.stream.message = update.message

    def forget(self) -> None:
        """The browser may lack what was composed before: send everything again."""
        self._sent = {}

    @property
    @abstractmethod
    def pinned(self) -> bool:
        """Whether a run is kept to compare with."""

    @abstractmethod
    def pin_or_unpin(self) -> None:
        """Keep the newest frame's run to compare with, or let go of the one that is kept."""

    @abstractmethod
    def _columns(self, live: Live) -> tuple[Columns, FloatArray]:
        """Columns of all sources, and the page's numbers."""

    @abstractmethod
    def _arrange(self, live: Live) -> None:
        """Fit the axes."""

    @abstractmethod
    def _texts(self, live: Live) -> dict[str, str]:
        """All sentences."""

    @abstractmethod
    def _about(self, live: Live) -> object:
        """What, when it changes, is said at once."""

    def _texts_in_time(self, live: Live) -> dict[str, str] | None:
        now, (when, what) = time.monotonic(), self._said
        about = self._about(live)
        if what == about and now - when < READING_PAUSE:
            return None
        self._said = now, about
        return self._texts(live)

    def _painted(self, serial: int) -> None:
        if serial == 0:
            self.forget()
        self._on_painted(serial)
