"""Inner loops of BATS, one module per backend, and the registry that chooses between them."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from snn_explorer.engine import ParameterError
from snn_explorer.kernels.bats.interface import Backend

BACKENDS = {"reference": "reference", "closed_form": "closed_form", "numba": "cpu"}
"""Backends by name, and the module that holds each."""


def load_backend(name: str = "auto") -> Backend:
    """Backend of that name.

    Parameters
    ----------
    name : str
        A name from `BACKENDS`, or ``"auto"`` for the fastest that this machine has.

    Raises
    ------
    ParameterError
        If there is no such backend.
    """
    name = "numba" if name == "auto" else name
    if name not in BACKENDS:
        raise ParameterError(f"The backend is {name!r}; allowed are: auto, {', '.join(BACKENDS)}.")
    return cast(Backend, import_module(f"{__name__}.{BACKENDS[name]}"))
