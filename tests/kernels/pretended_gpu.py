"""A GPU that is none: tensors of the processor that say they are on one, and may not meet those that are not.

The memory of a tensor decides where it is said to be. What was made before, or by the automatic differentiation itself,
is said to be nowhere, and may meet any tensor. Whatever would make the host wait for a GPU is taken down.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

GPU, CPU = torch.device("cuda", 0), torch.device("cpu")

READS = {
    Tensor.item, Tensor.tolist, Tensor.__bool__, Tensor.__int__, Tensor.__float__, Tensor.nonzero, torch.nonzero,
    torch.equal, Tensor.numpy,
}  # fmt: skip
"""What gives the host numbers of a tensor, or a tensor whose shape depends on them."""


class PretendedGpu(TorchFunctionMode):
    """While it lasts, ``device=torch.device("cuda")`` makes tensors that say so.

    Attributes
    ----------
    waits : list of str
        Names of the functions that made the host wait: it read a number, or copied from one device to the other. For
        an event, its number instead, counted from 0 in the order in which they were recorded.
    """

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[str] = []
        self._places: dict[int, torch.device] = {}
        self._kept: list[Tensor] = []  # so that no memory is used again
        self._under_way: list[tuple[Tensor, Tensor]] = []
        self._n_recorded = 0

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Do what was asked for, on the processor, and say where the results are."""
        if func is torch.device:
            return func(*args, **(kwargs or {}))
        if func == Tensor.device.__get__:  # type: ignore[attr-defined]
            return self._place(args[0]) or CPU
        given = list(_tensors_in([args, kwargs or {}]))
        anywhere = [place for tensor in given if (place := self._place(tensor))]
        # a single number of the processor may meet any tensor
        places = {place for tensor in given if tensor.ndim and (place := self._place(tensor))}
        asked = [GPU if each.type == "cuda" else CPU for each in _devices_in(args, kwargs)]
        args = [CPU if isinstance(each, torch.device) else each for each in args]
        kwargs = {name: CPU if isinstance(each, torch.device) else each for name, each in (kwargs or {}).items()}
        later = bool(kwargs.pop("non_blocking", False))
        found = func(*args, **kwargs)
        copies = func in (Tensor.to, Tensor.cpu, Tensor.copy_, Tensor.__setitem__)
        targets = [CPU] if func == Tensor.cpu else [*asked, *places, *anywhere]
        if later and targets == [CPU, GPU]:
            return self._put(self._not_there_yet(found), CPU)
        if (func in READS and GPU in anywhere) or (copies and {*targets[:1], *anywhere} == {GPU, CPU}):
            self.waits.append(func.__name__)
        if func in (Tensor.copy_, Tensor.__setitem__) or (copies and not targets):
            return found
        if copies:
            return self._put(found if places == {targets[0]} else found.clone(), targets[0])
        assert len(places) < 2, f"{getattr(func, '__name__', func)} is given tensors of {places}"
        targets = [*asked, *places, *anywhere, *([] if given else [CPU])]
        return self._put(found, targets[0]) if targets else found

    def event(self) -> PretendedEvent:
        """Take the place of ``torch.cuda.Event``."""
        return PretendedEvent(self)

    def recorded(self) -> tuple[str, list[tuple[Tensor, Tensor]]]:
        """Number of an event that is recorded now, and the copies that are under way until it."""
        self._n_recorded += 1
        return str(self._n_recorded - 1), list(self._under_way)

    def _not_there_yet(self, found: Tensor) -> Tensor:
        """Where a copy will arrive, which holds something else until then."""
        self._under_way.append((torch.zeros_like(found), found.clone()))
        return self._under_way[-1][0]

    def _put(self, found: Any, device: torch.device) -> Any:
        """Say that all tensors in a result are on a device."""
        for tensor in _tensors_in(found):
            if tensor.numel():
                self._kept.append(tensor)
                self._places[tensor.untyped_storage().data_ptr()] = device
        return found

    def _place(self, tensor: Tensor) -> torch.device | None:
        return self._places.get(tensor.untyped_storage().data_ptr()) if tensor.numel() else None


class PretendedEvent:
    """An event of a pretended GPU, which copies to the host do not precede before somebody waits for it."""

    def __init__(self, gpu: PretendedGpu) -> None:
        self._gpu = gpu

    def record(self, stream: object) -> None:
        """Stand behind all that was asked of the GPU until now."""
        self._name, self._arriving = self._gpu.recorded()

    def synchronize(self) -> None:
        """Wait for that."""
        self._gpu.waits.append(self._name)
        for target, source in self._arriving:
            target.copy_(source)


def _tensors_in(found: Any) -> Iterator[Tensor]:
    """Tensors in arguments or results of a function."""
    if isinstance(found, Tensor):
        yield found
    elif isinstance(found, dict):
        yield from _tensors_in(list(found.values()))
    elif isinstance(found, (list, tuple)):
        for one in found:
            yield from _tensors_in(one)


def _devices_in(args: Any, kwargs: Any) -> list[torch.device]:
    return [each for each in (*args, *(kwargs or {}).values()) if isinstance(each, torch.device)]
