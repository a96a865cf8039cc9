"""One run of the comparison of clocks with events: networks one after the other, so that timings do not disturb."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from snn_explorer import __version__
from snn_explorer.bats.clock import METHODS
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.checks import check_whole
from snn_explorer.engine import ParameterError
from snn_explorer.experiments.clock_comparison import EVENTS, N_SAMPLES, STEPS, ClockComparison
from snn_explorer.experiments.experiment import Metrics, Settings
from snn_explorer.experiments.threaded_run import ThreadedRun
from snn_explorer.quantities import plain
from snn_explorer.tasks import digits

if TYPE_CHECKING:
    from snn_explorer.experiments.bats_clock_vs_event import ClockExperiment

SHOWN_STEPS = {"1ms": 1e-3, "1us": 1e-6}
"""Time steps that metrics are given for."""

ORDER_BELOW = 1e-3
"""Largest time step [s] that counts for the order of convergence: above it, few spike counts are right."""

METRICS = {
    "networks": "number of networks",
    "accuracy": "share of all test samples that the event-based network answers right, mean over networks",
    "spikes_per_sample": "spikes of all its neurons for a test sample",
    "seconds_per_sample": "processor time of a sample through all layers, event-based",
    "order": f"slope of ln(mean time error) over ln(dt), for dt up to {ORDER_BELOW:g} s",
    "equal_counts_below": "largest time step from which on down all spike counts of all networks are right [s]",
    "time_error_at_DT": "mean distance of a spike from its event-based counterpart [s]",
    "miscount_share_at_DT": "share of active neurons with a wrong spike count",
    "changed_share_at_DT": "share of samples with another answer",
    "cost_ratio_at_DT": "processor time as a multiple of that of the event-based simulation in the same run",
}
"""What each metric means; DT is a time step of `SHOWN_STEPS`."""


class ClockRun(ThreadedRun[ClockComparison]):
    """Comparisons of one network for each seed.

    Parameters
    ----------
    experiment : ClockExperiment
    settings : Settings
    n_threads : int, optional
        See `ThreadedRun`; one by default.

    Raises
    ------
    ParameterError
        If a setting cannot be used.
    """

    headlines = ("seconds_per_sample", "order", "equal_counts_below", "time_error_at_1us", "cost_ratio_at_1us")

    def __init__(self, experiment: ClockExperiment, settings: Settings, n_threads: int | None = None) -> None:
        self.experiment, self.settings = experiment, settings.read_as(BatsParameters)
        self.epochs = check_whole("The number of epochs", settings.length, minimum=1)
        if settings.device != "cpu":
            raise ParameterError(
                f"The device is {settings.device!r}; {experiment.name} compares what clock and events cost on the "
                "processor, so it must be 'cpu'."
            )
        self._samples = digits()
        self._parameters = [experiment.parameters(self.settings, k) for k in range(settings.seeds)]
        comparisons = [ClockComparison(self._samples, p, self.epochs, settings.backend) for p in self._parameters]
        super().__init__(comparisons, 1 if n_threads is None else n_threads)

    def dataset(self) -> xr.Dataset:
        """All that was measured, with the dimensions condition, seed and dt, and the training of each network."""
        pairs = zip(self.workers, self._parameters, strict=True)
        data = xr.concat([worker.dataset().expand_dims(seed=[p.seed]) for worker, p in pairs], "seed")
        common = self._parameters[0].param.values()
        data.attrs = {
            "experiment": self.experiment.name,
            "figure": self.experiment.figure,
            "version": __version__,
            "task": self._samples.name,
            "samples": N_SAMPLES,
            **{f"parameter_{name}": plain(value) for name, value in common.items() if name not in {"name", "seed"}},
        }
        return data

    def metrics(self, data: xr.Dataset) -> Metrics:
        """Metrics of the event-based network and of each clock, see `METRICS`."""
        events = {
            "networks": data.seed.size,
            "accuracy": float(data.test_accuracy.mean()),
            "spikes_per_sample": float(data.test_spikes_per_sample.sum("layer").mean()),
            "seconds_per_sample": float(event_seconds(data).mean()),
        }
        return {EVENTS: events, **{str(name): _clock_metrics(data, str(name)) for name in data.condition.values}}

    def _checkpoint_due(self, seconds: float) -> bool:
        return seconds >= 1.0

    def _status(self) -> str:
        """What the current network does, in words."""
        worker = min(self.workers, key=lambda worker: worker.done / worker.total)
        if not worker.measured:
            return f"epoch {min(worker.learner.epochs_done + 1, self.epochs)} of {self.epochs}"
        return f"time step {STEPS[(len(worker.measured) - 1) // len(METHODS)]:g} s"

    def _lengths(self, done: Sequence[int]) -> tuple[str, str]:
        per_epoch = self.workers[0].learner.network.batches_per_epoch
        learned = max(done) - len(METHODS) * len(STEPS)
        return f"{learned / per_epoch:.4g} epochs", f"{self.epochs}"

    def _description(self) -> dict[str, Any]:
        return {
            "experiment": self.experiment.name,
            "version": __version__,
            "seeds": self.settings.seeds,
            "values": dict(self.settings.values),
        }


def event_seconds(data: xr.Dataset) -> xr.DataArray:
    """Processor time of a sample in the event-based simulation [s]: the shortest that was measured, for each seed."""
    return data.event_seconds_per_sample.min(("condition", "dt"))


def cost_ratio(data: xr.Dataset) -> xr.DataArray:
    """Processor time on each clock as a multiple of the event-based one."""
    return data.seconds_per_sample / event_seconds(data)


def order_of_convergence(dt: np.ndarray, error: np.ndarray) -> float:
    """Slope of ln(error) over ln(dt) by least squares, for time steps up to `ORDER_BELOW`."""
    fine = dt <= ORDER_BELOW * (1 + 1e-9)
    return float(np.polyfit(np.log(dt[fine]), np.log(error[fine]), 1)[0])


def _clock_metrics(data: xr.Dataset, name: str) -> dict[str, float]:
    mine, ratio = data.sel(condition=name), cost_ratio(data).sel(condition=name)
    wrong = mine.miscount_share.sum("seed").values > 0
    n_right = int(np.argmax(np.append(wrong[::-1], True)))
    found = {
        "order": order_of_convergence(mine.dt.values, mine.time_error.mean("seed").values),
        "equal_counts_below": float(mine.dt[-n_right]) if n_right else math.nan,
    }
    for words, dt in SHOWN_STEPS.items():
        at = mine.sel(dt=dt, method="nearest").mean("seed")
        found |= {f"{key}_at_{words}": float(at[key]) for key in ("time_error", "miscount_share", "changed_share")}
        found[f"cost_ratio_at_{words}"] = float(ratio.sel(dt=dt, method="nearest").mean("seed"))
    return {key: value for key, value in found.items() if math.isfinite(value)}
