"""What the columns of the sources of a SuperSpike page mean."""

from __future__ import annotations

from typing import Final

from snn_explorer.views.network_tables import network_tables
from snn_explorer.views.superspike.curve import LEAST_COST
from snn_explorer.views.superspike.probe import LANES, Lane
from snn_explorer.views.tables import Column, Table, Tables, spikes, trace

NOT_IN_TABLES: Final = (
    "curve.now", "output.now", "hidden.now", "input.now", "output.watched", "hidden.watched",
    "output_membrane.threshold", "hidden_membrane.threshold", "probe.zero", "network.nodes", "network.watched",
)  # fmt: skip
"""Sources that mark what a table or a label says: the present place, thresholds, zeros, neurons."""

_LEARNING_TIME: Final = Column("learning time", ("x",), "s")
_LEAST: Final = f"Costs below {LEAST_COST:g} are drawn as {LEAST_COST:g}."


def _cost(source: str, caption: str) -> Table:
    return Table(source, caption, (_LEARNING_TIME, Column("cost", ("y",), "1/s")), "samples", _LEAST)


def _histogram(source: str, caption: str, words: str, unit: str, counted: str) -> Table:
    return Table(
        source,
        caption,
        (Column(f"{words}, middle of the bin", ("left", "right"), unit), Column(counted, ("top",))),
        note="Empty bins are left out.",
    )


def _spike_timing(source: str, caption: str) -> Table:
    return Table(source, caption, (Column("learning time", ("y",), "s"), Column("time in the trial", ("x",), "s")))


def _lane(lane: Lane, place: int) -> Table:
    value = Column(lane.words, ("y",), lane.unit.strip(), at=lane.base(place), magnified=f"{lane.name}_magnification")
    return trace(lane.name, lane.words[0].upper() + lane.words[1:], value)


TABLES: Final[Tables] = {
    "error": (
        trace("error.output", "Error of the watched output", Column("error", ("y",), "Hz")),
        trace(
            "error.hidden", "Errors fed back to the first hidden neurons",
            Column("hidden neuron {n}", ("y",), "Hz", magnified="feedback_magnification"),
        ),
    ),
    "output": (
        spikes("output.spikes", "Output spikes", "output"),
        spikes("output.targets", "Targets", "output"),
        Table(
            "output.windows", "Windows in which a spike is wanted",
            (
                Column("begin", ("left",), "s"), Column("end", ("right",), "s"),
                Column("output", ("bottom", "top"), at=-1.0),
            ),
        ),
    ),
    "output_membrane": (
        trace("output_membrane.trace", "Membrane of the watched output", Column("voltage", ("y",), "mV")),
    ),
    "hidden": (spikes("hidden.spikes", "Hidden spikes", "hidden neuron"),),
    "hidden_membrane": (
        trace(
            "hidden_membrane.trace", "Membranes of the first hidden neurons",
            Column("hidden neuron {n}", ("y",), "mV", apart="hidden_membrane_lane"),
        ),
    ),
    "input": (spikes("input.spikes", "Input spikes", "input"),),
    "network": network_tables("mV"),
    "timing": (
        _spike_timing("timing.right", "Spikes"),
        _spike_timing("timing.wrong", "Spikes of a wrong output"),
        Table("timing.marks", "Vertical lines: targets, or the end of the window", (Column("time", ("x",), "s"),)),
    ),
    "firing_rate": (_histogram("firing_rate", "Firing rates", "rate", "Hz", "neurons"),),
    "firing_interval": (_histogram("firing_interval", "Interspike intervals", "interval", "ms", "intervals"),),
    "firing_variation": (_histogram("firing_variation", "Coefficients of variation", "CV", "", "neurons"),),
    "curve": (
        _cost("curve.cost", "Cost of this run"), _cost("curve.beside", "Cost of run B"),
        _cost("curve.reference", "Cost of the pinned run"),
    ),
    "probe": tuple(_lane(lane, place) for place, lane in enumerate(LANES)),
}  # fmt: skip
"""Tables by name of the figure."""
