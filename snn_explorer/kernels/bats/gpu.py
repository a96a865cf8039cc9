"""BATS on a GPU, with Triton: tiles of neurons, and sums in a fixed order, so that results are the same to the bit.

The forward pass waits for the GPU once, to read how long the rows of spikes are; the backward pass never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
import triton
from torch import Tensor

from snn_explorer.kernels.bats import gpu_loops as loops
from snn_explorer.kernels.bats.gpu_sort import sort_spikes
from snn_explorer.kernels.bats.interface import SLOPE_FLOOR, Events, Fired, Gradients, LayerConstants

LANES = 64
"""Neurons in a tile, of one sample or, in narrow layers, of several."""

ROWS = 8
"""Events whose changes of the gradient are read at once."""

USUAL_TABLE = 2**24
"""Spikes that the tables have room for at first; where one neuron has more than its part, the work is done again."""

MOST_CHANGES = 2**26
"""Numbers F - H that are kept at a time: samples are worked on in slices of no more, or one by one."""


@dataclass(frozen=True)
class Table:
    """Spikes of each neuron, ``(rank, B, n_post)``: what `gpu_loops.forward_tile` writes."""

    time: Tensor
    y: Tensor
    r: Tensor
    interval: Tensor


@dataclass(frozen=True)
class Record:
    """What the backward pass needs of a forward pass.

    `start` ``(B, n_post)`` numbers the spikes of a sample by neuron and rank; `place` ``(B, S)`` is each one's column
    in the rows sorted by time.
    """

    constants: Tensor
    table: Table
    start: Tensor
    place: Tensor


def forward(events: Events, weight: Tensor, constants: LayerConstants) -> Fired:
    """See `snn_explorer.kernels.bats.interface.Backend`."""
    weight, (time, neuron, count) = weight.detach().contiguous(), _plain(events)
    shape = n_samples, n_post = len(count), weight.shape[1]
    numbers = _numbers(constants, weight.dtype, weight.device)
    per_neuron = torch.empty(shape, dtype=torch.int32, device=weight.device)
    room = min(constants.n_max, max(USUAL_TABLE // per_neuron.numel(), 1))
    while True:
        table = _table(room, per_neuron, weight)
        grid, tile = _tiles(n_samples, n_post)
        with torch.cuda.device_of(weight):
            loops.forward_tile[grid](
                time, neuron, count, weight, numbers, n_samples, time.shape[1], n_post, constants.n_max, room,
                per_neuron, table.time, table.y, table.r, table.interval, **tile,
            )  # fmt: skip
        row_count = per_neuron.sum(1, dtype=torch.int32)
        n_row, most = torch.stack([row_count.amax(), per_neuron.amax()]).tolist()
        if most <= room:
            break
        room = most
    fired, start, place = sort_spikes(table.time, per_neuron, row_count, n_row)
    return Fired(fired, per_neuron, Record(numbers, table, start, place))


def backward(
    fired: Fired, events: Events, weight: Tensor, feedback: Tensor, error: Tensor, *, wants_time: bool
) -> Gradients:
    """See `snn_explorer.kernels.bats.interface.Backend`."""
    record: Record = fired.record
    time, neuron, count = _plain(events)
    (n_samples, n_events), n_post, table = time.shape, weight.shape[1], record.table
    feedback, errors = feedback.detach().contiguous(), error.detach().gather(1, record.place)
    gradient = torch.zeros_like(weight, memory_format=torch.contiguous_format)
    n_blocks = _tiles(n_samples, n_post)[0][1]
    time_gradient = time.new_zeros(n_blocks if wants_time else 0, n_samples, n_events)
    per_slice = max(MOST_CHANGES // max(n_events * n_post, 1), 1)
    for first in range(0, n_samples, per_slice):
        stop = min(first + per_slice, n_samples)
        change = time.new_empty(stop - first, n_events, n_post)
        grid, tile = _tiles(stop - first, n_post)
        with torch.cuda.device_of(weight):
            loops.backward_tile[grid](
                time, neuron, count, feedback, record.constants, first, stop, n_samples, n_events, errors.shape[1],
                n_post, fired.per_neuron, record.start, errors, table.y, table.r, table.interval, change, time_gradient,
                WANTS_TIME=wants_time, **tile,
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
    with torch.cuda.device_of(change):
        loops.collect_tile[n_pre, triton.cdiv(n_post, width)](
            begin, row, change, n_post, gradient, ROWS=ROWS * LANES // width, NEURONS=width, num_warps=1
        )


def _plain(events: Events) -> tuple[Tensor, Tensor, Tensor]:
    """Times, neurons and counts as the kernels read them."""
    return events.time.detach().contiguous(), events.neuron.contiguous(), events.count.contiguous()


def _table(room: int, per_neuron: Tensor, weight: Tensor) -> Table:
    shape = room, *per_neuron.shape
    return Table(*(weight.new_empty(shape) for _ in range(3)), per_neuron.new_empty(shape))


@lru_cache
def _numbers(constants: LayerConstants, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Constants as the kernels take them: arguments of type float would be of single precision."""
    numbers = [constants.c, constants.tau, SLOPE_FLOOR * constants.c, constants.duration]
    return torch.tensor(numbers, dtype=dtype, device=device)


def _width(n_post: int) -> int:
    """Neurons of a tile that belong to one sample."""
    return min(triton.next_power_of_2(n_post), LANES)


def _tiles(n_samples: int, n_post: int) -> tuple[tuple[int, int], dict[str, int]]:
    """Tiles that cover a layer, by samples and neurons, and their form."""
    width = _width(n_post)
    depth = LANES // width
    grid = triton.cdiv(n_samples, depth), triton.cdiv(n_post, width)
    return grid, {"SAMPLES": depth, "NEURONS": width, "num_warps": 1}
