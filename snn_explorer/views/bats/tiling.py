"""Where the maps of a convolution and its filters are drawn, and which neuron is at a point."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from snn_explorer.bats.wiring import Maps
from snn_explorer.engine import FloatArray
from snn_explorer.views.columns import flat

ASPECT: Final = 2.8
"""Width of the place of the plot, in heights."""

GAP: Final = 0.18
"""Room between two maps, in maps."""

KERNEL: Final = 0.55
"""Side of a filter beside its map, in maps."""


@dataclass(frozen=True)
class Tiling:
    """Where maps and filters are drawn: row by row, each filter left of its map; one map is as wide and high as 1.

    Attributes
    ----------
    maps : tuple of int
        Maps, rows and columns.
    window : int
        Rows of a filter.
    """

    maps: Maps
    window: int

    @property
    def wide(self) -> int:
        """Maps beside each other, so that all together fill the place."""
        return min(math.ceil(math.sqrt(self.maps[0] * ASPECT * self.step[1] / self.step[0])), self.maps[0])

    @property
    def step(self) -> tuple[float, float]:
        """From one map to the next, across and down."""
        return 1 + KERNEL + 2 * GAP, 1 + GAP

    @property
    def span(self) -> tuple[float, float]:
        """Width and height of all."""
        across, down = self.step
        return self.wide * across - 1.5 * GAP, math.ceil(self.maps[0] / self.wide) * down - GAP

    @property
    def pixel(self) -> float:
        """Side of a neuron."""
        return 1 / max(self.maps[1:])

    @property
    def weight(self) -> float:
        """Side of a weight."""
        return KERNEL / self.window

    def corner(self, number: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Left and top of maps."""
        across, down = self.step
        return number % self.wide * across + KERNEL + GAP / 2, -(number // self.wide) * down

    def neurons(self, number: FloatArray, row: FloatArray, column: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Centres of neurons."""
        left, top = self.corner(number)
        return flat(left + (column + 0.5) * self.pixel), flat(top - (row + 0.5) * self.pixel)

    def weights(self, number: FloatArray, row: FloatArray, column: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Centres of a filter's weights."""
        left, top = self.corner(number)
        return (
            flat(left - GAP / 2 - KERNEL + (column + 0.5) * self.weight),
            flat(top - (1 - KERNEL) / 2 - (row + 0.5) * self.weight),
        )

    def places(self) -> dict[str, FloatArray]:
        """Edges of maps and filters, whatever is in them."""
        left, top = self.corner(np.arange(self.maps[0], dtype=np.float32))
        high, wide = self.maps[1] * self.pixel, self.maps[2] * self.pixel
        above = top - (1 - KERNEL) / 2
        return {
            "left": flat([left, left - GAP / 2 - KERNEL]), "right": flat([left + wide, left - GAP / 2]),
            "bottom": flat([top - high, above - KERNEL]), "top": flat([top, above]),
        }  # fmt: skip

    def neuron_at(self, x: float, y: float) -> int | None:
        """The neuron at a point, counted through all maps; None where there is none."""
        across, down = self.step
        column_of_maps, row_of_maps = int(x // across), int(-y // down)
        number = row_of_maps * self.wide + column_of_maps
        n_maps, n_rows, n_columns = self.maps
        if not (0 <= column_of_maps < self.wide and 0 <= number < n_maps and y <= 0):
            return None
        left, top = self.corner(flat([number]))
        column, row = int((x - left[0]) // self.pixel), int((top[0] - y) // self.pixel)
        return (number * n_rows + row) * n_columns + column if 0 <= row < n_rows and 0 <= column < n_columns else None
