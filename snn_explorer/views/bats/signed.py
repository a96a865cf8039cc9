"""Images of numbers with a sign: orange above 0, blue below, the larger the number the less transparent."""

from __future__ import annotations

from typing import Final

import numpy as np
from bokeh.models import Plot

from snn_explorer.engine import FloatArray
from snn_explorer.views.columns import Columns, flat
from snn_explorer.views.figures import glyph, tiles

ROLES: Final = {"positive": "excitatory", "negative": "inhibitory"}
"""Colour of each sign."""


def add_tiles(figure: Plot, name: str, size: float = 1.0) -> None:
    """Squares that stream from ``NAME.positive`` and ``NAME.negative``."""
    for sign, role in ROLES.items():
        tiles(figure, f"{name}.{sign}", role, size)


def set_size(figure: Plot, name: str, size: float) -> None:
    """Let these squares have sides of another length."""
    for sign in ROLES:
        drawn = glyph(figure, f"{name}.{sign}")
        if drawn.width != size:
            drawn.update(width=size, height=size)


def columns(name: str, x: FloatArray, y: FloatArray, values: FloatArray, largest: float, **more: FloatArray) -> Columns:
    """Columns of both sources: places, values, and opacities that are full at the `largest` value."""
    found: Columns = {}
    for sign, mine in (("positive", values > 0), ("negative", values < 0)):
        given = {"x": x, "y": y, "value": values, **more}
        found[f"{name}.{sign}"] = {key: flat(column[mine]) for key, column in given.items()}
        found[f"{name}.{sign}"]["fill_alpha"] = flat(np.minimum(np.abs(values[mine]) / largest, 1))
    return found
