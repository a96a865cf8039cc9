"""What each plot draws, as tables: for screen readers, and for everyone who wants the numbers.

The tables are made in the browser, from the sources that are drawn, when somebody asks for them. So here is only said
what the columns of a source mean, and how a drawn place turns back into a value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

import param

from snn_explorer.views import theme
from snn_explorer.views.component import Component
from snn_explorer.views.dialog import FRAME
from snn_explorer.views.labels import Label

MOST_ROWS: Final = 400
"""Rows of one table; what is left out is said."""

Order = Literal["samples", "rising", "strongest"]
"""Samples of a trace, of which every so many are shown; rows that rise with their first column, of which the first are
shown; rows whose last column falls in size, of which the strongest are shown."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    It holds ``(drawn - at - lane * apart) / magnified``.

    Attributes
    ----------
    words : str
        What it is; of several traces in one source each has a column, where ``{n}`` stands for its number.
    drawn : tuple of str
        Columns of the source of which it is the mean.
    unit : str
    at : float
        Where zero is drawn.
    apart : str
        Name of the number (see `Drawing`) by which the lanes of several traces lie apart, "" where they do not.
    magnified : str
        Name of the number by which values are magnified, "" where they are not.
    sign : int
        -1 where sizes of negative values are drawn.
    neurons : str
        Source with a dot for every neuron; `drawn` are then the horizontal and the vertical place of one of them.
    layers : tuple of str
        Names of its layers, from the bottom to the top.
    """

    words: str
    drawn: tuple[str, ...]
    unit: str = ""
    at: float = 0.0
    apart: str = ""
    magnified: str = ""
    sign: int = 1
    neurons: str = ""
    layers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """What one source draws.

    Attributes
    ----------
    source : str
    caption : str
    columns : tuple of Column
    order : str
        See `Order`.
    note : str
        A sentence about what cannot be seen from the columns.
    """

    source: str
    caption: str
    columns: tuple[Column, ...]
    order: Order = "rising"
    note: str = ""


Tables = Mapping[str, Sequence[Table]]
"""Tables of each figure."""

TIME: Final = Column("time", ("x",), "s")
"""The time of a trace or a spike."""


def trace(source: str, caption: str, value: Column, note: str = "") -> Table:
    """Table of a trace over time, or of several with the same times."""
    return Table(source, caption, (TIME, value), "samples", note)


def spikes(source: str, caption: str, neuron: str, time: Column = TIME) -> Table:
    """Table of spikes; neurons are drawn from row 0 on, and counted from 1."""
    return Table(source, caption, (time, Column(neuron, ("y",), at=-1.0)))


class DataDialog(Component):
    """Opens the tables of a plot when a button with its name is pressed (see `labels.data_button`)."""

    tables = param.Dict(default={}, doc="Tables of each figure.")
    titles = param.Dict(default={}, doc="Name of each figure.")
    most_rows = param.Integer(default=MOST_ROWS)

    _bundle = Path(__file__).with_name("tables.mjs")

    def __init__(self, tables: Tables, labels: Mapping[str, Label]) -> None:
        said: dict[str, list[dict[str, Any]]] = {name: [asdict(it) for it in given] for name, given in tables.items()}
        titles = {name: it.in_a_sentence for name, it in labels.items()}
        super().__init__(tables=said, titles=titles, width=0, height=0, margin=0)

    _stylesheets: ClassVar = [
        f"""
{FRAME}
dialog {{ width: min(46em, 100vw - 32px); }}
p {{ margin: 0; padding: 0 20px; color: var(--mui-palette-text-secondary); }}
p:empty {{ display: none; }}
.body {{ display: flex; flex-direction: column; align-items: start; gap: 16px; padding-top: 8px; }}
.body > p {{ padding: 0; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
caption {{ text-align: left; padding: 4px 0; font-weight: 500; }}
caption small {{ display: block; font-weight: 400; font-size: {theme.SMALL};
                 color: var(--mui-palette-text-secondary); }}
th, td {{ font-weight: 400; text-align: right; padding: 2px 0 2px 16px; white-space: nowrap; }}
tr > :first-child {{ padding-left: 0; }}
thead th {{ vertical-align: bottom; white-space: normal; color: var(--mui-palette-text-secondary);
            border-bottom: 1px solid var(--mui-palette-divider); }}
"""
    ]
