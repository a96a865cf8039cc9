"""A GPU that is none: tensors that say they are on ``cuda``, hold their numbers on the processor, and are strict.

As on a GPU, an operation on tensors of both devices is an error. Every time the host would wait for the device, to
read a number or to copy, is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map_only

aten = torch.ops.aten
TAKES_HOST_INDICES = {aten.index.Tensor, aten.index_put_.default}
READS = {aten._local_scalar_dense.default, aten.nonzero.default, aten.masked_select.default, aten.equal.default}


class PretendTensor(Tensor):
    """A tensor on the pretended GPU; `held` has its numbers."""

    held: Tensor

    @staticmethod
    def __new__(cls, held: Tensor) -> PretendTensor:
        made = torch.Tensor._make_wrapper_subclass(
            cls, held.size(), strides=held.stride(), storage_offset=held.storage_offset(), dtype=held.dtype,
            device="meta",  # a torch without CUDA does not bear more
        )  # fmt: skip
        made.held = held
        return made

    @property
    def device(self) -> torch.device:  # type: ignore[override]
        return torch.device("cuda:0")

    @property
    def is_cuda(self) -> bool:  # type: ignore[override]
        return True

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        raise RuntimeError(f"{func} was called when the pretended GPU was gone.")


class PretendGpu(TorchDispatchMode):
    """Computes on the processor what is asked of the GPU; `waits` counts what the host would wait for."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        tensors = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)]
        pretended = [tensor for tensor in tensors if isinstance(tensor, PretendTensor)]
        host = [tensor for tensor in tensors if not isinstance(tensor, PretendTensor) and tensor.dim()]
        target = kwargs.get("device")
        on_gpu = bool(pretended)
        if target is not None:
            on_gpu = torch.device(target).type in ("cuda", "meta")
            kwargs["device"] = torch.device("cpu")
        copies = func in (aten._to_copy.default, aten.copy_.default, *TAKES_HOST_INDICES)
        if (copies and bool(host) == on_gpu and tensors) or (pretended and (func in READS or not on_gpu)):
            self.waits.append(str(func))
        if pretended and host and not copies:
            raise RuntimeError(f"{func} was given tensors of the GPU and of the host.")
        unwrapped = tree_map_only(PretendTensor, lambda tensor: tensor.held, (args, kwargs))
        result = func(*unwrapped[0], **unwrapped[1])
        if not on_gpu:
            return result
        known = {id(tensor.held): tensor for tensor in pretended}
        return tree_map_only(
            Tensor, lambda tensor: known[id(tensor)] if id(tensor) in known else PretendTensor(tensor), result
        )


@contextmanager
def pretend_gpu() -> Iterator[PretendGpu]:
    """Let ``cuda`` be such a GPU, on which tensors are made by `torch.zeros` and the like, or arrive by `Tensor.to`."""
    with patch("torch.cuda.device_count", return_value=1), patch("torch.cuda._lazy_init"), PretendGpu() as gpu:
        yield gpu
