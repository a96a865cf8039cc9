"""The laboratory of BATS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bokeh.document import Document
from bokeh.models import Plot

from snn_explorer.checks import check_positive
from snn_explorer.engine import ParameterError, Watch
from snn_explorer.live import Run
from snn_explorer.live.frame import BatsFrame
from snn_explorer.presets import Preset
from snn_explorer.tasks.samples import Samples
from snn_explorer.views import address
from snn_explorer.views.bats import arrangement, clock, control_set, drive, equation, guidance, maps, probe
from snn_explorer.views.bats.drawing import BatsDrawing
from snn_explorer.views.bats.gallery import TIMED
from snn_explorer.views.bats.journey import JOURNEY, SAMPLE, batches_of_epoch
from snn_explorer.views.bats.labels import LABELS
from snn_explorer.views.bats.layout import FIRST_SHAPE, arrange_cells
from snn_explorer.views.bats.parts import Shape, class_names
from snn_explorer.views.bats.side import VIEWS, views_of
from snn_explorer.views.bats.status import status_line
from snn_explorer.views.bats.tables import TABLES
from snn_explorer.views.bats.task_note import TaskNote
from snn_explorer.views.bats.watching import Watching
from snn_explorer.views.box import Box
from snn_explorer.views.cells import TWIN
from snn_explorer.views.choice import Choice
from snn_explorer.views.control import Quantity
from snn_explorer.views.drawing import Update
from snn_explorer.views.figures import hang_words
from snn_explorer.views.laboratory import Laboratory, Parts
from snn_explorer.views.network_drawing import sizes
from snn_explorer.views.rule import Rule
from snn_explorer.views.synapse import SynapseChooser
from snn_explorer.views.transport import SAMPLES
from snn_explorer.views.zoom import Zoom


class BatsLaboratory(Laboratory[BatsDrawing]):
    """A laboratory with the plots of BATS; see `Laboratory`."""

    control_set, pace, journey = control_set.CONTROL_SET, SAMPLES, JOURNEY
    labels, tables, behind_tabs = LABELS, TABLES, arrangement.BEHIND_TABS
    help_text, hint_texts, own_shortcuts = guidance.HELP, guidance.HINTS, guidance.SHORTCUTS

    def __init__(self, document: Document, presets: Mapping[str, Preset], asked: address.Address) -> None:
        super().__init__(document, presets, asked)
        self.watching = Watching(self.drawing, lambda: self.run.watch, self._watch)
        self.equation = Rule(equation.parts, self.watching.forget)
        self.describe()
        self.task_note = TaskNote(self.watching.sample)
        self.synapse = SynapseChooser(self.watching.synapse)
        self.clock_step = Quantity(
            lambda wish: self.set_clock(str(wish)), label="Step of the clock", symbol="dt", unit="ms",
            role="eligibility", low=clock.STEPS_MS[0], high=clock.STEPS_MS[1], log=True, value=clock.FIRST_STEP_MS,
            sentence="Forward Euler on this clock, against the exact spikes.",
        )  # fmt: skip
        self.drive_choice = Choice(self.watching.output_spike, words="output", number_words="its spike")
        self.maps_choice = Choice(self._choose_maps, words="maps of", number_words="weights from map")
        self.timed: dict[str, Box] = {}
        self.twins: dict[str, Box] = {}
        self._shape: Shape = FIRST_SHAPE
        figures = self.drawing.figures
        timed = [figures[name] for name in (*TIMED, "probe")]
        self.zoom = Zoom([timed], self._zoomed, second=self.journey.second)
        self.views = arrangement.side(figures, self.drawing.side.seen, self.see, {
            "clock": self.clock_step, "drive": self.drive_choice, "maps": self.maps_choice,
        })  # fmt: skip
        self.curves = arrangement.learning_curves(figures)
        self.tabs = self.views, self.curves
        if not self.run.values["convolutions"]:
            self.views.offer([title for view, title in VIEWS.items() if view != "maps"])
        self.see(self.drawing.side.seen)

    def parts(self) -> Parts:
        """What is to be seen."""
        figures = self.drawing.figures
        self.timed = arrangement.timed_cells(figures)
        beside = arrangement.cells_beside(figures, self.views, self.curves, self.pin_button, self.synapse)
        return Parts(
            top=[self.equation],
            cells=[*self.timed.values(), *beside],
            grid=arrangement.GRID,
            status=status_line(),
            drawer=[self.task_note],
            unseen=[self.zoom.dragging],
        )

    def twin_cells(self, figures: Mapping[str, Plot]) -> list[Any]:
        """See `Laboratory.twin_cells`."""
        self.twins = arrangement.twin_cells(figures, self._shape)
        self.watching.follow(figures)
        self.zoom.follow(figures.values())
        return [*self.twins.values()]

    def take_up(self, run: Run) -> None:
        """See `Laboratory.take_up`; of another run its preset's view is seen."""
        before = self.run
        super().take_up(run)
        if run is not before:
            self.drawing.moment = None
            if view := run.preset.view:
                self.views.open(VIEWS[view])
        self.see(self.drawing.side.seen)

    def step(self, stride: str) -> None:
        """See `Laboratory.step`; where the stride is a sample, look at the next one."""
        if stride == SAMPLE:
            self.pause()
            self.watching.sample(1)
        else:
            super().step(stride)

    def see(self, view: str) -> None:
        """Show this one of the views beside the stack; the clock runs only while it is seen."""
        self.drawing.side.seen = view
        self.watching.look(clock_step=self.clock_step.value / 1e3 if view == "clock" else None)

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
        longest = 1e3 * self.shown.values["tau_s"]
        if step >= longest:
            raise ParameterError(f"{step:g} ms cannot be used; the clock's steps must be below τₛ, {longest:g} ms.")
        if self.drawing.side.seen == "clock":
            self.watching.look(clock_step=step / 1e3)
        return step

    def tick(self, step: float) -> None:
        """See `Laboratory.tick`."""
        self.bring_forward("clock")
        self.clock_step.show_value(self.set_clock(f"{1e3 * step:g}"))

    @property
    def _commands(self) -> dict[str, Callable[[], None]]:
        return super()._commands | {
            "n": lambda: self.watching.sample(1),
            "p": lambda: self.watching.sample(-1),
        }

    def _chunks_of(self, stride: str) -> int:
        return batches_of_epoch(self.drawing.last) if stride == "epoch" else 1

    def _draw(self) -> BatsDrawing:
        return BatsDrawing(lambda serial: self.client.painted(serial), self.run.preset)

    def _show_parts(self, update: Update) -> None:
        frame = update.live.frame
        shape = Shape.of(*(live.frame for live in update.lives))
        if shape != self._shape:
            self._shape = shape
            arrange_cells(self.timed, shape)
            arrange_cells(self.twins, shape, TWIN)
        layers = sizes(frame)
        self.synapse.show_choice(layers, frame.watch, {it: int(frame.numbers[f"{it}_inputs"]) for it in [*layers][1:]})
        self._show_choices(update.live)
        if isinstance(samples := self.run.task, Samples):
            self.task_note.describe(samples)

    def _show_choices(self, live: BatsFrame) -> None:
        """Offer the views that this run has, and say what is chosen in them."""
        self.views.offer([VIEWS[view] for view in views_of(live)])
        counts, n = drive.counts(live), live.frame.numbers
        neuron, rank = max(int(n["drive_neuron"]), 0), max(int(n["drive_rank"]), 0)
        self.drive_choice.show_choice(class_names(live.samples), neuron, rank, max(int(counts[neuron]), 1))
        chosen = self.drawing.side.chosen.of(live.frame)
        if chosen is not None:
            layers, (layer, before) = maps.convolutions(live.frame), chosen
            self.maps_choice.show_choice(layers, layers.index(layer), before, maps.n_before(live.frame, layer))

    def _choose_maps(self, layer: int, before: int) -> None:
        self.drawing.side.choose(layer, before)
        self.run.look_again()

    def _watch(self, watch: Watch) -> None:
        """Look at this, and take away the hint that says how."""
        before = self.run.watch
        self.run.look(watch)
        if watch.synapse != before.synapse:
            self.hints.follow("synapse")

    def _zoomed(self) -> None:
        hang_words(self.drawing.figures[probe.FIGURE], self.zoom.parts[0].end)
        self.watching.look(window=self.zoom.window)
