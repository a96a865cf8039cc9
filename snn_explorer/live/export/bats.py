"""What a page of BATS shows, as variables of a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import xarray as xr

from snn_explorer.bats.learning_curves import variables
from snn_explorer.engine import Frame
from snn_explorer.live.export.variables import Meaning, add, add_spikes
from snn_explorer.live.frame import BatsFrame

_NUMBERS: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "loss": Meaning("1", "loss of the sample shown"),
        "label": Meaning("1", "class of the sample shown"),
        "answer": Meaning("1", "answer to the sample shown, -1 for none"),
        "sample": Meaning("1", "number of the training sample shown"),
        "n_samples": Meaning("1", "training samples"),
        "pushed": Meaning("1", "whether a dead output is pushed in place of the errors of the loss"),
        "batch_loss": Meaning("1", "mean loss of the epoch so far"),
        "accuracy": Meaning("1", "share of right answers in the epoch so far"),
        "epoch": Meaning("1", "epochs done"),
        "batch": Meaning("1", "batches done"),
        "probe_weight": Meaning("1/s", "weight of the probe synapse"),
        "probe_gradient": Meaning("s", "gradient of the loss of the sample shown by that weight"),
        "probe_slope_floor": Meaning("1", "whether a spike of the probe's neuron only grazes the threshold"),
        "probe_change": Meaning("1/s", "last change of the weight of the probe synapse"),
        "clock_late": Meaning("s", "mean distance of a spike on the clock from the exact one"),
        "clock_miscounted": Meaning("1", "share of neurons with another number of spikes on the clock"),
        "feedback": Meaning("1/s", "weight of each output's error at each neuron of the last hidden layer"),
        "image": Meaning("1", "numbers of the sample shown: pixels from 0 to 1, or spike times in s"),
        "drive": Meaning("1", "seconds that the chosen output spike moves for each second that an input's spike moves"),
        "drive_neuron": Meaning("1", "output whose spike is asked about, -1 for none"),
        "drive_rank": Meaning("1", "which of its spikes, counted from 0, -1 for none"),
        "drive_time": Meaning("s", "time of that spike in the sample shown"),
        "drive_sum": Meaning("1", "sum of what all inputs add to it"),
    }
)

_OF_A_LAYER: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "weights": Meaning("1/s", "weights to the layer"),
        "spikes": Meaning("1", "spikes of the layer for the sample shown"),
        "silent": Meaning("1", "neurons of the layer that do not spike for the sample shown"),
        "saturated": Meaning("1", "neurons of the layer that spend their spike budget on the sample shown"),
        "size": Meaning("1", "neurons of the layer"),
        "budget": Meaning("1", "spikes that a neuron of the layer may have for a sample"),
        "inputs": Meaning("1", "neurons that the layer sees, after pooling"),
        "maps": Meaning("1", "maps of the layer"),
        "rows": Meaning("1", "rows of each of its maps"),
        "columns": Meaning("1", "columns of each of its maps"),
        "window": Meaning("1", "rows, and columns, of what a neuron of the layer sees in each map"),
    }
)


def meaning(name: str) -> Meaning:
    """Meaning of a number or matrix of a frame."""
    return _NUMBERS[name] if name in _NUMBERS else _OF_A_LAYER[name.rsplit("_", 1)[1]]


def add_history(data: xr.Dataset, live: BatsFrame) -> None:
    """Learning curves, how soon answers are right, and spikes and membranes of the sample shown."""
    for name, (seen, values) in live.curves.items():
        data.update(variables(name, seen, values))
    moment, share = live.latency
    add(data, "moment", "moment", moment, Meaning("s", "moment in the sample"))
    add(data, "right_by_then", "moment", share, Meaning("1", "share of right answers from spikes up to that moment"))
    for layer, raster in live.frame.rasters.items():
        add_spikes(data, layer, raster, "time in the sample shown")
    _add_traces(data, live.frame)


def _add_traces(data: xr.Dataset, frame: Frame) -> None:
    """Membranes on the moments that they are given at, and the error of each spike."""
    for layer, neurons in {"hidden": frame.watch.hidden, "output": frame.watch.output}.items():
        if f"{layer}_membrane" not in frame.traces:
            continue
        name = f"watched_{layer}"
        add(data, name, name, np.array(neurons, np.int32), Meaning("1", "watched neurons"))
        membrane = Meaning("1", "membrane of the watched neurons, in thresholds")
        add(data, f"{layer}_membrane", (name, "time"), frame.traces[f"{layer}_membrane"], membrane)
        error = Meaning("1/s", "error of the spike")
        add(data, f"{layer}_delta", f"{layer}_spike", frame.traces[f"{layer}_delta"][0], error)
    add(data, "membrane_time", "time", frame.traces["membrane_time"][0], Meaning("s", "time in the sample shown"))
