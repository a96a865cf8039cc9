"""Memory of a BATS training step: what the process grows by, and what is kept between forward and backward.

Growth is the peak of resident memory over the first steps of training, less the resident memory just before them, in a
fresh process that has learned one step with a network of few neurons, so that all code is loaded. It covers
gradients, Adam's two moments, events, records and all that is needed meanwhile.
"""

from __future__ import annotations

import ctypes
import gc
from concurrent.futures import ProcessPoolExecutor
from dataclasses import is_dataclass
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor

from snn_explorer.bats import BatsParameters, Network, Spikes
from snn_explorer.benchmarks.bats_network import (
    Contestant,
    EventBased,
    batch,
    benchmark_samples,
    convolutional,
    parameters,
)  # fmt: skip
from snn_explorer.benchmarks.bats_rivals import ClockBased, installed_rivals
from snn_explorer.tasks import Samples

STEPS = 10
"""Training steps whose peak counts."""

NETWORKS: Final = {
    "784-800-10, batch 50": (parameters, lambda: parameters(1)),
    "15C5-P2-40C5-P2-300-10, batch 20": (convolutional, lambda: convolutional("1C5-P2-1C5-P2", 1)),
}
"""What is trained, and a network of few neurons with the same parts."""

_STATUS, _RESET_PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def measure_memory(console: Console) -> dict[str, Any]:
    """Measure each contestant in a process of its own, print a table and give the figures back."""
    rows = []
    for network, name in product(NETWORKS, [EventBased.name, *installed_rivals()]) if _RESET_PEAK.exists() else ():
        with console.status(f"Memory of training {network} with {name}"), _fresh_process() as process:
            growth = process.submit(_growth, name, network).result()
        rows.append({"network": network, "program": name, "growth_mb": growth})
    samples = benchmark_samples()
    network = EventBased(samples, parameters()).network
    kept = kept_bytes(network, batch(samples, 0, network.parameters)[0]) / 1e6
    weights = sum(layer.weight.nbytes for layer in network.layers) / 1e6
    table = Table("network", "program", "growth over 10 training steps [MB]", title="Memory of training, one core")
    for row in rows:
        table.add_row(row["network"], row["program"], f"{row['growth_mb']:.1f}")
    console.print(table)
    console.print(
        f"784-800-10: {EventBased.name} keeps {kept:.1f} MB of events and records between forward and backward; its "
        f"weights take {weights:.1f} MB, and gradients and Adam's moments three times that."
    )
    if not rows:
        console.print("Growth is not measured here: it is read from /proc, which Linux has.")
    return {"growth": rows, "kept_mb": kept, "weights_mb": weights}


def kept_bytes(network: Network, spikes: Spikes) -> int:
    """Bytes of all events and records of one forward pass, the input's among them."""
    events = spikes.events
    kept: list[Any] = [events]
    for layer in network.layers:
        fired = layer.backend.forward(events, layer.weight.detach(), layer.constants)
        kept.append(fired)
        events = fired.events
    return _bytes_of(kept)


def _bytes_of(value: Any) -> int:
    """Bytes of all arrays in nested tuples, lists and dataclasses."""
    if isinstance(value, Tensor | np.ndarray):
        return value.nbytes
    if is_dataclass(value):
        return _bytes_of(list(vars(value).values()))
    return sum(map(_bytes_of, value)) if isinstance(value, tuple | list) else 0


def _fresh_process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def _growth(name: str, network: str) -> float:
    """Growth [MB] of this process; see the module."""
    full, small = NETWORKS[network]
    torch.set_num_threads(1)
    samples = benchmark_samples()
    _contestant(name, samples, small()).learn()
    contestant = _contestant(name, samples, full())
    gc.collect()
    # without this, the steps would refill what the allocator kept of the preparations, and not grow at all
    ctypes.CDLL(None).malloc_trim(0)
    _RESET_PEAK.write_text("5")
    before = _status("VmRSS")
    for _ in range(STEPS):
        contestant.learn()
    return (_status("VmHWM") - before) / 1e6


def _contestant(name: str, samples: Samples, values: BatsParameters) -> Contestant:
    own = EventBased(samples, values)
    return own if name == own.name else ClockBased(name, own.network, samples)


def _status(field: str) -> int:
    """A size from the kernel's table of this process [bytes]."""
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(f"{field}:"))
    return int(line.split()[1]) * 1024
