"""Lessons are read from Markdown: what is said is what is there, and what is wrong is named with its line."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from snn_explorer.lessons import LessonError, Place, play, read_lesson, read_lessons
from snn_explorer.lessons.markup import FormulaError, render_line
from snn_explorer.resources import lessons_path
from tests.lessons.written import LESSON, NAME, changed, write

SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The template of the description of lessons, with its picture."""
    found = re.search(r"````markdown\n(.*?)````\n", (lessons_path() / "README.md").read_text(), re.DOTALL)
    assert found is not None
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "symmetric.svg").write_text(SVG)
    return write(tmp_path, found[1], "04-blame.md")


class TestTheTemplate:
    def test_its_front_matter_is_read(self, template: Path) -> None:
        lesson = read_lesson(template)
        assert (lesson.slug, lesson.title, lesson.minutes) == ("04-blame", "Who gets the blame?", 15)
        assert (lesson.level, lesson.system, lesson.figure, lesson.preset) == (
            "beginner",
            "superspike",
            "Fig 4",
            "fig4",
        )
        assert lesson.values == {"burn_in": 0.0, "seed": 1}
        assert lesson.shown == ("feedback", "learning_rate", "rho")
        assert lesson.locked == ("rho",)

    def test_its_first_step_is_read(self, template: Path) -> None:
        step = read_lesson(template).steps[0]
        assert step.title == "An output error has to reach the hidden neurons"
        assert "<math" in step.html
        assert "</math> is the error of output" in step.html.replace("</span>", "")
        assert "```" not in step.html
        assert "feedback: random" not in step.html
        assert step.values == {"burn_in": 0.0, "seed": 1, "feedback": "random"}
        assert (step.anew, step.speed, step.watch) == (True, 20.0, ("error", "curve"))
        assert step.prediction is not None
        assert step.task is None
        assert step.picture is None
        assert [choice.right for choice in step.prediction.choices] == [False, True]
        assert step.prediction.choices[1].html == "Yes, but worse."
        (claim,) = step.claims
        assert (claim.says, claim.values, claim.after) == ("With random feedback the cost stays above 1.", {}, 60.0)

    def test_its_second_step_goes_on_from_there(self, template: Path) -> None:
        step = read_lesson(template).steps[1]
        assert step.values["feedback"] == "random"
        assert (step.anew, step.speed, step.watch, step.prediction) == (False, None, (), None)
        assert step.task is not None
        assert step.picture is not None
        assert [check.text for check in step.task.checks] == ["cost below 1"]
        assert (step.task.within, step.task.solution, step.task.clock) == (60.0, {"feedback": "symmetric"}, None)
        assert step.picture.source.startswith("data:image/svg+xml;base64,")
        assert step.picture.says == "The learning curve with symmetric feedback."

    def test_what_it_says_is_true(self, template: Path) -> None:
        wrong = [finding.said for finding in play(read_lesson(template)) if not finding.right]
        assert not wrong


class TestText:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
            ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
            ("[x](JavaScript:alert(1))", "[x](JavaScript:alert(1))"),
            ("`<b>`", "<code>&lt;b&gt;</code>"),
            ("a *b* **c**", "a <em>b</em> <strong>c</strong>"),
        ],
    )
    def test_html_and_scripts_are_text(self, written: str, expected: str) -> None:
        assert render_line(written) == expected

    def test_html_stays_text_in_a_step(self, tmp_path: Path) -> None:
        text = changed(("of output $i$.", "of output $i$.\n\n<script>\nalert(1)\n</script>"))
        html = read_lesson(write(tmp_path, text)).steps[0].html
        assert "<script" not in html
        assert "&lt;script&gt;" in html

    @pytest.mark.parametrize("inside", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>"])
    def test_html_in_a_formula_is_text(self, inside: str) -> None:
        html = render_line(rf"$\text{{{inside}}}$")
        assert "<script" not in html
        assert "<img" not in html
        assert "<mtext>&lt;" in html

    def test_formulas_are_mathml(self) -> None:
        html = render_line(r"$\frac{\partial t}{\partial w} < \tau_s$")
        assert "<mfrac>" in html
        assert "<msub><mi>τ</mi><mi>s</mi></msub>" in html
        assert "<mo>&lt;</mo>" in html
        assert "$" not in html
        assert 'display="inline"' in html
        assert 'display="block"' in render_line("$$x$$")

    @pytest.mark.parametrize(
        "formula", [r"\left(", r"\href{javascript:alert(1)}{x}", r"\style{color: red}{x}", r"\nosuchthing"]
    )
    def test_formulas_that_cannot_be_are_refused(self, formula: str) -> None:
        with pytest.raises(FormulaError, match=re.escape(formula)):
            render_line(f"${formula}$")

    def test_links_that_lead_outside_open_a_page_of_their_own(self) -> None:
        html = render_line("[paper](https://doi.org/10.1162/neco_a_01086)")
        assert 'target="_blank"' in html
        assert 'rel="noopener"' in html
        assert "target" not in render_line("[next](?lesson=02-next)")


BROKEN = [
    ("---\ntitle", "title", 1, "front matter between two lines of three dashes"),
    ("  lock: [rho]\n---\n", "  lock: [rho]\n", 1, "The front matter has no end"),
    ("title: A small lesson\n", "", 2, "needs 'title'"),
    ("title: A small lesson", "title: {a: b}", "title: {a", "'title' is a text"),
    ("minutes: 5", "minutes: some", "minutes: some", "whole number from 1 to 90"),
    ("minutes: 5", "minutes: 91", "minutes: 91", "whole number from 1 to 90"),
    ("level: beginner", "level: hard", "level: hard", "beginner or intermediate or advanced"),
    ("paper: superspike", "paper: other", "paper: other", "superspike or bats"),
    ("preset: fig4", "preset: bats-digits", "preset: bats-digits", "'preset' is 'bats-digits'"),
    ("seed: 1", "seed: -1", "seed: -1", "'seed' is '-1'"),
    ("seed: 1", "seed: 1\nseed: 2", "seed: 2", "has 'seed' twice"),
    ("seed: 1", "seed: 1\ncolour: red", "colour: red", "has no 'colour'"),
    ("set: {burn_in: 0}", "set: {burn: 0}", "burn: 0", "burn"),
    ("set: {burn_in: 0}", "set: {burn_in: -3}", "burn_in: -3", "burn_in"),
    ("lock: [rho]", "lock: [roh]", "lock: [roh]", "no parameter 'roh'"),
    ("# The first step", "## The first step", "## The first", "Text before the first heading"),
    ("output $i$", r"output $\left($", r"$\left($", "formula"),
    ("```setup", "```set-up", "```set-up", "no block 'set-up'"),
    ("```claims", "```task", "```task\n- says", "one 'task' block at most"),
    ("start: anew", "start: now", "start: now", "'start' is 'now'"),
    ("speed: 20", "speed: fast", "speed: fast", "'speed' is 'fast'"),
    ("speed: 20", "speed: 0", "speed: 0", "'speed' is '0'"),
    ("watch: [error, curve]", "watch: [error, budget]", "budget", "no plot 'budget'"),
    ("  - choice: Yes.\n    answer: It does not.\n", "", "question:", "two to five choices, not 1"),
    ("    answer: It does not.\n", "", "- choice: Yes", "needs 'answer'"),
    ("question: Does it learn?", "question: Is it: yes?", "question: Is", "is no YAML"),
    ("within: 10 s", "within: 10 samples", "within: 10 samples", "a number of s, `60 s`"),
    ("within: 10 s", "within: 0 s", "within: 0 s", "'within' is '0 s'"),
    ("solution: {learning: true}\n", "", "do: Let", "needs a 'solution'"),
    ("solution: {learning: true}", "solution: {learning: perhaps}", "perhaps", "learning"),
    ("solution: {learning: true}", "solution: {}\nclock: 1 ms", "clock: 1 ms", "in BATS only"),
    ("check: output_rate above 0.5 Hz", "check: fame above 1", "fame", "no metric 'fame'"),
    ("check: output_rate above 0.5 Hz", "check: []", "check: []", "'check' is a text, or a list of texts"),
    ("check: output_rate above 0.5 Hz\n", "", "do: Let", "'check' is missing"),
    ("- says: Nothing is learned.\n  after", "- after", "- after", "needs 'says'"),
    (
        "- says: Nothing is learned.\n  after: 2 s\n  check",
        "says",
        "says: [cost",
        "is a list, each entry behind a dash",
    ),
    ("```claims", "```expect\nfigure: ../secret.svg\nsays: x\n```\n\n```claims", "../secret.svg", "no picture"),
]


@pytest.mark.parametrize(("old", "new", "at", "says"), BROKEN)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, old: str, new: str, at: str | int, says: str) -> None:
    folder = tmp_path / "lessons"
    folder.mkdir()
    (tmp_path / "secret.svg").write_text(SVG)
    text = changed((old, new))
    line = at if isinstance(at, int) else text[: text.index(at)].count("\n") + 1
    with pytest.raises(LessonError) as caught:
        read_lesson(write(folder, text))
    assert says in str(caught.value)
    assert caught.value.place == Place(NAME, line)
    assert str(caught.value).startswith(f"{NAME}, line {line}: ")


@pytest.mark.parametrize("name", ["1-small.md", "01_small.md", "01-Small.md", "small.md"])
def test_the_name_of_a_file_is_its_address(tmp_path: Path, name: str) -> None:
    with pytest.raises(LessonError, match=r"named NN-slug\.md"):
        read_lesson(write(tmp_path, LESSON, name))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"---\n\xff")
    with pytest.raises(LessonError, match=r"01-small\.md, line 1: The file cannot be read"):
        read_lesson(tmp_path / NAME)


def test_speed_may_be_full(tmp_path: Path) -> None:
    assert read_lesson(write(tmp_path, changed(("speed: 20", "speed: full")))).steps[0].speed == math.inf


def test_parameters_stay_for_the_steps_after(tmp_path: Path) -> None:
    text = LESSON + "\n# The second step\n\n```setup\nset: {rho: 2}\n```\n\n# The third step\n"
    first, second, third = read_lesson(write(tmp_path, text)).steps
    assert first.values == {"burn_in": 0.0, "seed": 1, "learning": False}
    assert second.values == third.values == {**first.values, "rho": 2.0}
    assert (second.anew, third.title) == (False, "The third step")


def test_broken_lessons_are_named_and_the_others_are_there(tmp_path: Path) -> None:
    write(tmp_path, LESSON, "03-c.md")
    write(tmp_path, LESSON, "01-a.md")
    write(tmp_path, changed(("seed: 1", "seed: none")), "02-b.md")
    write(tmp_path, "Not a lesson.", "README.md")
    lessons, faults = read_lessons(tmp_path)
    assert [lesson.slug for lesson in lessons] == ["01-a", "03-c"]
    assert [fault.place for fault in faults] == [Place("02-b.md", 8)]
