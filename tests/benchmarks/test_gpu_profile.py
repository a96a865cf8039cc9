"""What is made of a profiler's lines: shares, calls and rates of kernels, on made-up lines and known limits."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from rich.console import Console
from torch._C._autograd import DeviceType
from torch.autograd.profiler_util import EventList, FunctionEvent
from torch.profiler import ProfilerActivity, profile

from snn_explorer.benchmarks import gpu_profile
from snn_explorer.benchmarks.gpu import Case
from snn_explorer.benchmarks.gpu_kernels import Limits, short_name, summarise
from snn_explorer.benchmarks.gpu_profile import device_entries
from snn_explorer.benchmarks.gpu_work import PRODUCTS

LIMITS = Limits(bytes=1e12, operations=2e13)
GEMM = "void cutlass::Kernel2<cutlass_80_simt_sgemm_128x64_8x5_nn_align1>(cutlass_80_simt_sgemm::Params)"
MULTIPLY = (
    "void at::native::vectorized_elementwise_kernel<4, at::native::BinaryFunctor<float, float, float, "
    "at::native::binary_internal::MulFunctor<float> >, std::array<char*, 3ul> >(int, at::native::BinaryFunctor<float, "
    "float, float, at::native::binary_internal::MulFunctor<float> >, std::array<char*, 3ul>)"
)
COPY = (
    "void at::native::elementwise_kernel<128, 2, at::native::gpu_kernel_impl_nocast<at::native::direct_copy_kernel_cuda"
    "(at::TensorIteratorBase&)::{lambda()#3}::operator()() const::{lambda(float)#1}>(at::TensorIteratorBase&, "
    "at::native::direct_copy_kernel_cuda(at::TensorIteratorBase&)::{lambda()#3}::operator()() const::{lambda(float)#1} "
    "const&)::{lambda(int)#1}>(int, at::native::gpu_kernel_impl_nocast<>(at::TensorIteratorBase&))"
)


def line(key: str, count: int, time: float, device: DeviceType = DeviceType.CUDA, *, named: bool = False) -> Any:
    return SimpleNamespace(
        key=key, count=count, self_device_time_total=time, device_type=device, is_user_annotation=named
    )


def test_kernels_have_their_shares_calls_and_rates() -> None:
    """Ten chunks of 2 ms in which the GPU works for 1 ms: 0.6, 0.2, 0.15 and 0.05 ms."""
    lines = [
        line("integrate", 20, 6000.0),
        line(GEMM, 30, 1500.0),
        line("ampere_sgemm_32x128_tn", 10, 500.0),
        line("Memset (Device)", 40, 500.0),
        line(MULTIPLY, 50, 1500.0),
    ]
    row = summarise(lines, 10, 20e-3, {"integrate": 3e8, PRODUCTS: 1e9, "credit": 5.0}, LIMITS)
    assert (row["wall_ms"], row["busy"], row["launches"]) == pytest.approx((2.0, 0.5, 15.0))
    kernels = {use["name"]: use for use in row["kernels"]}
    assert [use["share"] for use in row["kernels"]] == pytest.approx([0.6, 0.2, 0.15, 0.05])
    assert list(kernels)[:2] == ["integrate", PRODUCTS]
    scan, products = kernels["integrate"], kernels[PRODUCTS]
    assert (scan["calls"], scan["microseconds"]) == pytest.approx((2, 300))
    assert (scan["rate"], scan["share_of_limit"]) == pytest.approx((3e8 / 0.6e-3, 0.5))
    assert (products["calls"], products["microseconds"]) == pytest.approx((4, 50))
    assert (products["rate"], products["share_of_limit"]) == pytest.approx((1e9 / 0.2e-3, 0.25))
    assert kernels["Memset (Device)"]["rate"] is None


def test_time_that_is_credited_twice_counts_once() -> None:
    kernel = line("integrate", 2, 400.0)
    twice = [
        line("aten::matmul", 2, 400.0, DeviceType.CPU),
        line("cudaLaunchKernel", 2, 400.0, DeviceType.CPU),
        line("Optimizer.step#RMaxProp.step", 1, 500.0, named=True),
    ]
    args: tuple[Any, ...] = 1, 1e-3, {}, LIMITS
    assert summarise([kernel, *twice], *args) == summarise([kernel], *args)
    assert summarise([kernel], *args)["busy"] == pytest.approx(0.4)
    assert summarise(twice, *args)["kernels"] == []


def test_lines_of_the_profiler_itself_are_read() -> None:
    """A product on the host that started a kernel of 30 us, twice: the kernel is there on its own, too."""

    def event(name: str, start: float, device: DeviceType) -> FunctionEvent:
        return FunctionEvent(start, name, 0, start, start + 30.0, use_device="cuda", device_type=device, stack=[])

    events = EventList(use_device="cuda")
    for start in (0.0, 100.0):
        host = event("aten::mm", start, DeviceType.CPU)
        host.append_kernel("sgemm", 0, 30.0)
        events += [host, event("sgemm", start + 5, DeviceType.CUDA)]
    events._build_tree()
    lines = events.key_averages()
    assert sorted(each.self_device_time_total for each in lines) == [60.0, 60.0]
    row = summarise(lines, 2, 1e-3, {PRODUCTS: 6e6}, LIMITS)
    assert (row["busy"], row["launches"]) == pytest.approx((0.06, 1))
    (use,) = row["kernels"]
    assert (use["microseconds"], use["rate"]) == pytest.approx((30, 6e6 / 30e-6))


def test_work_of_the_host_is_none_of_the_gpu() -> None:
    factor = torch.ones(50, 50)
    with profile(activities=[ProfilerActivity.CPU]) as found:
        factor.mm(factor)
    lines = found.key_averages()
    assert any(each.key == "aten::mm" for each in lines)
    assert summarise(lines, 1, 1e-3, {}, LIMITS)["kernels"] == []


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("filter_errors", "filter_errors"),
        (GEMM, PRODUCTS),
        ("void gemv2T_kernel_val<int, int, float, float, float, float, 128, 16, 4, 4, false>", PRODUCTS),
        ("void cublasLt::splitKreduce_kernel<32, 16, int, float, float>(cublasLt::Params)", PRODUCTS),
        ("Memcpy HtoD (Pageable -> Device)", "Memcpy HtoD (Pageable -> Device)"),
        (MULTIPLY, "vectorized_elementwise_kernel MulFunctor"),
        (COPY, "elementwise_kernel direct_copy_kernel_cuda"),
        (
            "void at::native::(anonymous namespace)::CatArrayBatchedCopy<at::native::(anonymous namespace)::OpaqueType"
            "<4u>, unsigned int, 3, 64, 64>(at::native::OpaqueType<4u>*)",
            "CatArrayBatchedCopy",
        ),
    ],
)
def test_long_names_are_shortened_to_what_tells_them_apart(name: str, short: str) -> None:
    assert short_name(name) == short


class Counting:
    """A network whose chunks take 10 ms; the larger ones do not fit into memory, from a known chunk on."""

    def __init__(self, n_networks: int) -> None:
        self.device, self.n_networks, self.done = torch.device("cpu"), n_networks, 0

    def advance(self) -> None:
        self.done += 1
        if self.n_networks > 20 and self.done == 30:
            raise torch.OutOfMemoryError


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Stands for a GPU: chunks that were profiled, one kernel of 8 ms in each, and a clock."""
    profiled: list[int] = []

    def wall(learn: Any, n: int, device: torch.device) -> float:
        for _ in range(n):
            learn()
        return 10e-3 * n

    def device_entries(learn: Any, n: int, device: torch.device) -> list[Any]:
        wall(learn, n, device)
        profiled.append(n)
        return [line("integrate", 3 * n, 8000.0 * n)]

    monkeypatch.setattr(gpu_profile, "wall", wall)
    monkeypatch.setattr(gpu_profile, "device_entries", device_entries)
    monkeypatch.setattr(gpu_profile, "measure_limits", lambda device: LIMITS)
    # work grows with each chunk, and its mean over the stretch counts
    monkeypatch.setattr(gpu_profile, "ensemble_work", lambda network: {"integrate": 1e9 + 1e7 * network.done})
    return profiled


def test_the_smallest_and_the_largest_ensemble_that_fits_are_profiled(card: list[int]) -> None:
    cases = [Case(f"R = {n}", lambda _, n=n: Counting(n), n, n, n) for n in (1, 20, 200, 2000)]
    text = io.StringIO()
    found = gpu_profile.profile_ensembles(Console(file=text, width=200), torch.device("cpu"), cases)
    assert [row["network"] for row in found["cases"]] == ["R = 1", "R = 20"]
    assert all(f"R = {n} does not fit" in text.getvalue() for n in (200, 2000))
    assert card == [1, gpu_profile.STRETCH] * 2
    before = gpu_profile.SETTLE + 2 * gpu_profile.STRETCH + 1
    work = 1e9 + 1e7 * (before + (gpu_profile.STRETCH + 1) / 2)
    for row in found["cases"]:
        (use,) = row["kernels"]
        assert (row["busy"], row["launches"], use["rate"]) == pytest.approx((0.8, 3, work / 8e-3))
    assert f"{work / 8e-3 / 1e9:.4g} GB/s" in text.getvalue()


def test_a_profiler_that_sees_nothing_is_named(card: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu_profile, "device_entries", device_entries)
    monkeypatch.setattr(gpu_profile, "supported_activities", lambda: {ProfilerActivity.CPU})
    text = io.StringIO()
    case = Case("R = 1", lambda _: Counting(1), 1, 1, 1)
    found = gpu_profile.profile_ensembles(Console(file=text, width=200), torch.device("cpu"), [case])
    assert found["cases"][0]["kernels"] == []
    assert "R = 1: the profiler saw nothing of the GPU" in text.getvalue()
