"""Copies of a page's plots for a second run: the same axes, ranges and cursor, sources of their own; cells of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bokeh.models import CrosshairTool, Plot

from snn_explorer.views.box import Box
from snn_explorer.views.cells import BESIDE, TWIN_BESIDE, cell
from snn_explorer.views.columns import Columns
from snn_explorer.views.gallery import Gallery
from snn_explorer.views.labels import Label, accessible, label
from snn_explorer.views.live_text import LiveText
from snn_explorer.views.tables import Tables

PREFIX = "b:"
"""Begins the names of sources, figures and texts of the second run."""


def twins_of(
    figures: Mapping[str, Plot], names: Sequence[str], gallery: Gallery, labels: Mapping[str, Label]
) -> dict[str, Plot]:
    """Copies of the figures of these names, by name; axes, cursor and marks of a moment are the figures' own."""
    fresh = gallery.fresh_figures(PREFIX)
    twins = {name: fresh[name] for name in names}
    for name, twin in twins.items():
        figure = figures[name]
        twin.update(x_range=figure.x_range, y_range=figure.y_range, center=[*figure.center], styles=figure.styles)
        tool: Any = twin.select_one({"type": CrosshairTool})
        original: Any = figure.select_one({"type": CrosshairTool})
        tool.overlay = original.overlay
        twin.html_attributes = accessible(of_b(labels[name]))
    return twins


def of_b(it: Label) -> Label:
    """What the copy of a plot shows."""
    return replace(it, name=f"run B, {it.in_a_sentence}", short=it.short or it.name)


def second_label(name: str, it: Label) -> LiveText:
    """The label of a second run's plot."""
    note = it.note.replace('data-text="', f'data-text="{PREFIX}')
    return label(f"{PREFIX}{name}", replace(of_b(it), symbol=f"<mtext>B&nbsp;</mtext>{it.symbol}", note=note))


def cells_of_first(figures: Mapping[str, Plot], names: Sequence[str], labels: Mapping[str, Label]) -> dict[str, Box]:
    """Cells of the stack of plots over time, by name."""
    return {name: cell(name, label(name, labels[name]), figures[name], style=BESIDE) for name in names}


def cells_of_second(twins: Mapping[str, Plot], labels: Mapping[str, Label]) -> dict[str, Box]:
    """Cells of the stack of a second run, by name."""
    return {name: cell(name, second_label(name, labels[name]), twin, style=TWIN_BESIDE) for name, twin in twins.items()}


def labels_of_both(labels: Mapping[str, Label], names: Sequence[str]) -> dict[str, Label]:
    """What all figures show, and the copies of those of these names."""
    return {**labels, **{f"{PREFIX}{name}": of_b(labels[name]) for name in names}}


def tables_of_both(tables: Tables, names: Sequence[str]) -> Tables:
    """Tables of all figures, and of the copies of those of these names."""
    seconds = {name: [replace(table, source=f"{PREFIX}{table.source}") for table in tables[name]] for name in names}
    return {**tables, **{f"{PREFIX}{name}": given for name, given in seconds.items()}}


def of_second(columns: Columns) -> Columns:
    """Columns under the names of the second run's sources."""
    return {f"{PREFIX}{source}": table for source, table in columns.items()}
