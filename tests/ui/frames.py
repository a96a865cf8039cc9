"""Frames as a network gives them, made of random numbers."""

from __future__ import annotations

import numpy as np

from snn_explorer.engine import Frame, Raster, Watch
from snn_explorer.live.firing import Firing
from snn_explorer.live.frame import SuperSpikeFrame, Sweep, Trials

N_SAMPLES = 5000


def live_frame(
    n_hidden=4,
    serial=1,
    time=10.0,
    n_output=1,
    output=(0,),
    period=None,
    now=0.25,
    windows=None,
    learned=10.0,
    **changed,
):
    """A frame of a network of 100 inputs; `changed` are numbers, and a `period` [s] makes it show a whole pattern."""
    rng = np.random.default_rng(serial)

    def array(*shape):
        return rng.standard_normal(shape).astype(np.float32)

    def raster(n, n_neurons, length=0.5):
        times = np.sort(rng.random(n)).astype(np.float32) * np.float32(length)
        return Raster(times, rng.integers(0, n_neurons, n).astype(np.float32))

    def rasters(length=0.5):
        sizes = {"input": (200, 100), "output": (4 * n_output, n_output), "target": (5 * n_output, n_output)}
        sizes |= {"hidden": (5 * n_hidden, n_hidden)} if n_hidden else {}
        return {name: raster(*size, length) for name, size in sizes.items()}

    probe = ("presynaptic", "surrogate", "eligibility", "error", "product")
    traces = {f"probe_{name}": array(1, N_SAMPLES) for name in probe}
    traces["output_membrane"] = array(len(output), N_SAMPLES) * np.float32(1e-3) - np.float32(0.06)
    traces["output_error"] = array(len(output), N_SAMPLES)
    matrices = {"hidden_weights": array(n_hidden, 100)} if n_hidden else {}
    matrices |= {"output_weights": array(n_output, n_hidden or 100)}
    watch = Watch(hidden=tuple(range(min(n_hidden, 4))), output=output)
    if n_hidden:
        traces |= {f"hidden_{name}": array(len(watch.hidden), N_SAMPLES) for name in ("membrane", "error")}
        matrices |= {"feedback": array(n_hidden, n_output)}
    figures = {
        "cost": 2.0, "chunk_cost": 1.0, "weights_at_limit": 0.25, "output_rate_hz": 8.0, "hidden_rate_hz": 5.0,
        "probe_weight": 0.01, "probe_change": 0.001, "probe_rate": 0.1, "probe_integral": 0.015,
        "probe_regulariser": 0.005, "matched": 3, "targets": 5, "missing": 2, "extra": 1,
    }  # fmt: skip
    given = {} if windows is None else {"windows": np.array(windows, np.float32)}
    frame = Frame(time, 0.5, rasters(), traces, matrices, figures | changed, watch=watch, **given)
    spikes = raster(60, 4, learned)
    trials = Trials(
        time=raster(60, 1).time,
        learning_time=np.floor(spikes.time / 0.5) * np.float32(0.5),
        right=rng.random(60) < 0.8,
        length=0.5 if period is None else period,
        marks=np.array([0.1, 0.3], np.float32),
        output=None if "accuracy" in changed else output[0],
        n_trials=20,
        stride=1,
    )
    layer = ("hidden", n_hidden) if n_hidden else ("output", n_output)
    firing = raster(600, 1, learned)
    # some neurons fire much, some little
    firing = Raster(firing.time, np.floor(layer[1] * rng.random(600) ** 3).astype(np.float32))
    return SuperSpikeFrame(
        frame=frame,
        curve_time=np.array([0.0, learned / 2, learned], np.float32),
        curve_cost=np.array([10.0, 5.0, 0.0], np.float32),
        state="playing",
        message="",
        serial=serial,
        values={"weight_limit": 0.1, "feedback": "symmetric"},
        silent_cost=10.0,
        trials=trials,
        firing=Firing(*layer, duration=learned, spikes=firing),
        sweep=None if period is None else Sweep(period, now, rasters(period)),
    )
