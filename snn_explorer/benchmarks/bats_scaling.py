"""How the cost of BATS grows with the hidden layer's spikes, forward and backward apart, on one core and on two.

The network is always 784-800-10; the hidden threshold is searched that gives the wanted number of spikes. Its spike
budget is so large that no neuron spends it: with 30 spikes each, 800 neurons would not reach the last rows.
"""

from __future__ import annotations

import math
import statistics
from typing import Any

import torch
from rich.console import Console
from rich.table import Table

from snn_explorer.bats import Network, Spikes, SpikingLinear
from snn_explorer.bats.layers import SpikingLayer
from snn_explorer.benchmarks.bats_network import batch, benchmark_samples, parameters, spikes_per_sample
from snn_explorer.benchmarks.stopwatch import Spent, spent
from snn_explorer.devices import CPU
from snn_explorer.tasks import Samples

WANTED = (100, 300, 1000, 3000, 10_000, 20_000)
"""Hidden spikes per sample."""

BUDGET = 1000
"""Spikes that a hidden neuron may give for each sample."""

ROUNDS = 9


def measure_hidden_spikes(console: Console) -> list[dict[str, float]]:
    """Measure all rows, print the table and give the figures back."""
    samples = benchmark_samples()
    with console.status("Searching thresholds"):
        networks = [_network(samples, wanted) for wanted in WANTED]
    rows = []
    for network in networks:
        with console.status(f"Hidden threshold {network.parameters.theta[0]:.3g}"):
            rows.append(_measure(network, samples))
    table = Table(
        "hidden spikes", "theta", "forward ns", "backward ns", "forward /s", "backward /s", "1 core /s", "2 cores /s",
        "ratio", title="Cost over hidden spikes per sample",
        caption="ns of core time per hidden spike; samples per second of core time; samples per wall second",
    )  # fmt: skip
    for row in rows:
        table.add_row(
            f"{row['hidden_spikes']:.0f}",
            f"{row['theta']:.3g}",
            f"{row['forward_ns_per_hidden_spike']:.0f}",
            f"{row['backward_ns_per_hidden_spike']:.0f}",
            f"{row['forward_samples_per_core_second']:.0f}",
            f"{row['backward_samples_per_core_second']:.0f}",
            f"{row['samples_per_wall_second_1_core']:.0f}",
            f"{row['samples_per_wall_second_2_cores']:.0f}",
            f"{row['ratio_2_cores']:.2f}",
        )
    console.print(table)
    return rows


def measure_cores(console: Console, network: Network, samples: Samples) -> dict[str, float]:
    """Forward and backward of a network as it is, on one core and on two; print a sentence and give the figures."""
    with console.status("One core and two"):
        row = _measure(network, samples)
    one, two = row["samples_per_wall_second_1_core"], row["samples_per_wall_second_2_cores"]
    console.print(f"Forward and backward with {row['hidden_spikes']:.0f} hidden spikes per sample: {one:.0f} samples "
                  f"a second on one core, {two:.0f} on two ({row['ratio_2_cores']:.2f} times as many).")  # fmt: skip
    return row


def find_threshold(layer: SpikingLayer, inputs: Spikes, wanted: float) -> float:
    """Threshold at which the layer gives `wanted` spikes per sample on average, to a hundredth of that number."""
    low, high = math.log(1e-6), math.log(1e3)
    while True:
        theta = math.exp((low + high) / 2)
        trial = SpikingLinear(layer.n_in, layer.n_out, BUDGET, theta, layer.constants.tau_s,
                              duration=layer.constants.duration, device=CPU)  # fmt: skip
        with torch.no_grad():
            trial.weight.copy_(layer.weight)
            found = float(trial(inputs).count.float().mean())
        if abs(found - wanted) <= 0.01 * wanted or high - low < 1e-6:
            return theta
        low, high = (low, math.log(theta)) if found < wanted else (math.log(theta), high)


def _network(samples: Samples, wanted: float) -> Network:
    p = parameters()
    theta = find_threshold(Network(samples, p, device=CPU).layers[0], batch(samples, 0, p)[0], wanted)
    p.n_max, p.theta = (BUDGET, p.n_max[1]), (theta, p.theta[1])
    return Network(samples, p, device=CPU)


def _measure(network: Network, samples: Samples) -> dict[str, float]:
    """One network on one core and on two, in turn; the first round only warms up."""
    p = network.parameters
    spikes, labels = batch(samples, 0, p)
    rounds = [[_passes(network, spikes, labels, cores) for cores in (1, 2)] for _ in range(ROUNDS + 1)][1:]
    n_hidden = spikes_per_sample(network.respond(spikes)[:-1])
    row = {"hidden_spikes": n_hidden, "theta": p.theta[0]}
    for k, name in enumerate(("forward", "backward")):
        seconds = statistics.median(one[k].core for one, _ in rounds) / len(labels)
        row[f"{name}_samples_per_core_second"] = 1 / seconds
        row[f"{name}_ns_per_hidden_spike"] = 1e9 * seconds / n_hidden
    walls = [[sum(part.wall for part in passes) / len(labels) for passes in both] for both in rounds]
    row["samples_per_wall_second_1_core"] = 1 / statistics.median(one for one, _ in walls)
    row["samples_per_wall_second_2_cores"] = 1 / statistics.median(two for _, two in walls)
    row["ratio_2_cores"] = statistics.median(one / two for one, two in walls)
    return row


def _passes(network: Network, spikes: Spikes, labels: torch.Tensor, cores: int) -> tuple[Spent, Spent]:
    """Time of a forward and of a backward pass."""
    torch.set_num_threads(cores)
    try:
        with spent() as forward:
            loss: Any = network.loss(network.respond(spikes)[-1], labels).mean()
        for layer in network.layers:
            layer.weight.grad = None
        with spent() as backward:
            loss.backward()
    finally:
        torch.set_num_threads(1)
    return forward, backward
