"""How variables get into a dataset: values, unit, and meaning in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from snn_explorer.engine import Raster


class Meaning(NamedTuple):
    """Unit, and meaning in words."""

    unit: str
    words: str


MeaningOf = Callable[[str], Meaning]
"""Meaning of a number or matrix, by its name in `snn_explorer.engine.Frame`."""


def add(data: xr.Dataset, name: str, dims: str | tuple[str, ...], values: Any, meaning: Meaning) -> None:
    """Put a variable into a dataset."""
    data[name] = (dims, values, {"units": meaning.unit, "long_name": meaning.words})


def add_spikes(data: xr.Dataset, layer: str, raster: Raster, time: str) -> None:
    """Put spikes into a dataset, as a table of time and neuron; `time` says in words which time that is."""
    dim = f"{layer}_spike"
    add(data, f"{layer}_time", dim, raster.time, Meaning("s", time))
    add(data, f"{layer}_neuron", dim, raster.neuron.astype(np.int32), Meaning("1", "which neuron spikes"))
