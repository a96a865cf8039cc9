"""What the columns of the sources of a BATS page mean."""

from __future__ import annotations

from typing import Final

from snn_explorer.views.bats.probe import LANES, ZEROS, Lane
from snn_explorer.views.network_tables import network_tables
from snn_explorer.views.tables import Column, Table, Tables, spikes

NOT_IN_TABLES: Final = (
    "output.label", "output.delta", "output.watched", "hidden.watched", "hidden.border", "output_membrane.threshold",
    "hidden_membrane.threshold", "probe.zero", "network.nodes", "network.watched", "accuracy.now",
    "answer.right", "drive.pixels", "maps.places", "latency.end", "clock.border",
)  # fmt: skip
"""Sources that mark what a table or a label says: the right class, thresholds, zeros, neurons, errors once more."""

_TIME: Final = Column("time", ("x",), "ms")
_AT: Final = Column("time", ("x0",), "ms")
_EPOCHS: Final = Column("epochs", ("x",))


def _errors(source: str, caption: str, magnified: str = "") -> Table:
    return Table(source, caption, (_AT, Column("error", ("y1",), "1/s", magnified=magnified)))


def _membranes(source: str, caption: str, words: str, apart: str) -> Table:
    return Table(source, caption, (_TIME, Column(words, ("y",), "thresholds", apart=apart)), "samples")


def _curve(source: str, caption: str, words: str, unit: str = "") -> Table:
    return Table(source, caption, (_EPOCHS, Column(words, ("y",), unit)), "samples")


def _budget(name: str) -> tuple[Table, ...]:
    kinds = {"silent": "Silent neurons", "used": "Neurons with spikes left", "saturated": "Neurons that spent them all"}
    columns = Column("spikes of a neuron", ("left", "right")), Column("neurons", ("top",))
    return tuple(Table(f"{name}.{kind}", caption, columns) for kind, caption in kinds.items())


def _lane(lane: Lane) -> Table:
    value = Column(
        lane.words, ("y1",), lane.unit.strip("· "), at=ZEROS[lane.name], magnified=f"{lane.name}_magnification"
    )
    return Table(f"probe.{lane.name}", lane.words[0].upper() + lane.words[1:], (_AT, value))


def _signed(source: str, caption: str, first: tuple[str, ...], words: str, unit: str = "") -> tuple[Table, ...]:
    """Tables of an image of numbers: those above 0, and those below."""
    places = [Column(name, (name,), at=-1.0) for name in (*first, "row", "column")]
    return tuple(
        Table(f"{source}.{sign}", f"{caption} {side} 0", (*places, Column(words, ("value",), unit)), "strongest")
        for sign, side in (("positive", "above"), ("negative", "below"))
    )


TABLES: Final[Tables] = {
    "error": (
        _errors("error.output", "Errors of output spikes"),
        _errors("error.hidden", "Errors of hidden spikes", "hidden_magnification"),
    ),
    "output": (spikes("output.spikes", "Output spikes", "output", _TIME),),
    "output_membrane": (
        _membranes("output_membrane.trace", "Membrane of the watched output", "membrane", "output_lane"),
    ),
    "hidden": (spikes("hidden.spikes", "Hidden spikes", "hidden neuron", _TIME),),
    "hidden_membrane": (
        _membranes("hidden_membrane.trace", "Membranes of the watched hidden neurons", "membrane {n}", "hidden_lane"),
    ),
    "input": (spikes("input.spikes", "Input spikes", "input", _TIME),),
    "network": network_tables("1/s"),
    "image": (
        Table(
            "image.pixels", "Pixels, row after row from the top, or other samples",
            (Column("left end", ("left",)), Column("shade", ("fill_alpha",))), "samples",
        ),
        Table("image.here", "The sample among others", (Column("across", ("x",)), Column("up", ("y",)))),
    ),
    "answer": (
        Table(
            "answer.bars", "What the outputs say",
            (Column("output", ("y0",), at=-1.0), Column("spikes, or first spike in ms", ("x1",))),
        ),
        Table("answer.wanted", "Spikes wanted", (Column("output", ("y",), at=-1.0), Column("spikes", ("x",)))),
    ),
    "drive": _signed("drive", "Pixels with numbers", (), "moves the output spike by, for each ms of its own", "ms"),
    "maps": (
        Table(
            "maps.neurons", "First spikes",
            (Column("time", ("time",), "ms"), *(Column(name, (name,), at=-1.0) for name in ("map", "row", "column"))),
        ),
        *_signed("maps", "Weights of the filters", ("map",), "weight", "1/s"),
    ),
    "hidden_budget": _budget("hidden_budget"),
    "output_budget": _budget("output_budget"),
    "latency": (
        Table("latency.share", "Right answers", (_TIME, Column("right answers", ("y",), "%")), "samples"),
        Table("latency.soon", "Nearly all are there", (_TIME,)),
    ),
    "clock": (
        Table("clock.exact", "Exact spikes", (_TIME, Column("row", ("y",)))),
        Table("clock.clocked", "Spikes on the clock", (_TIME, Column("row", ("y",)))),
    ),
    "accuracy": (
        _curve("accuracy.training", "Training samples, before they are learned from", "right answers", "%"),
        _curve("accuracy.held_out", "Held-out samples", "right answers", "%"),
        _curve("accuracy.beside", "Training samples of run B", "right answers", "%"),
        _curve("accuracy.reference", "The pinned run", "right answers", "%"),
    ),
    "loss": (
        _curve("loss.training", "Loss of this run", "loss"), _curve("loss.beside", "Loss of run B", "loss"),
        _curve("loss.reference", "The pinned run", "loss"),
    ),
    "spikes": (
        _curve("spikes.hidden", "Hidden neurons", "spikes for each sample"),
        _curve("spikes.output", "Outputs", "spikes for each sample"),
        _curve("spikes.hidden_beside", "Hidden neurons of run B", "spikes for each sample"),
        _curve("spikes.output_beside", "Outputs of run B", "spikes for each sample"),
    ),
    "probe": (
        Table("probe.presynaptic", "Presynaptic spikes", (_TIME,)),
        *(_lane(lane) for lane in LANES),
    ),
}  # fmt: skip
"""Tables by name of the figure."""
