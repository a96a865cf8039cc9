"""Inner loops of SuperSpike, one module per backend, and the registry that chooses between them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch

from snn_explorer.devices import CPU
from snn_explorer.kernels import backend_module, chosen_backend
from snn_explorer.kernels.superspike.events import Events
from snn_explorer.kernels.superspike.interface import Layer, LayerConstants, LayerSize, SpikeBudget, Variant

BACKENDS = {"reference": "reference", "numba": "cpu", "triton": "gpu"}
"""Backends by name, and the module that holds each."""

LayerFactory = Callable[[LayerSize, LayerConstants, torch.dtype], Layer]


def layer_factory(backend: str = "auto", device: torch.device = CPU) -> LayerFactory:
    """What makes a layer on a backend and device, see `snn_explorer.kernels.backend_module`."""
    module = backend_module(__name__, BACKENDS, backend, device)
    return partial(module.Layer, device=device) if chosen_backend(backend, device) == "triton" else module.Layer


def compile_kernels() -> None:
    """Compile (or load from disk) the numba loops for float32, so that no later call waits for them."""
    size = LayerSize(n_networks=1, n_pre=1, n_post=1, n_steps=20)
    constants = LayerConstants(
        leak=0.0, current_decay=0.0, rest=0.0, threshold=1.0, refractory_steps=1, rise_decay=0.0, rise_gain=0.0,
        decay_gain=0.0, rate_decay=0.0, axonal_delay=1, error_delay=0,
    )  # fmt: skip
    layer = layer_factory("numba")(size, constants, torch.float32)
    nothing = Events.empty()
    for budget in (None, SpikeBudget(1, nothing)):
        layer.integrate(nothing, torch.zeros(1, 1, 1), budget)
    layer.learn(nothing, torch.zeros(1, 1, 1), torch.zeros(1), Variant(exponent=4))
