"""The laboratory of BATS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import panel as pn
from bokeh.document import Document
from bokeh.models import Plot

from snn_explorer.checks import check_positive
from snn_explorer.engine import ParameterError, Watch
from snn_explorer.live import Run
from snn_explorer.presets import Preset
from snn_explorer.tasks.samples import Samples
from snn_explorer.views import address
from snn_explorer.views.bats import arrangement, clock, control_set, guidance, probe
from snn_explorer.views.bats.drawing import BatsDrawing
from snn_explorer.views.bats.equation import Equation
from snn_explorer.views.bats.gallery import TIMED
from snn_explorer.views.bats.journey import JOURNEY, SAMPLE, batches_of_epoch
from snn_explorer.views.bats.labels import LABELS
from snn_explorer.views.bats.layout import FIRST_SHAPE, arrange_cells
from snn_explorer.views.bats.parts import Shape
from snn_explorer.views.bats.side import VIEWS
from snn_explorer.views.bats.status import status_line
from snn_explorer.views.bats.tables import TABLES
from snn_explorer.views.bats.task_note import TaskNote
from snn_explorer.views.bats.zoom import CLOSER, Zoom
from snn_explorer.views.cells import TWIN
from snn_explorer.views.control import Quantity
from snn_explorer.views.drawing import Update
from snn_explorer.views.laboratory import Laboratory, Parts
from snn_explorer.views.network_drawing import ids, sizes
from snn_explorer.views.picking import picked
from snn_explorer.views.synapse import SynapseChooser, synapse_at
from snn_explorer.views.transport import SAMPLES
from snn_explorer.views.visitor import on_a_phone

MOST_WATCHED: Final = 4
"""Hidden membranes that are drawn at most."""


class BatsLaboratory(Laboratory[BatsDrawing]):
    """A laboratory with the plots of BATS; see `Laboratory`."""

    control_set, pace, journey = control_set.CONTROL_SET, SAMPLES, JOURNEY
    labels, tables = LABELS, TABLES
    help_text, hint_texts, own_shortcuts = guidance.HELP, guidance.HINTS, guidance.SHORTCUTS

    def __init__(self, document: Document, presets: Mapping[str, Preset], asked: address.Address) -> None:
        super().__init__(document, presets, asked)
        self.equation = Equation(self.run.preset.sentence, self.run.values, self.forget_spike)
        self.task_note = TaskNote(self.look_on)
        self.synapse = SynapseChooser(self.watch_synapse)
        self.clock_step = Quantity(
            lambda wish: self.set_clock(str(wish)), label="Step of the clock", symbol="dt", unit="ms",
            role="eligibility", low=clock.STEPS_MS[0], high=clock.STEPS_MS[1], log=True, value=clock.FIRST_STEP_MS,
            sentence="Forward Euler on this clock, against the exact spikes.",
        )  # fmt: skip
        self.timed: dict[str, pn.Column] = {}
        self.twins: dict[str, pn.Column] = {}
        self._shape: Shape = FIRST_SHAPE
        figures = self.drawing.figures
        figures["network"].on_event("tap", self._tapped_network)
        self._follow_taps(figures)
        timed = [figures[name] for name in (*TIMED, "probe")]
        self.zoom = Zoom(timed, self._zoomed, drag=not on_a_phone())
        self.views = arrangement.side(figures, self.drawing.side.seen, self.see, self.clock_step)
        self.see(self.drawing.side.seen)

    def parts(self) -> Parts:
        """What is to be seen."""
        figures = self.drawing.figures
        self.timed = arrangement.timed_cells(figures)
        beside = arrangement.cells_beside(figures, self.views, self.pin_button, self.synapse)
        return Parts(
            top=[self.equation],
            cells=[*self.timed.values(), *beside],
            grid=arrangement.GRID,
            status=status_line(),
            drawer=[self.task_note],
            unseen=[],
        )

    def twin_cells(self, figures: Mapping[str, Plot]) -> list[Any]:
        """See `Laboratory.twin_cells`."""
        self.twins = arrangement.twin_cells(figures, self._shape)
        self._follow_taps(figures)
        self.zoom.follow(figures.values())
        return [*self.twins.values()]

    def take_up(self, run: Run) -> None:
        """See `Laboratory.take_up`; of another run its preset's view is seen, over the whole time axis."""
        before = self.run
        super().take_up(run)
        if run is not before:
            self.drawing.moment = None
            self.zoom.show_all()
            if view := run.preset.view:
                self.views.open(VIEWS[view])
        self.see(self.drawing.side.seen)

    def change(self, name: str, value: Any, gesture: int = 0) -> None:
        """See `Laboratory.change`."""
        super().change(name, value, gesture)
        self.hints.follow(name)

    def step(self, stride: str) -> None:
        """See `Laboratory.step`; where the stride is a sample, look at the next one."""
        if stride == SAMPLE:
            self.pause()
            self.look_on(1)
        else:
            super().step(stride)

    def look_on(self, by: int) -> None:
        """Look at the sample so many places on, from the last to the first and back."""
        last = self.drawing.last
        if last is not None:
            n = int(last.frame.numbers["n_samples"])
            self._look(sample=(int(last.frame.numbers["sample"]) + by) % n)
            self.hints.follow("sample")

    def watch_synapse(self, layer: str, post: int, pre: int) -> None:
        """Show this synapse as the probe, and the membrane of its neuron too."""
        self._look(probe_layer=layer, probe_post=post, probe_pre=pre, **self._watched(layer, post))
        self.hints.follow("synapse")

    def watch_neuron(self, layer: str, neuron: int) -> None:
        """Watch a neuron, with the strongest synapse onto it unless one of its own is watched already."""
        if (last := self.drawing.last) is not None:
            layer, post, pre = synapse_at(last.frame, layer, neuron)
            self._look(probe_layer=layer, probe_post=post, probe_pre=pre, **self._watched(layer, post))

    def watch_spike(self, layer: str, neuron: int, time: float) -> None:
        """Watch a neuron, and ask about its spike that is closest to a time [s]."""
        self.drawing.moment = time
        self.watch_neuron(layer, neuron)

    def forget_spike(self) -> None:
        """Nobody asks about a spike any more."""
        self.drawing.moment = None
        self._look()

    def see(self, view: str) -> None:
        """Show this one of the views beside the stack; the clock runs only while it is seen."""
        self.drawing.side.seen = view
        self._look(clock_step=self.clock_step.value / 1e3 if view == "clock" else None)

    def set_clock(self, text: str) -> float:
        """Let the clock have steps of so many ms; gives how many these are.

        Raises
        ------
        ParameterError
            If it cannot have such steps.
        """
        try:
            step = check_positive("dt", float(text.replace(",", ".")), "ms")
        except ValueError as error:
            raise ParameterError(f"“{text}” cannot be used; a number of ms above 0 can.") from error
        longest = 1e3 * self.beside.chosen.values["tau_s"]
        if step >= longest:
            raise ParameterError(f"{step:g} ms cannot be used; the clock's steps must be below τₛ, {longest:g} ms.")
        if self.drawing.side.seen == "clock":
            self._look(clock_step=step / 1e3)
        return step

    @property
    def _commands(self) -> dict[str, Callable[[], None]]:
        return super()._commands | {
            "n": lambda: self.look_on(1),
            "p": lambda: self.look_on(-1),
            "+": lambda: self.zoom.by(1 / CLOSER),
            "-": lambda: self.zoom.by(CLOSER),
        }

    def _chunks_of(self, stride: str) -> int:
        return batches_of_epoch(self.drawing.last) if stride == "epoch" else 1

    def _draw(self) -> BatsDrawing:
        return BatsDrawing(lambda serial: self.client.painted(serial), self.run.preset)

    def _describe(self) -> None:
        self.equation.say(self.run.preset.sentence, self.beside.chosen.values)

    def _show_parts(self, update: Update) -> None:
        frame = update.live.frame
        shape = Shape.of(*(live.frame for live in update.lives))
        if shape != self._shape:
            self._shape = shape
            arrange_cells(self.timed, shape)
            arrange_cells(self.twins, shape, TWIN)
        self.synapse.show_choice(sizes(frame), frame.watch)
        if isinstance(samples := self.run.task, Samples):
            self.task_note.describe(samples)

    def _look(self, **changed: Any) -> None:
        self.run.look(replace(self.run.watch, **changed))

    def _watched(self, layer: str, neuron: int) -> dict[str, tuple[int, ...]]:
        """Watch this neuron too; of hidden ones it takes the place of the one that is watched longest."""
        watch: Watch = self.run.watch
        if layer == "output":
            return {"output": (neuron,)}
        mine = self._hidden_ids().get(layer, range(0))
        if neuron >= len(mine) or mine[neuron] in watch.hidden:
            return {}
        return {"hidden": (*watch.hidden, mine[neuron])[-MOST_WATCHED:]}

    def _hidden_ids(self) -> dict[str, range]:
        """Rows of each hidden layer's neurons."""
        last = self.drawing.last
        return {} if last is None else ids(sizes(last.frame))

    def _zoomed(self) -> None:
        figure: Any = self.drawing.figures["probe"]
        probe.arrange(figure, figure.x_range.end)
        self._look(window=self.zoom.window)

    def _tapped_network(self, event: Any) -> None:
        if (last := self.drawing.last) is None:
            return
        layer, post, pre = picked(last.frame, event.x, event.y)
        if pre is None:
            self.watch_neuron(layer, post)
        else:
            self.watch_synapse(layer, post, pre)

    def _follow_taps(self, figures: Mapping[str, Plot]) -> None:
        for name in ("output", "hidden"):
            figures[name].on_event("tap", lambda event, name=name: self._tapped_spikes(name, event))

    def _tapped_spikes(self, layer: str, event: Any) -> None:
        if (last := self.drawing.last) is None:
            return
        n = Shape.of(last.frame).layers.get(layer, 0)  # a run beside may have more
        row = min(max(round(event.y), 0), n - 1)
        rows = self._hidden_ids() if layer == "hidden" else {layer: range(n)}
        for name, mine in rows.items():
            if row in mine:
                self.watch_spike(name, row - mine.start, event.x / 1e3)
