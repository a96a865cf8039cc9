"""Speed, measured: always as a ratio to a rival that does the same work in the same run."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from rich.console import Console

from snn_explorer.engine import ParameterError

SUITES = ("superspike", "bats", "live")
"""Names that ``snn-explorer bench`` knows, each a module of this package."""


def load_benchmark_suite(name: str) -> Callable[[Console], dict[str, Any]]:
    """Function that measures a suite, prints its table on a console and gives its figures back.

    Raises
    ------
    ParameterError
        If there is no suite of that name.
    """
    if name not in SUITES:
        raise ParameterError(f"There is no benchmark {name!r}; there are: {', '.join(SUITES)}.")
    return import_module(f"{__name__}.{name}").measure
