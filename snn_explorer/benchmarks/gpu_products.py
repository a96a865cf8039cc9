"""Two ways for spikes to cross synapses on a GPU: dense matrix products, or a row for each event.

The SuperSpike layer multiplies whole grids, in which hardly one number of a thousand is a spike. Its rival looks for
the spikes, which makes the host wait for the GPU, and adds only their rows. Of the layer's three products two are
compared, one for each way through the synapses::

    drive = s w        each spike adds its row of w to the step in which it arrives
    m = s^T q          each spike adds the row of q of its step to its presynaptic neuron

Errors cross like the drive.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor

from snn_explorer.benchmarks.gpu_memory import free_gpu_memory
from snn_explorer.benchmarks.stopwatch import wall
from snn_explorer.kernels.superspike.grid import EVENT

LAYERS = {"100 to 256": (100, 256), "256 to 100": (256, 100)}
"""Neurons before and in the layers of 100-256-100."""

ENSEMBLES = (1, 20, 200)
"""Networks of an ensemble."""

N_STEPS = 5000
"""Steps of a chunk: 0.5 s in steps of 0.1 ms."""

DENSITY = 1e-3
"""Spikes of a neuron in a step: 10 Hz."""

ROUNDS = 5
"""Times that both ways are measured in turn."""

ROUND_SECONDS = 0.2
"""Wall time of each in a round, about."""

TOLERANCE = 1e-2
"""Largest difference of both ways, as a share of the largest number: torch may be set to products of three digits."""


@dataclass(frozen=True)
class Crossing:
    """What meets at the synapses of a layer in one chunk.

    Attributes
    ----------
    spikes : Tensor of `EVENT`, shape (R, n_steps, n_pre)
        1 where a spike arrives, else 0.
    weights : Tensor, shape (R, n_pre, n_post)
    credit : Tensor, shape (R, n_steps, n_post)
        q of each postsynaptic neuron.
    """

    spikes: Tensor
    weights: Tensor
    credit: Tensor

    @classmethod
    def random(
        cls, n_networks: int, n_steps: int, n_pre: int, n_post: int, *, density: float, dtype: torch.dtype,
        device: torch.device,
    ) -> Crossing:  # fmt: skip
        """Random spikes, `density` of them in each step and neuron, and normal weights and credit."""
        source = torch.Generator(device).manual_seed(0)
        shape = n_networks, n_steps, n_pre
        return cls(
            (torch.rand(shape, generator=source, device=device) < density).to(EVENT),
            torch.randn(n_networks, n_pre, n_post, generator=source, dtype=dtype, device=device),
            torch.randn(n_networks, n_steps, n_post, generator=source, dtype=dtype, device=device),
        )


def by_products(crossing: Crossing) -> tuple[Tensor, Tensor]:
    """Drive ``(R, n_steps, n_post)`` and m ``(R, n_pre, n_post)`` as matrix products, as the layer makes them."""
    dtype = crossing.weights.dtype
    drive = crossing.spikes.to(dtype) @ crossing.weights
    return drive, crossing.spikes.to(dtype).transpose(1, 2) @ crossing.credit


def by_events(crossing: Crossing) -> tuple[Tensor, Tensor]:
    """The same from the rows of the spikes alone; see `by_products`."""
    weights, credit = crossing.weights.flatten(0, 1), crossing.credit.flatten(0, 1)
    _, n_steps, n_pre = crossing.spikes.shape
    network, step, neuron = crossing.spikes.nonzero(as_tuple=True)
    row, source = network * n_steps + step, network * n_pre + neuron
    drive = torch.zeros_like(credit).index_add_(0, row, weights[source])
    m = torch.zeros_like(weights).index_add_(0, source, credit[row])
    return drive.view_as(crossing.credit), m.view_as(crossing.weights)


def check_agreement(crossing: Crossing) -> None:
    """See that both ways give the same.

    Raises
    ------
    RuntimeError
        If they differ by more than `TOLERANCE`.
    """
    for name, dense, sparse in zip(("drive", "m"), by_products(crossing), by_events(crossing), strict=True):
        difference = float((dense - sparse).abs().max() / dense.abs().max())
        if not difference <= TOLERANCE:
            raise RuntimeError(f"Matrix products and events differ by {difference:.2g} of the largest {name}.")


def compare(crossing: Crossing) -> dict[str, float]:
    """Milliseconds of both ways, medians over rounds, and the median of each round's ratio, products to events."""
    ways = (by_products, by_events)
    repeats = [_repeats(way, crossing) for way in ways]
    rounds = [[_seconds(way, crossing, n) for way, n in zip(ways, repeats, strict=True)] for _ in range(ROUNDS)]
    dense, sparse = zip(*rounds, strict=True)
    return {
        "dense_ms": 1e3 * statistics.median(dense),
        "events_ms": 1e3 * statistics.median(sparse),
        "ratio": statistics.median(a / b for a, b in rounds),
    }


def measure_products(console: Console, device: torch.device) -> list[dict[str, Any]]:
    """Compare both ways in both layers and all ensembles, print a table and give the figures back.

    Raises
    ------
    RuntimeError
        If the two do not agree.
    """
    rows = []
    for n_networks in ENSEMBLES:
        free_gpu_memory()
        try:
            rows += [_row(console, name, n_networks, device) for name in LAYERS]
        except torch.OutOfMemoryError:
            console.print(f"Products of R = {n_networks} do not fit into the GPU's memory.")
    table = Table("synapses", "R", "dense [ms]", "events [ms]", "ratio", title="Matrix products and single events")
    for row in rows:
        figures = f"{row['dense_ms']:.4g}", f"{row['events_ms']:.4g}", f"{row['ratio']:.3g} x"
        table.add_row(row["synapses"], str(row["n_networks"]), *figures)
    console.print(table)
    return rows


def _row(console: Console, name: str, n_networks: int, device: torch.device) -> dict[str, Any]:
    with console.status(f"{name}, R = {n_networks}: {ROUNDS} rounds of matrix products and events in turn"):
        crossing = Crossing.random(
            n_networks, N_STEPS, *LAYERS[name], density=DENSITY, dtype=torch.float32, device=device
        )
        check_agreement(crossing)
        return {"synapses": name, "n_networks": n_networks, **compare(crossing)}


def _repeats(way: Callable[[Crossing], object], crossing: Crossing) -> int:
    """Calls that fill a round, once everything is loaded."""
    _seconds(way, crossing, 3)
    return max(1, round(ROUND_SECONDS / _seconds(way, crossing, 3)))


def _seconds(way: Callable[[Crossing], object], crossing: Crossing, n: int) -> float:
    """Wall time of one of `n` calls [s]."""
    return wall(lambda: way(crossing), n, crossing.spikes.device) / n
