"""One person's laboratory: a run, and the page's parts that show it; what changes it is in `snn_explorer.views.wishes`.

What is here, all learning systems share; each has a laboratory of its own with its plots.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from functools import partial
from secrets import token_urlsafe
from typing import Any, ClassVar, NamedTuple

import panel as pn
from bokeh.document import Document
from bokeh.models import Plot

from snn_explorer.live import Run, scheduler
from snn_explorer.live.shelf import Waiting, shelf
from snn_explorer.presets import Preset, own_target
from snn_explorer.views import address
from snn_explorer.views.beside import Beside
from snn_explorer.views.box import Box
from snn_explorer.views.connection import Connection
from snn_explorer.views.controls import ControlSet
from snn_explorer.views.dispatcher import Client, dispatcher
from snn_explorer.views.drawing import Update
from snn_explorer.views.guidance import SHORTCUTS, Hints, PinButton, Shortcut, Shortcuts, help_dialog
from snn_explorer.views.journey import Journey
from snn_explorer.views.labels import Label
from snn_explorer.views.lessons.player import Player
from snn_explorer.views.moments import Moments
from snn_explorer.views.notice import Notice
from snn_explorer.views.rule import Rule
from snn_explorer.views.settings import Settings
from snn_explorer.views.soon import soon
from snn_explorer.views.tab import Tab
from snn_explorer.views.tables import DataDialog, Tables
from snn_explorer.views.tabs import Tabs
from snn_explorer.views.take_away import TakeAway
from snn_explorer.views.time_travel import TimeTravel
from snn_explorer.views.transport import Pace, Transport
from snn_explorer.views.twins import labels_of_both, tables_of_both
from snn_explorer.views.wishes import DrawingT, Wishes


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


class Laboratory(Wishes[DrawingT]):
    """Everything that one session has.

    Parameters
    ----------
    document : bokeh.document.Document
        The session's document.
    presets : mapping of str to Preset
        What can be chosen.
    asked : Address
        What the page's address asks for.

    Attributes
    ----------
    behind_tabs : mapping of str to str
        Plots that are behind a tab, and its name.
    tabs : tuple of Tabs
        Where one of several views is open.
    zoom : Zoom
        What is seen of the time axes.
    """

    control_set: ClassVar[ControlSet]
    pace: ClassVar[Pace]
    journey: ClassVar[Journey]
    help_text: ClassVar[str]
    hint_texts: ClassVar[Mapping[str, str]]
    behind_tabs: ClassVar[Mapping[str, str]]
    own_shortcuts: ClassVar[tuple[Shortcut, ...]] = ()
    labels: ClassVar[Mapping[str, Label]]
    tables: ClassVar[Tables]
    equation: Rule
    tabs: tuple[Tabs, ...]

    def __init__(self, document: Document, presets: Mapping[str, Preset], asked: address.Address) -> None:
        self.document = document
        self.presets = dict(presets) | ({} if asked.own is None else {asked.own.key: asked.own})
        self.projector = asked.projector
        self.run = Run(self.presets[asked.preset], asked.values)
        if not isinstance(asked.speed, str):
            self.run.speed = asked.speed
        self.drawing = self._draw()
        self.client = Client(partial(soon, document), self.run, self.drawing.compose, self._show, self.drawing.forget)
        self.settings = Settings(self)
        self.lessons = Player(self, asked.lesson, asked.step)
        self.transport = Transport(presets, self, self.pace, self.journey)
        self.time_travel = TimeTravel(unit=self.journey.unit, css_classes=["time-travel"])
        self.moments = Moments(self.journey, self.pause, self.step)
        self.notice = Notice(asked.faults, asked.news)
        self.hints = Hints(self.lessons.hints(self.hint_texts), self.lessons.open_first, css_classes=["hints"])
        shortcuts = (*SHORTCUTS, *self.own_shortcuts)
        self.help, self.pin_button = help_dialog(self.help_text, shortcuts), PinButton(self.pin)
        self.connection = Connection(width=0, height=0, margin=0)
        self.data = DataDialog(
            tables_of_both(self.tables, self.drawing.timed), labels_of_both(self.labels, self.drawing.timed)
        )
        self.plots = Box(css_classes=["plots"])
        self.shortcuts, self.tab = Shortcuts(shortcuts, self.press), Tab()
        self.take_away = TakeAway(self)
        self.beside = Beside(self)
        self._asked = asked
        self.show_run()

    @property
    def shown(self) -> Run:
        """The run whose settings are shown: the first, or the one that a person chose of two."""
        return self.beside.chosen

    @abstractmethod
    def parts(self) -> Parts:
        """What is to be seen."""

    @abstractmethod
    def twin_cells(self, figures: Mapping[str, Plot]) -> list[Any]:
        """Cells for the plots of a second run, beside those of the first."""

    @abstractmethod
    def _draw(self) -> DrawingT:
        """Figures of the page."""

    @abstractmethod
    def _show_parts(self, update: Update) -> None:
        """Let what stands around the plots follow a frame."""

    def start(self, *runs: Run) -> None:
        """The browser has the page: begin to learn, or go on with the run, or both, that its tab showed before."""
        if not runs:
            self.run.play()
        self.take_up(runs[0] if runs else self.run)
        dispatcher().add(self.client)
        self.lessons.start(anew=not runs)
        if runs[1:]:
            self.beside.go_on(runs[1])
        elif self._asked.beside:
            self.beside.open(self._asked.second)

    def release(self) -> tuple[Run, ...]:
        """The session is over, and its runs may go on elsewhere."""
        dispatcher().remove(self.client)
        return self.run, *self.beside.part()

    def take_up(self, run: Run) -> None:
        """Show this run from now on, in place of the first; of another one, all of its time."""
        if run is not self.run:
            self.zoom.show_all()
            self.run.close()
            self.settings.forget()
            self.notice.forget()
        if run.preset.key == own_target.KEY:
            self.presets[run.preset.key] = run.preset
        self.run = self.client.run = run
        self.drawing.preset = run.preset
        scheduler().add(run)
        self.show_settings()

    def go_on(self, run: Run) -> None:
        """Go on with a run that was saved; one of another learning system has a page of its own."""
        if run.preset.system == self.run.preset.system:
            self.lessons.leave()
            self.beside.close()
            run.speed = self.run.speed
            self.take_up(run)
            return
        query = address.write(run.preset, run.values, run.speed, projector=self.projector)
        key = token_urlsafe(16)
        shelf().put(key, Waiting.of([run], query))
        self.tab.find_next(key)
        self.drawing.stream.leave_for = query

    def describe(self) -> None:
        """Say what is learned by which rule, after preset or parameters changed."""
        self.equation.say(self.run.preset.sentence, self.shown.values)

    def show_settings(self) -> None:
        """Show the settings of the run that is chosen, in the controls, the rule and the address."""
        self.settings.show()
        self.show_run()
        self.run.look_again()

    def bring_forward(self, plot: str) -> None:
        """Open the tab that a plot is behind, if it is behind one."""
        for tabs in self.tabs:
            if self.behind_tabs.get(plot) in tabs.names:
                tabs.open(self.behind_tabs[plot])

    def _show(self, update: Update | None) -> None:
        """Show a frame, or only what the run says about itself."""
        with pn.io.hold():
            if update is not None:
                self.drawing.show(update)
                self._show_parts(update)
                self.lessons.see(update)
            self.show_run()

    def show_run(self) -> None:
        """Show what the run does, and what it says about itself."""
        run, said = self.run, self.beside.pair or self.run
        two = self.beside.pair is not None
        self.transport.show(playing=said.state == "playing", preset=run.preset.key, speed=run.speed, beside=two)
        self.notice.say(said.state, said.message)

    def say_address(self) -> None:
        """Let the address be that of what is shown."""
        run, second = self.run, self.beside.second
        values = None if second is None else second.values
        lesson = self.lessons.query
        query = address.write(run.preset, run.values, run.speed, projector=self.projector, second=values, lesson=lesson)
        self.drawing.stream.address = query
