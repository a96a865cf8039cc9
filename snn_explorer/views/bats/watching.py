"""What a person watches: a sample, a synapse, a neuron with its membrane, or a spike, chosen by taps or by numbers.

A neuron is watched with a synapse: the strongest onto it, or from it if it is an input. A spike is its neuron and its
time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from bokeh.models import Plot

from snn_explorer.bats.wiring import strongest_from, strongest_onto
from snn_explorer.engine import Frame, Watch
from snn_explorer.views.bats import maps, network
from snn_explorer.views.bats.drawing import BatsDrawing
from snn_explorer.views.bats.maps_as_neurons import neuron_of, synapse_of
from snn_explorer.views.bats.parts import Shape
from snn_explorer.views.network_drawing import ids, sizes
from snn_explorer.views.picking import follow_network

MOST_WATCHED: Final = 4
"""Hidden membranes that are drawn at most."""


class Watching:
    """Follows taps on the plots.

    Parameters
    ----------
    drawing : BatsDrawing
    watch : callable
        Gives what is watched.
    look : callable
        Takes what is to be watched from now on.
    """

    def __init__(self, drawing: BatsDrawing, watch: Callable[[], Watch], look: Callable[[Watch], None]) -> None:
        self._drawing, self._watch, self._look = drawing, watch, look
        figure = drawing.figures[network.FIGURE]
        follow_network(figure, lambda: network.drawn(drawing.last), self._tapped_dot, self._tapped_line)
        drawing.figures[maps.FIGURE].on_event("tap", self._tapped_map)
        self.follow(drawing.figures)

    def follow(self, figures: Mapping[str, Plot]) -> None:
        """Follow taps on the rasters among these figures."""
        for name in ("output", "hidden"):
            figures[name].on_event("tap", lambda event, name=name: self._tapped_spikes(name, event))

    def look(self, **changed: Any) -> None:
        """Watch this, and all else as before."""
        self._look(replace(self._watch(), **changed))

    def sample(self, by: int) -> None:
        """Look at the sample so many places on, from the last to the first and back."""
        if (last := self._drawing.last) is not None:
            n = int(last.frame.numbers["n_samples"])
            self.look(sample=(int(last.frame.numbers["sample"]) + by) % n)

    def synapse(self, layer: str, post: int, pre: int) -> None:
        """Show this synapse as the probe, and the membrane of its neuron too."""
        self.look(probe_layer=layer, probe_post=post, probe_pre=pre, **self._with_membrane(layer, post))

    def neuron(self, layer: str, neuron: int) -> None:
        """Watch a neuron, with the strongest synapse onto it unless one of its own is watched already."""
        if (last := self._drawing.last) is not None:
            self.synapse(*_synapse_of(last.frame, layer, neuron))

    def spike(self, layer: str, neuron: int, time: float) -> None:
        """Watch a neuron, and ask about its spike that is closest to a time [s], and of an output what drove it."""
        self._drawing.moment = time
        last = self._drawing.last
        if layer == "output" and last is not None:
            raster = last.frame.rasters["output"]
            mine = raster.time[raster.neuron == neuron]
            self.look(output_spike=(neuron, int(np.abs(mine - time).argmin()) if mine.size else 0))
        self.neuron(layer, neuron)

    def output_spike(self, neuron: int, rank: int) -> None:
        """Ask what drove a spike of an output, and about the spike itself."""
        if (last := self._drawing.last) is not None:
            raster = last.frame.rasters["output"]
            mine = raster.time[raster.neuron == neuron]
            self.spike("output", neuron, float(mine[min(rank, mine.size - 1)]) if mine.size else 0.0)

    def forget(self) -> None:
        """Nobody asks about a spike any more."""
        self._drawing.moment = None
        self.look(output_spike=None)

    def _tapped_dot(self, layer: str, unit: int) -> None:
        if (last := self._drawing.last) is not None:
            self.neuron(layer, neuron_of(last.frame, layer, unit))

    def _tapped_line(self, layer: str, post: int, pre: int) -> None:
        if (last := self._drawing.last) is not None:
            self.synapse(*synapse_of(last.frame, layer, post, pre))

    def _tapped_map(self, event: Any) -> None:
        last = self._drawing.last
        chosen = None if last is None else self._drawing.side.chosen.of(last.frame)
        if last is not None and chosen is not None:
            neuron = maps.tiling(last.frame, chosen[0]).neuron_at(event.x, event.y)
            if neuron is not None:
                self.neuron(chosen[0], neuron)

    def _with_membrane(self, layer: str, neuron: int) -> dict[str, tuple[int, ...]]:
        """Watch this neuron too; of hidden ones it takes the place of the one that is watched longest."""
        if layer == "output":
            return {"output": (neuron,)}
        mine, watched = self._hidden_ids().get(layer, range(0)), self._watch().hidden
        if neuron >= len(mine) or mine[neuron] in watched:
            return {}
        return {"hidden": (*watched, mine[neuron])[-MOST_WATCHED:]}

    def _hidden_ids(self) -> dict[str, range]:
        """Rows of each hidden layer's neurons."""
        last = self._drawing.last
        return {} if last is None else ids(sizes(last.frame))

    def _tapped_spikes(self, layer: str, event: Any) -> None:
        if (last := self._drawing.last) is None:
            return
        n = Shape.of(last.frame).layers.get(layer, 0)  # a run beside may have more
        row = min(max(round(event.y), 0), n - 1)
        rows = self._hidden_ids() if layer == "hidden" else {layer: range(n)}
        for name, mine in rows.items():
            if row in mine:
                self.spike(name, row - mine.start, event.x / 1e3)


def _synapse_of(frame: Frame, layer: str, neuron: int) -> tuple[str, int, int]:
    """The synapse to watch with a neuron: the strongest onto it, or from it where it is an input."""
    probe_layer, post, pre = frame.watch.synapse
    if layer == "input":
        layer = list(sizes(frame))[1]
        return layer, post if probe_layer == layer else strongest_from(frame, layer, neuron), neuron
    return layer, neuron, pre if (probe_layer, post) == (layer, neuron) else strongest_onto(frame, layer, neuron)
