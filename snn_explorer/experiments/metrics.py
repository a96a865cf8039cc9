"""Metrics of a condition, by the names in ``summary.json``; all are computed from the dataset of a run.

Costs are in wrong spikes per second and output, moving averages over 10 s.
"""

from __future__ import annotations

import math

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from snn_explorer.experiments.ensemble import LAST_SHARE

METRICS = {
    "networks": "number of networks",
    "cost_median": "final cost, median over networks",
    "cost_mean": "final cost, mean over networks",
    "cost_sd": "final cost, standard deviation over networks",
    "cost_median_20s": "median cost at a learning time of 20 s; _40s and _100s alike",
    "cost_below_1": "share of networks whose final cost is below one wrong spike per second and output",
    "solved": "share of networks whose final cost is below 5 % of the silent network's",
    "exact": "share of networks with no output spike off a target's time step and no target missed, learning off, in "
    "the last presentation of the stimulus",
    "hidden_rate_hz": "mean firing rate of the hidden units in the last 10 s of learning",
    "accuracy": "share of windows answered right (the right output spiked in its window, the wrong one did not) in the "
    "last tenth of the learning time, mean over networks",
    "accuracy_sd": "its standard deviation over networks",
    "accuracy_per_unit": "share of outputs that did right in a window (spiked if they should, else did not), as above",
    "accuracy_per_unit_sd": "its standard deviation over networks",
    "share_above_95": "share of networks with an accuracy above 0.95",
}
"""What each metric means; one that does not apply to a condition is left out."""

COST_HEADLINES = ("cost_mean", "cost_sd", "solved", "exact", "hidden_rate_hz")
ANSWER_HEADLINES = ("accuracy", "accuracy_sd", "accuracy_per_unit", "share_above_95", "hidden_rate_hz")
"""Metrics that the command line shows, for the two kinds of tasks."""

SOLVED = 0.05
"""A network has solved the task when its cost is below this share of the silent network's."""

GOOD_ACCURACY = 0.95
"""Accuracy above which a classification counts as learned."""

REPORT_TIMES = (20, 40, 100)
"""Learning times [s] at which the summary gives the cost as well."""

RATE_TIME = 10.0
"""Learning time, its end, over which hidden rates are averaged [s]."""


def metrics_of(data: xr.Dataset, condition: str) -> dict[str, float]:
    """Metrics of one condition, those that apply."""
    mine = data.sel(condition=condition)
    cost = mine.cost.dropna("seed", how="all")
    final = cost.isel(time=-1).values
    found = {
        "networks": len(final),
        "cost_median": float(np.median(final)),
        "cost_mean": float(np.mean(final)),
        "cost_sd": float(np.std(final)),
        "hidden_rate_hz": float(mine.hidden_rate.sel(time=slice(data.time[-1] - RATE_TIME, None)).mean()),
    }
    for time in REPORT_TIMES:
        if time <= float(data.time[-1]):
            found[f"cost_median_{time}s"] = float(cost.sel(time=time, method="nearest").median())
    if "windows" in data:
        found |= _answers(data, condition)
    else:
        found["solved"] = float(np.mean(final < SOLVED * data.attrs["silent_cost"]))
        found["cost_below_1"] = float(np.mean(final < 1))
    if "after_wrong" in data:
        found["exact"] = float((mine.after_wrong.dropna("seed") == 0).mean())
    return {name: value for name, value in found.items() if math.isfinite(value)}


def final_accuracy(data: xr.Dataset, answered: str = "answered") -> xr.DataArray:
    """Share of windows answered right in the last part of learning, ``(condition, seed)``.

    Parameters
    ----------
    data : Dataset
    answered : str
        ``"answered"``, strictly, or ``"answered_per_unit"``.
    """
    n_learning = int((data.time > 0).sum())
    last = {"time": slice(-max(1, round(LAST_SHARE * n_learning)), None)}
    return data[answered].isel(last).sum("time", skipna=False) / data.windows.isel(last).sum("time", skipna=False)


def accuracy_curve(data: xr.Dataset, condition: str, tau: float = 10.0) -> xr.DataArray:
    """Share of windows answered right in the last `tau` [s] at each time, ``(seed, time)``."""
    mine = data.sel(condition=condition).dropna("seed", how="all")
    n = max(1, round(tau / float(data.time[1] - data.time[0]))) if data.time.size > 1 else 1
    answered, windows = (mine[name].rolling(time=n, min_periods=1).sum() for name in ("answered", "windows"))
    return answered / windows


def _answers(data: xr.Dataset, condition: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, answered in (("accuracy", "answered"), ("accuracy_per_unit", "answered_per_unit")):
        accuracy: NDArray = final_accuracy(data, answered).sel(condition=condition).dropna("seed").values
        if accuracy.size:
            found[name], found[f"{name}_sd"] = float(np.mean(accuracy)), float(np.std(accuracy))
            if name == "accuracy":
                found["share_above_95"] = float(np.mean(accuracy > GOOD_ACCURACY))
    return found
