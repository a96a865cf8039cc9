"""Checks of lists of numbers and neurons, with messages in plain words."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snn_explorer.engine import ParameterError


def numbers(name: str, values: ArrayLike, *, missing: bool = False) -> NDArray[np.float64]:
    """Finite `values` along one axis as float64 (those that are NaN left out if `missing`), or a `ParameterError`."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ParameterError(f"{name} is {values!r}; it must be a list of numbers.") from None
    if array.ndim != 1:
        raise ParameterError(f"{name} has {array.ndim} axes; it must have one.")
    if missing:
        array = array[~np.isnan(array)]
    if not np.isfinite(array).all():
        raise ParameterError(f"{name} has a value of {array[~np.isfinite(array)][0]}; all must be finite numbers.")
    return array


def neuron_ids(neuron: ArrayLike, n_neurons: int | None = None) -> NDArray[np.int64]:
    """Ids of the neurons that spiked as int64, or a `ParameterError` unless they are whole and ``0 .. n_neurons - 1``.

    Ids may come as floats, as in a :class:`snn_explorer.engine.Raster`.
    """
    given = numbers("neuron", neuron)
    limit = 2**31 if n_neurons is None else n_neurons
    wrong = given[(given != np.floor(given)) | (given < 0) | (given >= limit)]
    if wrong.size:
        raise ParameterError(f"neuron has an id of {wrong[0]:g}; ids must be whole, at least 0 and below {limit}.")
    return given.astype(np.int64)
