"""Simulated seconds per wall second of the SuperSpike engine on one core, learning included.

The rival is the rule written down plainly: the same networks step by step in eager torch (the reference backend),
float32, one thread. Both start from the same weights, after some learning, and do the same chunk, in turn.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from rich.console import Console
from rich.table import Table

from snn_explorer.benchmarks.machine import describe_machine
from snn_explorer.benchmarks.stopwatch import wall
from snn_explorer.benchmarks.superspike_scaling import measure_scaling
from snn_explorer.devices import CPU
from snn_explorer.superspike import Network, SuperSpikeParameters
from snn_explorer.tasks import Task, complex_pattern, simple_pattern

ROUNDS = 5
"""Times that engine and rival are measured in turn."""

CHUNKS_PER_ROUND = 40
"""Chunks of the engine in one round; the rival does one."""

SETTLE = 60
"""Chunks of learning before the first measurement: from then on hidden and output units are active."""


@dataclass(frozen=True)
class Case:
    """A network to measure: its size, and how many of them run as one ensemble."""

    name: str
    pattern: Callable[[], Task]
    n_hidden: int
    n_networks: int = 1


CASES = (
    Case("100-4-1", simple_pattern, 4),
    Case("100-4-1, ensemble of 20", simple_pattern, 4, 20),
    Case("100-32-100", complex_pattern, 32),
    Case("100-256-100", complex_pattern, 256),
)


def measure(console: Console) -> dict[str, Any]:
    """Measure all cases and how speed grows, print tables and give the figures back."""
    table = Table(
        "network", "pattern", "simulated s / wall s", "wall s / simulated s / network", "step by step", "ratio"
    )
    rows = []
    for case in CASES:
        with console.status(f"{case.name}: learning, then {ROUNDS} rounds against the step-by-step rival"):
            row = _measure_case(case)
        rows.append(row)
        table.add_row(
            case.name,
            row["pattern"],
            f"{row['simulated_seconds_per_wall_second']:.4g}",
            f"{row['wall_seconds_per_simulated_second_and_network']:.3g}",
            f"{row['rival_wall_seconds_per_simulated_second']:.3g} s",
            f"{row['ratio']:.0f} x",
        )
    console.print(table)
    machine = describe_machine()
    console.print(f"Medians of {ROUNDS} rounds on one core of: {machine}")
    return {"machine": machine, "torch": torch.__version__, "cases": rows, "scaling": measure_scaling(console)}


def _measure_case(case: Case) -> dict[str, Any]:
    task = case.pattern()
    engine, rival = (_network(case, task, backend) for backend in ("numba", "reference"))
    for _ in range(SETTLE):
        engine.advance()
    for name in ("hidden", "output"):
        getattr(rival, name).weights.copy_(getattr(engine, name).weights)
    chunk = engine.n_steps * task.dt
    fast, slow = [], []
    for _ in range(ROUNDS):
        fast.append(wall(engine.advance, CHUNKS_PER_ROUND, CPU) / (CHUNKS_PER_ROUND * chunk))
        slow.append(wall(rival.advance, 1, CPU) / chunk)
    seconds = statistics.median(fast)
    return {
        "network": case.name,
        "pattern": task.name,
        "simulated_seconds_per_wall_second": case.n_networks / seconds,
        "wall_seconds_per_simulated_second_and_network": seconds / case.n_networks,
        "rival_wall_seconds_per_simulated_second": statistics.median(slow),
        "ratio": statistics.median(b / a for a, b in zip(fast, slow, strict=True)),
    }


def _network(case: Case, task: Task, backend: str) -> Network:
    parameters = SuperSpikeParameters(n_hidden=case.n_hidden, burn_in=0.0)
    return Network(task, parameters, [{"seed": seed} for seed in range(case.n_networks)], backend=backend, device=CPU)
