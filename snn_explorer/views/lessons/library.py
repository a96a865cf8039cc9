"""The lessons that there are, read anew as soon as somebody has changed one of their files."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from snn_explorer.engine import ParameterError
from snn_explorer.lessons import Lesson, read_lessons
from snn_explorer.resources import lessons_path


@dataclass(frozen=True)
class Library:
    """Lessons, and those that cannot be read.

    Attributes
    ----------
    lessons : mapping of str to Lesson
        By slug, in their order.
    faults : mapping of str to str
        By slug, file and line and what is wrong there.
    """

    lessons: Mapping[str, Lesson] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    def lesson(self, slug: str) -> Lesson:
        """The lesson of an address.

        Raises
        ------
        ParameterError
            If it is not there, or cannot be read.
        """
        if slug in self.faults:
            raise ParameterError(f"The lesson {slug!r} cannot be opened. {self.faults[slug]}")
        if slug not in self.lessons:
            raise ParameterError(f"There is no lesson {slug!r} here; there are: {', '.join(self.lessons) or 'none'}.")
        return self.lessons[slug]


def step_of(lesson: Lesson, text: str) -> int:
    """Number of the step that an address asks for, from 1.

    Raises
    ------
    ParameterError
        If the lesson has no such step.
    """
    n = len(lesson.steps)
    if not text.isdecimal() or not 1 <= int(text) <= n:
        raise ParameterError(f"There is no step {text!r} in the lesson {lesson.title!r}; it has steps 1 to {n}.")
    return int(text)


def library() -> Library:
    """The lessons as their files are now."""
    folder = lessons_path()
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return _read(folder, tuple((file, file.stat().st_mtime_ns, file.stat().st_size) for file in files))


@lru_cache(maxsize=1)
def _read(folder: Path, _files: tuple[tuple[Path, int, int], ...]) -> Library:
    lessons, faults = read_lessons(folder)
    return Library({it.slug: it for it in lessons}, {Path(it.place.file).stem: str(it) for it in faults})


def speed_at(lesson: Lesson, number: int) -> float | str | None:
    """Learning time per second that a step has when its address opens it: the last that was set up to there.

    None is as fast as possible, and "" that the lesson does not say.
    """
    said = [step.speed for step in lesson.steps[:number] if step.speed is not None]
    if not said:
        return ""
    return None if said[-1] == math.inf else said[-1]
