"""Bytes that Triton's kernels load and store, counted by the interpreter that runs them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from torch import Tensor
from triton.runtime.interpreter import GridExecutor, InterpreterBuilder


class Traffic:
    """Bytes of all lanes that are not masked, while it lasts: of each kernel, and of each of its arguments.

    Attributes
    ----------
    by_kernel : Counter of str
    by_argument : Counter of tuple of str
        A kernel, and the argument whose memory was read or written.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.by_kernel: Counter[str] = Counter()
        self.by_argument: Counter[tuple[str, str]] = Counter()
        self._kernel = ""
        self._memory: dict[str, tuple[int, int]] = {}
        run, load, store = (
            GridExecutor.__call__,
            InterpreterBuilder.create_masked_load,
            InterpreterBuilder.create_masked_store,
        )

        def counted_run(executor: GridExecutor, *args: Any, **kwargs: Any) -> None:
            self._kernel = executor.fn.__name__
            given = {**dict(zip(executor.arg_names, args, strict=False)), **kwargs}
            self._memory = {
                name: (each.data_ptr(), each.data_ptr() + each.nbytes)
                for name, each in given.items()
                if isinstance(each, Tensor)
            }
            run(executor, *args, **kwargs)

        def counted_load(builder: Any, pointers: Any, mask: Any, *rest: Any) -> Any:
            self._count(pointers, mask)
            return load(builder, pointers, mask, *rest)

        def counted_store(builder: Any, pointers: Any, value: Any, mask: Any, *rest: Any) -> Any:
            self._count(pointers, mask)
            return store(builder, pointers, value, mask, *rest)

        monkeypatch.setattr(GridExecutor, "__call__", counted_run)
        monkeypatch.setattr(InterpreterBuilder, "create_masked_load", counted_load)
        monkeypatch.setattr(InterpreterBuilder, "create_masked_store", counted_store)

    def _count(self, pointers: Any, mask: Any) -> None:
        places = pointers.data[np.broadcast_to(mask.data, pointers.data.shape)].astype(np.int64)
        size = pointers.get_element_ty().primitive_bitwidth // 8
        self.by_kernel[self._kernel] += size * places.size
        for name, (start, stop) in self._memory.items():
            self.by_argument[self._kernel, name] += size * int(((start <= places) & (places < stop)).sum())
