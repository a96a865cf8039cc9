"""Figures built once, and quick copies of them for each session.

HoloViews takes more than half a second for the figures of one page, which would hold up every other session. So the
process builds them once, and a session gets a copy made from their serialised form. It can be made beforehand, one
figure at a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from threading import Lock
from typing import Any

from bokeh.core.serialization import Deserializer, Serializer
from bokeh.models import ColumnDataSource, Plot
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
        self._ready: list[Any] = []
        self._coming = self._copies()
        self._lock = Lock()

    def prepare(self) -> None:
        """Build the figures now, and a copy for the first session, so that none waits for it."""
        while self.copy_one():
            pass

    def copy_one(self) -> bool:
        """Copy one more figure for the next session; False if all are there."""
        with self._lock:
            figure = next(self._coming, None)
            if figure is not None:
                self._ready.append(figure)
            return figure is not None

    def fresh_figures(self, prefix: str = "") -> dict[str, Plot]:
        """Figures for one session, by name; in the document, their names and their sources' begin with the prefix."""
        with self._lock:
            copies = [*self._ready, *self._coming]
            self._ready, self._coming = [], self._copies()
        figures = {figure.name: figure for figure in copies}
        if prefix:
            for part in {*copies, *_sources(copies)}:
                part.name = f"{prefix}{part.name}"
        return figures

    def _copies(self) -> Iterator[Any]:
        """One figure after the other; what several of them share, they share as well."""
        new_ids: dict[str, str] = {}

        def renamed(match: re.Match[str]) -> str:
            return new_ids.setdefault(match[0], f'"{make_id()}"') if match[0] not in new_ids else new_ids[match[0]]

        deserializer = Deserializer()
        for figure in json.loads(re.sub(r'"p\d+"', renamed, self._serialised)):
            yield deserializer.deserialize(figure)

    @cached_property
    def _serialised(self) -> str:
        figures = list(self._build())
        share_parts(figures)
        for source in _sources(figures):
            # arrays take time to unpack, even empty ones, which Bokeh takes for the same as an empty list
            lists = {column: list(values) for column, values in source.data.items()}
            source.data = {}
            source.data = lists
        return json.dumps(Serializer(deferred=False).encode(figures))


def _sources(figures: Iterable[Plot]) -> Iterator[Any]:
    """Sources of figures; one that several share comes once for each."""
    for figure in figures:
        yield from figure.select({"type": ColumnDataSource})
