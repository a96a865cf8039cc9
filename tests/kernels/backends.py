"""How tests run a backend: Triton on a GPU where there is one, elsewhere in its interpreter, at smaller sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from snn_explorer.kernels.superspike import layer_factory
from snn_explorer.kernels.superspike.events import Events
from snn_explorer.kernels.superspike.interface import Layer, LayerConstants, LayerSize, Learned, SpikeBudget, Variant

HAS_GPU = torch.cuda.is_available()


def device_of(backend: str) -> torch.device:
    """Where a backend computes in the tests."""
    return torch.device("cuda" if backend == "triton" and HAS_GPU else "cpu")


def is_interpreted(backend: str) -> bool:
    """Whether a backend is so slow here, about 2 ms for each step, that it needs small tests."""
    return backend == "triton" and not HAS_GPU


class HostLayer:
    """A SuperSpike layer on some device that is given tensors of the host and gives such."""

    def __init__(self, backend: str, size: LayerSize, constants: LayerConstants, dtype: torch.dtype) -> None:
        self.device, self.dtype = device_of(backend), dtype
        self.layer: Layer = layer_factory(backend, self.device)(size, constants, dtype)
        self.size, self.constants, self.presynaptic = size, constants, Events.empty()

    def integrate(self, spikes: Events, weights: Tensor, budget: SpikeBudget | None = None) -> Events:
        return self.layer.integrate(spikes, weights.to(self.device, self.dtype), budget)

    def learn(self, errors: Events, feedback: Tensor, steepness: Tensor, variant: Variant) -> Learned:
        taught = self.layer.learn(errors, feedback.to(self.device), steepness.to(self.device), variant)
        return Learned(*(None if part is None else part.cpu() for part in taught))  # type: ignore[arg-type]

    def voltage(self, network: int, neurons: Sequence[int], n_before: int = 0) -> Tensor:
        return self.layer.voltage(network, neurons, n_before)

    def error(self, network: int, neurons: Sequence[int]) -> Tensor:
        return self.layer.error(network, neurons)

    def state_dict(self) -> dict[str, Tensor]:
        return {name: value.cpu() for name, value in self.layer.state_dict().items()}

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        self.layer.load_state_dict(state)
