"""Lessons are played without a page: what does not work, or is not true, is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from snn_explorer.cli import app
from snn_explorer.lessons import Finding, play, read_lesson
from tests.lessons.written import LESSON, NAME, changed, write

RUNNER = CliRunner()

CLOCK = """\
---
title: A clock
minutes: 5
level: beginner
paper: bats
preset: bats-clock
seed: 1
set: {hidden: 16, learning_rate: 0}
---

# The clock

```task
do: Make its step shorter.
check: clock_late below 0.3 ms
within: 100 samples
solution: {}
clock: 0.1 ms
```

```claims
- says: Ten milliseconds are too long.
  after: 50 samples
  clock: 10 ms
  check: clock_late above 3 ms
```
"""


def _findings(folder: Path, *changes: tuple[str, str]) -> list[Finding]:
    return list(play(read_lesson(write(folder, changed(*changes)))))


def test_a_lesson_that_is_right(tmp_path: Path) -> None:
    begun, task, claim = _findings(tmp_path)
    assert begun.right
    assert task.right
    assert claim.right
    assert begun.said == "step 'The first step' begins"
    assert task.said.startswith("solved at ")
    assert task.said.endswith("of 10: output_rate above 0.5 Hz")
    assert claim.said.startswith("after 2: cost_share ")
    lines = [LESSON[: LESSON.index(text)].count("\n") + 1 for text in ("# The first", "do: Let", "says: Nothing")]
    assert [finding.place.line for finding in (begun, task, claim)] == lines


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([("output_rate above 0.5 Hz", "output_rate below 50 Hz")], "passes before anything was done"),
        ([("output_rate above 0.5 Hz", "learning_time at least 5 s")], "passes without the solution, at 5"),
        ([("solution: {learning: true}", "solution: {rho: 1}")], "not solved by its solution within 10"),
        ([("within: 10 s", "within: 0.5 s")], "not solved by its solution within 0.5"),
        ([("solution: {learning: true}", "solution: {}")], "not solved by its solution within 10"),
    ],
)
def test_a_task_that_does_not_work_is_found(tmp_path: Path, changes: list[tuple[str, str]], says: str) -> None:
    begun, task, claim = _findings(tmp_path, *changes)
    assert begun.right
    assert claim.right
    assert not task.right
    assert says in task.said
    assert task.place.file == NAME


def test_what_was_seen_instead_is_said(tmp_path: Path) -> None:
    task = _findings(tmp_path, ("solution: {learning: true}", "solution: {rho: 1}"))[1]
    assert task.said.endswith("output_rate above 0.5 Hz; it is output_rate 0 Hz")


def test_a_task_may_be_solved_by_waiting(tmp_path: Path) -> None:
    waiting = ("solution: {learning: true}", "solution: {}")
    task = _findings(tmp_path, waiting, ("output_rate above 0.5 Hz", "learning_time at least 5 s"))[1]
    assert task.right
    assert task.said == "solved at 5 of 10: learning_time at least 5 s"


def test_a_task_may_ask_for_several_things_at_once(tmp_path: Path) -> None:
    check = ("output_rate above 0.5 Hz", "[output_rate above 0.5 Hz, learning_time at least 8 s]")
    task = _findings(tmp_path, check)[1]
    assert task.right
    time = float(task.said.removeprefix("solved at ").split()[0])
    assert 8 <= time <= 10


def test_a_claim_that_is_not_true_is_found(tmp_path: Path) -> None:
    begun, task, claim = _findings(tmp_path, ("cost_share between 90 and 110 %", "cost_share below 50 %"))
    assert begun.right
    assert task.right
    assert not claim.right
    assert "(cost_share below 50 %, output_rate below 0.1 Hz)" in claim.said


def test_a_claim_may_have_parameters_of_its_own(tmp_path: Path) -> None:
    mine = ("  after: 2 s\n", "  set: {learning: true}\n  after: 10 s\n")
    assert not _findings(tmp_path, mine)[2].right
    check = ("[cost_share between 90 and 110 %, output_rate below 0.1 Hz]", "output_rate above 0.1 Hz")
    assert _findings(tmp_path, mine, check)[2].right


class TestAClock:
    def test_its_step_can_be_a_solution_and_part_of_a_claim(self, tmp_path: Path) -> None:
        _, task, claim = play(read_lesson(write(tmp_path, CLOCK)))
        assert task.right
        assert claim.right

    def test_it_begins_with_the_step_of_the_page(self, tmp_path: Path) -> None:
        _, task, _ = play(read_lesson(write(tmp_path, CLOCK.replace("below 0.3 ms", "below 2 ms"))))
        assert "passes before anything was done" in task.said
        _, task, _ = play(read_lesson(write(tmp_path, CLOCK.replace("clock: 0.1 ms\n", ""))))
        assert not task.right
        _, _, claim = play(read_lesson(write(tmp_path, CLOCK.replace("  clock: 10 ms\n", ""))))
        assert not claim.right


class TestTheCommand:
    def test_all_is_right(self, tmp_path: Path) -> None:
        (tmp_path / "README.md").write_text("No lesson, and no harm.")
        result = RUNNER.invoke(app, ["lesson", "check", str(write(tmp_path)), str(tmp_path / "README.md")])
        assert result.exit_code == 0, result.output
        assert "Everything is right." in result.output
        assert result.output.count("right  ") == 3

    def test_something_is_wrong(self, tmp_path: Path) -> None:
        false = write(tmp_path, changed(("cost_share between 90 and 110 %", "cost_share below 50 %")), "01-false.md")
        broken = write(tmp_path, changed(("seed: 1", "seed: none")), "02-broken.md")
        result = RUNNER.invoke(app, ["lesson", "check", str(broken), str(false)])
        assert result.exit_code == 1
        assert "wrong  02-broken.md, line 8: 'seed' is 'none'" in result.output
        assert "wrong  01-false.md, line 45: after 2: cost_share" in result.output
        assert "2 of these are wrong." in result.output

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        result = RUNNER.invoke(app, ["lesson", "check", str(tmp_path / "03-none.md")])
        assert result.exit_code == 1
        assert "wrong  03-none.md, line 1: The file cannot be read" in result.output
