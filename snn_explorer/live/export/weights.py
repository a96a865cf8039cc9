"""The weights of a run as a safetensors file."""

from __future__ import annotations

import json

import numpy as np
from safetensors.numpy import save

from snn_explorer.live.export.dataset import describe
from snn_explorer.live.snapshot import Snapshot


def safetensors(snapshot: Snapshot) -> bytes:
    """Weights and feedback, ``(n_post, n_pre)`` each, as a safetensors file's content.

    Its metadata say in JSON what `snn_explorer.live.export.dataset.describe` gives.
    """
    described = {name: json.dumps(value) for name, value in describe(snapshot).items()}
    # what is saved is the memory as it lies, and the feedback lies transposed
    matrices = {name: np.ascontiguousarray(matrix) for name, matrix in snapshot.live.frame.matrices.items()}
    return save(matrices, metadata=described)
