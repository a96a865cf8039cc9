"""Floor 0: the few inner loops of each learning system, and the only place that knows numba or Triton."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import ModuleType

from snn_explorer.engine import ParameterError


def backend_module(package: str, backends: Mapping[str, str], name: str) -> ModuleType:
    """Module of one learning system's backend.

    Parameters
    ----------
    package : str
        Where its modules are.
    backends : mapping of str to str
        Module of each backend.
    name : str
        A name from `backends`, or ``"auto"`` for the fastest that this machine has.

    Raises
    ------
    ParameterError
        If there is no such backend.
    """
    chosen = "numba" if name == "auto" else name
    if chosen not in backends:
        raise ParameterError(f"The backend is {name!r}; allowed are: auto, {', '.join(backends)}.")
    return import_module(f"{package}.{backends[chosen]}")
