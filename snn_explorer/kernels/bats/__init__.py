"""Inner loops of BATS, one module per backend, and the registry that chooses between them."""

from __future__ import annotations

from typing import cast

import torch

from snn_explorer.devices import CPU
from snn_explorer.kernels import backend_module
from snn_explorer.kernels.bats.interface import Backend

BACKENDS = {"reference": "reference", "closed_form": "closed_form", "numba": "cpu", "triton": "gpu"}
"""Backends by name, and the module that holds each."""


def load_backend(name: str = "auto", device: torch.device = CPU) -> Backend:
    """Backend of that name for a device, see `snn_explorer.kernels.backend_module`."""
    return cast(Backend, backend_module(__name__, BACKENDS, name, device))
