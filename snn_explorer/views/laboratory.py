"""One person's laboratory: a run, the page's parts that show it, and the wishes that change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import panel as pn
from bokeh.document import Document

from snn_explorer.live import Preset, Run, scheduler
from snn_explorer.views import address
from snn_explorer.views.controls import Controls
from snn_explorer.views.dispatcher import Client, dispatcher
from snn_explorer.views.drawing import Drawing, Update
from snn_explorer.views.equation import Equation
from snn_explorer.views.guidance import Hints, Shortcuts, help_dialog
from snn_explorer.views.network_drawing import nearest_synapse, sizes
from snn_explorer.views.notice import Notice
from snn_explorer.views.probe import SynapseChooser
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
        self.presets, self.projector = presets, asked.projector
        self.run = Run(presets[asked.preset], asked.values)
        if not isinstance(asked.speed, str):
            self.run.speed = asked.speed
        self.drawing = Drawing(lambda serial: self.client.painted(serial))
        self.client = Client(document, self.run, self.drawing.compose, self._show)
        self.controls = Controls(self.run.values, self.change)
        self.transport = Transport(presets, self)
        self.equation = Equation(self.run.preset.sentence)
        self.synapse = SynapseChooser(self.watch_synapse)
        self.notice, self.hints, self.help = Notice(asked.faults), Hints(css_classes=["hints"]), help_dialog()
        self.plots = pn.Column(css_classes=["plots"])
        self.hidden_cells: list[pn.Column] = []
        self._gone: list[str] = []
        self.shortcuts = Shortcuts(self.press)
        self.drawing.figures["network"].on_event("tap", self._tapped)
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
        scheduler().add(self.run)
        self.run.play()
        self.controls.show_values(self.run.values)
        self.equation.say(self.run.preset.sentence)
        self._show_run()
        self._say_address()

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
        self._say_address()

    def watch_synapse(self, layer: str, post: int, pre: int) -> None:
        """Show this synapse as the probe."""
        self.run.look(replace(self.run.watch, probe_layer=layer, probe_post=post, probe_pre=pre))
        self.hints.follow("synapse")

    def press(self, key: str) -> None:
        """Do what a key stands for."""
        presets = dict(zip("123456789", self.presets, strict=False))
        if key in presets:
            self.choose(presets[key])
        elif key == "?":
            self.help.open = not self.help.open
        else:
            {" ": self.play_or_pause, "ArrowRight": self.step, "r": self.reset}[key]()

    def _tapped(self, event: Any) -> None:
        if self.drawing.last is not None:
            self.watch_synapse(*nearest_synapse(self.drawing.last.frame, event.x, event.y))

    def _show(self, update: Update | None) -> None:
        """Show a frame, or only what the run says about itself."""
        with pn.io.hold():
            if update is not None:
                self.drawing.show(update)
                frame = update.live.frame
                self._show_layers(sizes(frame))
                self.synapse.show_choice(sizes(frame), frame.watch)
            self._show_run()

    def _show_layers(self, layers: Mapping[str, int]) -> None:
        """Without a hidden layer its plots give their room to the others."""
        gone = [] if "hidden" in layers else ["gone"]
        if gone != self._gone:
            self._gone = gone
            self.plots.css_classes = ["plots", *(["no-hidden"] if gone else [])]
            for cell in self.hidden_cells:
                cell.css_classes = [*cell.css_classes[:2], *gone]

    def _show_run(self) -> None:
        run = self.run
        self.transport.show(playing=run.state == "playing", preset=run.preset.key, speed=run.speed)
        self.notice.say(run.state, run.message)

    def _say_address(self) -> None:
        query = address.write(self.run.preset.key, self.run.values, self.run.speed, projector=self.projector)
        self.drawing.stream.address = query
