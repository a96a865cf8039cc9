"""How the SuperSpike engine's speed grows with ensembles and hidden layers, on one core, learning included.

Three questions: how long the symmetric column of Fig 7b takes (1000 s for each hidden layer); whether an ensemble
uses the core better than one network; and whether the cost grows linearly with the hidden layer at fixed rates.
"""

from __future__ import annotations

import math
import statistics
from typing import Any

from rich.console import Console
from rich.table import Table

from snn_explorer.benchmarks.stopwatch import wall
from snn_explorer.devices import CPU
from snn_explorer.superspike import Network, SuperSpikeParameters
from snn_explorer.tasks import Task, complex_pattern, simple_pattern

COLUMN = (32, 64, 128, 256)
"""Hidden units of Fig 7b."""

COLUMN_SECONDS = 1000.0
"""Learning time of Fig 7 [s]."""

ENSEMBLES = (1, 2, 5, 10, 20, 50, 100, 200)

HIDDEN = (32, 64, 128, 256, 512, 1024)

ACTIVE_WEIGHTS = 0.2
"""Initial weights w_0 [V] at which hidden and output units fire at the same rates whatever the hidden layer's size."""

ROUNDS = 5


def measure_scaling(console: Console) -> dict[str, Any]:
    """Measure all three, print a table of each and give the figures back."""
    return {
        "fig7_symmetric_column": _column(console),
        "ensembles": _ensembles(console),
        "hidden_units": _hidden_units(console),
    }


def _column(console: Console) -> list[dict[str, float]]:
    """Whole runs, not samples: activity and with it the speed change as the networks learn."""
    task, rows = complex_pattern(), []
    for n_hidden in COLUMN:
        with console.status(f"{n_hidden} hidden units: {COLUMN_SECONDS:g} s of {task.name}"):
            network = Network(task, SuperSpikeParameters(n_hidden=n_hidden, burn_in=0.0), device=CPU)
            seconds = wall(network.advance, round(COLUMN_SECONDS / (network.n_steps * task.dt)), CPU)
        rows.append({"n_hidden": n_hidden, "wall_seconds": seconds, "cost": float(network.cost[0])})
    table = Table("hidden units", "wall s", "cost", title=f"Fig 7b, symmetric: {COLUMN_SECONDS:g} s of {task.name}")
    for row in rows:
        table.add_row(str(row["n_hidden"]), f"{row['wall_seconds']:.1f}", f"{row['cost']:.2f}")
    table.add_row("all", f"{sum(row['wall_seconds'] for row in rows):.1f}", "")
    console.print(table)
    return rows


def _ensembles(console: Console) -> list[dict[str, float]]:
    task, rows = simple_pattern(), []
    networks = [_settled(task, 4, n_networks) for n_networks in ENSEMBLES]
    # in turn, so that a busy moment of the machine does not fall on one size alone
    walls = [[_chunk_wall(network, 20) for network in networks] for _ in range(ROUNDS)]
    for network, spent in zip(networks, zip(*walls, strict=True), strict=True):
        throughput = network.n_networks * network.n_steps * task.dt / statistics.median(spent)
        rows.append({"n_networks": network.n_networks, "simulated_seconds_per_wall_second": throughput})
    table = Table("networks R", "simulated s / wall s, all networks", "ratio to R = 1", title="Ensembles of 100-4-1")
    for row in rows:
        throughput = row["simulated_seconds_per_wall_second"]
        ratio = throughput / rows[0]["simulated_seconds_per_wall_second"]
        table.add_row(str(row["n_networks"]), f"{throughput:.0f}", f"{ratio:.1f}")
    console.print(table)
    return rows


def _hidden_units(console: Console) -> list[dict[str, float]]:
    task, rows = complex_pattern(), []
    values = {"weight_scale": ACTIVE_WEIGHTS, "weight_limit": 1.0, "learning_rate": 0.0, "burn_in": 0.0}
    networks = [Network(task, SuperSpikeParameters(n_hidden=n_hidden, **values), device=CPU) for n_hidden in HIDDEN]
    walls = [[_chunk_wall(network, 4) for network in networks] for _ in range(ROUNDS + 1)][1:]
    for n_hidden, network, spent in zip(HIDDEN, networks, zip(*walls, strict=True), strict=True):
        duration = network.n_steps * task.dt
        rate = len(network.spikes["hidden"]) / n_hidden / duration
        seconds = statistics.median(spent) / duration
        rows.append({"n_hidden": n_hidden, "wall_seconds_per_simulated_second": seconds, "hidden_rate_hz": rate})
    table = Table("hidden units", "hidden rate [Hz]", "wall s / simulated s", "grows as n^", title="Fixed rates")
    for before, row in zip([None, *rows], rows, strict=False):
        power = "" if before is None else f"{_power(before, row):.2f}"
        seconds = f"{row['wall_seconds_per_simulated_second']:.4f}"
        table.add_row(str(row["n_hidden"]), f"{row['hidden_rate_hz']:.1f}", seconds, power)
    console.print(table)
    return rows


def _power(before: dict[str, float], after: dict[str, float]) -> float:
    """Exponent with which the cost grew from one size to the next: 1 is linear, 2 is quadratic."""
    cost, size = "wall_seconds_per_simulated_second", "n_hidden"
    return math.log(after[cost] / before[cost]) / math.log(after[size] / before[size])


def _settled(task: Task, n_hidden: int, n_networks: int) -> Network:
    """An ensemble that has learned long enough to be active."""
    parameters = SuperSpikeParameters(n_hidden=n_hidden, burn_in=0.0)
    network = Network(task, parameters, [{"seed": seed} for seed in range(n_networks)], device=CPU)
    wall(network.advance, 60, CPU)
    return network


def _chunk_wall(network: Network, chunks: int) -> float:
    return wall(network.advance, chunks, CPU) / chunks
