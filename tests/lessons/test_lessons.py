"""The lessons that are there: every step begins, every task needs and has its solution, every claim is true."""

from __future__ import annotations

from pathlib import Path

import pytest

from snn_explorer.lessons import play, read_lesson, read_lessons
from snn_explorer.resources import lessons_path

FILES = sorted(path for path in lessons_path().glob("*.md") if path.name != "README.md")


def test_all_can_be_read_in_their_order() -> None:
    lessons, faults = read_lessons(lessons_path())
    assert not [str(fault) for fault in faults]
    assert [lesson.slug for lesson in lessons] == [path.stem for path in FILES]
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
@pytest.mark.usefixtures("no_data")
def test_everything_in_it_works_and_is_true(path: Path) -> None:
    wrong = [f"{finding.place}: {finding.said}" for finding in play(read_lesson(path)) if not finding.right]
    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_it_asks_before_it_tells_and_gives_things_to_do(path: Path) -> None:
    steps = read_lesson(path).steps
    assert 4 <= len(steps) <= 7
    assert sum(step.prediction is not None for step in steps) >= 1
    assert sum(step.task is not None for step in steps) >= 2
    assert all(step.task.hint for step in steps if step.task is not None)
