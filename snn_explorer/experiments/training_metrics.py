"""Metrics of a condition in which networks were trained by epochs, by the names in ``summary.json``."""

from __future__ import annotations

import math

import numpy as np
import xarray as xr

METRICS = {
    "networks": "number of networks",
    "accuracy": "share of test samples answered right after the last epoch, mean over networks",
    "accuracy_sd": "its standard deviation over networks",
    "validation_accuracy": "share of held-out samples answered right after the last epoch, mean over networks",
    "training_accuracy": "share of training samples answered right in the last epoch, each before it was learned from",
    "spikes_per_sample": "spikes of all neurons for a test sample",
    "active_share": "share of the hidden neurons that spike for a test sample; of the outputs, where none are hidden",
    "silent_share": "share of these neurons that spike for no test sample at all",
    "saturated_share": "share of these neurons that spend their spike budget for a test sample",
    "samples_per_second": "samples that one network learns from in a second, mean over networks",
}
"""What each metric means; one that does not apply to a condition is left out."""

HEADLINES = (
    "accuracy",
    "accuracy_sd",
    "validation_accuracy",
    "spikes_per_sample",
    "active_share",
    "samples_per_second",
)
"""Metrics that the command line shows."""


def training_metrics(data: xr.Dataset, condition: str) -> dict[str, float]:
    """Metrics of one condition, those that apply."""
    mine = data.sel(condition=condition).dropna("seed", how="all", subset=["test_accuracy"])
    found = {
        "networks": mine.seed.size,
        "accuracy": float(mine.test_accuracy.mean()),
        "accuracy_sd": float(mine.test_accuracy.std()),
        "validation_accuracy": _last(mine.validation_accuracy),
        "training_accuracy": _last(mine.training_accuracy),
        "spikes_per_sample": float(mine.test_spikes_per_sample.sum("layer").mean()),
        **{name: hidden_share(mine, name) for name in ("active_share", "silent_share", "saturated_share")},
        "samples_per_second": float(mine.samples_per_second.mean()),
    }
    return {name: value for name, value in found.items() if math.isfinite(value)}


def hidden_share(mine: xr.Dataset, name: str) -> float:
    """Share of all hidden neurons together on the test set, mean over seeds, of one condition."""
    hidden = mine.layer[:-1] if mine.layer.size > 1 else mine.layer
    shares, neurons = mine[f"test_{name}"].sel(layer=hidden), mine.neurons.sel(layer=hidden)
    return float(((shares * neurons).sum("layer") / neurons.sum("layer")).mean())


def _last(curve: xr.DataArray) -> float:
    """Mean over seeds after the last epoch that was recorded."""
    recorded = np.flatnonzero(curve.notnull().any("seed"))
    return float(curve.isel(epoch=recorded[-1]).mean()) if recorded.size else math.nan
