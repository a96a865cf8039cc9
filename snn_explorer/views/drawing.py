"""The figures of one page, and how a frame gets into them: what the pages of all learning systems share."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final, Generic, NamedTuple, TypeVar

from bokeh.models import Plot

from snn_explorer.engine import FloatArray
from snn_explorer.live import LiveFrame
from snn_explorer.live.pair import NAMES
from snn_explorer.presets import Preset
from snn_explorer.views import legend
from snn_explorer.views.columns import Columns
from snn_explorer.views.differences import SAME, Measure, compared, named
from snn_explorer.views.gallery import Gallery
from snn_explorer.views.labels import Label, accessible
from snn_explorer.views.stream import FrameStream, encode, names_of
from snn_explorer.views.twins import PREFIX, of_second, twins_of

READING_PAUSE: Final = 0.5
"""Sentences change no more often than this [s], or nobody could read them."""

MOST_NAMED: Final = 3
"""Parameters in which two runs differ that are told at most."""

Live = TypeVar("Live", bound=LiveFrame)


class Update(NamedTuple):
    """What a frame changes on the page; `live` is that of the run whose settings are shown."""

    live: Any
    lives: tuple[Any, ...]
    columns: Columns
    message: bytes
    texts: dict[str, str] | None


class Drawing(ABC, Generic[Live]):
    """The figures of one page: those of a run, and copies of the plots over time while a second one learns beside it.

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
    gallery : Gallery
        Where the figures are from.
    timed : tuple of str
        Names of the figures that stand one above the other, over the same time; a second run has its own.
    stream : FrameStream
    last : LiveFrame or None
        The newest frame that was sent, of the run whose settings are shown.
    lives : tuple of LiveFrame
        The newest frames that were sent, of all runs.
    twins : dict of str to bokeh.models.Plot
        Plots of the second run; none without it.
    chosen : int
        Which run the plots that are there once show: 0 is the first.
    reference : object or None
        The pinned run, to compare with.
    """

    gallery: ClassVar[Gallery]
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
        self.twins: dict[str, Plot] = {}
        self.chosen = 0
        self.reference: Any = None
        for name, figure in figures.items():
            figure.html_attributes = accessible(labels[name])
            figure.styles = {"opacity": legend.opacity(labels[name].shows), "transition": "opacity 0.15s"}
        self._on_painted = on_painted
        self.stream = FrameStream(self._painted, numbers=list(numbers), width=0, height=0, margin=0)
        self.last: Live | None = None
        self.lives: tuple[Live, ...] = ()
        self._said: tuple[float, object] = (-READING_PAUSE, "")
        self._sent: Columns = {}

    def compose(self, seen: Live | tuple[Live, ...]) -> Update:
        """Make a frame, or the frames of two runs, ready to be sent."""
        lives = seen if isinstance(seen, tuple) else (seen,)
        live = self._shown(lives)
        self._take_in(lives)
        columns = self._timed_columns(lives[0]) | self._other_columns(live, lives)
        for other in lives[1:]:
            columns |= of_second(self._timed_columns(other))
        known = self._sent if self._sent.keys() == columns.keys() else {}  # plots of a second run come and go
        message = encode(lives[0].serial, columns, self._numbers(live), known=known)
        self._sent = columns
        return Update(live, lives, columns, message, self._texts_in_time(live, lives))

    def show(self, update: Update) -> None:
        """Send it to the browser; axes are touched only where they change."""
        self.last, self.lives = update.live, update.lives
        if self.stream.columns != (names := names_of(update.columns)):
            self.stream.columns = names
        self._arrange(update.lives)
        if update.texts is not None:
            self.stream.texts = update.texts
        self.stream.state = update.live.state
        self.stream.message = update.message

    def open_twins(self) -> dict[str, Plot]:
        """Make plots of a second run, by name."""
        self.twins = twins_of(self.figures, self.timed, self.gallery, self.labels)
        self._refit()
        return self.twins

    def close_twins(self) -> None:
        """Let go of them."""
        self.twins, self.chosen = {}, 0
        self._refit()

    def forget(self) -> None:
        """The browser may lack what was composed before: send everything again."""
        self._sent = {}

    @property
    def pinned(self) -> bool:
        """Whether a run is kept to compare with."""
        return self.reference is not None

    @property
    @abstractmethod
    def question(self) -> Any:
        """What somebody asks about, as another drawing of this kind takes it up."""

    @question.setter
    @abstractmethod
    def question(self, question: Any) -> None: ...

    @abstractmethod
    def pin_or_unpin(self) -> None:
        """Keep the newest frame's run to compare with, or let go of the one that is kept."""

    @abstractmethod
    def _take_in(self, lives: Sequence[Live]) -> None:
        """Let ranges, which all runs share, grow to what the frames of all of them have."""

    @abstractmethod
    def _timed_columns(self, live: Live) -> Columns:
        """Columns of the sources of the plots over time."""

    @abstractmethod
    def _other_columns(self, live: Live, lives: Sequence[Live]) -> Columns:
        """Columns of all other sources: of the run that is shown, but of all runs in the learning curve."""

    @abstractmethod
    def _numbers(self, live: Live) -> FloatArray:
        """The page's numbers."""

    @abstractmethod
    def _arrange(self, lives: Sequence[Live]) -> None:
        """Fit the axes."""

    @abstractmethod
    def _refit(self) -> None:
        """Fit everything again with the next frame: there are other figures."""

    @abstractmethod
    def _measures(self, live: Live, lives: Sequence[Live]) -> list[Measure]:
        """Numbers by which a run is compared with others, as far as all of these have learned."""

    @abstractmethod
    def _texts(self, live: Live) -> dict[str, str]:
        """All sentences."""

    @abstractmethod
    def _about(self, live: Live) -> object:
        """What, when it changes, is said at once."""

    def _shown(self, lives: Sequence[Live]) -> Live:
        """The one whose settings are shown."""
        return lives[min(self.chosen, len(lives) - 1)]

    def _texts_in_time(self, live: Live, lives: Sequence[Live]) -> dict[str, str] | None:
        now, (when, what) = time.monotonic(), self._said
        about = self._about(live), self.chosen, [one.values for one in lives]
        if what == about and now - when < READING_PAUSE:
            return None
        self._said = now, about
        return self._texts(live) | (self._texts_of_both(lives) if len(lives) > 1 else {"whose": ""})

    def _texts_of_both(self, lives: Sequence[Live]) -> dict[str, str]:
        """What each has that the other has not, what came of it, and the texts of each one's plots over time."""
        first, second = lives
        one, other = (
            named(self.preset, here.values, self.preset, there.values, most=MOST_NAMED)
            for here, there in (lives, lives[::-1])
        )
        numbers = compared(self._measures(second, lives), self._measures(first, lives))
        texts = {
            "versus": f"B, {other}: {numbers}." if numbers else f"B, {other}.",
            "head_a": one if one != SAME else "",
            "head_b": other,
            "whose": NAMES[self.chosen],
        }
        for prefix, said in (("", self._texts(first)), (PREFIX, self._texts(second))):
            names = [name + kind for name in self.timed for kind in ("", "_note")]
            texts |= {f"{prefix}{name}": said[name] for name in names if name in said}
        return texts

    def _painted(self, serial: int) -> None:
        if serial == 0:
            self.forget()
        self._on_painted(serial)
