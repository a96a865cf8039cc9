"""An ensemble on a pretended GPU: nothing is left on the host by mistake, and the host does not wait for the device."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.utils._pytree import tree_map_only

from snn_explorer.engine import Watch
from snn_explorer.kernels.superspike.carry import CARRY_STEPS
from snn_explorer.superspike import Network, SuperSpikeParameters
from snn_explorer.tasks import SpikeTrains, Task
from tests.kernels.backends import HAS_GPU
from tests.kernels.pretended_gpu import GPU, PretendedGpu

pytestmark = pytest.mark.skipif(HAS_GPU, reason="There is a real GPU, on which the interpreter is not in use.")

CHUNK_STEPS = 40
VALUES: dict[str, Any] = {"weight_scale": 0.5, "burn_in": 0.0, "feedback": "random", "rho": 1.0}


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> Iterator[PretendedGpu]:
    monkeypatch.setitem(CARRY_STEPS, torch.float32, 2 * CHUNK_STEPS)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with PretendedGpu() as gpu:
        monkeypatch.setattr(torch.cuda, "Event", gpu.event)
        monkeypatch.setattr(torch.cuda, "current_stream", lambda device: None)
        yield gpu


def two_chunks_long() -> Task:
    step, neuron = np.random.default_rng(0).choice(2 * CHUNK_STEPS, 60, replace=False), np.arange(60) % 20
    step.sort()
    targets = SpikeTrains(np.array([30, 60]), np.array([0, 1]), 2)
    return Task("short", "Two chunks long", SpikeTrains(step, neuron, 20), targets, 2 * CHUNK_STEPS)


def ensemble(device: str, backend: str = "auto") -> Network:
    return Network(
        two_chunks_long(), SuperSpikeParameters(**VALUES), [{"seed": 1}, {"seed": 2}], backend=backend, device=device,
        update_interval=CHUNK_STEPS * 1e-4,
    )  # fmt: skip


def test_the_host_waits_for_nothing_but_the_chunk_before(pretended: PretendedGpu) -> None:
    """Which is done by then. The pattern is copied in its first two chunks, and never again."""
    network, alone = ensemble("cuda"), ensemble("cpu", "triton")
    for _ in range(4):
        pretended.waits.clear()
        network.advance()
        alone.advance()
    # each layer records an event in each chunk, and waits for the one of the third in the fourth
    assert pretended.waits == ["4", "5"]
    assert network.cost.device == network.output.weights.device == GPU
    torch.testing.assert_close(network.cost.cpu(), alone.cost)
    torch.testing.assert_close(network.output.weights.cpu(), alone.output.weights)
    assert len(alone.spikes["output"]) > 0


def test_a_state_goes_from_one_device_to_the_other(pretended: PretendedGpu) -> None:
    network, other = ensemble("cuda"), ensemble("cpu", "triton")
    network.advance()
    other.load_state_dict(tree_map_only(Tensor, Tensor.cpu, network.state_dict()))
    network.load_state_dict(other.state_dict())
    network.advance()
    other.advance()
    torch.testing.assert_close(network.output.weights.cpu(), other.output.weights)
    frames = [each.frame(Watch(network=1)) for each in (network, other)]
    assert frames[0].numbers == pytest.approx(frames[1].numbers, nan_ok=True)
    for name, trace in frames[1].traces.items():
        np.testing.assert_allclose(frames[0].traces[name], trace, rtol=1e-5, atol=1e-9)
