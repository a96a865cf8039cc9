"""Every lesson from its first step to its last, played by somebody who answers all questions and is shown the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from snn_explorer.lessons import Step, read_lessons
from snn_explorer.resources import lessons_path

pytestmark = pytest.mark.browser

LESSONS, FAULTS = read_lessons(lessons_path())


def answer(page: Page, step: Step) -> None:
    """Choose what is right, or anything where it is a matter of opinion."""
    assert step.prediction is not None
    right = next((i for i, choice in enumerate(step.prediction.choices) if choice.right), 0)
    page.locator(".lesson input[type=radio]").nth(right).check()
    expect(page.locator(".lesson .answer")).to_be_visible()


def solve(page: Page, step: Step) -> None:
    """Apply the solution, and let the engine do the rest as fast as it can."""
    assert step.task is not None
    if step.task.solution or step.task.clock:
        page.get_by_role("button", name="Apply the solution").click()
    page.get_by_role("combobox", name="Speed").select_option("full speed")
    expect(page.get_by_text("✓ Task solved.")).to_be_visible()


def test_all_lessons_can_be_read():
    assert FAULTS == []
    assert [lesson.slug[:2] for lesson in LESSONS] == [f"{i:02}" for i in range(1, 14)]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_a_lesson_is_played_from_its_beginning_to_its_end(open_page, lesson):
    page = open_page(f"?lesson={lesson.slug}").page
    for number, step in enumerate(lesson.steps, 1):
        expect(page.get_by_text(f"Step {number} of {len(lesson.steps)}", exact=True)).to_be_visible()
        if step.prediction is not None:
            answer(page, step)
        if step.task is not None:
            solve(page, step)
        if number < len(lesson.steps):
            page.get_by_role("button", name="Next →").click()
    page.get_by_role("button", name="All lessons").click()
    expect(page.get_by_role("dialog", name="Lessons")).to_be_visible()
