"""Reading spike trains from text: ``.ras`` files and tables of comma-separated values (CSV).

One spike a line, a time in seconds and a neuron id, in any order of lines; text after ``#`` and empty lines are
skipped. A ``.ras`` file, the format of the Supervised Spiking Benchmark Suite, has blanks between the two::

    # two spikes of neuron 3
    0.0825 3
    0.0123 3

In a table they are separated by a comma, a semicolon or a tab, and a first line may name the columns, which may then
stand in either order::

    neuron,time
    3,0.0825
    3,0.0123

Times may be finer than the time step: they are rounded to the nearest one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np

from snn_explorer.checks import check_positive
from snn_explorer.engine import ParameterError
from snn_explorer.tasks.checks import MAX_NEURONS, check_group_size
from snn_explorer.tasks.pattern import DEFAULT_DT, MAX_STEP, SpikeTrains

MAX_CHARACTERS = 20_000_000
"""Longest text that is read; about two million spikes."""

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_NOT_FINITE = ("nan", "inf", "infinity")

_BLANK_BETWEEN_NAMES = re.compile(r"\s+(?![\[(])")
_SEPARATOR_NAMES = {",": "a comma", ";": "a semicolon", None: "a blank or a tab"}
_TIME_WORDS = frozenset({"time", "times", "t", "seconds"})
_NEURON_WORDS = frozenset({"neuron", "neurons", "id", "ids", "i", "index", "unit", "cell", "output", "input"})
_OTHER_UNITS = frozenset({"ms", "msec", "millisecond", "milliseconds", "us", "step", "steps", "min", "minutes"})


class SpikeFileError(ParameterError):
    """Spike trains in text that cannot be used; the message names file, line, what stands there, what is allowed."""


def read_spikes(
    path: str | PathLike[str], *, n_neurons: int | None = None, dt: float = DEFAULT_DT, period: float | None = None
) -> SpikeTrains:
    """Read the spike trains of one file.

    Parameters
    ----------
    path : path-like
        The file, ``.ras`` or CSV.
    n_neurons, dt, period
        As in `parse_spikes`.

    Raises
    ------
    SpikeFileError
        If the file cannot be read, or `parse_spikes` refuses what it says.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as problem:
        raise SpikeFileError(f"{path}: the file cannot be read ({problem.strerror}).") from None
    return parse_spikes(content, name=str(path), n_neurons=n_neurons, dt=dt, period=period)


def parse_spikes(
    content: str | bytes,
    *,
    name: str = "spike times",
    n_neurons: int | None = None,
    dt: float = DEFAULT_DT,
    period: float | None = None,
) -> SpikeTrains:
    """Read spike trains from text, for example that of an uploaded file.

    Parameters
    ----------
    content : str or bytes
        The text, or its bytes in UTF-8.
    name : str
        What messages call the text, usually the name of a file.
    n_neurons : int, optional
        Size of the group; ids run from 0 to ``n_neurons - 1``. By default the largest id decides.
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
    SpikeFileError
        If there are no spikes, or a line is not a spike of this group in this trial.
    """
    limit = MAX_NEURONS if n_neurons is None else check_group_size("n_neurons", n_neurons)
    dt = check_positive("dt", dt, "s")
    last_step = MAX_STEP if period is None else round(check_positive("period", period, "s") / dt) - 1
    step, neuron = [], []
    table = None
    for number, line in _lines(content, name):
        try:
            if table is None:
                table = _Table.begun_by(line)
                if table.has_header:
                    continue
            time_text, neuron_text = table.row(line)
            step.append(_step(time_text, dt, last_step))
            neuron.append(_neuron(neuron_text, limit, given=n_neurons is not None))
        except ParameterError as problem:
            raise SpikeFileError(f"{name}, line {number}: {problem} (the line reads {line[:60]!r}).") from None
    if not step:
        raise SpikeFileError(f"{name}: the file has no spikes; expected lines with a time in seconds and a neuron id.")
    return SpikeTrains(np.array(step), np.array(neuron), max(neuron) + 1 if n_neurons is None else limit)


@dataclass(frozen=True)
class _Table:
    """How the lines of one text are to be read: what separates the two columns, and which is the time."""

    separator: str | None
    time_column: int
    has_header: bool

    @classmethod
    def begun_by(cls, line: str) -> _Table:
        """Tell from the first line, which is a header if it has no number in it."""
        separator = next((mark for mark in (";", ",") if mark in line), None)
        between = separator or ("\t" if "\t" in line else None)
        fields = line.split(between) if between else _BLANK_BETWEEN_NAMES.split(line)
        if any(_is_number(_bare(field)) for field in fields):
            return cls(separator, time_column=0, has_header=False)
        return cls(separator, _time_column([_bare(field) for field in fields]), has_header=True)

    def row(self, line: str) -> tuple[str, str]:
        """Time and neuron id of a line, as text."""
        fields = line.split(self.separator)
        if len(fields) != 2:
            between = _SEPARATOR_NAMES[self.separator]
            raise ParameterError(f"expected a time in seconds and a neuron id, separated by {between}")
        return _bare(fields[self.time_column]), _bare(fields[1 - self.time_column])


def _lines(content: str | bytes, name: str) -> list[tuple[int, str]]:
    """Lines that say something, without comments, with their numbers."""
    if len(content) > MAX_CHARACTERS:
        raise SpikeFileError(
            f"{name}: the file has {len(content)} characters; at most {MAX_CHARACTERS} are read, because more spikes "
            "than that are more than a network can be trained on."
        )
    try:
        text = content.decode("utf-8") if isinstance(content, bytes) else content
    except UnicodeDecodeError:
        raise SpikeFileError(
            f"{name}: this is not a text file; expected lines with a time in seconds and a neuron id, in UTF-8."
        ) from None
    ends = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = ((number, line.partition("#")[0].strip()) for number, line in enumerate(ends, start=1))
    return [(number, line) for number, line in lines if line]


def _time_column(names: list[str]) -> int:
    """Which of the two columns of a header is the time."""
    words = [set(re.findall("[a-z]+", name.lower())) for name in names]
    is_time = [bool(word & _TIME_WORDS) for word in words]
    is_neuron = [bool(word & _NEURON_WORDS) for word in words]
    if sorted(zip(is_time, is_neuron, strict=True)) != [(False, True), (True, False)]:
        raise ParameterError("a header must name one column for the time and one for the neuron, as in 'time,neuron'")
    column = is_time.index(True)
    if words[column] & _OTHER_UNITS:
        raise ParameterError(f"the header says that times are in {names[column][:60]!r}; times must be in seconds")
    return column


def _bare(field: str) -> str:
    return field.strip().strip('"').strip()


def _is_number(text: str) -> bool:
    return text.lstrip("+-").lower() in _NOT_FINITE or _NUMBER.fullmatch(text) is not None


def _step(text: str, dt: float, last_step: int) -> int:
    """Step nearest to the time [s] in `text`."""
    if text.lstrip("+-").lower() in _NOT_FINITE:
        raise ParameterError(f"the time is {text}; times must be finite")
    if not _NUMBER.fullmatch(text):
        raise ParameterError(f"the time {text[:60]!r} is not a number of seconds, such as 0.0825")
    time = float(text)
    if time < 0:
        raise ParameterError(f"the time {text} is negative; times start at 0")
    if not time / dt < last_step + 0.5:
        raise ParameterError(
            f"the time {text[:60]} s is too late; the last allowed step of {dt:g} s begins at {last_step * dt:g} s"
        )
    return round(time / dt)


def _neuron(text: str, limit: int, *, given: bool) -> int:
    """Neuron id in `text`, below `limit`, which is the group's size or that of the largest group."""
    if not _WHOLE.fullmatch(text):
        raise ParameterError(f"the neuron id {text[:60]!r} is not a whole number")
    neuron = int(text)
    if not 0 <= neuron < limit:
        allowed = f"{limit} neurons have ids" if given else f"at most {limit} neurons are allowed, with ids"
        raise ParameterError(f"neuron id {neuron} is out of range; {allowed} 0 to {limit - 1}")
    return neuron
