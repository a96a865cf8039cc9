"""Stimuli, targets and data sets: what a network is asked to learn.

A :class:`Task` is a set of input spike trains that repeats with a fixed period, and the spike trains that the
output neurons are to give in answer (Zenke & Ganguli 2018, section 3.2).
"""

from snn_explorer.tasks.benchmark import BENCHMARKS, BenchmarkSet, available_benchmarks, load_benchmark
from snn_explorer.tasks.data import MissingDataError, data_dir
from snn_explorer.tasks.pattern import SpikeTrains, Task
from snn_explorer.tasks.poisson import frozen_poisson
from snn_explorer.tasks.ras import RasError, read_ras

__all__ = [
    "BENCHMARKS",
    "BenchmarkSet",
    "MissingDataError",
    "RasError",
    "SpikeTrains",
    "Task",
    "available_benchmarks",
    "data_dir",
    "frozen_poisson",
    "load_benchmark",
    "read_ras",
]
