"""Columns of the drawn sources: float32 arrays by source and column, in the units that the page shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from snn_explorer.engine import FloatArray

Columns = dict[str, dict[str, FloatArray]]
"""Arrays by name of the source and of its column."""


def flat(values: ArrayLike | Sequence[float]) -> FloatArray:
    """Values as a float32 vector."""
    return np.asarray(values, dtype=np.float32).reshape(-1)


class Traces:
    """Puts several signals on one time axis into columns; signals of the same number share their times.

    Parameters
    ----------
    time : ndarray, shape (n_samples,)
        Times of the samples [s].
    """

    def __init__(self, time: FloatArray) -> None:
        self.time = time
        self._repeated: dict[int, FloatArray] = {1: time}

    def __call__(self, values: FloatArray) -> dict[str, FloatArray]:
        """Columns of the signals, shape ``(n_signals, n_samples)``, as one line that is broken between them."""
        n_signals = len(values)
        if n_signals not in self._repeated:
            self._repeated[n_signals] = _broken(np.broadcast_to(self.time, values.shape))
        return {"x": self._repeated[n_signals], "y": flat(values) if n_signals == 1 else _broken(values)}


def _broken(rows: FloatArray) -> FloatArray:
    gap = np.full((len(rows), 1), np.nan, dtype=np.float32)
    return flat(np.hstack([rows.astype(np.float32, copy=False), gap]))
