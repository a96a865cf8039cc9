"""BATS on a GPU, with Triton: tiles of neurons, and sums in a fixed order, so that results are the same to the bit.

The forward pass waits for the GPU once, to read how long the rows of spikes are; the backward pass never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from snn_explorer.kernels import WARP
from snn_explorer.kernels.bats import gpu_loops as loops
from snn_explorer.kernels.bats.gpu_fields import look_tile
from snn_explorer.kernels.bats.gpu_sort import sort_spikes
from snn_explorer.kernels.bats.interface import SLOPE_FLOOR, Events, Fired, Gradients, LayerConstants, by_neuron
from snn_explorer.kernels.bats.receptive_fields import Fields, Windows

LANES = 64
"""Neurons in a tile, of one sample or, in narrow layers, of several."""

ROWS = 8
"""Events whose changes of the gradient are read at once."""

LOOKED_AT = 128
"""Events that a window looks at together."""

USUAL_TABLE = 2**24
"""Spikes that the tables have room for at first; where one neuron has more than its part, the work is done again."""

MOST_CHANGES = 2**26
"""Numbers F - H that are kept at a time: samples are worked on in slices of no more, or one by one."""


@dataclass(frozen=True)
class Record:
    """What the backward pass needs of a forward pass.

    `y`, `r`, `interval` and `n_spikes` are the tables of `gpu_loops.forward_tile`, with a row for each of the
    `n_fields` receptive fields of a sample. `start` ``(B * P, n_post)`` numbers the spikes of a sample by neuron and
    rank; `place` ``(B, S)`` is each one's column in the rows sorted by time.
    """

    constants: Tensor
    y: Tensor
    r: Tensor
    interval: Tensor
    n_spikes: Tensor
    start: Tensor
    place: Tensor
    n_fields: int


def fields(events: Events, windows: Windows) -> Fields:
    """See `snn_explorer.kernels.bats.interface.Backend`."""
    time, neuron, count = _plain(events)
    (n_samples, n_events), device = time.shape, time.device
    _, n_rows, n_columns = windows.maps
    seen = torch.empty(n_samples * windows.n_fields, dtype=torch.int32, device=device)
    sizes = n_rows, n_columns, *windows.shape, windows.size, windows.stride, windows.padding

    def look(n_row: int, time_out: Tensor, neuron_out: Tensor, place: Tensor, writes: bool) -> None:
        tile: dict[str, Any] = {"WRITES": writes, "EVENTS": LOOKED_AT, **WARP}
        with torch.cuda.device_of(time):
            look_tile[n_samples, windows.n_fields](
                time, neuron, count, n_events, *sizes, n_row, seen, time_out, neuron_out, place, **tile
            )

    look(0, time, neuron, neuron, False)
    n_row = int(seen.max())
    field_time = time.new_full((len(seen), n_row), torch.inf)
    field_neuron = torch.zeros(field_time.shape, dtype=torch.int32, device=device)
    place = torch.full((n_samples, windows.size**2, n_events), windows.n_fields * n_row, device=device)
    look(n_row, field_time, field_neuron, place, True)
    return Fields(Events(field_time, field_neuron, seen), place)


def forward(events: Events, weight: Tensor, constants: LayerConstants, n_fields: int = 1) -> Fired:
    """See `snn_explorer.kernels.bats.interface.Backend`."""
    weight, (time, neuron, count) = weight.detach().contiguous(), _plain(events)
    shape = n_samples, n_post = len(count), weight.shape[1]
    numbers = _numbers(constants, weight.dtype, weight.device)
    n_spikes = torch.empty(shape, dtype=torch.int32, device=weight.device)
    grid, tile = _tiles(n_samples, n_post)
    room = min(constants.n_max, max(USUAL_TABLE // n_spikes.numel(), 1))
    while True:
        spike_time, y, r = (weight.new_empty(room, *shape) for _ in range(3))
        interval = n_spikes.new_empty(room, *shape)
        with torch.cuda.device_of(weight):
            loops.forward_tile[grid](
                time, neuron, count, weight, numbers, n_samples, time.shape[1], n_post, constants.n_max, room,
                n_spikes, spike_time, y, r, interval, **tile,
            )  # fmt: skip
        per_neuron = by_neuron(n_spikes, n_fields)
        row_count = per_neuron.sum(1, dtype=torch.int32)
        n_row, most = torch.stack([row_count.amax(), per_neuron.amax()]).tolist()
        if most <= room:
            break
        room = most
    fired, start, place = sort_spikes(spike_time, per_neuron, row_count, n_row, n_fields)
    return Fired(fired, per_neuron, Record(numbers, y, r, interval, n_spikes, start, place, n_fields))


def backward(
    fired: Fired, events: Events, weight: Tensor, feedback: Tensor, error: Tensor, *, wants_time: bool
) -> Gradients:
    """See `snn_explorer.kernels.bats.interface.Backend`."""
    record: Record = fired.record
    time, neuron, count = _plain(events)
    (n_samples, n_events), n_post = time.shape, weight.shape[1]
    feedback, errors = feedback.detach().contiguous(), error.detach().gather(1, record.place)
    gradient = torch.zeros_like(weight, memory_format=torch.contiguous_format)
    n_blocks = _tiles(n_samples, n_post)[0][1]
    time_gradient = time.new_zeros(n_blocks if wants_time else 0, n_samples, n_events)
    flags: dict[str, Any] = {"WANTS_TIME": wants_time}
    per_slice = max(MOST_CHANGES // max(n_events * n_post, 1), 1)
    for first in range(0, n_samples, per_slice):
        stop = min(first + per_slice, n_samples)
        change = time.new_empty(stop - first, n_events, n_post)
        grid, tile = _tiles(stop - first, n_post)
        with torch.cuda.device_of(weight):
            loops.backward_tile[grid](
                time, neuron, count, feedback, record.constants, first, stop, n_samples, record.n_fields, n_events,
                errors.shape[1], n_post, record.n_spikes, record.start, errors, record.y, record.r, record.interval,
                change, time_gradient, **tile, **flags,
            )  # fmt: skip
        _collect(change, neuron[first:stop], count[first:stop], gradient)
    return Gradients(gradient, time_gradient.sum(0) if wants_time else None)


def _collect(change: Tensor, neuron: Tensor, count: Tensor, gradient: Tensor) -> None:
    """Add ``change`` ``(B, E, n_post)`` of all events to the gradients of the weights of their neurons."""
    n_pre, n_post = gradient.shape
    empty = torch.arange(neuron.shape[1], device=neuron.device) >= count[:, None]
    by_neuron, row = neuron.masked_fill(empty, n_pre).flatten().sort(stable=True)
    begin = torch.searchsorted(by_neuron, torch.arange(n_pre + 1, dtype=torch.int32, device=neuron.device))
    width = _width(n_post)
    tile: dict[str, Any] = {"ROWS": ROWS * LANES // width, "NEURONS": width, **WARP}
    with torch.cuda.device_of(change):
        loops.collect_tile[n_pre, -(-n_post // width)](begin, row, change, n_post, gradient, **tile)


def _plain(events: Events) -> tuple[Tensor, Tensor, Tensor]:
    """Times, neurons and counts as the kernels read them."""
    return events.time.detach().contiguous(), events.neuron.contiguous(), events.count.contiguous()


@lru_cache
def _numbers(constants: LayerConstants, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Constants as the kernels take them: arguments of type float would be of single precision."""
    numbers = [constants.c, constants.tau, SLOPE_FLOOR * constants.c, constants.duration]
    return torch.tensor(numbers, dtype=dtype, device=device)


def _width(n_post: int) -> int:
    """Neurons of a tile that belong to one sample."""
    return min(1 << (n_post - 1).bit_length(), LANES)


def _tiles(n_samples: int, n_post: int) -> tuple[tuple[int, int], dict[str, Any]]:
    """Tiles that cover a layer, by samples and neurons, and their form."""
    width = _width(n_post)
    depth = LANES // width
    grid = -(-n_samples // depth), -(-n_post // width)
    return grid, {"SAMPLES": depth, "NEURONS": width, **WARP}
