"""Memory of a GPU between two measurements."""

from __future__ import annotations

import gc

import torch


def free_gpu_memory() -> None:
    """Give back what nobody uses any more: networks refer to themselves, and stay until somebody looks for such."""
    gc.collect()
    torch.cuda.empty_cache()
