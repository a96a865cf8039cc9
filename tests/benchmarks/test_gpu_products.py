"""Both ways through the synapses are the same sums."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from snn_explorer.benchmarks import gpu_products
from snn_explorer.benchmarks.gpu_products import Crossing, by_events, by_products, check_agreement
from snn_explorer.devices import CPU


@pytest.fixture
def crossing() -> Crossing:
    return Crossing.random(3, 40, 6, 4, density=0.1, dtype=torch.float64, device=CPU)


@pytest.mark.parametrize("way", [by_products, by_events])
def test_each_spike_brings_its_row_and_takes_its_credit(way, crossing: Crossing) -> None:
    drive, m = torch.zeros_like(crossing.credit), torch.zeros_like(crossing.weights)
    spikes = [(r, t, j) for r in range(3) for t in range(40) for j in range(6) if crossing.spikes[r, t, j]]
    assert 40 < len(spikes) < 110
    for r, t, j in spikes:
        drive[r, t] += crossing.weights[r, j]
        m[r, j] += crossing.credit[r, t]
    found = way(crossing)
    torch.testing.assert_close(found[0], drive, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(found[1], m, rtol=1e-12, atol=1e-12)


def test_without_spikes_nothing_crosses(crossing: Crossing) -> None:
    silent = dataclasses.replace(crossing, spikes=torch.zeros_like(crossing.spikes))
    for way in (by_products, by_events):
        assert all(float(part.abs().max()) == 0 for part in way(silent))


@pytest.mark.parametrize("name", ["drive", "m"])
def test_disagreement_is_an_error(name: str, crossing: Crossing, monkeypatch: pytest.MonkeyPatch) -> None:
    check_agreement(crossing)

    def shifted(crossing: Crossing) -> tuple[torch.Tensor, torch.Tensor]:
        """Reads the step after in one of the two."""
        drive, m = by_events(crossing)
        return (drive.roll(1, 1), m) if name == "drive" else (drive, m.roll(1, 1))

    monkeypatch.setattr(gpu_products, "by_events", shifted)
    with pytest.raises(RuntimeError, match=f"of the largest {name}"):
        check_agreement(crossing)


def test_times_are_those_of_one_call_and_the_ratio_is_products_to_events(
    crossing: Crossing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A product takes 4 ms on a clock of its own, and events 10 ms."""
    calls = {4e-3: 0, 10e-3: 0}

    def wall(work, n: int, device: torch.device) -> float:
        (seconds, _) = work()
        calls[seconds] += n
        return n * seconds

    monkeypatch.setattr(gpu_products, "wall", wall)
    monkeypatch.setattr(gpu_products, "by_products", lambda crossing: (4e-3, None))
    monkeypatch.setattr(gpu_products, "by_events", lambda crossing: (10e-3, None))
    row = gpu_products.compare(crossing)
    assert row == pytest.approx({"dense_ms": 4, "events_ms": 10, "ratio": 0.4})
    assert [n - 6 for n in calls.values()] == [gpu_products.ROUNDS * n for n in (50, 20)]
