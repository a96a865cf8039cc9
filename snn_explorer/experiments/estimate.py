"""How long an experiment takes on this machine, from a few of its own chunks."""

from __future__ import annotations

import statistics
import time

from snn_explorer.experiments.experiment import Experiment, Settings
from snn_explorer.experiments.simulation import Simulation

CHUNKS = 5
"""Chunks that are timed; the first, which may load kernels from disk, does not count."""


def expected_seconds(experiment: Experiment) -> float:
    """Wall time [s] of a run with the experiment's own seeds and learning time."""
    settings = Settings(seeds=experiment.seeds, seconds=experiment.seconds)
    networks = [ensemble.network for ensemble in Simulation(experiment, settings).ensembles]
    walls = []
    for _ in range(CHUNKS):
        start = time.perf_counter()
        for network in networks:
            network.advance()
        walls.append(time.perf_counter() - start)
    chunk = networks[0].n_steps * networks[0].task.dt
    n_chunks = (experiment.seconds + networks[0].parameters.burn_in) / chunk
    return statistics.median(walls[1:]) * n_chunks
