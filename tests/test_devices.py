"""Where to compute, and which backend that means."""

from __future__ import annotations

import pytest
import torch

from snn_explorer.devices import VARIABLE, choose_device
from snn_explorer.engine import ParameterError
from snn_explorer.kernels import backend_module

PACKAGE, BACKENDS = "snn_explorer.kernels.superspike", {"numba": "cpu", "reference": "reference"}


def test_the_processor_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert choose_device() == torch.device("cpu")
    monkeypatch.setenv(VARIABLE, "")
    assert choose_device() == torch.device("cpu")


def test_what_is_said_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "tpu")
    assert choose_device("cpu") == torch.device("cpu")
    with pytest.raises(ParameterError, match=f"{VARIABLE} is 'tpu'; allowed are: cpu, cuda"):
        choose_device()


@pytest.mark.parametrize("device", ["meta", "tpu", "gpu", "cuda:-1"])
def test_other_devices_are_refused(device: str) -> None:
    with pytest.raises(ParameterError, match=f"The device is '{device}'; allowed are: cpu, cuda"):
        choose_device(device)


def test_a_gpu_that_is_not_there_is_named_with_what_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert choose_device("cuda:1") == torch.device("cuda:1")
    with pytest.raises(ParameterError, match=r"'cuda:2'.* finds 2 GPUs .*allowed is: cpu, cuda:0, cuda:1"):
        choose_device("cuda:2")


def test_a_backend_must_fit_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """Triton computes on the processor in its interpreter only."""
    with pytest.raises(ParameterError, match="'numba' computes on the device 'cpu'; the device is 'cuda'"):
        backend_module(PACKAGE, BACKENDS, "numba", torch.device("cuda"))
    monkeypatch.delenv("TRITON_INTERPRET", raising=False)
    with pytest.raises(ParameterError, match="'triton' computes on the device 'cuda'; the device is 'cpu'"):
        backend_module(PACKAGE, BACKENDS | {"triton": "gpu"}, "triton")
    assert backend_module(PACKAGE, BACKENDS, "auto").__name__ == f"{PACKAGE}.cpu"
