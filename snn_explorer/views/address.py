"""The address of the page: every parameter and the version, so that it can be sent to somebody or kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from snn_explorer import __version__
from snn_explorer.engine import ParameterError
from snn_explorer.lessons import Lesson
from snn_explorer.live.driver import all_values
from snn_explorer.live.systems import SYSTEMS, System
from snn_explorer.presets import DEFAULT_PRESET, Preset, available_presets, own_target
from snn_explorer.quantities import as_text, read_values
from snn_explorer.views.differences import differing
from snn_explorer.views.lessons.library import Library, speed_at, step_of

_OF_THE_SERVER: Final = ("theme", "bokeh-session-id", "bokeh-protocol-version")
_NOT_PARAMETERS: Final = ("v", "preset", "lesson", "step", *_OF_THE_SERVER)
_OF_SECOND: Final = "b."
NO_LESSONS: Final = Library()
_NO_TARGET: Final = (
    "This link holds no word to learn; a picture, a drawing or spike trains stay on the page where they were chosen. "
    f"So here is the word {own_target.DEFAULT_WORD}."
)


@dataclass
class Address:
    """What an address asks for.

    Attributes
    ----------
    preset : str
        Key of a preset.
    values : dict of str to object
        Values of parameters [SI], those that can be used.
    speed : float or None or str
        Simulated seconds per second, None for as fast as possible, "" if the address does not say.
    own : Preset or None
        The word that is to be learned, with the preset for it.
    projector : bool
        Whether the page is for a projector.
    beside : bool
        Whether a second run learns beside the first.
    second : dict of str to object
        Its values that differ from the first's.
    lesson : Lesson or None
        What is played; the address's parameters then only say what differs from the step's.
    step : int
        Its step, from 1.
    news : str
        What a person should know about it, "" for nothing.
    faults : list of str
        What cannot be used, in plain sentences.
    """

    preset: str = DEFAULT_PRESET
    values: dict[str, Any] = field(default_factory=dict)
    speed: float | str | None = ""
    own: Preset | None = None
    projector: bool = False
    beside: bool = False
    second: dict[str, Any] = field(default_factory=dict)
    lesson: Lesson | None = None
    step: int = 1
    news: str = ""
    faults: list[str] = field(default_factory=list)


def read(query: Mapping[str, str], presets: Mapping[str, Preset], lessons: Library = NO_LESSONS) -> Address:
    """Read an address; what it says wrongly is named and left out, the rest is used."""
    asked = Address()

    def use(take: Callable[[], None]) -> None:
        try:
            take()
        except ParameterError as error:
            asked.faults.append(str(error))

    # which parameters there are depends on the preset, and that on the lesson
    use(lambda: _take_lesson(asked, query, lessons))
    use(lambda: _take_step(asked, query))
    use(lambda: _take_preset(asked, query, presets))
    for name, text in query.items():
        if name not in own_target.OPTIONS:
            use(partial(_take, asked, name, text, SYSTEMS[presets[asked.preset].system]))
    use(lambda: _take_word(asked, query))
    use(lambda: _follow_lesson(asked))
    return asked


def write(
    preset: Preset,
    values: Mapping[str, Any],
    speed: float | None,
    *,
    projector: bool,
    second: Mapping[str, Any] | None = None,
    lesson: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The query that leads back here: all parameters, defaults too, because defaults may change.

    Of a `second` run beside this one, those that differ; and the `lesson` that is played, with its step.
    """
    query = {"v": __version__, **lesson, "preset": preset.key, **preset.query}
    query["speed"] = "max" if speed is None else as_text(speed)
    query |= {name: as_text(value) for name, value in values.items()}
    if second is not None:
        query["beside"] = "1"
        query |= {f"{_OF_SECOND}{name}": as_text(second[name]) for name in differing(second, values)}
    return "?" + urlencode(query | ({"projector": "1"} if projector else {}), safe=",")


def first(preset: Preset, *, projector: bool) -> str:
    """The query of a page that begins with a preset."""
    return "?" + urlencode({"preset": preset.key, **preset.query} | ({"projector": "1"} if projector else {}))


def of_lesson(slug: str, step: int, *, projector: bool) -> str:
    """The query of a page that begins with a step of a lesson."""
    return "?" + urlencode({"lesson": slug, "step": step} | ({"projector": "1"} if projector else {}))


def leads_to(query: Mapping[str, str], written: str) -> bool:
    """Whether a page's query says the same as one that `write` gave."""
    asked = {name: text for name, text in query.items() if name not in _OF_THE_SERVER}
    return asked == dict(parse_qsl(written.removeprefix("?"), keep_blank_values=True))


def _take_lesson(asked: Address, query: Mapping[str, str], lessons: Library) -> None:
    if "lesson" in query:
        asked.lesson = lessons.lesson(query["lesson"])


def _take_step(asked: Address, query: Mapping[str, str]) -> None:
    if asked.lesson is not None and "step" in query:
        asked.step = step_of(asked.lesson, query["step"])


def _follow_lesson(asked: Address) -> None:
    """Begin as the step says, where the address does not say otherwise."""
    lesson = asked.lesson
    if lesson is None:
        return
    if asked.speed == "":
        asked.speed = speed_at(lesson, asked.step)
    wished, values = asked.values, lesson.steps[asked.step - 1].values
    free = {name: value for name, value in wished.items() if name not in lesson.locked}
    asked.values = {**values, **free}
    begun = all_values(available_presets()[lesson.preset], values)
    locked = [name for name in lesson.locked if name in wished and wished[name] != begun[name]]
    if locked:
        raise ParameterError(f"The lesson {lesson.title!r} locks {', '.join(locked)}; they are as it says.")


def _take_preset(asked: Address, query: Mapping[str, str], presets: Mapping[str, Preset]) -> None:
    if asked.lesson is not None:
        asked.preset = asked.lesson.preset
        return
    wished = query.get(
        "preset", own_target.KEY if any(name in query for name in own_target.OPTIONS) else DEFAULT_PRESET
    )
    if wished not in presets:
        raise ParameterError(f"There is no preset {wished!r} here; there are: {', '.join(presets)}.")
    asked.preset = wished


def _take(asked: Address, name: str, text: str, system: System) -> None:
    if name in _NOT_PARAMETERS:
        return
    if name == "speed":
        asked.speed = _speed(text)
    elif name == "projector":
        asked.projector = _is_on(text)
    elif name == "beside":
        asked.beside = _is_on(text)
    elif name.startswith(_OF_SECOND):
        asked.second |= read_values(system.parameters, {name.removeprefix(_OF_SECOND): text})
    else:
        asked.values |= read_values(system.parameters, {name: text})


def _take_word(asked: Address, query: Mapping[str, str]) -> None:
    given = {name: query[name] for name in own_target.OPTIONS if name in query}
    if asked.preset != own_target.KEY:
        if given:
            raise ParameterError(f"Preset {asked.preset!r} has no {', '.join(given)}; preset {own_target.KEY!r} has.")
        return
    if "word" not in query and asked.lesson is None:
        asked.news = _NO_TARGET
    asked.own = own_target.word_of(given)


def _is_on(text: str) -> bool:
    return text.lower() not in ("", "0", "false", "no")


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise ParameterError(f"The speed is {text!r}; allowed is a number above 0, or max.")
    return speed
