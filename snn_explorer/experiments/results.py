"""What a run leaves behind: ``result.nc``, ``figure.png`` and ``.svg``, ``summary.json``."""

from __future__ import annotations

import json
from pathlib import Path

import xarray as xr

from snn_explorer import __version__
from snn_explorer.experiments.dataset import compression, to_dataset
from snn_explorer.experiments.files import write_atomically
from snn_explorer.experiments.metrics import metrics_of
from snn_explorer.experiments.simulation import Simulation


def summarise(simulation: Simulation, data: xr.Dataset, command: str) -> dict[str, object]:
    """Metrics of each condition, see `snn_explorer.experiments.metrics.METRICS`, and how they were made."""
    return {
        "experiment": simulation.experiment.name,
        "version": __version__,
        "command": command,
        "device": "cpu",
        "task": simulation.task.name,
        "seconds_wall": simulation.seconds_wall,
        "conditions": {str(name): metrics_of(data, str(name)) for name in data.condition.values},
    }


def write_results(simulation: Simulation, folder: Path, command: str) -> dict[str, object]:
    """Write all result files into `folder` and give the summary back."""
    data = to_dataset(simulation)
    summary = summarise(simulation, data, command)
    encoding = compression(data)
    write_atomically(folder / "result.nc", lambda path: data.to_netcdf(path, engine="h5netcdf", encoding=encoding))
    figure = simulation.experiment.draw(data)
    for suffix in ("png", "svg"):
        write_atomically(folder / f"figure.{suffix}", lambda path: figure.savefig(path, dpi=200))
    text = json.dumps(summary, indent=2)
    write_atomically(folder / "summary.json", lambda path: path.write_text(text + "\n"))
    return summary
