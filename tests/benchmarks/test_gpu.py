"""The comparison of a GPU with the processor, on networks of known speed."""

from __future__ import annotations

import pytest
import torch

from snn_explorer.benchmarks import gpu
from snn_explorer.devices import CPU


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

    monkeypatch.setattr(gpu.time, "perf_counter", lambda: Clockwork.now)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda device: None)
    row = gpu.compare(gpu.Case("some", make, 2000 * 0.5, 200 * 0.5), torch.device("cuda:0"))
    assert row["gpu"] == pytest.approx(1000 / 4e-3)
    assert row["processor"] == pytest.approx(100 / 50e-3)
    assert row["ratio"] == pytest.approx(125)
    assert [n.done - gpu.SETTLE - 5 for n in networks] == [gpu.ROUNDS * n for n in (250, 20)]
