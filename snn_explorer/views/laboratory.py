"""One person's laboratory: a run, the page's parts that show it, and the wishes that change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import panel as pn
from bokeh.document import Document

from snn_explorer.live import Run, scheduler
from snn_explorer.presets import Preset
from snn_explorer.views import address
from snn_explorer.views.controls import Controls
from snn_explorer.views.dispatcher import Client, dispatcher
from snn_explorer.views.drawing import Drawing, Update
from snn_explorer.views.equation import Equation
from snn_explorer.views.guidance import Hints, PinButton, Shortcuts, help_dialog
from snn_explorer.views.layout import FIRST_SHAPE, Shape, arrange_cells
from snn_explorer.views.network_drawing import nearest_synapse
from snn_explorer.views.notice import Notice
from snn_explorer.views.own_dialog import OwnDialog
from snn_explorer.views.probe import SynapseChooser
from snn_explorer.views.reference import Reference
from snn_explorer.views.task_note import TaskNote
from snn_explorer.views.transport import Transport


class Laboratory:
    """Everything that one session has; `layout` arranges its parts on a page.

    Parameters
    ----------
    document : bokeh.document.Document
        The session's document.
    presets : mapping of str to Preset
        What can be chosen.
    asked : Address
        What the page's address asks for.
    """

    def __init__(self, document: Document, presets: Mapping[str, Preset], asked: address.Address) -> None:
        self.presets = dict(presets) | ({} if asked.own is None else {asked.own.key: asked.own})
        self.projector = asked.projector
        self.run = Run(self.presets[asked.preset], asked.values)
        if not isinstance(asked.speed, str):
            self.run.speed = asked.speed
        self.drawing = Drawing(lambda serial: self.client.painted(serial), self.run.preset)
        self.client = Client(document, self.run, self.drawing.compose, self._show, self.drawing.forget)
        self.controls = Controls(self.run.values, self.change)
        self.transport = Transport(presets, self)
        self.equation = Equation(self.run.preset.sentence, self.run.values)
        self.own_dialog = OwnDialog(document, self.presets["own"], self.learn)
        self.task_note = TaskNote(self.own_dialog.open)
        self.synapse = SynapseChooser(self.watch_synapse)
        self.notice, self.hints = Notice(asked.faults, asked.news), Hints(css_classes=["hints"])
        self.help, self.pin_button = help_dialog(), PinButton(self.pin)
        self.plots = pn.Column(css_classes=["plots"])
        self.timed: dict[str, pn.Column] = {}
        self._shape: Shape = FIRST_SHAPE
        self.shortcuts = Shortcuts(self.press)
        self.drawing.figures["network"].on_event("tap", self._tapped)
        self.drawing.figures["output"].on_event("tap", self._tapped_output)
        self._show_run()

    def start(self) -> None:
        """The browser has the page: begin to learn, and to send frames."""
        scheduler().add(self.run)
        self.run.play()
        dispatcher().add(self.client)
        self._say_address()

    def stop(self) -> None:
        """The session is over: leave nothing behind."""
        dispatcher().remove(self.client)
        self.run.close()

    def play_or_pause(self) -> None:
        """Play, or pause."""
        if self.run.state == "playing":
            self.run.pause()
        else:
            self.run.play()
        self._show_run()

    def step(self) -> None:
        """Advance by one chunk, then pause."""
        self.run.step()
        self.hints.follow("step")
        self._show_run()

    def reset(self) -> None:
        """Start anew with the same values, which also mends a fault; a paused run stays paused."""
        self.run.reset()
        self.notice.forget()
        self._show_run()

    def choose(self, key: str) -> None:
        """Take up a preset, with its own values."""
        self.run.close()
        self.run = self.client.run = Run(self.presets[key])
        self.drawing.preset = self.run.preset
        scheduler().add(self.run)
        self.run.play()
        self.controls.show_values(self.run.values)
        self.equation.say(self.run.preset.sentence, self.run.values)
        self.notice.forget()
        self._show_run()
        self._say_address()

    def learn(self, own: Preset) -> None:
        """Take up a target of one's own."""
        self.presets[own.key] = own
        self.choose(own.key)

    def set_speed(self, speed: float | None) -> None:
        """Simulated seconds per second, None for as fast as possible."""
        self.run.speed = speed
        self._say_address()

    def change(self, name: str, value: Any) -> None:
        """Set a parameter [SI]; it acts at the next chunk.

        Raises
        ------
        ParameterError
            If it cannot have this value.
        """
        self.run.set(**{name: value})
        if name == "feedback":
            self.hints.follow("feedback")
        self.equation.say(self.run.preset.sentence, self.run.values)
        self._say_address()

    def watch_synapse(self, layer: str, post: int, pre: int) -> None:
        """Show this synapse as the probe, and of an output that is not watched its membrane too."""
        watch = replace(self.run.watch, probe_layer=layer, probe_post=post, probe_pre=pre)
        if layer == "output" and post not in watch.output:
            watch = replace(watch, output=(post,))
        self.run.look(watch)
        self.hints.follow("synapse")

    def watch_output(self, output: int) -> None:
        """Show the membrane, the error and the spike times of this output."""
        self.run.look(replace(self.run.watch, output=(output,)))

    def see(self, view: str) -> None:
        """Show this one of the views beside the stack."""
        self.drawing.side.seen = view
        self.run.look(self.run.watch)

    def pin(self) -> None:
        """Keep the learning curve of this run to compare with, or let go of the one that is kept."""
        drawing, last = self.drawing, self.drawing.last
        if drawing.reference is not None:
            drawing.reference = None
        elif last is not None and last.curve_time.size:
            drawing.reference = Reference.of(last, self.run.preset)
        self.pin_button.show_pinned(pinned=drawing.reference is not None)
        self.run.look(self.run.watch)

    def press(self, key: str) -> None:
        """Do what a key stands for."""
        presets = dict(zip("123456789", self.presets, strict=False))
        if key in presets:
            self.choose(presets[key])
        elif key == "?":
            self.help.open = not self.help.open
        else:
            {" ": self.play_or_pause, "ArrowRight": self.step, "r": self.reset, "c": self.pin}[key]()

    def _tapped(self, event: Any) -> None:
        if self.drawing.last is not None:
            self.watch_synapse(*nearest_synapse(self.drawing.last.frame, event.x, event.y))

    def _tapped_output(self, event: Any) -> None:
        n_outputs = self._shape.layers["output"]
        if n_outputs > len(self.run.watch.output):
            self.watch_output(min(max(round(event.y), 0), n_outputs - 1))

    def _show(self, update: Update | None) -> None:
        """Show a frame, or only what the run says about itself."""
        with pn.io.hold():
            if update is not None:
                self.drawing.show(update)
                self._show_shape(update.shape)
                self.synapse.show_choice(update.shape.layers, update.live.frame.watch)
                self.task_note.describe(self.run.task)
            self._show_run()

    def _show_shape(self, shape: Shape) -> None:
        """Share out the room to the plots."""
        if shape != self._shape:
            self._shape = shape
            arrange_cells(self.timed, shape)

    def _show_run(self) -> None:
        run = self.run
        self.transport.show(playing=run.state == "playing", preset=run.preset.key, speed=run.speed)
        self.notice.say(run.state, run.message)

    def _say_address(self) -> None:
        query = address.write(self.run.preset, self.run.values, self.run.speed, projector=self.projector)
        self.drawing.stream.address = query
