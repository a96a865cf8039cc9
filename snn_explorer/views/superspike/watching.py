"""What a person watches: a synapse, a neuron with its membrane, or a moment, chosen by taps or by numbers.

A neuron is watched with a synapse: the strongest onto it, or from it if it is an input. A spike is its neuron and its
time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from bokeh.models import Plot

from snn_explorer.engine import Watch
from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.views.network_drawing import sizes
from snn_explorer.views.picking import follow_network, nearest_spike
from snn_explorer.views.superspike import network, rasters, stack
from snn_explorer.views.superspike.drawing import SuperSpikeDrawing
from snn_explorer.views.superspike.probe import FIGURE as PROBE
from snn_explorer.views.superspike.why import Question, on_rasters
from snn_explorer.views.synapse import synapse_at


class Watching:
    """Follows taps on the plots.

    Parameters
    ----------
    drawing : SuperSpikeDrawing
    watch : callable
        Gives what is watched.
    look : callable
        Takes what is to be watched from now on.
    """

    def __init__(self, drawing: SuperSpikeDrawing, watch: Callable[[], Watch], look: Callable[[Watch], None]) -> None:
        self._drawing, self._watch, self._look = drawing, watch, look
        self._next_lane = 0
        follow_network(drawing.figures[network.FIGURE], lambda: drawing.last, self.neuron, self.synapse)
        drawing.figures[PROBE].on_event("tap", self._tapped_trace)
        self.follow(drawing.figures, 0)

    def follow(self, figures: Mapping[str, Plot], run: int) -> None:
        """Follow taps on the plots over time of the first run (0) or the second (1)."""
        for layer in rasters.FIGURES:
            figures[layer].on_event("tap", lambda event, layer=layer: self._tapped_raster(run, layer, event))
        for name in stack.FIGURES:
            figures[name].on_event("tap", self._tapped_trace)

    def synapse(self, layer: str, post: int, pre: int, question: Question | None = None) -> None:
        """Watch a synapse and the membrane of the neuron behind it, and ask about it."""
        self._drawing.why.question = Question() if question is None else question
        watch = replace(self._watch(), probe_layer=layer, probe_post=post, probe_pre=pre)
        self._look(self._with_membrane(watch, layer, post))

    def neuron(self, layer: str, neuron: int, question: Question | None = None) -> None:
        """Watch a neuron, and the strongest of its synapses unless one of them is watched already."""
        last = self._drawing.last
        if last is not None and neuron < sizes(last.frame).get(layer, 0):  # the run beside may have more neurons
            self.synapse(*synapse_at(last.frame, layer, neuron), question)

    def moment(self, seconds: float | None) -> None:
        """Ask about the watched synapse at a time on the rasters' axis [s], or about the whole chunk."""
        rastered: Any = self._drawing.figures["input"].x_range
        longest = rastered.reset_end
        self._drawing.why.question = Question(None if seconds is None else min(max(seconds, 0.0), longest))
        self._look(self._watch())

    def forget(self) -> None:
        """Nobody asks any more."""
        self._drawing.why.question = None
        self._look(self._watch())

    def _with_membrane(self, watch: Watch, layer: str, neuron: int) -> Watch:
        """The watch with the membrane of this neuron; a hidden one gets the lane that was filled longest ago."""
        if neuron in getattr(watch, layer):
            return watch
        if layer == "output":
            return replace(watch, output=(neuron,))
        last = self._drawing.last
        n_hidden = 0 if last is None else sizes(last.frame).get("hidden", 0)
        there = [lane for lane, shown in enumerate(watch.hidden) if shown < n_hidden]
        if not there:
            return replace(watch, hidden=(neuron,))
        lanes, lane = list(watch.hidden), there[self._next_lane % len(there)]
        self._next_lane += 1
        lanes[lane] = neuron
        return replace(watch, hidden=tuple(lanes))

    def _tapped_raster(self, run: int, layer: str, event: Any) -> None:
        """A spike is watched with its neuron; elsewhere the row is, of an output whose membrane is not."""
        lives = self._drawing.lives
        if run >= len(lives) or layer not in lives[run].rasters:
            return
        spike = nearest_spike(_shown(lives[run], layer), event.x, event.y, *self._span(layer))
        if spike is not None:
            neuron, time = spike
            self.neuron(layer, neuron, Question(time, (layer, neuron)))
        elif layer == "output":
            row = min(max(round(event.y), 0), sizes(lives[run].frame)["output"] - 1)
            self._look(self._with_membrane(self._watch(), layer, row))

    def _tapped_trace(self, event: Any) -> None:
        if (last := self._drawing.last) is not None and 0 <= event.x < last.frame.duration:
            self.moment(on_rasters(last, event.x))

    def _span(self, layer: str) -> tuple[float, float]:
        """Lengths of a raster's axes."""
        figure: Any = self._drawing.figures[layer]
        return figure.x_range.end - figure.x_range.start, figure.y_range.end - figure.y_range.start


def _shown(live: SuperSpikeFrame, layer: str) -> Any:
    raster = live.rasters[layer]
    if layer != "hidden":
        return raster
    there = np.isin(raster.neuron, rasters.hidden_rows(sizes(live.frame)["hidden"]))
    return replace(raster, time=raster.time[there], neuron=raster.neuron[there])
