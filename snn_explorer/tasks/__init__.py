"""Stimuli, targets and data sets: what a network is asked to learn.

A :class:`Task` is a set of input spike trains that repeats with a fixed period, and the spike trains that the
output neurons are to give in answer (Zenke & Ganguli 2018, section 3.2). :class:`Samples` are a data set whose
classes are to be told apart (Bacho & Chu 2022, section IV).
"""

from snn_explorer.tasks.benchmark import BENCHMARKS, BenchmarkSet, available_benchmarks, load_benchmark
from snn_explorer.tasks.checks import MAX_NEURONS
from snn_explorer.tasks.data import MissingDataError, data_dir
from snn_explorer.tasks.digits import digits
from snn_explorer.tasks.drawing import DEFAULT_PERIOD
from snn_explorer.tasks.idx import IdxError
from snn_explorer.tasks.images import available_images, emnist, fashion_mnist, mnist
from snn_explorer.tasks.paper_patterns import complex_pattern, simple_pattern
from snn_explorer.tasks.pattern import REFRACTORY_PERIOD, SpikeTrains, Task
from snn_explorer.tasks.pictures import picture_targets
from snn_explorer.tasks.poisson import frozen_poisson, own_task
from snn_explorer.tasks.samples import Samples, Split
from snn_explorer.tasks.spatio_temporal import spatio_temporal
from snn_explorer.tasks.spike_files import SpikeFileError, parse_spikes, read_spikes
from snn_explorer.tasks.words import word_targets
from snn_explorer.tasks.xor import SpikingXor
from snn_explorer.tasks.yin_yang import YinYangTiming, yin_yang, yin_yang_class

__all__ = [
    "BENCHMARKS",
    "DEFAULT_PERIOD",
    "MAX_NEURONS",
    "REFRACTORY_PERIOD",
    "BenchmarkSet",
    "IdxError",
    "MissingDataError",
    "Samples",
    "SpikeFileError",
    "SpikeTrains",
    "SpikingXor",
    "Split",
    "Task",
    "YinYangTiming",
    "available_benchmarks",
    "available_images",
    "complex_pattern",
    "data_dir",
    "digits",
    "emnist",
    "fashion_mnist",
    "frozen_poisson",
    "load_benchmark",
    "mnist",
    "own_task",
    "parse_spikes",
    "picture_targets",
    "read_spikes",
    "simple_pattern",
    "spatio_temporal",
    "word_targets",
    "yin_yang",
    "yin_yang_class",
]
