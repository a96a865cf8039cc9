"""One person's laboratory: a run, the page's parts that show it, and the wishes that change it.

What is here, all learning systems share; each has a laboratory of its own with its plots.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import partial
from secrets import token_urlsafe
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import panel as pn
from bokeh.document import Document

from snn_explorer.live import Run, scheduler
from snn_explorer.live.shelf import Waiting, shelf
from snn_explorer.presets import Preset, own_target
from snn_explorer.quantities import in_words
from snn_explorer.views import address
from snn_explorer.views.changes import Change, Changes
from snn_explorer.views.connection import Connection
from snn_explorer.views.controls import Controls, ControlSet
from snn_explorer.views.dispatcher import Client, dispatcher
from snn_explorer.views.drawing import Drawing, Update
from snn_explorer.views.guidance import SHORTCUTS, Hints, PinButton, Shortcut, Shortcuts, help_dialog
from snn_explorer.views.journey import Journey
from snn_explorer.views.labels import Label
from snn_explorer.views.moments import Moments
from snn_explorer.views.notice import Notice
from snn_explorer.views.soon import soon
from snn_explorer.views.tab import Tab
from snn_explorer.views.tables import DataDialog, Tables
from snn_explorer.views.take_away import TakeAway
from snn_explorer.views.time_travel import TimeTravel
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
    journey: ClassVar[Journey]
    help_text: ClassVar[str]
    hint_texts: ClassVar[Mapping[str, str]]
    own_shortcuts: ClassVar[tuple[Shortcut, ...]] = ()
    labels: ClassVar[Mapping[str, Label]]
    tables: ClassVar[Tables]
    drawing: DrawingT

    def __init__(self, document: Document, presets: Mapping[str, Preset], asked: address.Address) -> None:
        self.document = document
        self.presets = dict(presets) | ({} if asked.own is None else {asked.own.key: asked.own})
        self.projector = asked.projector
        self.run = Run(self.presets[asked.preset], asked.values)
        if not isinstance(asked.speed, str):
            self.run.speed = asked.speed
        self.drawing = self._draw()
        self.client = Client(partial(soon, document), self.run, self.drawing.compose, self._show, self.drawing.forget)
        self.changes = Changes()
        self.controls = Controls(self.control_set, self.run.values, self.change)
        self.transport = Transport(presets, self, self.pace, self.journey)
        self.time_travel = TimeTravel(unit=self.journey.unit, css_classes=["time-travel"])
        self.moments = Moments(self.journey, self.pause, self.step)
        self.notice = Notice(asked.faults, asked.news)
        self.hints = Hints(hints=dict(self.hint_texts), css_classes=["hints"])
        shortcuts = (*SHORTCUTS, *self.own_shortcuts)
        self.help, self.pin_button = help_dialog(self.help_text, shortcuts), PinButton(self.pin)
        self.connection = Connection(width=0, height=0, margin=0)
        self.data = DataDialog(self.tables, self.labels)
        self.plots = pn.Column(css_classes=["plots"])
        self.shortcuts, self.tab = Shortcuts(shortcuts, self.press), Tab()
        self.take_away = TakeAway(self)
        self._show_run()

    @abstractmethod
    def parts(self) -> Parts:
        """What is to be seen."""

    @abstractmethod
    def _draw(self) -> DrawingT:
        """Figures of the page."""

    @abstractmethod
    def _chunks_of(self, stride: str) -> int:
        """Chunks or batches in one of the strides that the journey declares."""

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
            self.changes.forget()
            self.notice.forget()
        if run.preset.key == own_target.KEY:
            self.presets[run.preset.key] = run.preset
        self.run = self.client.run = run
        self.drawing.preset = run.preset
        scheduler().add(run)
        self._show_values()
        self._show_run()
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

    def pause(self) -> None:
        """Pause, to look at what is there."""
        self.run.pause()
        self._show_run()

    def step(self, stride: str) -> None:
        """Advance by one of the strides that the journey declares, then pause."""
        self.run.step(self._chunks_of(stride))
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

    def change(self, name: str, value: Any, gesture: int = 0) -> None:
        """Set a parameter [SI]; it acts at the next chunk or batch.

        Raises
        ------
        ParameterError
            If it cannot have this value.
        """
        before = self.run.values[name]
        self.run.set(**{name: value})
        self.changes.note(Change(name, before, self.run.values[name], gesture))
        if name == "feedback":
            self.hints.follow("feedback")
        self._follow_values()

    def undo(self) -> None:
        """Take back the last change of a parameter; one that made a new network makes it anew."""
        self._set_as(self.changes.undo())

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._set_as(self.changes.redo())

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
        elif key in self._commands:
            self._commands[key]()

    @property
    def _commands(self) -> dict[str, Callable[[], None]]:
        """What keys do, apart from those for presets and help."""
        return {
            " ": self.play_or_pause,
            "r": self.reset,
            "c": self.pin,
            "t": self.take_away.open,
            "mod+z": self.undo,
            "mod+shift+z": self.redo,
            "mod+y": self.redo,
        }

    def _set_as(self, change: Change | None) -> None:
        if change is not None:
            self.run.set(**{change.name: change.after})
            self._show_values()

    def _show_values(self) -> None:
        """Show the values of the run everywhere."""
        self.controls.show_values(self.run.values)
        self._follow_values()

    def _follow_values(self) -> None:
        """Let what depends on the values follow them."""
        last = self.changes.last
        declared = self.control_set.parameters.param
        self.transport.show_undo("" if last is None else in_words(declared[last.name], last.before))
        self._describe()
        self._say_address()

    def _show(self, update: Update | None) -> None:
        """Show a frame, or only what the run says about itself."""
        with pn.io.hold():
            if update is not None:
                # else every new tick mark has all models of the page counted anew
                with self.document.models.freeze():
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
