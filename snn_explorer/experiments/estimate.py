"""How long an experiment takes on this machine, from a few chunks of small ensembles on its own task.

    wall time = n_chunks * sum over ensembles (a + b * neurons) / cores

a and b are measured with two ensembles of different size. The longest ensemble is a lower bound, as one ensemble
runs on one core.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from snn_explorer.devices import CPU
from snn_explorer.experiments.ensemble import group_conditions, n_neurons
from snn_explorer.experiments.experiment import Settings
from snn_explorer.experiments.superspike_experiment import SuperSpikeExperiment
from snn_explorer.experiments.threaded_run import n_cores
from snn_explorer.superspike import Network
from snn_explorer.superspike.parameters import SuperSpikeParameters
from snn_explorer.superspike.timing import UPDATE_INTERVAL
from snn_explorer.tasks import SpikingXor, Task

CHUNKS = 5
"""Chunks that are timed; the first, which may load kernels from disk, does not count."""

SMALL, LARGE = 1, 16
"""Networks in the two ensembles that are timed."""

N_HIDDEN, WEIGHT_SCALE = 16, 0.1
"""Their hidden units, and initial weights at which neurons spike about as much as trained ones."""


def expected_seconds(experiment: SuperSpikeExperiment) -> float:
    """Wall time [s] of a run with the experiment's own seeds and learning time, all cores being free."""
    settings = Settings(seeds=experiment.seeds, length=experiment.length)
    n_outputs, per_chunk, per_neuron = chunk_seconds(experiment.task)
    n_chunks = (experiment.length + SuperSpikeParameters().burn_in) / UPDATE_INTERVAL
    sizes = [
        sum(n_neurons(experiment, settings, condition, n_outputs) for condition in conditions.values())
        for conditions in group_conditions(experiment, settings, n_outputs)
    ]
    times = [n_chunks * (per_chunk + per_neuron * size) for size in sizes]
    return max(sum(times) / n_cores(), *times)


@lru_cache
def chunk_seconds(make_task: Callable[[Path | None], Task | SpikingXor]) -> tuple[int, float, float]:
    """Outputs of a task, and processor time of a chunk on it [s]: what an ensemble costs, and what a neuron adds."""
    task = make_task(None)
    small, large = (_timed(task, n_networks) for n_networks in (SMALL, LARGE))
    n_network = N_HIDDEN + task.n_outputs
    per_neuron = max(large - small, 0.0) / ((LARGE - SMALL) * n_network)
    return task.n_outputs, max(small - per_neuron * SMALL * n_network, 0.0), per_neuron


def _timed(task: Task | SpikingXor, n_networks: int) -> float:
    """Median processor time of a chunk of an ensemble on `task` [s]."""
    parameters = SuperSpikeParameters(n_hidden=N_HIDDEN, weight_scale=WEIGHT_SCALE)
    network = Network(task, parameters, [{"seed": k} for k in range(n_networks)], device=CPU)
    times = []
    for _ in range(CHUNKS):
        start = time.thread_time()
        network.advance()
        times.append(time.thread_time() - start)
    return statistics.median(times[1:])
