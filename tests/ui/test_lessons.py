"""Lessons on the page: found, opened, read, played and left, by address, pointer and keys."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from snn_explorer import resources
from snn_explorer.engine import ParameterError
from snn_explorer.lessons import read_lesson
from snn_explorer.presets import available_presets
from snn_explorer.views import address
from snn_explorer.views.lessons import library
from snn_explorer.views.lessons.scoring import Score
from snn_explorer.views.session import sessions
from tests.ui.browser import tab_to
from tests.ui.conftest import Opened, wait_until
from tests.ui.frames import live_frame
from tests.ui.test_accessibility import faults

pytestmark = pytest.mark.browser

BLAME = "01-who-gets-the-blame"

LESSON = """---
title: Who gets the blame?
minutes: 15
level: beginner
paper: superspike
figure: Fig 4
preset: fig4
seed: 3
set: {burn_in: 0}
controls:
  show: [feedback, rho]
  lock: [rho]
---

# An error comes home

The error of output $i$ is $e_i(t)$. <script>window.evil = 1</script> <img src=x onerror="window.evil = 2">

<script>window.evil = 3</script>

```setup
set: {feedback: random}
start: anew
speed: full
watch: [error, timing]
```

```prediction
question: Does it still learn?
choices:
  - choice: Never.
    answer: It need not be exact.
  - choice: Yes, but worse.
    answer: Look at the curve.
    right: yes
```

# Mend it

```setup
set: {learning_rate: 0.002}
speed: 1
watch: [firing]
```

```task
do: Send the error back as it came, and wait.
check: [feedback is symmetric, learning_time at least 60 s]
within: 100 s
hint: There are four ways.
solution: {feedback: symmetric}
```

# Once more

```setup
start: anew
```

That is all.
"""

BUDGET = """---
title: One spike each
minutes: 20
level: advanced
paper: bats
preset: bats-digits
seed: 2
---

# A budget

Spend it.
"""

PICTURED = """---
title: What it looks like
minutes: 10
level: beginner
paper: superspike
preset: fig4
seed: 1
---

# The strength $\\rho$ of <b>it</b>

```expect
figure: figures/square.svg
says: A square, twice as wide as high.
```
"""

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'

BROKEN = "---\ntitle: Broken\nminutes: many\n---\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Where the page finds its lessons."""
    for name, text in ((BLAME, LESSON), ("02-broken", BROKEN), ("07-one-spike", BUDGET)):
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    monkeypatch.setattr(library, "lessons_path", lambda: tmp_path)
    return tmp_path


def after(opened, act):
    """The page that it leads to."""
    before = set(sessions.open)
    act()
    (lab,) = wait_until(lambda: set(sessions.open) - before, opened.page)
    opened.page.wait_for_function("window.snn_explorer?.numbers !== undefined")
    return Opened(opened.page, lab)


def query(page):
    """What the address says, one text for each name."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def heading(page, title):
    expect(page.get_by_role("region", name="Lesson: Who gets the blame?").get_by_role("heading", level=2)).to_have_text(
        title
    )


def test_a_whole_lesson_by_keys_alone(open_page):
    opened = open_page("?preset=fig4&burn_in=0")
    page, key = opened.page, opened.page.keyboard
    key.press("l")
    expect(page.get_by_role("dialog", name="Lessons")).to_be_visible()
    tab_to(page, "button", "Open lesson 1: Who gets the blame?")
    opened = after(opened, lambda: key.press("Enter"))
    lab = opened.lab
    heading(page, "An error comes home")
    assert (lab.run.values["feedback"], lab.run.values["seed"], lab.run.values["burn_in"]) == ("random", 3, 0)
    opened.wait_until(lambda: lab.run.state == "paused")
    tab_to(page, "radio", "Never.")
    key.press(" ")
    expect(page.get_by_text("It need not be exact.")).to_be_visible()
    opened.wait_until(lambda: lab.run.state == "playing" and lab.run.time > 1)

    button = tab_to(page, "button", "Next →", "Shift+Tab")
    key.press("Enter")
    heading(page, "Mend it")
    expect(button).to_be_focused()
    assert lab.run.starts == 0
    tab_to(page, "button", "Show a hint")
    key.press("Enter")
    expect(page.get_by_text("There are four ways.")).to_be_visible()
    tab_to(page, "button", "Apply the solution")
    key.press("Enter")
    opened.wait_until(lambda: lab.run.values["feedback"] == "symmetric")
    expect(page.get_by_role("radio", name="sym")).to_be_checked()
    opened.wish(lab.set_speed, None)
    expect(page.get_by_text("✓ Task solved.")).to_be_visible()

    tab_to(page, "button", "Next →", "Shift+Tab")
    key.press("Enter")
    heading(page, "Once more")
    opened.wait_until(lambda: lab.run.starts == 2 and lab.run.values["feedback"] == "random")
    tab_to(page, "button", "Explore freely from here")
    key.press("Enter")
    expect(page.get_by_role("region", name=re.compile("Lesson"))).to_have_count(0)


def test_a_prediction_waits_is_answered_and_survives_a_reload(open_page):
    opened = open_page(f"?lesson={BLAME}")
    page, lab = opened.page, opened.lab
    opened.wait_until(lambda: lab.run.state == "paused")
    expect(page.get_by_text("Learning waits until you choose")).to_be_visible()
    page.get_by_role("radio", name="Never.").click()
    answer = page.get_by_role("status").filter(has_text="It need not be exact.")
    expect(answer).to_contain_text("✗ Not this one.")
    opened.wait_until(lambda: lab.run.state == "playing")
    page.get_by_role("radio", name="Yes, but worse.").click()
    expect(page.get_by_role("status").filter(has_text="Look at the curve.")).to_contain_text("✓ Right.")
    opened.wait_until(lambda: lab.run.time > 1)

    again = after(opened, page.reload)
    assert again.lab.run is lab.run
    expect(page.get_by_role("radio", name="Yes, but worse.")).to_be_checked()
    expect(page.get_by_text("✓ Right.")).to_be_visible()
    assert again.lab.run.state == "playing"
    page.get_by_role("button", name="Next →").click()
    heading(page, "Mend it")
    page.keyboard.press("l")
    again = after(again, page.get_by_role("button", name="Go on at step 2 of lesson 1").click)
    heading(page, "Mend it")
    assert again.lab.run is not lab.run


def test_a_check_turns_green_when_the_network_gets_there_and_not_before(open_page):
    opened = open_page(f"?lesson={BLAME}&step=2")
    page, lab = opened.page, opened.lab
    feedback, learned = page.get_by_role("list", name="Checks of the task").get_by_role("listitem").all()
    expect(feedback).to_have_text(re.compile("feedback is symmetric.*random.*not yet"))
    expect(learned).to_have_text(re.compile(r"learning time at least 60 s.*\d s.*not yet"))
    page.get_by_role("radio", name="sym").click()
    expect(feedback).to_have_text(re.compile("✓.*symmetric.*done"))
    green = feedback.evaluate("one => getComputedStyle(one).backgroundColor")
    assert learned.evaluate("one => getComputedStyle(one).backgroundColor") != green
    opened.settle()
    assert lab.run.time < 60
    expect(learned).to_contain_text("not yet")
    expect(page.get_by_text("✓ Task solved.")).to_have_count(0)
    lab.run.step(round((60 - lab.run.time) / 0.5) - 1)
    opened.wait_until(lambda: opened.numbers()["time"] == pytest.approx(59.5))
    expect(learned).to_contain_text("59.5 s")
    expect(learned).to_contain_text("not yet")
    lab.run.step()
    expect(learned).to_have_text(re.compile("✓.*60 s.*done"))
    expect(page.get_by_text("✓ Task solved.")).to_be_visible()
    assert faults(page) == []
    again = after(opened, page.reload)
    again.wait_until(lambda: again.lab.run.time == 60)
    expect(page.get_by_text("✓ Task solved.").or_(page.get_by_text("✓ Solved before."))).to_be_visible()
    page.get_by_role("button", name="Reset this step").click()
    expect(page.get_by_text("✓ Solved before.")).to_be_visible()
    expect(learned).to_contain_text("not yet")
    assert again.lab.run.values["feedback"] == "random"


def test_frames_of_before_the_step_do_not_count(folder):
    score = Score(read_lesson(folder / f"{BLAME}.md").steps[1], last=5)
    solved = live_frame(serial=5, time=70.0, learned=70.0)
    score.look(solved, 5)
    assert not score.solved
    assert [check["value"] for check in score.attempt["checks"]] == ["–", "–"]
    score.look(live_frame(serial=6, time=40.0, learned=40.0), 6)
    assert [check["holds"] for check in score.attempt["checks"]] == [True, False]
    assert not score.solved
    score.look(solved, 7)
    assert score.solved
    assert [check["value"] for check in score.attempt["checks"]] == ["symmetric", "70 s"]


def test_a_locked_control_cannot_be_changed(open_page):
    opened = open_page(f"?lesson={BLAME}&step=2&rho=2&learning_rate=0.003")
    page, lab = opened.page, opened.lab
    expect(page.get_by_role("alert")).to_contain_text("locks rho")
    assert (lab.run.values["rho"], lab.run.values["learning_rate"]) == (0, 0.003)
    for control in (
        page.get_by_role("slider", name="Regulariser strength"),
        page.get_by_label(re.compile("^Regulariser strength ρ")),
    ):
        expect(control).to_be_disabled()
    expect(page.get_by_text("locked by the lesson")).to_be_visible()
    expect(page.get_by_role("slider", name="Learning rate")).to_have_count(0)
    with pytest.raises(ParameterError, match="locked by the lesson"):
        opened.wish(lab.settings.change, "rho", 2.0)
    page.get_by_role("radio", name="sym").click()
    opened.wait_until(lambda: lab.run.values["feedback"] == "symmetric")
    page.keyboard.press("Control+z")
    opened.wait_until(lambda: lab.run.values["feedback"] == "random")
    opened.wish(lab.settings.undo)
    opened.wish(lab.settings.redo)
    assert (lab.run.values["rho"], lab.run.values["feedback"]) == (0, "symmetric")
    page.keyboard.press("3")  # the lesson's own
    opened.wait_until(lambda: lab.run.values["feedback"] == "random" and lab.run.values["rho"] == 0)
    assert (lab.run.values["seed"], lab.lessons.query) == (3, {"lesson": BLAME, "step": "2"})
    page.keyboard.press("2")  # another preset is another thing than the lesson
    expect(page.get_by_text("locked by the lesson")).to_have_count(0)
    expect(page.get_by_role("region", name=re.compile("Lesson"))).to_have_count(0)
    assert lab.lessons.query == {}


def test_html_in_a_lesson_is_shown_as_text(open_page):
    page = open_page(f"?lesson={BLAME}").page
    lesson = page.get_by_role("region", name="Lesson: Who gets the blame?")
    expect(lesson).to_contain_text("<script>window.evil = 3</script>")
    expect(lesson.locator("math").first).to_be_visible()
    assert lesson.locator("script, img").count() == 0
    assert page.evaluate("window.evil") is None


def test_an_expected_picture_and_a_formula_in_a_title_are_drawn(open_page, folder):
    (folder / "figures").mkdir()
    (folder / "figures" / "square.svg").write_text(SQUARE, encoding="utf-8")
    (folder / "03-pictured.md").write_text(PICTURED, encoding="utf-8")
    lesson = open_page("?lesson=03-pictured").page.get_by_role("region", name="Lesson: What it looks like")
    picture = lesson.get_by_role("img", name="A square, twice as wide as high.")
    expect(picture).to_be_visible()
    assert picture.evaluate("one => [one.naturalWidth, one.naturalHeight]") == [40, 20]
    expect(lesson.get_by_role("figure")).to_contain_text("A square, twice as wide as high.")
    title = lesson.get_by_role("heading", level=2)
    expect(title.locator("math")).to_have_text("ρ")
    expect(title).to_contain_text("of <b>it</b>")
    assert title.locator("b").count() == 0


def test_a_broken_lesson_is_named_while_the_others_are_there(open_page, folder):
    opened = open_page("?lesson=02-broken&preset=fig4&burn_in=0")
    page = opened.page
    expect(page.get_by_role("alert")).to_contain_text("02-broken.md, line 2: the front matter needs 'paper'")
    page.get_by_role("button", name="Lessons (l)").click()
    dialog = page.get_by_role("dialog", name="Lessons")
    expect(dialog.get_by_text("02-broken.md, line 2")).to_be_visible()
    expect(dialog.get_by_role("button", name=re.compile("^Open lesson"))).to_have_count(2)
    expect(dialog).to_contain_text("20 minutes, advanced, BATS")
    page.keyboard.press("Escape")
    (folder / "02-broken.md").unlink()
    page.keyboard.press("l")
    expect(dialog.get_by_text("cannot be read")).to_have_count(0)
    opened = after(opened, dialog.get_by_role("button", name="Open lesson 7").click)
    assert (opened.lab.run.preset.key, opened.lab.run.values["seed"]) == ("bats-digits", 2)


def test_an_address_opens_the_very_step(open_page):
    opened = open_page(f"?lesson={BLAME}&step=2&burn_in=0")
    page, lab = opened.page, opened.lab
    heading(page, "Mend it")
    values = lab.run.values
    assert [values[name] for name in ("feedback", "learning_rate", "seed", "burn_in")] == ["random", 0.002, 3, 0]
    assert lab.run.speed == 1
    expect(page.get_by_role("tab", name="Firing")).to_have_attribute("aria-selected", "true")
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--snn-watched-firing')") == "1"
    page.get_by_role("button", name="Next →").click()
    heading(page, "Once more")
    page.wait_for_url("**step=3**")
    assert query(page)["lesson"] == BLAME
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--snn-watched-firing')") == ""


def test_what_an_address_asks_for_in_vain_is_said():
    def faults(**query):
        return address.read(query, available_presets(), library.library()).faults

    assert faults(lesson=BLAME, step="3") == []
    for step in ("9", "0", "two"):
        (fault,) = faults(lesson=BLAME, step=step)
        assert fault == f"There is no step '{step}' in the lesson 'Who gets the blame?'; it has steps 1 to 3."
    (fault,) = faults(lesson="05-none")
    assert fault == f"There is no lesson '05-none' here; there are: {BLAME}, 07-one-spike."


def test_explore_freely_leaves_the_lesson_and_keeps_the_run(open_page):
    opened = open_page(f"?lesson={BLAME}&step=2&projector=1")
    page, lab = opened.page, opened.lab
    title = page.get_by_role("heading", name="Mend it")
    assert title.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") == 25
    page.get_by_role("radio", name="sym").click()
    opened.wait_until(lambda: lab.run.time > 0 and lab.run.values["feedback"] == "symmetric")
    run, values = lab.run, lab.run.values
    page.get_by_role("button", name="Explore freely from here").click()
    expect(page.get_by_role("heading", name="Mend it")).to_have_count(0)
    page.wait_for_function("!location.search.includes('lesson')")
    assert "step" not in query(page)
    assert (lab.run, lab.run.values, lab.run.starts) == (run, values, 0)
    expect(page.get_by_label(re.compile("^Hidden units"))).not_to_have_count(0)
    expect(page.get_by_role("slider", name="Regulariser strength")).to_be_enabled()
    opened.wish(lab.settings.change, "rho", 2.0)
    assert lab.run.values["rho"] == 2


def test_a_solution_may_be_a_step_of_the_clock(open_page, monkeypatch):
    monkeypatch.setattr(library, "lessons_path", resources.lessons_path)
    opened = open_page("?lesson=09-clock-or-event&step=2")
    task = opened.lab.lessons.step.task
    assert task.clock == pytest.approx(2e-4)
    opened.page.get_by_role("button", name="Apply the solution").click()
    opened.wait_until(lambda: opened.lab.drawing.last.frame.watch.clock_step == pytest.approx(task.clock))
    expect(opened.page.get_by_text("✓ Task solved.")).to_be_visible()
