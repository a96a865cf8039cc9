"""What a GPU does while a network learns: how busy it is, what takes its time, and how near that comes to limits.

Times of kernels, copies and memsets are the profiler's. It slows the host down, so the wall time that they are a share
of is that of as many chunks without it, just before. The limits are what this very card reaches, measured in the same
run: bytes of a large copy, read and written, and operations of a large matrix product in float32.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import torch
from rich.console import Console
from rich.table import Table
from torch.profiler import ProfilerActivity, profile, supported_activities

from snn_explorer.benchmarks.gpu_kernels import Entry, Limits, summarise
from snn_explorer.benchmarks.gpu_memory import free_gpu_memory
from snn_explorer.benchmarks.gpu_work import PRODUCTS, batch_work, ensemble_work
from snn_explorer.benchmarks.stopwatch import wall

if TYPE_CHECKING:
    from snn_explorer.benchmarks.gpu import Case

SETTLE = 60
"""Chunks or batches before the first measurement: kernels are then compiled, and neurons active."""

STRETCH = 20
"""Chunks or batches that are profiled."""

SHOWN = 12
"""Kernels in a table."""

COPIED = 2**30
"""Bytes of the copy that the limit of memory is measured with; less where memory is short."""

FACTOR_SIZE = 4096
"""Rows and columns of the matrices that the limit of arithmetic is measured with."""


def profile_ensembles(console: Console, device: torch.device, cases: Sequence[Case]) -> dict[str, Any]:
    """Profile the smallest of some SuperSpike ensembles, given first, and the largest that fits into memory."""
    return _profile_all(console, device, [cases[:1], cases[:0:-1]], ensemble_work)


def profile_batches(console: Console, device: torch.device, cases: Sequence[Case]) -> dict[str, Any]:
    """Profile BATS networks that learn batches of several sizes."""
    return _profile_all(console, device, [[case] for case in cases], batch_work)


def measure_limits(device: torch.device) -> Limits:
    """Most that this card does in a second; see the module."""
    n = min(COPIED, torch.cuda.mem_get_info(device)[0] // 4)
    source, target = (torch.zeros(n, dtype=torch.uint8, device=device) for _ in range(2))
    # random numbers: a card that multiplies the same one again and again needs less power, and may run faster
    factor, product = (torch.randn(FACTOR_SIZE, FACTOR_SIZE, device=device) for _ in range(2))
    copying = _fastest(lambda: target.copy_(source), device)
    multiplying = _fastest(lambda: torch.mm(factor, factor, out=product), device)
    return Limits(2 * n / copying, 2 * FACTOR_SIZE**3 / multiplying)


def device_entries(learn: Callable[[], None], n: int, device: torch.device) -> Sequence[Entry]:
    """What the profiler sees of a GPU in `n` calls; nothing where torch has no profiler for it."""
    if ProfilerActivity.CUDA not in supported_activities():
        return []
    with profile(activities=[ProfilerActivity.CUDA]) as found:
        wall(learn, n, device)
    return found.key_averages()


def _profile_all(
    console: Console, device: torch.device, groups: Sequence[Sequence[Case]], work_of: Callable[[Any], dict[str, float]]
) -> dict[str, Any]:
    """Profile of each group the first case that fits, print tables and give the figures back."""
    free_gpu_memory()
    limits, rows = measure_limits(device), []
    for group in groups:
        row = _first_that_fits(console, device, group, limits, work_of)
        if row is not None:
            _show(console, row)
            rows.append(row)
    console.print(
        f"Limits of this GPU, measured: {limits.bytes / 1e9:.4g} GB/s copied, read and written, and "
        f"{limits.operations / 1e12:.3g} Tflop/s in float32 matrix products. Rates of what its cache holds are above."
    )
    return {"limits": asdict(limits), "cases": rows}


def _first_that_fits(
    console: Console, device: torch.device, cases: Sequence[Case], limits: Limits,
    work_of: Callable[[Any], dict[str, float]],
) -> dict[str, Any] | None:  # fmt: skip
    for case in cases:
        free_gpu_memory()
        try:
            with console.status(f"{case.name}: {STRETCH} chunks or batches in the profiler"):
                return {"network": case.name, **_profile_case(case, device, limits, work_of)}
        except torch.OutOfMemoryError:
            console.print(f"{case.name} does not fit into the GPU's memory.")
    return None


def _profile_case(
    case: Case, device: torch.device, limits: Limits, work_of: Callable[[Any], dict[str, float]]
) -> dict[str, Any]:
    network = case.make(device)
    wall(network.advance, SETTLE, device)
    seconds = wall(network.advance, STRETCH, device)
    device_entries(network.advance, 1, device)  # the first loads what profiles
    entries = device_entries(network.advance, STRETCH, device)
    return summarise(entries, STRETCH, seconds, _mean_work(network.advance, lambda: work_of(network)), limits)


def _mean_work(learn: Callable[[], None], work: Callable[[], dict[str, float]]) -> dict[str, float]:
    """Mean over a stretch of its own: to look at spikes makes the host wait."""
    total: Counter[str] = Counter()
    for _ in range(STRETCH):
        learn()
        total.update(work())
    return {name: amount / STRETCH for name, amount in total.items()}


def _show(console: Console, row: Mapping[str, Any]) -> None:
    if not row["kernels"]:
        console.print(
            f"{row['network']}: the profiler saw nothing of the GPU; it needs CUPTI, which does not work here."
        )
        return
    title = (
        f"{row['network']}: {row['wall_ms']:.4g} ms for a chunk or batch, GPU busy for {row['busy']:.0%} of it, "
        f"{row['launches']:.4g} launches"
    )
    table = Table("kernel", "share of GPU time", "calls", "us per call", "rate", "of the limit", title=title)
    for use in row["kernels"][:SHOWN]:
        rate, limit = "", ""
        if use["rate"] is not None:
            operations = use["name"] == PRODUCTS
            rate = f"{use['rate'] / 1e12:.3g} Tflop/s" if operations else f"{use['rate'] / 1e9:.4g} GB/s"
            limit = f"{use['share_of_limit']:.1%}"
        calls, one = f"{use['calls']:.4g}", f"{use['microseconds']:.4g}"
        table.add_row(use["name"], f"{use['share']:.1%}", calls, one, rate, limit)
    console.print(table)


def _fastest(work: Callable[[], object], device: torch.device) -> float:
    """Seconds of one call, the best of some rounds, the first of which loads what is needed."""
    return min(wall(work, 10, device) / 10 for _ in range(4))
