"""The laboratory of SuperSpike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bokeh.document import Document
from bokeh.models import Plot

from snn_explorer.presets import Preset
from snn_explorer.tasks.samples import Samples
from snn_explorer.views import address
from snn_explorer.views.box import Box
from snn_explorer.views.cells import TWIN
from snn_explorer.views.drawing import Update
from snn_explorer.views.figures import hang_words
from snn_explorer.views.laboratory import Laboratory, Parts
from snn_explorer.views.network_drawing import sizes
from snn_explorer.views.rule import Rule
from snn_explorer.views.superspike import arrangement, control_set, equation, guidance, rasters, stack
from snn_explorer.views.superspike.drawing import SuperSpikeDrawing
from snn_explorer.views.superspike.journey import JOURNEY, chunks_of_trial
from snn_explorer.views.superspike.labels import LABELS
from snn_explorer.views.superspike.layout import FIRST_SHAPE, Shape, arrange_cells
from snn_explorer.views.superspike.own_dialog import OwnDialog
from snn_explorer.views.superspike.probe import FIGURE as PROBE
from snn_explorer.views.superspike.probe import MomentField
from snn_explorer.views.superspike.side import VIEWS
from snn_explorer.views.superspike.status import status_line
from snn_explorer.views.superspike.tables import TABLES
from snn_explorer.views.superspike.task_note import TaskNote
from snn_explorer.views.superspike.watching import Watching
from snn_explorer.views.synapse import SynapseChooser
from snn_explorer.views.transport import SECONDS
from snn_explorer.views.zoom import Zoom


class SuperSpikeLaboratory(Laboratory[SuperSpikeDrawing]):
    """A laboratory with the plots of SuperSpike; see `Laboratory`."""

    control_set, pace, journey = control_set.CONTROL_SET, SECONDS, JOURNEY
    help_text, hint_texts = guidance.HELP, guidance.HINTS
    labels, tables, behind_tabs = LABELS, TABLES, VIEWS

    def __init__(self, document: Document, presets: Mapping[str, Preset], asked: address.Address) -> None:
        super().__init__(document, presets, asked)
        self.watching = Watching(self.drawing, lambda: self.run.watch, lambda watch: self.run.look(watch))
        self.equation = Rule(equation.parts, self.watching.forget)
        self.describe()
        self.own_dialog = OwnDialog(document, self.presets["own"], self.learn)
        self.task_note = TaskNote(self.own_dialog.open)
        self.synapse, self.moment = SynapseChooser(self.watching.synapse), MomentField(self.watching.moment)
        self.views = arrangement.side(self.drawing.figures, self.see)
        self.tabs = (self.views,)
        figures = self.drawing.figures
        traces, spikes = ([figures[name] for name in names] for names in ((*stack.FIGURES, PROBE), rasters.FIGURES))
        self.zoom = Zoom([traces, spikes], self._zoomed, second=self.journey.second)
        self.timed: dict[str, Box] = {}
        self.twins: dict[str, Box] = {}
        self._shape: Shape = FIRST_SHAPE

    def parts(self) -> Parts:
        """What is to be seen."""
        self.timed = arrangement.timed_cells(self.drawing.figures)
        beside = arrangement.cells_beside(self.drawing.figures, self.views, self.pin_button, self.synapse, self.moment)
        return Parts(
            top=[self.equation],
            cells=[*self.timed.values(), *beside],
            grid=arrangement.GRID,
            status=status_line(),
            drawer=[self.task_note],
            unseen=[self.own_dialog.view, self.zoom.dragging],
        )

    def twin_cells(self, figures: Mapping[str, Plot]) -> list[Any]:
        """See `Laboratory.twin_cells`."""
        self.twins = arrangement.twin_cells(figures, self._shape)
        self.watching.follow(figures, 1)
        self.zoom.follow(figures.values())
        return [*self.twins.values()]

    def learn(self, own: Preset) -> None:
        """Take up a target of one's own."""
        self.presets[own.key] = own
        self.choose(own.key)

    def choose(self, key: str) -> None:
        """See `Laboratory.choose`; what was asked about the synapse before is forgotten."""
        self.watching.forget()
        super().choose(key)

    def see(self, view: str) -> None:
        """Show this one of the views beside the stack."""
        self.drawing.side.seen = view
        self.run.look_again()

    def _zoomed(self) -> None:
        self.drawing.window = self.zoom.window
        hang_words(self.drawing.figures[PROBE], self.zoom.parts[0].end)
        self.run.look_again()

    def _draw(self) -> SuperSpikeDrawing:
        return SuperSpikeDrawing(lambda serial: self.client.painted(serial), self.run.preset)

    def tick(self, step: float) -> None:
        """See `Laboratory.tick`: this learning rule runs on a clock itself."""

    def _chunks_of(self, stride: str) -> int:
        return chunks_of_trial(self.drawing.last) if stride == "trial" else 1

    def _show_parts(self, update: Update) -> None:
        shape = Shape.of(*update.lives)
        if shape != self._shape:
            self._shape = shape
            arrange_cells(self.timed, shape)
            arrange_cells(self.twins, shape, TWIN)
        self.synapse.show_choice(sizes(update.live.frame), update.live.frame.watch)
        question = self.drawing.why.question
        self.moment.show_moment(None if question is None else question.moment)
        if question is not None:
            self.hints.follow("synapse")
        if not isinstance(task := self.run.task, Samples):
            self.task_note.describe(task)
