"""What a run leaves behind: ``result.nc``, ``figure.png`` and ``.svg``, ``summary.json``, and files of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import xarray as xr

from snn_explorer import __version__
from snn_explorer.experiments.experiment import Run
from snn_explorer.experiments.files import write_atomically


def summarise(run: Run, data: xr.Dataset, command: str) -> dict[str, Any]:
    """Metrics of each condition, and how they were made."""
    return {
        "experiment": run.experiment.name,
        "version": __version__,
        "command": command,
        "device": run.settings.device,
        "task": data.attrs["task"],
        "seconds_wall": run.seconds_wall,
        "conditions": {name: dict(metrics) for name, metrics in run.metrics(data).items()},
    }


def write_results(run: Run, folder: Path, command: str) -> dict[str, Any]:
    """Write all result files into `folder` and give the summary back."""
    data = run.dataset()
    summary = summarise(run, data, command)
    encoding = {str(name): {"zlib": True} for name, values in data.data_vars.items() if values.dtype.kind in "fi"}
    write_atomically(folder / "result.nc", lambda path: data.to_netcdf(path, engine="h5netcdf", encoding=encoding))
    figure = run.experiment.draw(data)
    for suffix in ("png", "svg"):
        write_atomically(folder / f"figure.{suffix}", lambda path: figure.savefig(path, dpi=200))
    for name, write in run.further_files.items():
        write_atomically(folder / name, write)
    text = json.dumps(summary, indent=2)
    write_atomically(folder / "summary.json", lambda path: path.write_text(text + "\n"))
    return summary
