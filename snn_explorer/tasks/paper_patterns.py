"""The paper's two patterns: the public benchmark where its files are found, else a task of the same kind, generated.

The name of the task says which of the two it is. What is generated is the same on each call and each machine.
"""

from __future__ import annotations

from os import PathLike

from snn_explorer.tasks.benchmark import available_benchmarks, load_benchmark
from snn_explorer.tasks.drawing import DEFAULT_PERIOD
from snn_explorer.tasks.pattern import Task
from snn_explorer.tasks.poisson import frozen_poisson, own_task
from snn_explorer.tasks.words import word_targets

STAND_IN_SEED = 0
"""Seed of the inputs of generated patterns."""

STAND_IN_WORD = "SNN"
"""What stands in for the picture of the `auryn` set."""


def simple_pattern(data_dir: str | PathLike[str] | None = None) -> Task:
    """Pattern of Figs 1, 2 and 4: 100 inputs, one output, 0.5 s.

    Parameters
    ----------
    data_dir : path-like, optional
        Folder with data files; by default the one that :func:`snn_explorer.tasks.data.data_dir` finds.

    Returns
    -------
    Task
        The benchmark set `poisson`, or the task `frozen-poisson`.
    """
    if "poisson" in available_benchmarks(data_dir):
        return load_benchmark("poisson", data_dir)
    return frozen_poisson(STAND_IN_SEED)


def complex_pattern(data_dir: str | PathLike[str] | None = None) -> Task:
    """Pattern of Figs 6, 7 and 8: 100 inputs, 100 outputs that draw a picture in spikes, 3.5 s.

    Parameters
    ----------
    data_dir : path-like, optional
        Folder with data files; by default the one that :func:`snn_explorer.tasks.data.data_dir` finds.

    Returns
    -------
    Task
        The benchmark set `auryn`, or the task `word-snn`, in which the outputs write a word.
    """
    if "auryn" in available_benchmarks(data_dir):
        return load_benchmark("auryn", data_dir)
    return own_task(
        word_targets(STAND_IN_WORD),
        name=f"word-{STAND_IN_WORD.lower()}",
        title=f"Frozen Poisson input, the word {STAND_IN_WORD} as output",
        rng=STAND_IN_SEED,
        period=DEFAULT_PERIOD,
    )
