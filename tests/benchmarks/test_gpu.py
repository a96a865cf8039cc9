"""The comparison of a GPU with the processor, on networks of known speed."""

from __future__ import annotations

import pytest
import torch

from snn_explorer.benchmarks import gpu, stopwatch
from snn_explorer.benchmarks.bats_network import random_samples
from snn_explorer.devices import CPU
from snn_explorer.tasks import simple_pattern


class Clockwork:
    """A network that takes a known time for each chunk, on a clock of its own; the first is slow, as if compiled."""

    now = 0.0

    def __init__(self, device: torch.device, seconds: float) -> None:
        self.device, self.seconds, self.done = device, seconds, 0

    def advance(self) -> None:
        Clockwork.now += self.seconds + (30 if self.done == 0 else 0)
        self.done += 1


def test_work_per_second_and_its_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    """2000 networks in 4 ms on the GPU, 200 in 50 ms on the processor, chunks of 0.5 s."""
    networks: list[Clockwork] = []

    def make(device: torch.device) -> Clockwork:
        networks.append(Clockwork(device, 50e-3 if device == CPU else 4e-3))
        return networks[-1]

    monkeypatch.setattr(stopwatch.time, "perf_counter", lambda: Clockwork.now)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda device: None)
    row = gpu.compare(gpu.Case("some", make, 2000 * 0.5, 10_000, 200 * 0.5), torch.device("cuda:0"))
    assert row["gpu"] == pytest.approx(1000 / 4e-3)
    assert row["processor"] == pytest.approx(100 / 50e-3)
    assert row["ratio"] == pytest.approx(125)
    assert [n.done - gpu.SETTLE - 5 for n in networks] == [gpu.ROUNDS * n for n in (250, 20)]


@pytest.mark.parametrize(
    ("ratios", "expected"),
    [
        ({5: 0.1, 356: 2.0, 100: 0.9, 7120: 30.0}, 356),
        ({5: 0.1, 356: 2.0, 1000: 0.9, 7120: 30.0}, 7120),
        ({5: 1.1, 356: 2.0}, 5),
        ({5: 2.0, 356: 1.0}, None),
        ({}, None),
    ],
)
def test_the_crossover_is_where_the_gpu_begins_to_win_for_good(ratios: dict[int, float], expected: int | None) -> None:
    assert gpu.crossover([{"neurons": n, "ratio": ratio} for n, ratio in ratios.items()]) == expected


def test_neurons_are_counted_over_networks_and_samples() -> None:
    samples = random_samples(30, 12, 8)
    assert gpu.ensemble_case("some", simple_pattern(), 4, 20).neurons == 20 * (4 + 1)
    assert gpu.training_case(samples, 70, 6).neurons == 6 * (70 + samples.n_classes)
