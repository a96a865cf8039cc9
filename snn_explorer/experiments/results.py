"""What a run leaves behind: ``result.nc``, ``figure.png`` and ``.svg``, ``summary.json``."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import xarray as xr

from snn_explorer import __version__
from snn_explorer.experiments.files import write_atomically
from snn_explorer.experiments.simulation import Simulation
from snn_explorer.superspike.errors import silent_cost
from snn_explorer.superspike.traces import DoubleExponential

SOLVED = 0.05
"""A network has solved the task when its cost is below this share of the silent network's."""

REPORT_TIMES = (20, 40, 100)
"""Learning times [s] at which the summary gives the cost as well, in whole seconds."""

COST_UNIT = "wrong spikes / s / output"


def to_dataset(simulation: Simulation) -> xr.Dataset:
    """Learning curves, output spikes over trials and both snapshots, with units, parameters and version."""
    experiment, settings = simulation.experiment, simulation.settings
    first = simulation.ensembles[0].network.parameters
    data = xr.Dataset(
        {
            "cost": (("condition", "seed", "time"), simulation.cost.numpy(), {"units": COST_UNIT}),
            "hidden_rate": (("condition", "seed", "time"), simulation.hidden_rate.numpy(), {"units": "Hz"}),
        },
        coords={
            "condition": [condition.name for condition in experiment.conditions],
            "seed": [network["seed"] for network in simulation.ensembles[0].network.networks[: settings.seeds]],
            "time": ("time", simulation.time, {"units": "s", "long_name": "learning time"}),
        },
    )
    trials = np.concatenate([spikes.numpy() for spikes in simulation.spikes])
    data["trial_spikes"] = (("spike", "column"), trials, {"columns": "chunk, time in chunk [s]"})
    for when, look in simulation.snapshots.items():
        for name, values in look.items():
            data[f"{when}_{name}"] = ((f"{when}_{name}_row", f"{when}_{name}_column"), values.numpy())
    data.attrs = {
        "experiment": experiment.name,
        "figure": experiment.figure,
        "version": __version__,
        "task": simulation.task.name,
        "period": simulation.task.period,
        "silent_cost": silent_cost(simulation.task, DoubleExponential(simulation.task.dt)),
        **{f"parameter_{name}": value for name, value in _plain(first.param.values()).items()},
    }
    return data


def summarise(simulation: Simulation, data: xr.Dataset, command: str) -> dict[str, object]:
    """Metrics of each condition at the end of learning, and the cost at `REPORT_TIMES`."""
    conditions: dict[str, dict[str, float]] = {}
    for name in data.condition.values:
        cost = data.cost.sel(condition=name)
        final = cost.isel(time=-1).values
        metrics = {
            "cost_median": float(np.median(final)),
            "cost_mean": float(np.mean(final)),
            "cost_sd": float(np.std(final)),
            "solved": float(np.mean(final < SOLVED * data.attrs["silent_cost"])),
            "cost_below_1": float(np.mean(final < 1)),
            "hidden_rate_hz": float(data.hidden_rate.sel(condition=name).isel(time=-1).mean()),
        }
        for time in REPORT_TIMES:
            if time <= simulation.time[-1]:
                metrics[f"cost_median_{time}s"] = float(cost.sel(time=time, method="nearest").median())
        conditions[str(name)] = {key: value for key, value in metrics.items() if math.isfinite(value)}
    return {
        "experiment": simulation.experiment.name,
        "version": __version__,
        "command": command,
        "device": "cpu",
        "task": simulation.task.name,
        "seconds_wall": simulation.seconds_wall,
        "conditions": conditions,
    }


def write_results(simulation: Simulation, folder: Path, command: str) -> dict[str, object]:
    """Write all result files into `folder` and give the summary back."""
    data = to_dataset(simulation)
    summary = summarise(simulation, data, command)
    write_atomically(folder / "result.nc", lambda path: data.to_netcdf(path, engine="h5netcdf"))
    figure = simulation.experiment.draw(data)
    for suffix in ("png", "svg"):
        write_atomically(folder / f"figure.{suffix}", lambda path: figure.savefig(path, dpi=200))
    text = json.dumps(summary, indent=2)
    write_atomically(folder / "summary.json", lambda path: path.write_text(text + "\n"))
    return summary


def _plain(values: dict[str, object]) -> dict[str, object]:
    """Parameters as netCDF can hold them."""
    kept = {name: value for name, value in values.items() if name != "name"}
    return {name: int(value) if isinstance(value, bool) else value for name, value in kept.items()}
