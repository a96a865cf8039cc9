"""BATS on the processor, with numba: blocks of neurons and groups of samples on one or more cores.

The cores are those that `torch.set_num_threads` allows. What belongs to which block and group does not depend on their
number, and sums are taken in a fixed order, so results are the same to the bit.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from snn_explorer.kernels.bats import cpu_loops as loops
from snn_explorer.kernels.bats.cpu_fields import append_events, count_events
from snn_explorer.kernels.bats.cpu_sort import sort_spikes
from snn_explorer.kernels.bats.interface import SLOPE_FLOOR, Events, Fired, Gradients, LayerConstants, by_neuron
from snn_explorer.kernels.bats.receptive_fields import Fields, Windows

ITEMS = 2
"""Pieces of work that a layer is cut into, at least."""


USUAL_SPIKES = 8
"""Spikes per neuron and sample that fit into the tables at once; where there are more, the work is done again."""


class Numbers(NamedTuple):
    """Constants of a layer as the loops take them: ``[c, tau, least g_k - c]`` and `duration` in the weights' dtype."""

    constants: NDArray[Any]
    duration: Any


@dataclass(frozen=True)
class Record:
    """What the backward pass needs of a forward pass; the tables are those of `cpu_loops.forward_items`."""

    constants: NDArray[Any]
    decay: NDArray[Any]
    where: NDArray[np.int32]
    values: NDArray[Any]
    starts: NDArray[np.int64]
    place: NDArray[np.int32]
    n_fields: int


def fields(events: Events, windows: Windows) -> Fields:
    """See `snn_explorer.kernels.bats.interface.Backend`."""
    time, neuron, count = (tensor.detach().contiguous().numpy() for tensor in events)
    numbers = np.array([*windows.maps[1:], *windows.shape, windows.size, windows.stride, windows.padding])
    n_samples, n_events = time.shape
    parts = np.array_split(np.arange(n_samples), min(torch.get_num_threads(), n_samples))
    seen = np.zeros((n_samples, windows.n_fields), np.int32)
    _side_by_side(lambda samples: count_events(samples, neuron, count, numbers, seen), parts)
    n_row = int(seen.max())
    field_time = np.empty((n_samples * windows.n_fields, n_row), time.dtype)
    field_neuron = np.empty(field_time.shape, np.int32)
    place = np.empty((n_samples, windows.size**2, n_events), np.int64)

    def run(samples: NDArray[np.int64]) -> None:
        append_events(samples, time, neuron, count, numbers, field_time, field_neuron, place)

    _side_by_side(run, parts)
    found = (torch.from_numpy(array) for array in (field_time, field_neuron, seen.ravel()))
    return Fields(Events(*found), torch.from_numpy(place))


def forward(events: Events, weight: Tensor, constants: LayerConstants, n_fields: int = 1) -> Fired:
    """See `snn_explorer.kernels.bats.interface.Backend`."""
    weights = _lanes(weight)
    time, neuron, count = (tensor.detach().contiguous().numpy() for tensor in events)
    numbers, duration = _numbers(constants, weights.dtype)
    exponent, arrived = loops.intervals(time, count, duration, numbers[1])
    decay = torch.from_numpy(exponent).exp_().numpy()
    shares = _shares(len(count), weights.shape[1], torch.get_num_threads())
    per_neuron = np.empty((len(count), weights.shape[1]), np.int32)
    starts = np.empty((_n_blocks(weights.shape[1]), len(count), 2), np.int64)

    def run(items: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[Any]]:
        room = _room(items, constants.n_max)
        while True:
            where, values = np.empty((room, 2), np.int32), np.empty((room, 2), weights.dtype)
            n = loops.forward_items(
                items, decay, arrived, neuron, weights, numbers, constants.n_max, per_neuron, starts, where, values
            )
            if n <= room:
                return where[:n], values[:n]
            room = n

    where, values = _joined(_side_by_side(run, shares), shares, starts)
    delay = torch.from_numpy(values)[:, 0].log().mul_(-constants.tau).numpy()
    row_time, row_neuron, row_count, place = sort_spikes(where, delay, starts, time, arrived, duration, n_fields)
    fired = Events(torch.from_numpy(row_time), torch.from_numpy(row_neuron), torch.from_numpy(row_count))
    record = Record(numbers, decay, where, values, starts, place, n_fields)
    return Fired(fired, by_neuron(torch.from_numpy(per_neuron)[:, : weight.shape[1]], n_fields), record)


def backward(
    fired: Fired, events: Events, weight: Tensor, feedback: Tensor, error: Tensor, *, wants_time: bool
) -> Gradients:
    """See `snn_explorer.kernels.bats.interface.Backend`."""
    record: Record = fired.record
    back, errors, neuron = _lanes(feedback), error.detach().contiguous().numpy(), events.neuron.contiguous().numpy()
    n_samples, n_lanes = len(neuron), back.shape[1]
    n_blocks, n_groups = _n_blocks(n_lanes), _n_groups(n_samples, n_lanes)
    gradient = torch.zeros(n_groups * len(back), n_lanes, dtype=weight.dtype)
    time_gradient = torch.zeros(n_blocks if wants_time else 0, *events.time.shape, dtype=weight.dtype)
    gradients, time_gradients = gradient.numpy(), time_gradient.numpy()

    def run(items: NDArray[np.int64]) -> None:
        loops.backward_items(
            items, record.decay, neuron, back, record.constants, record.where, record.values, record.place,
            record.starts, record.n_fields, errors, gradients, time_gradients,
        )  # fmt: skip

    _side_by_side(run, _shares(n_samples, n_lanes, torch.get_num_threads()))
    whole = gradient if n_groups == 1 else gradient.view(n_groups, *back.shape).sum(0)
    return Gradients(whole[:, : weight.shape[1]], time_gradient.sum(0) if wants_time else None)


def _lanes(matrix: Tensor) -> NDArray[Any]:
    """A matrix with rows of a multiple of `LANES` numbers, a copy where they must be filled up with 0."""
    matrix = matrix.detach().contiguous()
    missing = -matrix.shape[1] % loops.LANES
    return (torch.nn.functional.pad(matrix, (0, missing)) if missing else matrix).numpy()


@lru_cache
def _numbers(constants: LayerConstants, dtype: np.dtype[Any]) -> Numbers:
    numbers = np.array([constants.c, constants.tau, SLOPE_FLOOR * constants.c], dtype)
    return Numbers(numbers, dtype.type(constants.duration))


def _n_blocks(n_lanes: int) -> int:
    """Blocks of neurons that a layer is cut into."""
    return -(-n_lanes // loops.WIDTH)


def _n_groups(n_samples: int, n_lanes: int) -> int:
    """Groups of samples, as many as make `ITEMS` pieces with the blocks."""
    return min(-(-ITEMS // _n_blocks(n_lanes)), n_samples)


@lru_cache
def _shares(n_samples: int, n_lanes: int, n_threads: int) -> list[NDArray[np.int64]]:
    """Each thread's pieces of work: block, its neurons, its samples and their group, see `cpu_loops.forward_items`."""
    n_blocks, n_groups = _n_blocks(n_lanes), _n_groups(n_samples, n_lanes)
    width = -(-n_lanes // (n_blocks * loops.LANES)) * loops.LANES
    borders = np.linspace(0, n_samples, n_groups + 1).astype(np.int64)
    items = [
        (block, min(block * width, n_lanes), min((block + 1) * width, n_lanes), *borders[group : group + 2], group)
        for block in range(n_blocks)
        for group in range(n_groups)
    ]
    return np.array_split(np.array(items, np.int64), min(n_threads, len(items)))


def _room(items: NDArray[np.int64], n_max: int) -> int:
    """Spikes for which memory is set aside at first: pages that are never written cost nothing."""
    n_neurons = int(((items[:, 2] - items[:, 1]) * (items[:, 4] - items[:, 3])).sum())
    return n_neurons * min(n_max, USUAL_SPIKES)


def _joined(
    found: list[tuple[NDArray[np.int32], NDArray[Any]]], parts: list[NDArray[np.int64]], starts: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[Any]]:
    """One table of all threads' spikes; `starts` is moved along."""
    if len(found) == 1:
        return found[0]
    offset = 0
    for (where, _), items in zip(found, parts, strict=True):
        for block, _, _, first, stop, _ in items:
            starts[block, first:stop] += offset
        offset += len(where)
    return np.concatenate([where for where, _ in found]), np.concatenate([values for _, values in found])


def _side_by_side(run: Callable[[NDArray[np.int64]], Any], parts: list[NDArray[np.int64]]) -> list[Any]:
    """`run` of every part, each on its own thread."""
    if len(parts) == 1:
        return [run(parts[0])]
    return list(_pool(len(parts)).map(run, parts))


@lru_cache
def _pool(n_threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(n_threads, thread_name_prefix="bats")
