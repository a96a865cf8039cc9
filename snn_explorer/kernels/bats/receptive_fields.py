"""Receptive fields: which spikes of a layer's maps the neurons of a convolution see.

The neurons before stand in maps of rows and columns; a window of K x K neurons in every map moves over them by `stride`
neurons, from `padding` neurons outside on. What one window sees is one receptive field. All fields share their weights,
so to the kernels each is a sample of its own with the presynaptic neurons (m K + y) K + x, map m, row y and column x
inside the window; nobody visits an event outside the field.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from snn_explorer.checks import check_whole
from snn_explorer.engine import ParameterError
from snn_explorer.kernels.bats.interface import Events


@dataclass(frozen=True)
class Windows:
    """Where the windows of a convolution stand.

    Parameters
    ----------
    maps : tuple of int
        Maps, rows and columns of the layer before; neuron (m, y, x) has the id ``(m * n_rows + y) * n_columns + x``.
    size : int
        Rows and columns K of a window.
    stride : int
        Neurons between two windows.
    padding : int
        Rows and columns of neurons that never spike, added on each side.

    Raises
    ------
    ParameterError
        If a value cannot be used, or a window does not fit into the maps.
    """

    maps: tuple[int, int, int]
    size: int
    stride: int = 1
    padding: int = 0

    def __post_init__(self) -> None:
        if len(self.maps) != 3:
            raise ParameterError(f"maps is {self.maps!r}; it must be three numbers: maps, rows and columns.")
        for name, n in zip(("maps", "rows", "columns"), self.maps, strict=True):
            check_whole(f"number of {name}", n, minimum=1)
        check_whole("size", self.size, minimum=1)
        check_whole("stride", self.stride, minimum=1)
        check_whole("padding", self.padding, minimum=0)
        if self.padding >= self.size:
            raise ParameterError(f"padding is {self.padding}; it must be below the size of the windows, {self.size}: "
                                 "others would see nothing.")  # fmt: skip
        if min(self.shape) < 1:
            raise ParameterError(
                f"A window of {self.size} x {self.size} neurons does not fit into maps of {self.maps[1]} x "
                f"{self.maps[2]} with a padding of {self.padding}."
            )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of windows."""
        rows, columns = ((n + 2 * self.padding - self.size) // self.stride + 1 for n in self.maps[1:])
        return rows, columns

    @property
    def n_fields(self) -> int:
        """Windows P, row by row."""
        return self.shape[0] * self.shape[1]

    def index(self, neuron: Tensor, window: Tensor) -> Tensor:
        """Which of a window's presynaptic neurons a neuron of the maps is; -1 where the window does not see it."""
        _, n_rows, n_columns = self.maps
        map_, pixel = neuron // (n_rows * n_columns), neuron % (n_rows * n_columns)
        y = pixel // n_columns + self.padding - window // self.shape[1] * self.stride
        x = pixel % n_columns + self.padding - window % self.shape[1] * self.stride
        inside = (y >= 0) & (y < self.size) & (x >= 0) & (x < self.size)
        return torch.where(inside, (map_ * self.size + y) * self.size + x, -1)


class Fields(NamedTuple):
    """What the windows see.

    Attributes
    ----------
    events : Events
        A row for each sample and window ``(B * P, E_field)``, in the order of time.
    place : Tensor of int64, shape (B, K * K, E)
        Where each event stands as seen at place (y, x) of a window: its window times E_field, plus its column there;
        P E_field, behind all columns, where no window sees it there.
    """

    events: Events
    place: Tensor


def look_through(events: Events, windows: Windows) -> Fields:
    """What every window sees, in plain torch: the specification."""
    n_samples, n_events = events.time.shape
    window = torch.arange(windows.n_fields, device=events.neuron.device)[:, None]
    there = torch.arange(n_events, device=events.neuron.device) < events.count[:, None]
    index = windows.index(events.neuron[:, None], window)
    inside = (index >= 0) & there[:, None]
    count = inside.sum(2, dtype=torch.int32)
    n_row = int(count.max())
    sample, window, event = at = inside.nonzero(as_tuple=True)
    row, column = sample * windows.n_fields + window, inside.cumsum(2)[at] - 1
    time = events.time.new_full((n_samples * windows.n_fields, n_row), torch.inf)
    neuron = events.neuron.new_zeros(time.shape)
    place = torch.full((n_samples, windows.size**2, n_events), windows.n_fields * n_row, device=window.device)
    time[row, column], neuron[row, column] = events.time[sample, event], index[at].int()
    place[sample, index[at] % windows.size**2, event] = window * n_row + column
    return Fields(Events(time, neuron, count.flatten()), place)


def collected(place: Tensor, gradient: Tensor) -> Tensor:
    """Gradient of each event's time ``(B, E)`` from that of each field's events ``(B * P, E_field)``."""
    n_samples = len(place)
    padded = torch.cat([gradient.view(n_samples, -1), gradient.new_zeros(n_samples, 1)], 1)
    return padded.gather(1, place.flatten(1)).view(place.shape).sum(1)
