"""Targets of one's own: what the network of preset `own` is to learn, a word, a picture or spike trains.

Whatever comes from a person may be wrong, large or hostile: each function either gives a preset that can be learned,
or raises a `ParameterError` with one plain sentence. Large files take a second, so a page calls these in a thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from snn_explorer.engine import ParameterError, Watch
from snn_explorer.presets.preset import Preset
from snn_explorer.quantities import as_text
from snn_explorer.tasks import SpikeTrains, Task, own_task, parse_spikes, picture_targets, word_targets
from snn_explorer.tasks.pattern import DEFAULT_DT

KEY: Final = "own"
DEFAULT_WORD: Final = "HELLO"
DEFAULT_OUTPUTS: Final = 100
DEFAULT_SECONDS: Final = 2.0
"""A word of five letters is readable after 20 s of learning, against 100 s where it takes 3.5 s to write."""

OPTIONS: Final = ("word", "outputs", "seconds")
"""What an address or a command says about a word."""

MAX_SECONDS: Final = 20.0
MAX_PICTURE_BYTES: Final = 8_000_000
MAX_SPIKE_FILE_BYTES: Final = 2_000_000

INPUT_SEED: Final = 0
"""Seed of the frozen Poisson input."""

# of 0 to 256 hidden neurons 128 write best for their time on one core; without any the word comes as soon, less clean
_VALUES: Final = MappingProxyType({"n_hidden": 128, "weight_scale": 0.05, "learning_rate": 1e-3})
_FEW_OUTPUTS: Final = 4
_MAX_TEXT: Final = 1000
_NOT_IN_LINK: Final = "this page alone has it, for a link cannot hold it"


class File(NamedTuple):
    """A file that somebody chose; `content` is None if it was too large to be sent, or could not be read."""

    name: str
    size: int
    content: bytes | None


def word_to_learn(
    word: str = DEFAULT_WORD, n_outputs: int = DEFAULT_OUTPUTS, seconds: float = DEFAULT_SECONDS
) -> Preset:
    """Let outputs write a word; an address can lead to it.

    Parameters
    ----------
    word : str
        What to write.
    n_outputs : int
        Number of outputs, the rows of the letters.
    seconds : float
        Length of a trial [s].

    Raises
    ------
    ParameterError
        If the word cannot be written, or a number is out of range.
    """
    word = " ".join(word.split())
    targets = word_targets(word, n_outputs=n_outputs, period=_checked(seconds))
    title = f"Frozen Poisson input, the word {word} as output"
    task = own_task(targets, name="own-word", title=title, rng=INPUT_SEED, period=seconds)
    query = {"word": word, "outputs": str(n_outputs), "seconds": as_text(seconds).removesuffix(".0")}
    return _preset(task, _sentence(task, f"write {word} in spikes, once every {seconds:g} s"), query)


def word_of(query: Mapping[str, str]) -> Preset:
    """Let outputs write the word that an address or a command says.

    Parameters
    ----------
    query : mapping of str to str
        Any of `OPTIONS` as text, as in `Preset.query`; the others are as `word_to_learn` has them.

    Raises
    ------
    ParameterError
        If the word cannot be written, or a number is none or out of range.
    """
    return word_to_learn(
        query.get("word", DEFAULT_WORD),
        n_outputs_of(query.get("outputs", str(DEFAULT_OUTPUTS))),
        seconds_of(query.get("seconds", str(DEFAULT_SECONDS))),
    )


def picture_to_learn(picture: File, n_outputs: int = DEFAULT_OUTPUTS, seconds: float = DEFAULT_SECONDS) -> Preset:
    """Let outputs draw a picture.

    Parameters
    ----------
    picture : File
        A picture file, or a drawing in one.
    n_outputs : int
        Number of outputs, the rows of the picture.
    seconds : float
        Length of a trial [s].

    Raises
    ------
    ParameterError
        If it is not a picture that can be drawn, it is too large, or a number is out of range.
    """
    content = _content(picture, MAX_PICTURE_BYTES, "larger pictures take long to decode and look the same in spikes")
    targets = picture_targets(content, name=picture.name, n_outputs=n_outputs, period=_checked(seconds))
    title = f"Frozen Poisson input, {picture.name} as output"
    task = own_task(targets, name="own-picture", title=title, rng=INPUT_SEED, period=seconds)
    return _preset(
        task, _sentence(task, f"reproduce {picture.name} in spikes, once every {seconds:g} s; {_NOT_IN_LINK}"), {}
    )


def spikes_to_learn(
    targets: File, inputs: File | None = None, n_outputs: int | None = None, seconds: float | None = None
) -> Preset:
    """Let outputs spike as a file says.

    Parameters
    ----------
    targets : File
        A ``.ras`` or CSV file.
    inputs : File, optional
        The same for the inputs; without it 100 inputs have frozen Poisson spike trains.
    n_outputs : int, optional
        Number of outputs; by default the largest id decides.
    seconds : float, optional
        Length of a trial [s]; by default the last spike decides, rounded up to 0.1 s.

    Raises
    ------
    ParameterError
        If a file cannot be read, which names the line, it is too large, or a number is out of range.
    """
    if seconds is None:
        seconds = max(_length(_read(file)) for file in (targets, inputs) if file is not None)
    wanted = _read(targets, n_outputs, _checked(seconds))
    if inputs is None:
        title = f"Frozen Poisson input, {targets.name} as output"
        task = own_task(wanted, name="own-spikes", title=title, rng=INPUT_SEED, period=seconds)
    else:
        title = f"{inputs.name} as input, {targets.name} as output"
        given = _read(inputs, None, seconds)
        task = Task("own-spikes", title, given, wanted, period_steps=round(seconds / DEFAULT_DT))
    return _preset(task, _sentence(task, f"spike as {targets.name} says, once every {seconds:g} s; {_NOT_IN_LINK}"), {})


def saved(preset: Preset) -> dict[str, Any]:
    """A preset of one's own target in tensors, numbers and words, as `restored` takes it up."""
    task = preset.task()
    assert isinstance(task, Task)
    trains = {
        what: {"step": _tensor(part.step), "neuron": _tensor(part.neuron), "n_neurons": part.n_neurons}
        for what, part in (("inputs", task.inputs), ("targets", task.targets))
    }
    numbers = {"name": task.name, "title": task.title, "period_steps": task.period_steps, "dt": task.dt}
    return {"sentence": preset.sentence, "query": dict(preset.query), **numbers, **trains}


def restored(state: Mapping[str, Any]) -> Preset:
    """The preset that `saved` gave.

    Raises
    ------
    ParameterError
        If its numbers are out of range; other errors if they are no such state at all.
    """
    name, title, sentence = (_short(state[what]) for what in ("name", "title", "sentence"))
    query = {what: _short(text) for what, text in state["query"].items()}
    if state["dt"] != DEFAULT_DT or not set(query) <= set(OPTIONS):
        raise ValueError("this is no target of one's own")
    _checked(state["period_steps"] * DEFAULT_DT)
    inputs, targets = (SpikeTrains(**state[what]) for what in ("inputs", "targets"))
    return _preset(Task(name, title, inputs, targets, state["period_steps"]), sentence, query)


def n_outputs_of(text: str) -> int:
    """Number of outputs that somebody typed.

    Raises
    ------
    ParameterError
        If it is no whole number; the functions above check its size.
    """
    try:
        return int(text.strip())
    except ValueError:
        raise ParameterError(
            f"The number of outputs is {text[:60]!r}; it must be a whole number, at least 1."
        ) from None


def seconds_of(text: str) -> float:
    """Length of a trial [s] that somebody typed.

    Raises
    ------
    ParameterError
        If it is no number, or out of range.
    """
    try:
        seconds = float(text.strip().replace(",", "."))
    except ValueError:
        raise ParameterError(f"The length of a trial is {text[:60]!r}; it must be a number of seconds.") from None
    return _checked(seconds)


def _preset(task: Task, sentence: str, query: Mapping[str, str]) -> Preset:
    """Preset that learns this task, and watches the output that has most to do."""
    busiest = int(np.bincount(task.targets.neuron, minlength=task.n_outputs).argmax())
    few = {"n_hidden": 4, "weight_scale": 0.02} if task.n_outputs <= _FEW_OUTPUTS else {}
    return Preset(
        key=KEY,
        title="Your own target",
        sentence=sentence,
        task=lambda: task,
        values=MappingProxyType(_VALUES | few),
        watch=Watch(output=(busiest,), probe_post=busiest),
        query=MappingProxyType(dict(query)),
    )


def _sentence(task: Task, what: str) -> str:
    outputs = "One output learns" if task.n_outputs == 1 else f"{task.n_outputs} outputs learn"
    return f"{outputs} to {what}."


def _read(file: File, n_neurons: int | None = None, period: float | None = None) -> SpikeTrains:
    content = _content(file, MAX_SPIKE_FILE_BYTES, "reading more would take seconds")
    return parse_spikes(content, name=file.name, n_neurons=n_neurons, period=period)


def _length(trains: SpikeTrains) -> float:
    """The shortest trial that holds these spikes, rounded up to 0.1 s [s]."""
    return int(trains.step[-1] * DEFAULT_DT * 10 + 1) / 10


def _short(text: str) -> str:
    """Text from outside that is to be shown."""
    if not isinstance(text, str) or len(text) > _MAX_TEXT:
        raise ValueError(f"{str(text)[:40]!r} is no text of up to {_MAX_TEXT} characters")
    return text


def _tensor(numbers: NDArray[np.integer]) -> torch.Tensor:
    return torch.from_numpy(numbers.copy())


def _checked(seconds: float) -> float:
    if not 0 < seconds <= MAX_SECONDS:
        raise ParameterError(
            f"A trial is {seconds:g} s long; allowed is a length above 0 and up to {MAX_SECONDS:g} s, because longer "
            "trials are not shown as a whole."
        )
    return seconds


def _content(file: File, most: int, reason: str) -> bytes:
    if file.size > most:
        raise ParameterError(
            f"The file {file.name!r} has {file.size / 1e6:.1f} MB; at most {most / 1e6:g} MB can be used, because "
            f"{reason}."
        )
    if file.content is None:
        raise ParameterError(f"The file {file.name!r} could not be read; choose it again.")
    return file.content
