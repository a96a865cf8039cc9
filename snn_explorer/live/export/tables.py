"""A dataset as tables: a zip with one CSV file for each group of columns, the unit of each in its header."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from snn_explorer.live.export.dataset import dataset
from snn_explorer.live.snapshot import Snapshot

_FILES: Final = {"learning_time": "learning_curve", "time": "traces"}
"""Names of files, by dimension, where the dimension's own says too little."""

# the earliest that a zip can say: the same data give the same file
_DATE: Final = (1980, 1, 1, 0, 0, 0)


def csv_tables(snapshot: Snapshot) -> bytes:
    """What `snn_explorer.live.export.dataset.dataset` gives, as a zip's content.

    ``about.csv`` has the attributes and ``numbers.csv`` the single numbers. Columns with the same dimension stand side
    by side in one file, such as ``hidden_spike.csv`` and ``learning_curve.csv``; in ``traces.csv`` each watched neuron
    has columns of its own. Each matrix of weights is a file, with a row for each postsynaptic neuron.
    """
    data = dataset(snapshot)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, rows in _tables(data):
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(rows)
            info = zipfile.ZipInfo(f"{name}.csv", _DATE)
            archive.writestr(info, text.getvalue(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _tables(data: xr.Dataset) -> Iterable[tuple[str, Iterable[Sequence[Any]]]]:
    yield "about", [("name", "value"), *data.attrs.items()]
    single = [(name, values.item(), values.units, values.long_name) for name, values in _of(data, 0)]
    yield "numbers", [("name", "value", "unit", "meaning"), *single]
    dims = dict.fromkeys(str(values.dims[-1]) for _, values in _columns(data))
    for dim in (dim for dim in dims if not dim.startswith("watched_")):
        columns = [column for _, values in _columns(data, dim) for column in _split(values)]
        header, texts = [name for name, _ in columns], [_texts(values) for _, values in columns]
        yield _FILES.get(dim, dim), [header, *zip(*texts, strict=True)]
    for name, values in _of(data, 2):
        if values.dims[-1] != "time":
            post, pre = values.dims
            header = [f"{name} [{values.units}]: {post} \\ {pre}", *range(values.shape[1])]
            yield name, [header, *([i, *_texts(row)] for i, row in enumerate(values.values))]


def _of(data: xr.Dataset, ndim: int) -> list[tuple[str, xr.DataArray]]:
    return [
        (str(name), values) for name, values in data.variables.items() for values in [data[name]] if values.ndim == ndim
    ]


def _columns(data: xr.Dataset, dim: str | None = None) -> list[tuple[str, xr.DataArray]]:
    """What stands in columns: all that has one dimension, and traces, which have time and neuron."""
    found = [*_of(data, 1), *((name, values) for name, values in _of(data, 2) if values.dims[-1] == "time")]
    return [(name, values) for name, values in found if dim in (None, values.dims[-1])]


def _split(values: xr.DataArray) -> list[tuple[str, NDArray[Any]]]:
    """Columns of a variable with their headers; a trace has one for each watched neuron."""
    if values.ndim == 1:
        return [(f"{values.name} [{values.units}]", values.values)]
    neurons = values[str(values.dims[0])].values
    return [
        (f"{values.name} {neuron} [{values.units}]", row) for neuron, row in zip(neurons, values.values, strict=True)
    ]


def _texts(values: NDArray[Any]) -> list[str]:
    """Numbers in the fewest digits that give the same number again."""
    return np.asarray(values).astype(str).tolist()
