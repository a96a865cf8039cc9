"""What kernels take of a GPU's time, and how near they come to the card's limits, from what a profiler saw."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from torch._C._autograd import DeviceType

from snn_explorer.benchmarks.gpu_work import PRODUCTS

_OF_CUBLAS = re.compile("gemm|gemv|nvjet|splitkreduce", re.IGNORECASE)
_SPECIAL_PART = re.compile(r"\w*[fF]unctor\w*|\w+(?=\(at::TensorIter)")


class Entry(Protocol):
    """A line of the profiler: all calls of one kernel, or of something else that it saw; times in microseconds."""

    key: str
    count: int
    self_device_time_total: float
    device_type: DeviceType
    is_user_annotation: bool


@dataclass(frozen=True)
class Limits:
    """Most that a card does in a second: `bytes` that it reads or writes, and `operations` in float32."""

    bytes: float
    operations: float


@dataclass(frozen=True)
class KernelUse:
    """What a kernel took.

    Attributes
    ----------
    name : str
    share : float
        Of all the time that the GPU is busy.
    calls : float
        In a chunk or batch.
    microseconds : float
        Of one call.
    rate : float, optional
        Bytes, or for matrix products operations, per second, where the work is known.
    share_of_limit : float, optional
        The same, as a share of the card's limit.
    """

    name: str
    share: float
    calls: float
    microseconds: float
    rate: float | None = None
    share_of_limit: float | None = None


def summarise(
    entries: Iterable[Entry], n_chunks: int, seconds: float, work: Mapping[str, float], limits: Limits
) -> dict[str, Any]:
    """Figures of a profiled stretch.

    Parameters
    ----------
    entries : iterable of Entry
        What the profiler saw. Operations of the host, which it also credits with the time of their kernels, and the
        names that a program gave to stretches of time do not count.
    n_chunks : int
        Chunks or batches in the stretch.
    seconds : float
        Wall time of as many without the profiler [s].
    work : mapping of str to float
        Work of a kernel in a chunk or batch, see `snn_explorer.benchmarks.gpu_work`.
    limits : Limits

    Returns
    -------
    dict
        `wall_ms` of a chunk or batch, the share of it that the GPU is `busy`, `launches` of kernels, copies and memsets
        in it, and `kernels`, each a `KernelUse` as a dict, the longest first; none where the profiler has no times.
    """
    times, calls = defaultdict[str, float](float), defaultdict[str, int](int)
    for entry in entries:
        if entry.device_type == DeviceType.CUDA and not entry.is_user_annotation:
            times[short_name(entry.key)] += entry.self_device_time_total
            calls[short_name(entry.key)] += entry.count
    total, uses = sum(times.values()), []
    for name, spent in sorted(times.items(), key=lambda item: -item[1]) if total else ():
        rate = work[name] * n_chunks / (1e-6 * spent) if name in work and spent else None
        limit = limits.operations if name == PRODUCTS else limits.bytes
        share = rate / limit if rate else None
        uses.append(KernelUse(name, spent / total, calls[name] / n_chunks, spent / calls[name], rate, share))
    return {
        "wall_ms": 1e3 * seconds / n_chunks,
        "busy": 1e-6 * total / seconds,
        "launches": sum(calls.values()) / n_chunks,
        "kernels": [asdict(use) for use in uses],
    }


def short_name(name: str) -> str:
    """Name of a kernel without its types and arguments, with what tells it from others of torch's.

    All kernels of cuBLAS are called `PRODUCTS`: it chooses among many that do the same.
    """
    if _OF_CUBLAS.search(name):
        return PRODUCTS
    if name.startswith("Mem"):
        return name  # a copy or a memset, with where to in parentheses
    plain = name.replace("(anonymous namespace)::", "").removeprefix("void ")
    outer = re.split("[<(]", plain, maxsplit=1)[0].rsplit("::", 1)[-1]
    special = _SPECIAL_PART.findall(plain)
    return f"{outer} {special[-1]}" if special else outer
