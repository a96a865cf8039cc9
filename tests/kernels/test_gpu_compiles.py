"""Every Triton kernel compiles for real GPUs, in both precisions, and keeps its state in registers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from snn_explorer.kernels import WARP
from snn_explorer.kernels.bats import gpu
from snn_explorer.kernels.superspike import gpu_scans
from tests.kernels.gpu_compile import Kernel, Needs, compile_all

CAPABILITIES = (80, 90)
REGISTERS = {"fp32": 96, "fp64": 168}
"""Most registers of a thread: 20 and 12 warps run side by side on a multiprocessor, which has 65,536."""

BATS = "snn_explorer.kernels.bats.gpu_loops"
FIELDS = "snn_explorer.kernels.bats.gpu_fields"
WHOLE_NUMBERS = (
    "neuron_ptr", "count_ptr", "per_neuron_ptr", "interval_ptr", "start_ptr", "seen_ptr", "field_neuron_ptr",
)  # fmt: skip
FORWARD = (
    "time_ptr", "neuron_ptr", "count_ptr", "weight_ptr", "constants_ptr", "n_samples", "n_events", "n_post", "n_max",
    "room", "per_neuron_ptr", "spike_time_ptr", "y_ptr", "r_ptr", "interval_ptr",
)  # fmt: skip
BACKWARD = (
    "time_ptr", "neuron_ptr", "count_ptr", "feedback_ptr", "constants_ptr", "first_sample", "stop_sample", "n_samples",
    "n_fields", "n_events", "n_row", "n_post", "per_neuron_ptr", "start_ptr", "error_ptr", "y_ptr", "r_ptr",
    "interval_ptr", "change_ptr", "time_gradient_ptr",
)  # fmt: skip
LOOK = (
    "time_ptr", "neuron_ptr", "count_ptr", "n_events", "n_rows", "n_columns", "windows_down", "windows_across", "size",
    "stride", "padding", "n_row", "seen_ptr", "field_time_ptr", "field_neuron_ptr", "place_ptr",
)  # fmt: skip
COLLECT = ("begin_ptr", "row_ptr", "change_ptr", "n_post", "gradient_ptr")


def type_of(name: str, precision: str) -> str:
    if name in ("begin_ptr", "row_ptr", "place_ptr"):
        return "*i64"
    if name in WHOLE_NUMBERS:
        return "*i32"
    return f"*{precision}" if name.endswith("_ptr") else "i32"


def bats_kernels(precision: str) -> Iterator[Kernel]:
    """Of a wide layer, of one with ten neurons, and of one with a single neuron, whose number Triton puts in."""
    for n_post in (800, 10, 1):
        _, tile = gpu._tiles(50, n_post)
        width = tile["NEURONS"]
        shape = {"SAMPLES": tile["SAMPLES"], "NEURONS": width}
        known = {"n_post": 1} if n_post == 1 else {}
        kernels: list[tuple[str, tuple[str, ...], dict[str, Any]]] = [
            ("forward_tile", FORWARD, shape),
            ("backward_tile", BACKWARD, {"WANTS_TIME": n_post > 1, **shape}),
            ("collect_tile", COLLECT, {"ROWS": gpu.ROWS * gpu.LANES // width, "NEURONS": width}),
        ]
        for name, arguments, constants in kernels:
            types = {argument: type_of(argument, precision) for argument in arguments if argument not in known}
            for capability in CAPABILITIES:
                yield Kernel(BATS, name, types, {**constants, **known}, capability, WARP)


def look_kernels(precision: str) -> Iterator[Kernel]:
    """That of receptive fields, with a stride of 1, which Triton puts in."""
    types = {argument: type_of(argument, precision) for argument in LOOK if argument != "stride"}
    for writes in (False, True):
        for capability in CAPABILITIES:
            known = {"WRITES": writes, "EVENTS": gpu.LOOKED_AT, "stride": 1}
            yield Kernel(FIELDS, "look_tile", types, known, capability, WARP)


SUPERSPIKE = "snn_explorer.kernels.superspike.gpu_scans"
LANES = ("n_lanes", "n_post", "n_steps")
SCANS: list[tuple[str, tuple[str, ...], tuple[str, ...], list[dict[str, Any]]]] = [
    (
        "integrate",
        ("drive", "starts", "voltage", "spikes", "u_state", "current_state", "refractory_state", "n_made_state",
         "constants"),
        (*LANES, "n_before", "refractory_steps", "n_max"),
        [{"HAS_BUDGET": False}, {"HAS_BUDGET": True}],
    ),
    (
        "filter_errors",
        ("events", "own", "error", "rise_state", "error_state", "rate_state", "power", "activity", "constants"),
        LANES,
        [{"EXPONENT": -1, "ERROR_DEPENDENT": False}, {"EXPONENT": 4, "ERROR_DEPENDENT": True}],
    ),
    (
        "credit",
        ("q", "error", "voltage", "steepness", "constants"),
        (*LANES, "n_carry", "n_voltage"),
        [{"SURROGATE": surrogate} for surrogate in range(3)],
    ),
]  # fmt: skip
"""Name, arrays, whole numbers and options of each of SuperSpike's kernels."""


def superspike_kernels(precision: str) -> Iterator[Kernel]:
    """With every option that makes another kernel of them, and for a single neuron, whose number Triton puts in."""
    for name, arrays, numbers, options in SCANS:
        types = dict.fromkeys(arrays, f"*{precision}") | dict.fromkeys(numbers, "i32")
        types |= {array: "*i32" for array in ("refractory_state", "n_made_state") if array in types}
        types |= {"spikes": "*i8"} if "spikes" in types else {}
        for constants in [*options, {**options[-1], "n_post": 1}]:
            known = {**constants, "BLOCK": gpu_scans.BLOCK}
            left = {argument: kind for argument, kind in types.items() if argument not in known}
            for capability in CAPABILITIES:
                yield Kernel(SUPERSPIKE, name, left, known, capability, WARP)


def needs_of(kernels: list[Kernel], precision: str) -> list[Needs]:
    """What kernels need, all of whose state must be in registers."""
    found = compile_all(kernels)
    for kernel, needs in zip(kernels, found, strict=True):
        assert needs.spilled == 0, kernel
        assert needs.registers <= REGISTERS[precision], kernel
    return found


@pytest.mark.parametrize("precision", REGISTERS)
def test_superspike_kernels_compile_and_spill_nothing(precision: str) -> None:
    """Rows on their way to a program wait in shared memory, of which a multiprocessor has room for ten programs."""
    kernels = list(superspike_kernels(precision))
    for kernel, needs in zip(kernels, needs_of(kernels, precision), strict=True):
        assert 2048 < needs.shared <= 16384, kernel


@pytest.mark.parametrize("precision", REGISTERS)
def test_bats_kernels_compile_and_spill_nothing(precision: str) -> None:
    kernels = [*bats_kernels(precision), *look_kernels(precision)]
    for kernel, needs in zip(kernels, needs_of(kernels, precision), strict=True):
        assert needs.shared <= 2048, kernel
