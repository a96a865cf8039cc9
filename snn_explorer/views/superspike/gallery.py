"""All figures of the page, and quick copies of them for each session.

HoloViews takes more than half a second for the figures of one page, which would hold up every other session. So the
process builds them once, and a session gets a copy made from their serialised form.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, Final

from bokeh.core.json_encoder import serialize_json
from bokeh.document import Document
from bokeh.models import Column, Plot
from bokeh.util.serialization import make_id

from snn_explorer.views.figures import share_parts
from snn_explorer.views.superspike import curve, firing, network_drawing, probe, rasters, spike_timing, stack
from snn_explorer.views.timeline import link, share_time, show_time_axis, time_cursor

TIMED: Final = ("error", "output", "output_membrane", "hidden", "hidden_membrane", "input")
"""The stack of plots over time, from top to bottom."""


def fresh_figures() -> dict[str, Plot]:
    """Figures for one session, by name."""
    new_ids: dict[str, str] = {}

    def renamed(match: re.Match[str]) -> str:
        return new_ids.setdefault(match[0], f'"{make_id()}"') if match[0] not in new_ids else new_ids[match[0]]

    document = Document.from_json(json.loads(re.sub(r'"p\d+"', renamed, _serialised())))
    column: Any = document.roots[0]
    document.clear()
    return {figure.name: figure for figure in column.children}


def prepare() -> None:
    """Build the figures now, so that no session waits for it."""
    _serialised()


@cache
def _serialised() -> str:
    document = Document()
    spikes, traces = rasters.figures(), [*stack.figures(), probe.figure()]
    cursors = time_cursor("cursor"), time_cursor("pattern_cursor")
    link(cursors, (share_time(traces, cursors[0], stack.CHUNK), share_time(spikes, cursors[1], stack.CHUNK)))
    show_time_axis(traces[-1], "time in the chunk [s]")
    figures = [*spikes, *traces, curve.figure(), network_drawing.figure(), spike_timing.figure(), *firing.figures()]
    share_parts(figures)
    document.add_root(Column(children=[*figures]))
    return serialize_json(document.to_json(deferred=False))
