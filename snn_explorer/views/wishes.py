"""What a person wishes of a laboratory, by buttons, keys and lessons.

Each wish is fulfilled in the thread of the page's document, inside its lock.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from snn_explorer.live import Run
from snn_explorer.presets import Preset
from snn_explorer.views import address
from snn_explorer.views.beside import Beside
from snn_explorer.views.dialog import Dialog
from snn_explorer.views.drawing import Drawing
from snn_explorer.views.guidance import PinButton
from snn_explorer.views.lessons.player import Player
from snn_explorer.views.notice import Notice
from snn_explorer.views.settings import Settings
from snn_explorer.views.take_away import TakeAway
from snn_explorer.views.zoom import CLOSER, Zoom

DrawingT = TypeVar("DrawingT", bound=Drawing[Any])


class Wishes(ABC, Generic[DrawingT]):
    """What every laboratory can do for a person; `snn_explorer.views.laboratory.Laboratory` has what it takes."""

    run: Run
    presets: dict[str, Preset]
    projector: bool
    drawing: DrawingT
    settings: Settings
    lessons: Player
    beside: Beside
    take_away: TakeAway
    zoom: Zoom
    notice: Notice
    help: Dialog
    pin_button: PinButton

    @abstractmethod
    def take_up(self, run: Run) -> None:
        """Show this run from now on, in place of the first."""

    @abstractmethod
    def show_settings(self) -> None:
        """Show the settings of the run that is chosen."""

    @abstractmethod
    def say_address(self) -> None:
        """Let the address be that of what is shown."""

    @abstractmethod
    def show_run(self) -> None:
        """Show what the run does, and what it says about itself."""

    def play_or_pause(self) -> None:
        """Play, or pause."""
        if self.run.state == "playing":
            self.run.pause()
        else:
            self.run.play()
        self.show_run()

    def pause(self) -> None:
        """Pause, to look at what is there."""
        self.run.pause()
        self.show_run()

    def step(self, stride: str) -> None:
        """Advance by one of the strides that the journey declares, then pause."""
        self.run.step(self._chunks_of(stride))
        self.show_run()

    def reset(self) -> None:
        """Start anew with the same values, which also mends a fault; a paused run stays paused."""
        self.run.reset()
        self.notice.forget()
        self.show_run()

    def choose(self, key: str) -> None:
        """Take up a preset, with its own values; one of another learning system has a page of its own."""
        if self.presets[key].system != self.run.preset.system:
            self.drawing.stream.leave_for = address.first(self.presets[key], projector=self.projector)
            return
        if not self.lessons.plays(key):
            self.lessons.leave()
        two = self.beside.pair is not None
        for second in self.beside.part():
            second.close()
        run = Run(self.presets[key])
        run.play()
        self.take_up(run)
        if two:
            self.beside.pair_up(Run(run.preset, run.values))
            self.show_settings()
        self.lessons.begin_again()

    def set_speed(self, speed: float | None) -> None:
        """Learning time per second, None for as fast as possible."""
        self.run.speed = speed
        self.say_address()

    def compare(self) -> None:
        """Let a second run learn beside the first, both from the start, or end it."""
        self.beside.toggle()

    def undo(self) -> None:
        """Take back the last change of a parameter."""
        self.settings.undo()

    def pin(self) -> None:
        """Keep the learning curve of this run to compare with, or let go of the one that is kept."""
        self.drawing.pin_or_unpin()
        self.pin_button.show_pinned(pinned=self.drawing.pinned)
        self.run.look_again()

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
            "l": self.lessons.show_list,
            "t": self.take_away.open,
            "b": self.compare,
            "+": lambda: self.zoom.by(1 / CLOSER),
            "-": lambda: self.zoom.by(CLOSER),
            "mod+z": self.settings.undo,
            "mod+shift+z": self.settings.redo,
            "mod+y": self.settings.redo,
        }

    @abstractmethod
    def tick(self, step: float) -> None:
        """Compare with a clock of this step [s], where the learning system has one."""

    @abstractmethod
    def _chunks_of(self, stride: str) -> int:
        """Chunks or batches in one of the strides that the journey declares."""
