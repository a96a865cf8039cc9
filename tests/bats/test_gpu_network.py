"""A network on the GPU backend learns as on the processor, goes on to the same bits, and moves between devices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from snn_explorer.bats.network import Network
from snn_explorer.engine import ParameterError, Watch
from tests.bats.tiny import network, separable
from tests.kernels.backends import device_of

SMALL: dict[str, Any] = {"batch_size": 6, "validation": 0.2}
KINDS: dict[str, dict[str, Any]] = {
    "count": {"rho": 0.1, "rate_limit": 1.0},
    "first spike": {"loss": "first_spike", "n_max": (1, 1), "init": (0.0, 1.0), "dead_output_push": 0.1},
    "random feedback": {"feedback": "random"},
}


def on_gpu(**options: Any) -> Network:
    return network(separable(30, 10), backend="triton", device=device_of("triton"), **{**SMALL, **options})


def learned(net: Network, n_batches: int = 2) -> list[torch.Tensor]:
    """Weights after some batches, on the processor."""
    for _ in range(n_batches):
        net.advance()
    return [layer.weight.detach().cpu() for layer in net.layers]


@pytest.mark.parametrize("kind", KINDS)
def test_both_devices_learn_the_same(kind: str) -> None:
    net, expected = on_gpu(**KINDS[kind]), network(separable(30, 10), backend="numba", **{**SMALL, **KINDS[kind]})
    for one, other in zip(learned(net), learned(expected), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-12)
    for one, other in zip(net.spikes, expected.spikes, strict=True):
        assert torch.equal(one.per_neuron.cpu(), other.per_neuron)
    assert net.progress == pytest.approx(expected.progress, rel=1e-9)
    one, other = (each.evaluate(each.validation) for each in (net, expected))
    assert one == replace(other, loss=pytest.approx(other.loss))


def test_a_saved_network_goes_on_to_the_same_bits() -> None:
    net, other = on_gpu(dtype=torch.float32), on_gpu(dtype=torch.float32, seed=1)
    net.advance()
    state = net.state_dict()
    weights = learned(net)
    other.load_state_dict(state)
    assert all(torch.equal(a, b) for a, b in zip(learned(other), weights, strict=True))
    assert net.progress == other.progress


def test_what_one_device_saved_another_takes_up() -> None:
    net, other = on_gpu(), network(separable(30, 10), backend="numba", **SMALL)
    other.advance()
    net.load_state_dict(other.state_dict())
    assert (net.batches, net.progress) == (1, other.progress)
    for one, expected in zip(learned(net), learned(other), strict=True):
        torch.testing.assert_close(one, expected, rtol=1e-9, atol=1e-12)


def test_a_network_says_where_and_how_it_computes() -> None:
    net = network(backend="auto")
    assert (net.device, net.backend) == (torch.device("cpu"), "numba")
    assert on_gpu().backend == "triton"
    with pytest.raises(ParameterError, match="The device is 'meta'; allowed are: cpu, cuda"):
        network(device=torch.device("meta"))


def test_both_devices_show_the_same() -> None:
    net, expected = on_gpu(feedback="random"), network(separable(30, 10), backend="numba", **SMALL, feedback="random")
    watch = Watch(output=(0, 1), sample=5, window=(0.0, 0.1))
    one, other = (each.frame(watch) for each in (net, expected))
    assert one.numbers == pytest.approx(other.numbers, rel=1e-9, nan_ok=True)
    assert len(one.rasters["hidden"].time) > 3
    for name, trace in other.traces.items():
        np.testing.assert_allclose(one.traces[name], trace, rtol=1e-6, atol=1e-9, err_msg=name)
    for name, matrix in other.matrices.items():
        np.testing.assert_array_equal(one.matrices[name], matrix)
