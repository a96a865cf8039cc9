"""Speed, measured: always as a ratio to a rival that does the same work in the same run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import torch
from rich.console import Console

from snn_explorer.devices import CPU
from snn_explorer.engine import ParameterError

SUITES = {
    "cpu": {"superspike": "superspike.measure", "bats": "bats.measure", "live": "live.measure"},
    "cuda": {"superspike": "gpu.measure_superspike", "bats": "gpu.measure_bats"},
}
"""Names that ``snn-explorer bench`` knows for each kind of device, and the functions of this package that measure."""


def load_benchmark_suite(name: str, device: torch.device = CPU) -> Callable[[Console], dict[str, Any]]:
    """Function that measures a suite, prints its table on a console and gives its figures back.

    Raises
    ------
    ParameterError
        If there is no suite of that name for the device.
    """
    suites = SUITES[device.type]
    if name not in suites:
        raise ParameterError(f"There is no benchmark {name!r} on {device}; there are: {', '.join(suites)}.")
    module, function = suites[name].split(".")
    measure = getattr(import_module(f"{__name__}.{module}"), function)
    return measure if device == CPU else partial(measure, device=device)
