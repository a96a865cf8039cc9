"""One message per frame to the browser, and the browser's answer when it is painted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import param

from snn_explorer.engine import FloatArray
from snn_explorer.views import theme
from snn_explorer.views.columns import Columns
from snn_explorer.views.component import Component


class FrameStream(Component):
    """Carries frames to the figures' sources in the browser, and numbers and texts to the page around them.

    A message is float32 throughout: serial number, offset and length of every column, then the columns. A length of -1
    says that the column is as it was.
    """

    message = param.Bytes(default=b"", doc="The newest frame.")
    columns = param.List(default=[], item_type=str, doc="Names of the columns in a message, as source/column.")
    numbers = param.List(default=[], item_type=str, doc="Names of the numbers, the last column.")
    texts = param.Dict(default={}, doc="Sentences by name.")
    state = param.String(default="", doc="What the run was doing when the newest frame was made.")
    shades = param.Dict(default=dict(theme.SHADES), doc="Colours by theme and role.")
    sizes = param.Dict(default=dict(theme.SIZES), doc="Sizes of type [px].")
    address = param.String(default="", doc="What the address of the page should say.")
    leave_for = param.String(default="", doc="Query of another page to go to.")
    dark = param.Boolean(default=False, doc="Whether the dark theme is on.")

    _bundle = Path(__file__).with_name("stream.mjs")

    def __init__(self, on_painted: Callable[[int], None], **params: Any) -> None:
        super().__init__(**params)
        self._on_painted = on_painted

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        self._on_painted(int(data["painted"]))


def names_of(columns: Columns) -> list[str]:
    """Names under which the columns are sent; numbers follow them."""
    return [f"{source}/{column}" for source, table in columns.items() for column in table] + ["numbers/values"]


def encode(serial: int, columns: Columns, numbers: FloatArray, known: Columns | None = None) -> bytes:
    """Message of one frame, in the order of `names_of`; an array that several columns share travels once.

    Sources that are equal in `known`, which the browser has already, are not sent again: their length is -1.
    """
    known = known or {}
    stays = {source for source, table in columns.items() if source in known and _same(table, known[source])}
    arrays = [None if source in stays else array for source, table in columns.items() for array in table.values()]
    arrays.append(numbers)
    head = np.empty(1 + 2 * len(arrays), dtype=np.float32)
    head[0] = serial
    offsets: dict[int, int] = {}
    parts, end = [head], len(head)
    for i, array in enumerate(arrays):
        if array is None:
            head[1 + 2 * i : 3 + 2 * i] = 0, -1
            continue
        if id(array) not in offsets:
            offsets[id(array)] = end
            parts.append(array)
            end += len(array)
        head[1 + 2 * i : 3 + 2 * i] = offsets[id(array)], len(array)
    return np.concatenate(parts, dtype=np.float32, casting="same_kind").tobytes()


def _same(one: dict[str, FloatArray], other: dict[str, FloatArray]) -> bool:
    return one is other or all(np.array_equal(array, other[name], equal_nan=True) for name, array in one.items())
