"""What a page shows, as an `xarray.Dataset`: named dimensions, units, meanings, parameters, seed and version.

Spikes are tables along a dimension of their own, ``hidden_spike`` and so on, with the time and the neuron of each.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from snn_explorer import __version__
from snn_explorer.engine import Frame
from snn_explorer.live.export import bats, superspike
from snn_explorer.live.export.recipe import command
from snn_explorer.live.export.variables import MeaningOf, add
from snn_explorer.live.frame import BatsFrame, SuperSpikeFrame
from snn_explorer.live.snapshot import Snapshot
from snn_explorer.quantities import as_text, plain


def dataset(snapshot: Snapshot) -> xr.Dataset:
    """Learning curves, spikes, traces of the watched neurons, weights and numbers of a moment."""
    live = snapshot.live
    data = xr.Dataset(attrs=_attributes(snapshot))
    if isinstance(live, SuperSpikeFrame):
        superspike.add_history(data, live)
        meaning = superspike.meaning
    else:
        assert isinstance(live, BatsFrame)
        bats.add_history(data, live)
        meaning = bats.meaning
    _add_matrices(data, live.frame, meaning)
    for name, value in live.frame.numbers.items():
        add(data, name, (), value, meaning(name))
    return data


def netcdf(snapshot: Snapshot) -> bytes:
    """The dataset as a NetCDF 4 file's content."""
    data = dataset(snapshot)
    packed = {str(name): {"zlib": True} for name, values in data.data_vars.items() if values.ndim}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.nc"
        data.to_netcdf(path, engine="h5netcdf", encoding=packed)
        return path.read_bytes()


def describe(snapshot: Snapshot) -> dict[str, Any]:
    """Where the data come from: version, preset, task, learning time, and all parameters."""
    preset, live = snapshot.preset, snapshot.live
    return {
        "version": __version__,
        "system": preset.system,
        "preset": preset.key,
        "preset_name": preset.name,
        "task": snapshot.task.name,
        "task_title": snapshot.task.title,
        **{f"task_{name}": text for name, text in preset.query.items()},
        "learning_time": live.frame.time,
        **{f"parameter_{name}": plain(value) for name, value in live.values.items()},
    }


def _attributes(snapshot: Snapshot) -> dict[str, Any]:
    changes, watch = snapshot.changes, snapshot.live.frame.watch
    moves = "; ".join(f"{change.time:g}: {change.name} = {as_text(change.value)}" for change in changes)
    return {
        **describe(snapshot),
        "learning_time_units": "s" if isinstance(snapshot.live, SuperSpikeFrame) else "samples",
        "command": command(snapshot).text,
        "parameters_moved": moves,
        "probe": f"{watch.probe_layer} {watch.probe_post} from {watch.probe_pre}",
    }


def _add_matrices(data: xr.Dataset, frame: Frame, meaning: MeaningOf) -> None:
    layers = [name.removesuffix("_weights") for name in frame.matrices if name.endswith("_weights")]
    # the output stands first in the frames of SuperSpike
    layers.sort(key=lambda layer: layer == "output")
    below = dict(zip(layers, ["input", *layers], strict=False))
    dims = {f"{layer}_weights": _dims(layer, below[layer], frame.numbers) for layer in layers}
    dims |= {"feedback": dims["output_weights"][::-1]} | dict.fromkeys(("image", "drive"), ("row", "column"))
    for name, matrix in frame.matrices.items():
        add(data, name, dims[name], matrix, meaning(name))


def _dims(layer: str, below: str, numbers: Mapping[str, float]) -> tuple[str, str]:
    """What a layer's weights are between; a convolution has those of one window, and may see pooled neurons."""
    if f"{layer}_window" in numbers:
        return f"{layer}_map", f"{layer}_seen"
    before = numbers.get(f"{below}_size")
    return layer, below if before in (None, numbers.get(f"{layer}_inputs")) else f"{below}_pooled"
