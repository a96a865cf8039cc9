"""The laboratory of SuperSpike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import panel as pn
from bokeh.document import Document
from bokeh.models import Plot

from snn_explorer.presets import Preset
from snn_explorer.tasks.samples import Samples
from snn_explorer.views import address
from snn_explorer.views.cells import TWIN
from snn_explorer.views.drawing import Update
from snn_explorer.views.laboratory import Laboratory, Parts
from snn_explorer.views.superspike import arrangement, control_set, guidance
from snn_explorer.views.superspike.drawing import SuperSpikeDrawing
from snn_explorer.views.superspike.equation import Equation
from snn_explorer.views.superspike.layout import FIRST_SHAPE, Shape, arrange_cells
from snn_explorer.views.superspike.network_drawing import nearest_synapse, sizes
from snn_explorer.views.superspike.own_dialog import OwnDialog
from snn_explorer.views.superspike.probe import SynapseChooser
from snn_explorer.views.superspike.status import status_line
from snn_explorer.views.superspike.task_note import TaskNote
from snn_explorer.views.transport import SECONDS


class SuperSpikeLaboratory(Laboratory[SuperSpikeDrawing]):
    """A laboratory with the plots of SuperSpike; see `Laboratory`."""

    control_set, pace = control_set.CONTROL_SET, SECONDS
    help_text, hint_texts = guidance.HELP, guidance.HINTS

    def __init__(self, document: Document, presets: Mapping[str, Preset], asked: address.Address) -> None:
        super().__init__(document, presets, asked)
        self.equation = Equation(self.run.preset.sentence, self.run.values)
        self.own_dialog = OwnDialog(document, self.presets["own"], self.learn)
        self.task_note = TaskNote(self.own_dialog.open)
        self.synapse = SynapseChooser(self.watch_synapse)
        self.timed: dict[str, pn.Column] = {}
        self.twins: dict[str, pn.Column] = {}
        self._shape: Shape = FIRST_SHAPE
        self.drawing.figures["network"].on_event("tap", self._tapped)
        self.drawing.figures["output"].on_event("tap", self._tapped_output)

    def parts(self) -> Parts:
        """What is to be seen."""
        self.timed = arrangement.timed_cells(self.drawing.figures)
        beside = arrangement.cells_beside(self.drawing.figures, self.see, self.pin_button, self.synapse)
        return Parts(
            top=[self.equation],
            cells=[*self.timed.values(), *beside],
            grid=arrangement.GRID,
            status=status_line(),
            drawer=[self.task_note],
            unseen=[self.own_dialog.view],
        )

    def twin_cells(self, figures: Mapping[str, Plot]) -> list[Any]:
        """See `Laboratory.twin_cells`."""
        self.twins = arrangement.twin_cells(figures, self._shape)
        figures["output"].on_event("tap", self._tapped_output)
        return [*self.twins.values()]

    def learn(self, own: Preset) -> None:
        """Take up a target of one's own."""
        self.presets[own.key] = own
        self.choose(own.key)

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

    def _draw(self) -> SuperSpikeDrawing:
        return SuperSpikeDrawing(lambda serial: self.client.painted(serial), self.run.preset)

    def _describe(self) -> None:
        self.equation.say(self.run.preset.sentence, self.beside.chosen.values)

    def _show_parts(self, update: Update) -> None:
        shape = Shape.of(*update.lives)
        if shape != self._shape:
            self._shape = shape
            arrange_cells(self.timed, shape)
            arrange_cells(self.twins, shape, TWIN)
        self.synapse.show_choice(sizes(update.live.frame), update.live.frame.watch)
        if not isinstance(task := self.run.task, Samples):
            self.task_note.describe(task)

    def _tapped(self, event: Any) -> None:
        if self.drawing.last is not None:
            self.watch_synapse(*nearest_synapse(self.drawing.last.frame, event.x, event.y))

    def _tapped_output(self, event: Any) -> None:
        n_outputs = self._shape.layers["output"]
        if n_outputs > len(self.run.watch.output):
            self.watch_output(min(max(round(event.y), 0), n_outputs - 1))
