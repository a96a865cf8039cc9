"""What a lesson says, as it is read from its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from snn_explorer.lessons.blocks import Place
from snn_explorer.lessons.checks import Check

LEVELS: Final = ("beginner", "intermediate", "advanced")

Values = Mapping[str, Any]
"""Parameter values by name."""


@dataclass(frozen=True)
class Choice:
    """One choice of a prediction.

    Attributes
    ----------
    html, answer : str
        The choice, and what is said when it was chosen; HTML.
    right : bool
    """

    html: str
    answer: str
    right: bool


@dataclass(frozen=True)
class Prediction:
    """What is asked before learning goes on.

    Attributes
    ----------
    question : str
        HTML.
    choices : tuple of Choice
    """

    question: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Task:
    """Something to do.

    Attributes
    ----------
    do, hint : str
        HTML; the hint may be "".
    checks : tuple of Check
        Have to hold at the same time.
    within : float
        Learning time from the beginning of the step [s], or samples.
    solution : mapping of str to object
        Parameter values that solve it; none if it is solved by waiting.
    clock : float or None
        Step of the clock that solves it [s].
    place : Place
    """

    do: str
    hint: str
    checks: tuple[Check, ...]
    within: float
    solution: Values
    clock: float | None
    place: Place


@dataclass(frozen=True)
class Claim:
    """What the text says to be true.

    Attributes
    ----------
    says : str
    values : mapping of str to object
        Parameters that differ from the step's.
    after : float
        Learning time of a new network [s], or samples.
    clock : float or None
        Step of the clock [s].
    checks : tuple of Check
    place : Place
    """

    says: str
    values: Values
    after: float
    clock: float | None
    checks: tuple[Check, ...]
    place: Place


@dataclass(frozen=True)
class Picture:
    """What it should look like.

    Attributes
    ----------
    source : str
        The image, as a data URL.
    says : str
    """

    source: str
    says: str


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    title : str
    html : str
        What is read.
    place : Place
    values : mapping of str to object
        All parameters that were set up to here, but not the preset's.
    anew : bool
        Whether it begins with a new network.
    speed : float or None
        Learning time per second; None leaves it as it is, and infinity is as fast as possible.
    watch : tuple of str
        Plots that are brought forward.
    prediction : Prediction or None
    task : Task or None
    picture : Picture or None
    claims : tuple of Claim
    """

    title: str
    html: str
    place: Place
    values: Values
    anew: bool
    speed: float | None
    watch: tuple[str, ...]
    prediction: Prediction | None
    task: Task | None
    picture: Picture | None
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Lesson:
    """A lesson.

    Attributes
    ----------
    slug : str
        Name of its file without the ending, as in the page's address.
    title : str
    minutes : int
    level : str
        One of `LEVELS`.
    system : str
        The learning system.
    figure : str
        The figure of the paper, or "".
    preset : str
        Key of the preset.
    values : mapping of str to object
        Parameters at the beginning that differ from the preset's, the seed among them.
    shown : tuple of str
        Parameters that the drawer shows; empty for all.
    locked : tuple of str
        Parameters that cannot be changed.
    steps : tuple of Step
    """

    slug: str
    title: str
    minutes: int
    level: str
    system: str
    figure: str
    preset: str
    values: Values
    shown: tuple[str, ...]
    locked: tuple[str, ...]
    steps: tuple[Step, ...]
