"""Reading spike trains from ``.ras`` files, the text format of the Supervised Spiking Benchmark Suite.

One spike a line, ``time_in_seconds neuron_id``, in any order; text after ``#`` and empty lines are skipped::

    # two spikes of neuron 3
    0.0825 3
    0.0123 3

Times may be finer than the time step: they are rounded to the nearest one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from os import PathLike
from pathlib import Path

import numpy as np

from snn_explorer.engine import ParameterError
from snn_explorer.tasks.checks import check_positive, check_whole
from snn_explorer.tasks.pattern import DEFAULT_DT, MAX_STEP, SpikeTrains

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


class RasError(ParameterError):
    """A ``.ras`` file that cannot be used; the message names file, line, what stands there and what is allowed."""


def read_ras(
    path: str | PathLike[str], *, n_neurons: int, dt: float = DEFAULT_DT, period: float | None = None
) -> SpikeTrains:
    """Read the spike trains of one ``.ras`` file.

    Parameters
    ----------
    path : path-like
        The file.
    n_neurons : int
        Size of the group; ids run from 0 to ``n_neurons - 1``.
    dt : float
        Time step [s].
    period : float, optional
        Length of a trial [s]; every spike must fall into a step before its end.

    Returns
    -------
    SpikeTrains
        The spikes, sorted, each once.

    Raises
    ------
    RasError
        If the file cannot be read, has no spikes, or has a line that is not a spike of this group in this trial.
    """
    path = Path(path)
    n_neurons = check_whole("n_neurons", n_neurons, minimum=1)
    dt = check_positive("dt", dt, "s")
    last_step = MAX_STEP if period is None else round(check_positive("period", period, "s") / dt) - 1
    step, neuron = [], []
    for number, line in _content(path):
        fields = line.split()
        try:
            if len(fields) != 2:
                raise ParameterError("expected a time in seconds and a neuron id, separated by a blank")
            step.append(_step(fields[0], dt, last_step))
            neuron.append(_neuron(fields[1], n_neurons))
        except ParameterError as problem:
            raise RasError(f"{path}, line {number}: {problem} (the line reads {line[:60]!r}).") from None
    if not step:
        raise RasError(f"{path}: the file has no spikes; expected lines with a time in seconds and a neuron id.")
    return SpikeTrains(np.array(step), np.array(neuron), n_neurons)


def _content(path: Path) -> Iterator[tuple[int, str]]:
    """Lines that say something, without comments, with their numbers in the file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RasError(f"{path}: this is not a text file; expected lines with a time in seconds and an id.") from None
    except OSError as problem:
        raise RasError(f"{path}: the file cannot be read ({problem.strerror}).") from None
    for number, line in enumerate(text.split("\n"), start=1):
        content = line.partition("#")[0].strip()
        if content:
            yield number, content


def _step(text: str, dt: float, last_step: int) -> int:
    """Step nearest to the time [s] in `text`."""
    if text.lstrip("+-").lower() in ("nan", "inf", "infinity"):
        raise ParameterError(f"the time is {text}; times must be finite")
    if not _NUMBER.fullmatch(text):
        raise ParameterError(f"the time {text[:60]!r} is not a number of seconds")
    time = float(text)
    if time < 0:
        raise ParameterError(f"the time {text} is negative; times start at 0")
    if not time / dt < last_step + 0.5:
        raise ParameterError(
            f"the time {text} s is too late; the last allowed step of {dt:g} s begins at {last_step * dt:g} s"
        )
    return round(time / dt)


def _neuron(text: str, n_neurons: int) -> int:
    """Neuron id in `text`."""
    if not _WHOLE.fullmatch(text):
        raise ParameterError(f"the neuron id {text[:60]!r} is not a whole number")
    neuron = int(text)
    if not 0 <= neuron < n_neurons:
        raise ParameterError(f"neuron id {neuron} is out of range; {n_neurons} neurons have ids 0 to {n_neurons - 1}")
    return neuron
