"""What the columns of the drawn network's sources mean, whichever learning system it belongs to."""

from __future__ import annotations

from typing import Final

from snn_explorer.views.network_drawing import BESIDE, THINNEST
from snn_explorer.views.tables import Column, Table

_LAYERS: Final = ("input", "hidden", "output")
_PRE: Final = Column("from", ("x0", "y0"), neurons="network.nodes", layers=_LAYERS)
_POST: Final = Column("to", ("x1", "y1"), neurons="network.nodes", layers=_LAYERS)


def network_tables(unit: str) -> tuple[Table, ...]:
    """Tables of the drawn network, whose weights have this unit."""
    return (
        Table("network.probe", "The synapse that is watched", (_PRE, _POST)),
        _weights("network.excitatory", "Excitatory weights", unit, 1),
        _weights("network.inhibitory", "Inhibitory weights", unit, -1),
        _feedback("network.feedback", "Paths of the error, positive"),
        _feedback("network.negative_feedback", "Paths of the error, negative"),
    )


def _weights(source: str, caption: str, unit: str, sign: int) -> Table:
    weight = Column("weight", ("line_width",), unit, at=THINNEST, magnified="weight_magnification", sign=sign)
    return Table(source, caption, (_PRE, _POST, weight), "strongest")


def _feedback(source: str, caption: str) -> Table:
    """Feedback is drawn beside the weights, and so wide as its strength."""
    pre, post = (
        Column(words, places, at=BESIDE, neurons="network.nodes", layers=_LAYERS)
        for words, places in (("from", ("x0", "y0")), ("to", ("x1", "y1")))
    )
    width = Column("width of the line", ("line_width",), "px")
    return Table(source, caption, (pre, post, width), "strongest")
