"""What a page of SuperSpike shows, as variables of a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import xarray as xr

from snn_explorer.engine import FloatArray, Frame
from snn_explorer.live.export.variables import Meaning, add, add_spikes
from snn_explorer.live.frame import SuperSpikeFrame, Trials

_IN_PATTERN: Final = "time in the pattern where it is shown as a whole, else in the last chunk"

_COST: Final = "wrong spikes / s / output"

_MEANINGS: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "cost": Meaning(_COST, "moving average of the cost over 10 s"),
        "chunk_cost": Meaning(_COST, "cost of the last chunk"),
        "hidden_rate_hz": Meaning("Hz", "mean firing rate of the hidden units in the last chunk"),
        "output_rate_hz": Meaning("Hz", "mean firing rate of the outputs in the last chunk"),
        "weights_at_limit": Meaning("1", "share of the weights that are at their limit"),
        "probe_weight": Meaning("V", "weight of the probe synapse"),
        "probe_change": Meaning("V", "its last change"),
        "probe_rate": Meaning("V", "its learning rate"),
        "probe_integral": Meaning("1", "error times eligibility of the probe synapse, over the last chunk"),
        "probe_regulariser": Meaning("1", "what the regulariser takes off that"),
        "accuracy": Meaning("1", "share of windows answered right, moving average over 10 s"),
        "accuracy_per_unit": Meaning("1", "share of outputs that did right in a window, moving average over 10 s"),
        "matched": Meaning("1", "targets met by an output spike in the last chunk"),
        "targets": Meaning("1", "targets in the last chunk"),
        "missing": Meaning("1", "targets without an output spike in the last chunk"),
        "extra": Meaning("1", "output spikes without a target in the last chunk"),
        "hidden_membrane": Meaning("V", "membrane voltage of the watched hidden units"),
        "output_membrane": Meaning("V", "membrane voltage of the watched outputs"),
        "hidden_error": Meaning("Hz", "error at the watched hidden units"),
        "output_error": Meaning("Hz", "error at the watched outputs"),
        "probe_presynaptic": Meaning("1", "presynaptic trace of the probe synapse"),
        "probe_surrogate": Meaning("1", "surrogate derivative at the probe synapse"),
        "probe_eligibility": Meaning("1", "eligibility trace of the probe synapse"),
        "probe_error": Meaning("Hz", "error at the probe synapse"),
        "probe_product": Meaning("Hz", "error times eligibility at the probe synapse"),
        "hidden_weights": Meaning("V", "weights from the inputs to the hidden units"),
        "output_weights": Meaning("V", "weights to the outputs"),
        "feedback": Meaning("1", "weight of each output's error at each hidden unit"),
    }
)


def meaning(name: str) -> Meaning:
    """Meaning of a number, trace or matrix of a frame."""
    return _MEANINGS[name]


def add_history(data: xr.Dataset, live: SuperSpikeFrame) -> None:
    """Learning curve, spikes, windows, and traces of the watched neurons."""
    add(data, "learning_time", "learning_time", live.curve_time, Meaning("s", "learning time"))
    add(data, "learning_curve", "learning_time", live.curve_cost, meaning("cost"))
    for layer, raster in live.rasters.items():
        add_spikes(data, layer, raster, _IN_PATTERN)
    add_spikes(data, f"recent_{live.firing.layer}", live.firing.spikes, f"time in the last {live.firing.duration:g} s")
    _add_trials(data, live.trials)
    _add_windows(data, live.frame.windows)
    _add_traces(data, live.frame)
    data.attrs |= {"silent_cost": live.silent_cost, "chunk_duration": live.frame.duration}


def _add_trials(data: xr.Dataset, trials: Trials) -> None:
    whose = "any output" if trials.output is None else f"output {trials.output}"
    since = Meaning("s", f"time of a spike of {whose} since its trial began")
    right = Meaning("1", "whether this output was to spike in the trial")
    add(data, "trial_time", "trial_spike", trials.time, since)
    add(data, "trial_learning_time", "trial_spike", trials.learning_time, Meaning("s", "when that trial began"))
    add(data, "trial_right", "trial_spike", trials.right.astype(np.int8), right)


def _add_windows(data: xr.Dataset, windows: FloatArray) -> None:
    meanings = {
        "window_start": Meaning("s", "start of a window of opportunity in the last chunk"),
        "window_stop": Meaning("s", "its end"),
        "window_output": Meaning("1", "the output that should spike in it"),
        "window_pattern": Meaning("1", "the pattern shown"),
    }
    for (name, what), values in zip(meanings.items(), windows.T, strict=True):
        if len(windows):
            add(data, name, "window", values, what)


def _add_traces(data: xr.Dataset, frame: Frame) -> None:
    n_samples = frame.traces["output_membrane"].shape[1]
    time = np.arange(n_samples) * frame.duration / n_samples
    add(data, "time", "time", time, Meaning("s", "time in the last chunk"))
    for layer, neurons in {"hidden": frame.watch.hidden, "output": frame.watch.output}.items():
        if f"{layer}_membrane" in frame.traces:
            name = f"watched_{layer}"
            add(data, name, name, np.array(neurons, np.int32), Meaning("1", "watched neurons"))
    for name, trace in frame.traces.items():
        layer = name.split("_")[0]
        dims, values = (("time",), trace[0]) if layer == "probe" else ((f"watched_{layer}", "time"), trace)
        add(data, name, dims, values, meaning(name))
