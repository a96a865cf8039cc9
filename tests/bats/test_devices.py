"""A network on a GPU leaves nothing on the processor, seen with a GPU that is only pretended."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from snn_explorer.bats.losses import SpikeTimeLoss
from snn_explorer.bats.spikes import Spikes
from snn_explorer.kernels.bats import load_backend
from snn_explorer.kernels.bats.interface import Events
from snn_explorer.kernels.bats.receptive_fields import Windows, collected
from snn_explorer.tasks.samples import Samples, Split
from tests.bats.tiny import network, separable
from tests.kernels.backends import HAS_GPU
from tests.kernels.bats_cases import Case
from tests.kernels.pretended_gpu import CPU, GPU, PretendedGpu

KINDS: dict[str, dict[str, Any]] = {
    "regulariser, uniform feedback": {"rho": 0.1, "rate_limit": 1.0, "feedback": "uniform"},
    "first spike, push": {"loss": "first_spike", "n_max": (1, 1), "init": (0.0, 1.0), "dead_output_push": 0.1},
    "moved images, random feedback, sgd": {"shift": 1, "feedback": "random", "optimiser": "sgd"},
    "convolutions": {"convolutions": "P1-2C2", "n_max": (1, 6, 8), "theta": (0.005, 0.005, 0.06)},
    "deformed images": {"elastic_strength": 3.0, "elastic_width": 1.0},
}
pretended = pytest.mark.skipif(HAS_GPU, reason="there is a real one")


def images() -> Samples:
    """Samples on the processor, which a sum with what was made there says."""
    samples, zero = separable(12, 6), torch.zeros(1, dtype=torch.int64)
    train, test = (Split(part.inputs + zero, part.labels + zero) for part in (samples.train, samples.test))
    return Samples("images", "Images", 6, 2, train, test, "pixels", image_shape=(2, 3))


@pretended
@pytest.mark.parametrize("kind", KINDS)
def test_no_operation_mixes_devices(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    options = {**KINDS[kind], "batch_size": 5, "validation": 0.25}
    with PretendedGpu():
        net = network(images(), backend="auto", device=torch.device("cuda"), **options)
        net.advance()
        saved = net.state_dict()
        assert {weight.device for weight in saved["weights"].values()} == {CPU}
        net.load_state_dict(saved)
        net.advance()
        assert net.backend == "triton"
        assert {layer.weight.device for layer in net.layers} == {layer.time.device for layer in net.spikes} == {GPU}
        assert net.evaluate(net.validation, until=0.1).spikes_per_sample[0] > 0
        assert all(
            0 <= silent <= 8 for silent in (*net.n_silent, *net.n_saturated, int(net.spikes[0].n_saturated.sum()))
        )
        outputs = Spikes.of(net.spikes[-1].events, 2)
        losses = SpikeTimeLoss(0.01, 0.2, nth=2)(outputs, outputs.time.new_full((len(outputs), 2), 0.1))
        assert losses.device == GPU == net.spikes[0].n_saturated.device


@pretended
def test_no_operation_of_the_backward_pass_mixes_devices() -> None:
    """Which the automatic differentiation calls out of sight."""
    gpu, case = torch.device("cuda"), Case(n_samples=2, n_events=8)
    backend = load_backend("triton", gpu)
    with PretendedGpu():
        events = Events(*(tensor.to(gpu) for tensor in case.events))
        weight = case.weight.to(gpu)
        fired = backend.forward(events, weight, case.constants)
        error = torch.zeros_like(fired.events.time)
        found = backend.backward(fired, events, weight, weight, error, wants_time=True)
        assert found.time is not None
        assert (found.weight.device, found.time.device) == (GPU, GPU)
        fields = backend.fields(events, Windows((3, 2, 2), 2, padding=1))
        assert {tensor.device for tensor in (*fields.events, fields.place)} == {GPU}
        assert collected(fields.place, torch.zeros_like(fields.events.time)).device == GPU


@pretended
def test_a_mix_is_noticed() -> None:
    with PretendedGpu():
        here, there = torch.ones(2), torch.ones(2, device=torch.device("cuda"))
        assert (here.device, there.device, (2 * there)[1:].device) == (CPU, GPU, GPU)
        assert torch.equal(here, there.to(CPU))
        with pytest.raises(AssertionError, match="add is given tensors of"):
            here + there
