"""The Supervised Spiking Benchmark Suite (Zenke 2017), the public tasks of Zenke & Ganguli 2018.

| set | inputs | outputs | period | in the paper |
|---|---|---|---|---|
| poisson | 100, 232 spikes | 1, five spikes | 0.5 s | Figs 1, 2, 4 |
| auryn | 100, 1746 spikes | 100, 1630 spikes | 3.5 s | Figs 6, 7, 8 |
| oxford | 200, 1889 spikes | 201, 10367 spikes | 1.89 s | |
| seqgen | 4, one spike each | 100, one spike each | 1.0 s | |

The suite describes `oxford` as 200 outputs, but its target ids run from 1 to 200: as ids are kept as they stand in
the file, the task has 201 output neurons, and number 0 is to be silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from types import MappingProxyType

from snn_explorer.engine import ParameterError
from snn_explorer.tasks import data
from snn_explorer.tasks.pattern import DEFAULT_DT, Task
from snn_explorer.tasks.spike_files import read_spikes

_FOLDER = "ssbm"
_HOW_TO_GET = (
    "To get the suite: clone https://github.com/fzenke/ssbm, copy the folders of its benchmarks/precise_timing "
    f"into DATA/{_FOLDER}, and set {data.ENVIRONMENT_VARIABLE} to DATA."
)


@dataclass(frozen=True)
class BenchmarkSet:
    """What is known about one set of the suite: sizes, and the length of a trial [s]."""

    title: str
    n_inputs: int
    n_outputs: int
    period: float


BENCHMARKS: Mapping[str, BenchmarkSet] = MappingProxyType(
    {
        "poisson": BenchmarkSet("Frozen Poisson input, five spikes of one output", 100, 1, 0.5),
        "auryn": BenchmarkSet("Frozen Poisson input, the Auryn logo as output", 100, 100, 3.5),
        "oxford": BenchmarkSet("Frozen Poisson input, a building in Oxford as output", 200, 201, 1.89),
        "seqgen": BenchmarkSet("Four input spikes set off a sequence of 100 outputs", 4, 100, 1.0),
    }
)


def available_benchmarks(data_dir: str | PathLike[str] | None = None) -> tuple[str, ...]:
    """Names of the sets whose files are there, in the suite's order.

    Parameters
    ----------
    data_dir : path-like, optional
        Folder with data files; by default the one that :func:`snn_explorer.tasks.data.data_dir` finds.
    """
    folder = data.data_dir() if data_dir is None else Path(data_dir)
    if folder is None:
        return ()
    return tuple(name for name in BENCHMARKS if all(path.is_file() for path in _files(folder, name)))


def load_benchmark(name: str, data_dir: str | PathLike[str] | None = None, dt: float = DEFAULT_DT) -> Task:
    """Load one set of the suite.

    Parameters
    ----------
    name : str
        A key of `BENCHMARKS`.
    data_dir : path-like, optional
        Folder with data files; by default the one that :func:`snn_explorer.tasks.data.data_dir` finds.
    dt : float
        Time step [s].

    Raises
    ------
    ParameterError
        If there is no set of that name; `MissingDataError` if its files are not there, `SpikeFileError` if they are
        wrong.
    """
    if name not in BENCHMARKS:
        raise ParameterError(f"There is no benchmark {name!r}; there are {', '.join(BENCHMARKS)}.")
    known = BENCHMARKS[name]
    input_file, target_file = _present_files(name, data_dir)
    return Task(
        name=name,
        title=known.title,
        inputs=read_spikes(input_file, n_neurons=known.n_inputs, dt=dt, period=known.period),
        targets=read_spikes(target_file, n_neurons=known.n_outputs, dt=dt, period=known.period),
        period_steps=round(known.period / dt),
        dt=dt,
    )


def _files(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / _FOLDER / name / "input.ras", folder / _FOLDER / name / "target.ras"


def _present_files(name: str, data_dir: str | PathLike[str] | None) -> tuple[Path, Path]:
    folder = data.data_dir() if data_dir is None else Path(data_dir)
    if folder is None:
        raise data.MissingDataError(f"Benchmark {name!r} needs data files. {data.where_looked()} {_HOW_TO_GET}")
    files = _files(folder, name)
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise data.MissingDataError(f"Benchmark {name!r} needs {' and '.join(missing)}. {_HOW_TO_GET}")
    return files
