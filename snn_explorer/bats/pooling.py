"""Pooling of spikes: the spikes of a window's neurons become the train of one, in the order of time.

Nothing is simulated, so the gradient of each spike's time goes through unchanged (section III B).
"""

from __future__ import annotations

import math

from torch import nn

from snn_explorer.bats.spikes import Spikes, count_spikes, select, there
from snn_explorer.checks import check_whole
from snn_explorer.engine import ParameterError


class SpikingPool2d(nn.Module):
    """One neuron for each window of `size` x `size` neurons of a map, with the spikes of all of them.

    Rows and columns that do not fill a window are left out.

    Parameters
    ----------
    maps_in : tuple of int
        Maps, rows and columns of the layer before.
    size : int
        Rows and columns of a window.

    Attributes
    ----------
    maps_out : tuple of int
        Maps, rows and columns of windows.

    Raises
    ------
    ParameterError
        If a value cannot be used, or no window fits into the maps.
    """

    def __init__(self, maps_in: tuple[int, int, int], size: int) -> None:
        super().__init__()
        self.maps_in, self.size = tuple(maps_in), check_whole("size", size, minimum=1)
        n_maps, n_rows, n_columns = maps_in
        self.maps_out = n_maps, n_rows // size, n_columns // size
        if min(self.maps_out) < 1:
            raise ParameterError(f"A window of {size} x {size} neurons does not fit into maps of {n_rows} x "
                                 f"{n_columns}.")  # fmt: skip

    def forward(self, spikes: Spikes) -> Spikes:
        """The pooled spikes.

        Raises
        ------
        ParameterError
            If the spikes do not fit the layer.
        """
        n_maps, n_rows, n_columns = self.maps_in
        if spikes.n_neurons != n_maps * n_rows * n_columns:
            raise ParameterError(f"The spikes are those of {spikes.n_neurons} neurons; this layer pools those of maps "
                                 f"of the shape {self.maps_in}.")  # fmt: skip
        map_, pixel = spikes.neuron // (n_rows * n_columns), spikes.neuron % (n_rows * n_columns)
        row, column = pixel // n_columns // self.size, pixel % n_columns // self.size
        _, rows, columns = self.maps_out
        pooled = (map_ * rows + row) * columns + column
        if n_rows % self.size or n_columns % self.size:
            events = select(spikes.events, there(spikes.events) & (row < rows) & (column < columns), pooled)
        else:
            events = spikes.events._replace(neuron=pooled)
        n_out = math.prod(self.maps_out)
        return Spikes(events, n_out, count_spikes(events, n_out))

    def extra_repr(self) -> str:
        """What `repr` shows."""
        return f"{self.maps_in}, {self.size}"
