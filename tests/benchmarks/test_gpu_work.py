"""The work that kernels are said to do, against what the real kernels load and store in Triton's interpreter."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from snn_explorer.bats import BatsParameters
from snn_explorer.bats import Network as BatsNetwork
from snn_explorer.benchmarks.bats_network import random_samples
from snn_explorer.benchmarks.gpu_work import PRODUCTS, batch_work, ensemble_work, product_operations
from snn_explorer.kernels.superspike.carry import CARRY_STEPS
from snn_explorer.kernels.superspike.interface import LayerSize
from snn_explorer.superspike import Network, SuperSpikeParameters
from snn_explorer.tasks import SpikeTrains, Task
from tests.benchmarks.traffic import Traffic
from tests.kernels.backends import HAS_GPU

pytestmark = pytest.mark.skipif(HAS_GPU, reason="There is a real GPU, on which the interpreter is not in use.")

SCANS = ("integrate", "filter_errors", "credit")


def tiny_ensemble(n_steps: int, rho: float) -> Network:
    """Two networks 3-5-2."""
    inputs = SpikeTrains(torch.arange(0, 24, 2).numpy(), (torch.arange(12) % 3).numpy(), 3)
    targets = SpikeTrains(torch.tensor([10, 20]).numpy(), torch.tensor([0, 1]).numpy(), 2)
    values: dict[str, Any] = {"n_hidden": 5, "weight_scale": 0.5, "burn_in": 0.0, "rho": rho}
    return Network(
        Task("tiny", "Tiny", inputs, targets, n_steps), SuperSpikeParameters(**values), [{"seed": 1}, {"seed": 2}],
        backend="triton", update_interval=n_steps * 1e-4,
    )  # fmt: skip


@pytest.mark.parametrize("rho", [0.0, 1.0])
def test_the_scans_of_a_longer_chunk_move_as_many_more_bytes(rho: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not grow with the number of steps, constants and state of each neuron, is not in the difference."""
    found, claimed = [], []
    for n_steps, n_carry in ((30, 50), (40, 75)):
        monkeypatch.setitem(CARRY_STEPS, torch.float32, n_carry)
        network = tiny_ensemble(n_steps, rho)
        with pytest.MonkeyPatch.context() as patch:
            traffic = Traffic(patch)
            network.advance()
        found.append(traffic.by_kernel)
        claimed.append(ensemble_work(network))
    for scan in SCANS:
        assert found[1][scan] - found[0][scan] == claimed[1][scan] - claimed[0][scan] > 0
        # little is left out: at most 16 numbers of each of the 14 neurons, and 5 constants of each program
        assert 0 < found[0][scan] - claimed[0][scan] <= 4 * (16 * 14 + 2 * 5)


def test_products_are_those_of_three_full_matrices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted one product of two numbers after the other, for two networks 3-5-2."""
    monkeypatch.setitem(CARRY_STEPS, torch.float32, 50)
    network, expected = tiny_ensemble(30, 0.0), 0
    network.advance()
    for n_pre, n_post in ((3, 5), (5, 2)):
        shapes = [(30, n_pre, n_post), (30, 2, n_post), (n_pre, 80, n_post)]
        expected += sum(2 * 2 * rows * inner * columns for rows, inner, columns in shapes)
    assert ensemble_work(network)[PRODUCTS] == expected
    sizes = [LayerSize(n, 3, 5, 30) for n in (1, 7)]
    assert 7 * product_operations(sizes[0], 50, 2) == product_operations(sizes[1], 50, 2)


def test_a_batch_moves_a_row_for_each_event(monkeypatch: pytest.MonkeyPatch) -> None:
    values: dict[str, Any] = {"hidden": (70,), "n_max": (3, 3), "theta": (0.05, 0.1), "batch_size": 4, "validation": 0}
    network = BatsNetwork(random_samples(30, 12, 8), BatsParameters(**values), backend="triton")
    traffic = Traffic(monkeypatch)
    network.advance()
    work, moved = batch_work(network), traffic.by_argument
    assert moved["forward_tile", "weight_ptr"] == work["forward_tile"]
    backward = moved["backward_tile", "change_ptr"] + moved["backward_tile", "feedback_ptr"]
    assert backward == work["backward_tile"] + 4 * 10 * 4  # the row of a sample's first event is read twice
    collected = moved["collect_tile", "change_ptr"] + moved["collect_tile", "gradient_ptr"]
    assert collected == work["collect_tile"]
    assert all(int(layer.count.sum()) > 20 for layer in network.spikes[:2])
