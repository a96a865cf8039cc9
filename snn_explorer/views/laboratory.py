"""One person's laboratory: a run, the page's parts that show it, and the wishes that change it.

What is here, all learning systems share; each has a laboratory of its own with its plots.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import panel as pn
from bokeh.document import Document
from bokeh.models import Plot

from snn_explorer.live import Run, scheduler
from snn_explorer.presets import Preset
from snn_explorer.views import address
from snn_explorer.views.beside import Beside
from snn_explorer.views.controls import Controls, ControlSet
from snn_explorer.views.dispatcher import Client, dispatcher
from snn_explorer.views.drawing import Drawing, Update
from snn_explorer.views.guidance import Hints, PinButton, Shortcuts, help_dialog
from snn_explorer.views.notice import Notice
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
        self.beside = Beside(self)
        self._asked = asked
        self.shortcuts = Shortcuts(self.press)
        self._show_run()

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
    def _describe(self) -> None:
        """Say what is learned by which rule, after preset or parameters changed."""

    @abstractmethod
    def _show_parts(self, update: Update) -> None:
        """Let what stands around the plots follow a frame."""

    def start(self) -> None:
        """The browser has the page: begin to learn, and to send frames."""
        scheduler().add(self.run)
        self.run.play()
        dispatcher().add(self.client)
        if self._asked.beside:
            self.beside.open(self._asked.second)
        self._say_address()

    def stop(self) -> None:
        """The session is over: leave nothing behind."""
        dispatcher().remove(self.client)
        self.beside.part()
        self.run.close()

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
        two = self.beside.pair is not None
        self.beside.part()
        self.run.close()
        self.run = self.client.run = Run(self.presets[key])
        self.drawing.preset = self.run.preset
        scheduler().add(self.run)
        self.run.play()
        if two:
            self.beside.pair_up()
        self.notice.forget()
        self.show_settings()

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
        self.beside.chosen.set(**{name: value})
        if name == "feedback":
            self.hints.follow("feedback")
        self.beside.show_other()
        self._describe()
        self._say_address()

    def compare(self) -> None:
        """Let a second run learn beside the first, both from the start, or end it."""
        self.beside.toggle()

    def show_settings(self) -> None:
        """Show the settings of the run that is chosen, in the controls, the rule and the address."""
        self.controls.show_values(self.beside.chosen.values)
        self.beside.show_other()
        self._describe()
        self._show_run()
        self._say_address()
        self.run.look(self.run.watch)

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
            {" ": self.play_or_pause, "ArrowRight": self.step, "r": self.reset, "c": self.pin, "b": self.compare}[key]()

    def _show(self, update: Update | None) -> None:
        """Show a frame, or only what the run says about itself."""
        with pn.io.hold():
            if update is not None:
                self.drawing.show(update)
                self._show_parts(update)
            self._show_run()

    def _show_run(self) -> None:
        run, said = self.run, self.beside.pair or self.run
        two = self.beside.pair is not None
        self.transport.show(playing=said.state == "playing", preset=run.preset.key, speed=run.speed, beside=two)
        self.notice.say(said.state, said.message)

    def _say_address(self) -> None:
        run, second = self.run, self.beside.second
        values = None if second is None else second.values
        query = address.write(run.preset, run.values, run.speed, projector=self.projector, second=values)
        self.drawing.stream.address = query
