"""Wall time of work that is left to a GPU, on a clock of its own."""

from __future__ import annotations

import pytest
import torch

from snn_explorer.benchmarks import stopwatch
from snn_explorer.devices import CPU


@pytest.mark.parametrize(("device", "expected"), [(torch.device("cuda:0"), 4 * (0.5 + 3.0)), (CPU, 4 * 0.5)])
def test_the_gpus_own_work_counts_and_what_was_left_before_does_not(
    device: torch.device, expected: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host takes 0.5 s to ask for 3 s of work; 100 s of work are still to be done at the start."""
    now, waiting = [0.0], [100.0]

    def ask() -> None:
        now[0] += 0.5
        waiting[0] += 3.0

    def synchronize(device: torch.device) -> None:
        now[0] += waiting[0]
        waiting[0] = 0.0

    monkeypatch.setattr(stopwatch.time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(torch.cuda, "synchronize", synchronize)
    assert stopwatch.wall(ask, 4, device) == pytest.approx(expected)
