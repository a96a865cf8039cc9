"""Copies of a page's plots for a second run: the same axes, ranges and cursor, sources of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bokeh.models import CrosshairTool, Plot

from snn_explorer.views.columns import Columns
from snn_explorer.views.gallery import Gallery
from snn_explorer.views.labels import Label, accessible, label
from snn_explorer.views.live_text import LiveText

PREFIX = "b:"
"""Begins the names of sources, figures and texts of the second run."""


def twins_of(
    figures: Mapping[str, Plot], names: Sequence[str], gallery: Gallery, labels: Mapping[str, Label]
) -> dict[str, Plot]:
    """Copies of the figures of these names, by name; what moves an axis or the cursor of one, moves the other's."""
    fresh = gallery.fresh_figures(PREFIX)
    twins = {name: fresh[name] for name in names}
    for name, twin in twins.items():
        figure = figures[name]
        twin.update(x_range=figure.x_range, y_range=figure.y_range)
        tool: Any = twin.select_one({"type": CrosshairTool})
        original: Any = figure.select_one({"type": CrosshairTool})
        tool.overlay = original.overlay
        twin.html_attributes = accessible(replace(labels[name], name=f"run B, {labels[name].name}"))
    return twins


def second_label(name: str, it: Label) -> LiveText:
    """The label of a second run's plot."""
    note = it.note.replace('data-text="', f'data-text="{PREFIX}')
    return label(f"{PREFIX}{name}", replace(it, symbol=f"<mtext>B&nbsp;</mtext>{it.symbol}", note=note))


def of_second(columns: Columns) -> Columns:
    """Columns under the names of the second run's sources."""
    return {f"{PREFIX}{source}": table for source, table in columns.items()}
