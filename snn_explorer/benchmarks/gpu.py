"""How fast networks learn on a GPU, as a ratio to this machine's processor, and from which size on the GPU wins.

The same networks learn on both, in turn. The processor uses one core, as in the other benchmarks.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import Any, Protocol

import torch
from rich.console import Console
from rich.table import Table

from snn_explorer.bats import BatsParameters
from snn_explorer.bats import Network as BatsNetwork
from snn_explorer.benchmarks.bats_network import benchmark_samples, parameters
from snn_explorer.benchmarks.gpu_memory import free_gpu_memory
from snn_explorer.benchmarks.gpu_products import measure_products
from snn_explorer.benchmarks.gpu_profile import profile_batches, profile_ensembles
from snn_explorer.benchmarks.machine import describe_machine
from snn_explorer.benchmarks.stopwatch import wall
from snn_explorer.devices import CPU
from snn_explorer.superspike import Network, SuperSpikeParameters
from snn_explorer.tasks import Task, complex_pattern, simple_pattern
from snn_explorer.tasks.samples import Samples

ROUNDS = 5
"""Times that both are measured in turn."""

ROUND_SECONDS = 1.0
"""Wall time of each in a round, about."""

SETTLE = 60
"""Chunks or batches of learning before the first measurement: kernels are then compiled, and neurons active."""

ENSEMBLES = (1, 20, 200, 2000)
"""Networks of an ensemble."""

TRAININGS = ((50, 2), (50, 10), (50, 50), (800, 50), (800, 200), (800, 1000))
"""Hidden neurons, and samples in a batch."""

LARGEST_ON_PROCESSOR = 200
"""Networks of the largest ensemble on the processor, which then works at full load; larger ones need much memory."""


class Learning(Protocol):
    """A network on some device."""

    device: torch.device

    def advance(self) -> None:
        """Learn one chunk or batch."""
        ...


@dataclass(frozen=True)
class Case:
    """A network to measure on both devices.

    Attributes
    ----------
    name : str
    make : callable
        Makes the network on a device.
    amount : float
        Simulated seconds of all networks, or samples, in one chunk or batch on the GPU.
    neurons : int
        Neurons that are simulated at the same time on the GPU, those of all networks or samples.
    amount_on_processor : float
        The same on the processor, where the ensemble may be smaller.
    """

    name: str
    make: Callable[[torch.device], Learning]
    amount: float
    neurons: int
    amount_on_processor: float


def measure_superspike(console: Console, device: torch.device) -> dict[str, Any]:
    """Simulated seconds per second of ensembles of a small and a large network, and what the GPU does meanwhile."""
    cases = [
        ensemble_case(name, task, n_hidden, n)
        for name, task, n_hidden in (("100-4-1", simple_pattern(), 4), ("100-256-100", complex_pattern(), 256))
        for n in ENSEMBLES
    ]
    found = _measure(console, device, "simulated s / wall s", cases)
    products = measure_products(console, device)
    profiled = [ensemble_case("100-256-100", complex_pattern(), 256, n) for n in ENSEMBLES]
    return {**found, "products": products, "profile": profile_ensembles(console, device, profiled)}


def measure_bats(console: Console, device: torch.device) -> dict[str, Any]:
    """Samples per second of training with batches of several sizes, and what the GPU does meanwhile."""
    samples = benchmark_samples()
    found = _measure(console, device, "samples / s", [training_case(samples, *sizes) for sizes in TRAININGS])
    profiled = [training_case(samples, 800, n) for n in (50, 1000)]
    return {**found, "profile": profile_batches(console, device, profiled)}


def ensemble_case(name: str, task: Task, n_hidden: int, n_networks: int) -> Case:
    """An ensemble of SuperSpike networks; on the processor it has `LARGEST_ON_PROCESSOR` networks at most."""
    n_on_processor = min(n_networks, LARGEST_ON_PROCESSOR)

    def make(device: torch.device) -> Network:
        seeds = range(n_on_processor if device == CPU else n_networks)
        values = SuperSpikeParameters(n_hidden=n_hidden, burn_in=0.0)
        return Network(task, values, [{"seed": seed} for seed in seeds], device=device)

    chunk, neurons = 0.5, n_networks * (n_hidden + task.n_outputs)
    return Case(f"{name}, R = {n_networks}", make, n_networks * chunk, neurons, n_on_processor * chunk)


def training_case(samples: Samples, n_hidden: int, batch_size: int) -> Case:
    """Training of a BATS network like the benchmark's with batches of one size."""
    values = BatsParameters(**{**parameters(n_hidden).param.values(), "batch_size": batch_size})
    make, neurons = partial(BatsNetwork, samples, values), batch_size * (n_hidden + samples.n_classes)
    name = f"784-{n_hidden}-10, batches of {batch_size}"
    return Case(name, lambda device: make(device=device), batch_size, neurons, batch_size)


def compare(case: Case, device: torch.device) -> dict[str, Any]:
    """Work per second of one case on both devices, medians over rounds, and the median of each round's ratio."""
    sides = [(case.make(device), case.amount), (case.make(CPU), case.amount_on_processor)]
    repeats = [_repeats(network) for network, _ in sides]
    rounds = [
        [
            n * amount / wall(network.advance, n, network.device)
            for n, (network, amount) in zip(repeats, sides, strict=True)
        ]
        for _ in range(ROUNDS)
    ]
    fast, slow = zip(*rounds, strict=True)
    return {
        "network": case.name,
        "neurons": case.neurons,
        "gpu": statistics.median(fast),
        "processor": statistics.median(slow),
        "ratio": statistics.median(a / b for a, b in rounds),
    }


def crossover(rows: Sequence[Mapping[str, Any]]) -> int | None:
    """Fewest neurons at the same time from which on the GPU won each comparison; None where it lost the largest."""
    winning = takewhile(lambda row: row["ratio"] > 1, sorted(rows, key=lambda row: row["neurons"], reverse=True))
    return min((row["neurons"] for row in winning), default=None)


def _measure(console: Console, device: torch.device, unit: str, cases: Sequence[Case]) -> dict[str, Any]:
    table, rows = Table("network", "neurons", f"GPU, {unit}", f"one core, {unit}", "ratio"), []
    for case in cases:
        free_gpu_memory()
        try:
            with console.status(f"{case.name}: {ROUNDS} rounds on GPU and processor in turn"):
                row = compare(case, device)
        except torch.OutOfMemoryError:
            console.print(f"{case.name} does not fit into the GPU's memory.")
            continue
        rows.append(row)
        figures = f"{row['gpu']:.4g}", f"{row['processor']:.4g}", f"{row['ratio']:.3g} x"
        table.add_row(case.name, str(row["neurons"]), *figures)
    console.print(table)
    fewest = crossover(rows)
    where = "of no size measured" if fewest is None else f"from {fewest} neurons on"
    console.print(f"The GPU is faster {where}; neurons are counted over all networks or samples of a chunk or batch.")
    name = torch.cuda.get_device_name(device)
    machine = describe_machine()
    console.print(f"Medians of {ROUNDS} rounds on {name} and one core of: {machine}")
    return {
        "gpu": name,
        "machine": machine,
        "torch": torch.__version__,
        "unit": unit,
        "cases": rows,
        "crossover": fewest,
    }


def _repeats(network: Learning) -> int:
    """Chunks or batches that fill a round, once the network has settled."""
    wall(network.advance, SETTLE, network.device)
    return max(1, round(ROUND_SECONDS * 5 / wall(network.advance, 5, network.device)))
