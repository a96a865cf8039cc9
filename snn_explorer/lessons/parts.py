"""The fenced blocks of a step: setup, prediction, task, expected picture, claims."""

from __future__ import annotations

import math
import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from snn_explorer.engine import ParameterError
from snn_explorer.lessons.blocks import Fields, LessonError, Place, read_fields, read_items
from snn_explorer.lessons.checks import Check, read_check
from snn_explorer.lessons.lesson import Choice, Claim, Picture, Prediction, Task, Values
from snn_explorer.lessons.markup import FormulaError, render_line
from snn_explorer.live.systems import SYSTEMS
from snn_explorer.quantities import read_values

KEYS: Final[Mapping[str, Sequence[str]]] = {
    "setup": ("set", "start", "speed", "watch"),
    "prediction": ("question", "choices"),
    "task": ("do", "check", "within", "hint", "solution", "clock"),
    "expect": ("figure", "says"),
    "claims": ("says", "set", "after", "check", "clock"),
}
"""Kinds of blocks, and the keys of each."""

_STACK: Final = (
    "error",
    "output",
    "output_membrane",
    "hidden",
    "hidden_membrane",
    "input",
    "network",
    "curve",
    "probe",
)
WATCHED: Final[Mapping[str, Sequence[str]]] = {
    "superspike": (*_STACK, "timing", "firing"),
    "bats": (*_STACK, "sample", "budget", "latency", "clock", "loss", "spikes"),
}
"""Plots that a step can bring forward."""

TIME_UNITS: Final = {"superspike": "s", "bats": "samples"}
"""What learning time is counted in."""

MOST_PICTURE_BYTES: Final = 400_000
IMAGES: Final = {".svg": "image/svg+xml", ".png": "image/png"}

T = TypeVar("T")


@dataclass(frozen=True)
class Setup:
    """What holds when a step begins; see `snn_explorer.lessons.lesson.Step`."""

    values: Values
    anew: bool
    speed: float | None
    watch: tuple[str, ...]


@dataclass(frozen=True)
class Context:
    """Where a block stands.

    Attributes
    ----------
    path : Path
        The lesson's file.
    system : str
        The learning system.
    """

    path: Path
    system: str

    def values(self, given: Mapping[str, tuple[str, Place]]) -> dict[str, Any]:
        """Parameter values."""
        read: dict[str, Any] = {}
        for name, (text, place) in given.items():
            read |= guarded(
                place, lambda name=name, text=text: read_values(SYSTEMS[self.system].parameters, {name: text})
            )
        return read

    def setup(self, text: str, place: Place) -> Setup:
        """A setup block."""
        fields = read_fields(text, place, "the setup", KEYS["setup"])
        watch = fields.texts("watch")
        for name, at in watch:
            if name not in WATCHED[self.system]:
                raise LessonError(at, f"There is no plot {name!r}; there are: {', '.join(WATCHED[self.system])}.")
        return Setup(
            values=self.values(fields.values("set")),
            anew=fields.one_of("start", ("anew", "go on"), "go on") == "anew",
            speed=self._speed(fields) if "speed" in fields else None,
            watch=tuple(name for name, _ in watch),
        )

    def prediction(self, text: str, place: Place) -> Prediction:
        """A prediction block."""
        fields = read_fields(text, place, "the prediction", KEYS["prediction"])
        choices = tuple(
            Choice(_line(item, "choice"), _line(item, "answer"), item.one_of("right", ("yes", "no"), "no") == "yes")
            for item in fields.items("choices", ("choice", "answer", "right"))
        )
        if not 2 <= len(choices) <= 5:
            fields.refuse(f"A prediction has two to five choices, not {len(choices)}.")
        return Prediction(_line(fields, "question"), choices)

    def task(self, text: str, place: Place) -> Task:
        """A task block."""
        fields = read_fields(text, place, "the task", KEYS["task"])
        if "solution" not in fields:
            fields.refuse("The task needs a 'solution', {} if it is solved by waiting.")
        return Task(
            do=_line(fields, "do"),
            hint=_line(fields, "hint") if "hint" in fields else "",
            checks=self._checks(fields),
            within=self._learning_time(fields, "within"),
            solution=self.values(fields.values("solution")),
            clock=self._clock(fields),
            place=place,
        )

    def claims(self, text: str, place: Place) -> tuple[Claim, ...]:
        """A block of claims."""
        return tuple(
            Claim(
                says=item.text("says"),
                values=self.values(item.values("set")),
                after=self._learning_time(item, "after"),
                clock=self._clock(item),
                checks=self._checks(item),
                place=item.place,
            )
            for item in read_items(text, place, "the list of claims", KEYS["claims"])
        )

    def expect(self, text: str, place: Place) -> Picture:
        """An expected picture."""
        fields = read_fields(text, place, "the expected picture", KEYS["expect"])
        name, folder = fields.text("figure"), self.path.parent.resolve()
        file = (folder / name).resolve()
        if file.suffix not in IMAGES or not file.is_relative_to(folder) or not file.is_file():
            at = fields.place_of("figure")
            raise LessonError(at, f"There is no picture {name!r}, .svg or .png, beside the lesson.")
        content = file.read_bytes()
        if len(content) > MOST_PICTURE_BYTES:
            raise LessonError(fields.place_of("figure"), f"The picture has {len(content)} bytes; allowed are "
                              f"{MOST_PICTURE_BYTES}.")  # fmt: skip
        return Picture(f"data:{IMAGES[file.suffix]};base64,{b64encode(content).decode()}", fields.text("says"))

    def _checks(self, fields: Fields) -> tuple[Check, ...]:
        texts = fields.texts("check")
        if not texts:
            fields.refuse("A 'check' is missing.")
        return tuple(guarded(at, lambda text=text: read_check(text, self.system)) for text, at in texts)

    def _clock(self, fields: Fields) -> float | None:
        if "clock" not in fields:
            return None
        text = fields.text("clock")
        found = re.fullmatch(r"(\d+(?:\.\d+)?) ?ms", text)
        if self.system != "bats" or found is None or not float(found[1]) > 0:
            raise LessonError(
                fields.place_of("clock"), f"'clock' is {text!r}; allowed is a number of ms, `0.5 ms`, and in BATS only."
            )
        return float(found[1]) / 1e3

    def _learning_time(self, fields: Fields, name: str) -> float:
        unit, text = TIME_UNITS[self.system], fields.text(name)
        found = re.fullmatch(rf"(\d+(?:\.\d+)?) ?{unit}", text)
        if found is None or not float(found[1]) > 0:
            raise LessonError(
                fields.place_of(name), f"{name!r} is {text!r}; allowed is a number of {unit}, `60 {unit}`."
            )
        return float(found[1])

    def _speed(self, fields: Fields) -> float:
        text = fields.text("speed")
        if text == "full":
            return math.inf
        if not re.fullmatch(r"\d+(\.\d+)?", text) or not float(text) > 0:
            raise LessonError(fields.place_of("speed"), f"'speed' is {text!r}; allowed is a number, or full.")
        return float(text)


def guarded(place: Place, read: Callable[[], T]) -> T:
    """Read something; what is wrong with it is named with its place.

    Raises
    ------
    LessonError
    """
    try:
        return read()
    except (ParameterError, FormulaError) as error:
        raise LessonError(place, str(error)) from error


def _line(fields: Fields, name: str) -> str:
    text = fields.text(name)
    return guarded(fields.place_of(name), lambda: render_line(text))
