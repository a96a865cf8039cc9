"""One person's laboratory: a run, the page's parts that show it, and the wishes that change it.

What is here, all learning systems share; each has a laboratory of its own with its plots.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from secrets import token_urlsafe
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import panel as pn
from bokeh.document import Document

from snn_explorer.live import Run, scheduler
from snn_explorer.live.shelf import Waiting, shelf
from snn_explorer.presets import Preset, own_target
from snn_explorer.views import address
from snn_explorer.views.controls import Controls, ControlSet
from snn_explorer.views.dispatcher import Client, dispatcher
from snn_explorer.views.drawing import Drawing, Update
from snn_explorer.views.guidance import Hints, PinButton, Shortcuts, help_dialog
from snn_explorer.views.notice import Notice
from snn_explorer.views.tab import Tab
from snn_explorer.views.take_away import TakeAway
from snn_explorer.views.transport import Pace, Transport


class Parts(NamedTuple):
    """What a laboratory shows, for the page to arrange.

    Attributes
    ----------
    top : list
        The learning rule.
    cells : list
        Plots, in the places that the style sheet `grid` gives them.
    grid : str
    status : object
        The line at the foot.
    drawer : list
        What stands above the parameters in the drawer.
    unseen : list
        Dialogs, and what only works.
    """

    top: list[Any]
    cells: list[Any]
    grid: str
    status: Any
    drawer: list[Any]
    unseen: list[Any]


DrawingT = TypeVar("DrawingT", bound=Drawing[Any])


class Laboratory(ABC, Generic[DrawingT]):
    """Everything that one session has.

    Parameters
    ----------
    document : bokeh.document.Document
        The session's document.
    presets : mapping of str to Preset
        What can be chosen.
    asked : Address
        What the page's address asks for.
    """

    control_set: ClassVar[ControlSet]
    pace: ClassVar[Pace]
    help_text: ClassVar[str]
    hint_texts: ClassVar[Mapping[str, str]]
    drawing: DrawingT

    def __init__(self, document: Document, presets: Mapping[str, Preset], asked: address.Address) -> None:
        self.document = document
        self.presets = dict(presets) | ({} if asked.own is None else {asked.own.key: asked.own})
        self.projector = asked.projector
        self.run = Run(self.presets[asked.preset], asked.values)
        if not isinstance(asked.speed, str):
            self.run.speed = asked.speed
        self.drawing = self._draw()
        self.client = Client(document, self.run, self.drawing.compose, self._show, self.drawing.forget)
        self.controls = Controls(self.control_set, self.run.values, self.change)
        self.transport = Transport(presets, self, self.pace)
        self.notice = Notice(asked.faults, asked.news)
        self.hints = Hints(hints=dict(self.hint_texts), css_classes=["hints"])
        self.help, self.pin_button = help_dialog(self.help_text), PinButton(self.pin)
        self.plots = pn.Column(css_classes=["plots"])
        self.shortcuts, self.tab = Shortcuts(self.press), Tab()
        self.take_away = TakeAway(self)
        self._show_run()

    @abstractmethod
    def parts(self) -> Parts:
        """What is to be seen."""

    @abstractmethod
    def _draw(self) -> DrawingT:
        """Figures of the page."""

    @abstractmethod
    def _describe(self) -> None:
        """Say what is learned by which rule, after preset or parameters changed."""

    @abstractmethod
    def _show_parts(self, update: Update) -> None:
        """Let what stands around the plots follow a frame."""

    def start(self, run: Run | None = None) -> None:
        """The browser has the page: begin to learn, or go on with the run that its tab showed before."""
        if run is None:
            self.run.play()
        self.take_up(run or self.run)
        dispatcher().add(self.client)

    def release(self) -> Run:
        """The session is over, and its run may go on elsewhere."""
        dispatcher().remove(self.client)
        return self.run

    def take_up(self, run: Run) -> None:
        """Show this run from now on."""
        if run is not self.run:
            self.run.close()
            self.notice.forget()
        if run.preset.key == own_target.KEY:
            self.presets[run.preset.key] = run.preset
        self.run = self.client.run = run
        self.drawing.preset = run.preset
        scheduler().add(run)
        self.controls.show_values(run.values)
        self._describe()
        self._show_run()
        self._say_address()
        run.look(run.watch)

    def go_on(self, run: Run) -> None:
        """Go on with a run that was saved; one of another learning system has a page of its own."""
        if run.preset.system == self.run.preset.system:
            run.speed = self.run.speed
            self.take_up(run)
            return
        query = address.write(run.preset, run.values, run.speed, projector=self.projector)
        key = token_urlsafe(16)
        shelf().put(key, Waiting.of(run, query))
        self.tab.find_next(key)
        self.drawing.stream.leave_for = query

    def play_or_pause(self) -> None:
        """Play, or pause."""
        if self.run.state == "playing":
            self.run.pause()
        else:
            self.run.play()
        self._show_run()

    def step(self) -> None:
        """Advance by one chunk or batch, then pause."""
        self.run.step()
        self.hints.follow("step")
        self._show_run()

    def reset(self) -> None:
        """Start anew with the same values, which also mends a fault; a paused run stays paused."""
        self.run.reset()
        self.notice.forget()
        self._show_run()

    def choose(self, key: str) -> None:
        """Take up a preset, with its own values; one of another learning system has a page of its own."""
        if self.presets[key].system != self.run.preset.system:
            self.drawing.stream.leave_for = address.first(self.presets[key], projector=self.projector)
            return
        run = Run(self.presets[key])
        run.play()
        self.take_up(run)

    def set_speed(self, speed: float | None) -> None:
        """Learning time per second, None for as fast as possible."""
        self.run.speed = speed
        self._say_address()

    def change(self, name: str, value: Any) -> None:
        """Set a parameter [SI]; it acts at the next chunk or batch.

        Raises
        ------
        ParameterError
            If it cannot have this value.
        """
        self.run.set(**{name: value})
        if name == "feedback":
            self.hints.follow("feedback")
        self._describe()
        self._say_address()

    def pin(self) -> None:
        """Keep the learning curve of this run to compare with, or let go of the one that is kept."""
        self.drawing.pin_or_unpin()
        self.pin_button.show_pinned(pinned=self.drawing.pinned)
        self.run.look(self.run.watch)

    def press(self, key: str) -> None:
        """Do what a key stands for."""
        presets = dict(zip("123456789", self.presets, strict=False))
        if key in presets:
            self.choose(presets[key])
        elif key == "?":
            self.help.open = not self.help.open
        else:
            self._commands[key]()

    @property
    def _commands(self) -> dict[str, Callable[[], None]]:
        """What keys do, apart from those for presets and help."""
        return {
            " ": self.play_or_pause,
            "ArrowRight": self.step,
            "r": self.reset,
            "c": self.pin,
            "t": self.take_away.open,
        }

    def _show(self, update: Update | None) -> None:
        """Show a frame, or only what the run says about itself."""
        with pn.io.hold():
            if update is not None:
                self.drawing.show(update)
                self._show_parts(update)
            self._show_run()

    def _show_run(self) -> None:
        run = self.run
        self.transport.show(playing=run.state == "playing", preset=run.preset.key, speed=run.speed)
        self.notice.say(run.state, run.message)

    def _say_address(self) -> None:
        query = address.write(self.run.preset, self.run.values, self.run.speed, projector=self.projector)
        self.drawing.stream.address = query
