"""Floor 0: the few inner loops of each learning system, and the only place that knows numba or Triton."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType

import torch

from snn_explorer.devices import CPU
from snn_explorer.engine import ParameterError

FASTEST = {"cpu": "numba", "cuda": "triton"}
"""Backend of each kind of device that ``"auto"`` stands for."""

WARP = {"num_warps": 1, "enable_fp_fusion": True}
"""How all Triton kernels are compiled: a program is one warp; a product and a sum may be rounded once."""


def backend_module(package: str, backends: Mapping[str, str], name: str, device: torch.device = CPU) -> ModuleType:
    """Module of one learning system's backend.

    Parameters
    ----------
    package : str
        Where its modules are.
    backends : mapping of str to str
        Module of each backend.
    name : str
        A name from `backends`, or ``"auto"`` for the fastest on the device.
    device : torch.device
        Where it is to compute.

    Raises
    ------
    ParameterError
        If there is no such backend, or it does not compute on that device.
    """
    chosen = chosen_backend(name, device)
    if chosen not in backends:
        raise ParameterError(f"The backend is {name!r}; allowed are: auto, {', '.join(backends)}.")
    allowed = "cuda" if chosen == "triton" else "cpu"
    if device.type != allowed and not (chosen == "triton" and interpreted()):
        raise ParameterError(
            f"The backend {chosen!r} computes on the device {allowed!r}; the device is {device.type!r}."
        )
    try:
        return import_module(f"{package}.{backends[chosen]}")
    except ModuleNotFoundError as missing:
        if missing.name != "triton":
            raise
        raise ParameterError("The backend 'triton' needs the package triton: pip install triton") from None


def chosen_backend(name: str, device: torch.device = CPU) -> str:
    """Name of the backend that `name` stands for on a device."""
    return FASTEST[device.type] if name == "auto" else name


def interpreted() -> bool:
    """Whether Triton's kernels run in its interpreter, on the processor: for tests, and far too slow for all else."""
    return os.environ.get("TRITON_INTERPRET") == "1"
