"""Figures built once, and quick copies of them for each session.

HoloViews takes more than half a second for the figures of one page, which would hold up every other session. So the
process builds them once, and a session gets a copy made from their serialised form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from bokeh.core.json_encoder import serialize_json
from bokeh.document import Document
from bokeh.models import Column, ColumnDataSource, Plot
from bokeh.util.serialization import make_id

from snn_explorer.views.figures import share_parts


class Gallery:
    """The figures of a kind of page.

    Parameters
    ----------
    build : callable
        Builds them, each with its name.
    """

    def __init__(self, build: Callable[[], Sequence[Plot]]) -> None:
        self._build = build

    def prepare(self) -> None:
        """Build the figures now, so that no session waits for it."""
        _ = self._serialised

    def fresh_figures(self, prefix: str = "") -> dict[str, Plot]:
        """Figures for one session, by name; in the document, their names and their sources' begin with the prefix."""
        new_ids: dict[str, str] = {}

        def renamed(match: re.Match[str]) -> str:
            return new_ids.setdefault(match[0], f'"{make_id()}"') if match[0] not in new_ids else new_ids[match[0]]

        document = Document.from_json(json.loads(re.sub(r'"p\d+"', renamed, self._serialised)))
        column: Any = document.roots[0]
        document.clear()
        figures = {figure.name: figure for figure in column.children}
        for part in (*figures.values(), *column.select({"type": ColumnDataSource})) if prefix else ():
            part.name = f"{prefix}{part.name}"
        return figures

    @cached_property
    def _serialised(self) -> str:
        document = Document()
        figures = self._build()
        share_parts(figures)
        source: Any
        for figure in figures:
            for source in figure.select({"type": ColumnDataSource}):
                # arrays take time to unpack, even empty ones
                source.data = {column: list(values) for column, values in source.data.items()}
        document.add_root(Column(children=[*figures]))
        return serialize_json(document.to_json(deferred=False))
