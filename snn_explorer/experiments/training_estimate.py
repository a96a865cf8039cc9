"""How long a BATS experiment takes on this machine, from a few batches of its networks on random samples.

    wall time = sum over networks (batches * seconds per batch) / cores

The longest network is a lower bound, as one network runs on one core. Fresh weights make other numbers of spikes than
trained ones, so the time is a rough one.
"""

from __future__ import annotations

import math
import statistics
import time
from functools import lru_cache

from snn_explorer.bats import BatsParameters, Network
from snn_explorer.devices import CPU
from snn_explorer.experiments.bats_experiment import BatsExperiment, Condition
from snn_explorer.experiments.experiment import Settings
from snn_explorer.experiments.sources import Source
from snn_explorer.experiments.threaded_run import n_cores

BATCHES = 5
"""Batches that are timed; the first, which may load kernels from disk, does not count."""


def expected_seconds(experiment: BatsExperiment) -> float:
    """Wall time [s] of a run with the experiment's own seeds and epochs, all cores being free."""
    settings = Settings(seeds=experiment.seeds, length=experiment.length)
    times = []
    for condition in experiment.conditions:
        source = condition.source or experiment.source
        parameters = experiment.parameters(settings, condition)
        n_batches = _n_batches(experiment, condition, parameters, source.n_train)
        seeds = min(experiment.seeds, condition.most_seeds or experiment.seeds)
        times += seeds * [n_batches * batch_seconds(source, tuple(parameters.param.values().items()))]
    return max(sum(times) / n_cores(), *times)


def _n_batches(experiment: BatsExperiment, condition: Condition, parameters: BatsParameters, n_train: int) -> int:
    """Batches of one network in the experiment's own length."""
    n_training = n_train * (1 - parameters.validation)
    length = min(experiment.length, condition.most_epochs or experiment.length)
    if experiment.unit == "samples":
        return math.ceil(length / min(parameters.batch_size, n_training))
    return length * math.ceil(n_training / parameters.batch_size)


@lru_cache
def batch_seconds(source: Source, values: tuple[tuple[str, object], ...]) -> float:
    """Median processor time of a batch of a fresh network on stand-ins for a data set [s]."""
    parameters = BatsParameters(**{name: value for name, value in values if name != "name"})
    network = Network(source.stand_in(), parameters, device=CPU)
    times = []
    for _ in range(BATCHES):
        start = time.thread_time()
        network.advance()
        times.append(time.thread_time() - start)
    return statistics.median(times[1:])
