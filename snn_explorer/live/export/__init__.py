"""What a person takes away from a run: data, weights, and how to make the run once more without the page.

Every function takes a :class:`snn_explorer.live.snapshot.Snapshot`, which `snn_explorer.live.Run.snapshot` gives.
"""

from snn_explorer.live.export.dataset import dataset, netcdf
from snn_explorer.live.export.recipe import Recipe, command, python_code
from snn_explorer.live.export.tables import csv_tables
from snn_explorer.live.export.weights import safetensors

__all__ = ["Recipe", "command", "csv_tables", "dataset", "netcdf", "python_code", "safetensors"]
