"""Samples per second of BATS on one core, against clock-based networks with surrogate gradients.

All do the same: 784-800-10 in batches of 50, then 15C5-P2-40C5-P2-300-10 in batches of 20, the same input spikes and
weights, the loss of the output spike counts, float32, one thread. They are measured in turn, each round on the same
batch. Samples per second are given for the time that the thread was on a core, and for the wall clock, which depends on
what else the machine does; ratios are those of core time within a round.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import torch
from rich.console import Console
from rich.table import Table

from snn_explorer.benchmarks.bats_memory import measure_memory
from snn_explorer.benchmarks.bats_network import Contestant, EventBased, benchmark_samples, convolutional, parameters
from snn_explorer.benchmarks.bats_rivals import ClockBased, installed_rivals, missing_rivals
from snn_explorer.benchmarks.bats_scaling import measure_cores, measure_hidden_spikes
from snn_explorer.benchmarks.machine import describe_machine
from snn_explorer.benchmarks.stopwatch import Spent, spent
from snn_explorer.tasks import Samples

ROUNDS = 9
"""Times that all are measured in turn."""

BATCHES_PER_ROUND = 20
"""Batches of this package's network in one round; a rival does one."""

SETTLE = 100
"""Batches of training before its first measurement."""


def measure(console: Console) -> dict[str, Any]:
    """Measure everything, print tables and give the figures back."""
    samples = benchmark_samples()
    dense = _measure_network(console, "784-800-10", EventBased(samples, parameters()), samples)
    own = EventBased(samples, convolutional())
    convolutions = _measure_network(console, "15C5-P2-40C5-P2-300-10", own, samples)
    for sentence in missing_rivals():
        console.print(sentence, markup=False, soft_wrap=True)
    machine = describe_machine()
    console.print(f"Medians of {ROUNDS} rounds on one core of: {machine}")
    return {
        "machine": machine,
        "torch": torch.__version__,
        "samples": samples.name,
        **dense,
        "convolutions": {**convolutions, "cores": measure_cores(console, own.network, samples)},
        "hidden_spikes": measure_hidden_spikes(console),
        "memory": measure_memory(console),
    }


def _measure_network(console: Console, name: str, own: EventBased, samples: Samples) -> dict[str, Any]:
    """One network, as this package and as its rivals work it out."""
    rivals = [ClockBased(module, own.network, samples) for module in installed_rivals()]
    with console.status(f"{name}: forward and backward, in turn"):
        passes = _compare(own, rivals, lambda contestant, k: contestant.loss(k).backward())
    with console.status(f"{name}: training, in turn"):
        for _ in range(SETTLE):
            own.learn()
        training = _compare(own, rivals, lambda contestant, _: contestant.learn())
    _print(console, f"{name}: forward and backward at the initial weights, {samples.title}", passes)
    _print(console, f"{name}: training with Adam, after {SETTLE} batches, {samples.title}", training)
    return {"forward_backward": passes, "training": training}


def _compare(
    own: EventBased, rivals: list[ClockBased], work: Callable[[Contestant, int], None]
) -> list[dict[str, Any]]:
    """Do the work in turn, and once before to warm up."""
    contestants: list[tuple[Contestant, int]] = [(own, BATCHES_PER_ROUND), *((rival, 1) for rival in rivals)]
    rounds: list[list[Spent]] = []
    for k in range(ROUNDS + 1):
        rounds.append([_time(contestant, n, k, work) for contestant, n in contestants])
    batch_size, columns = own.network.parameters.batch_size, list(zip(*rounds[1:], strict=True))
    return [
        {
            "network": contestant.name,
            "samples_per_core_second": batch_size / statistics.median(time.core for time in column),
            "samples_per_wall_second": batch_size / statistics.median(time.wall for time in column),
            "hidden_spikes": contestant.hidden_spikes,
            "ratio": statistics.median(time.core / ours.core for time, ours in zip(column, columns[0], strict=True)),
        }
        for (contestant, _), column in zip(contestants, columns, strict=True)
    ]


def _time(contestant: Contestant, n: int, k: int, work: Callable[[Contestant, int], None]) -> Spent:
    """Time of one batch, the mean of `n`."""
    with spent() as time:
        for _ in range(n):
            work(contestant, k)
    return Spent(time.core / n, time.wall / n)


def _print(console: Console, title: str, rows: list[dict[str, Any]]) -> None:
    table = Table("network", "samples / s of core time", "samples / wall s", "hidden spikes", "ratio", title=title)
    for row in rows:
        table.add_row(
            row["network"],
            f"{row['samples_per_core_second']:.0f}",
            f"{row['samples_per_wall_second']:.0f}",
            f"{row['hidden_spikes']:.0f}",
            f"{row['ratio']:.1f} x",
        )
    console.print(table)
