"""Playing a lesson in a laboratory: its steps set the network, their tasks are judged by what the network does."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from snn_explorer.lessons import Lesson, Step
from snn_explorer.live.driver import all_values
from snn_explorer.views import address
from snn_explorer.views.box import Box
from snn_explorer.views.drawing import Update
from snn_explorer.views.guidance import LESSON
from snn_explorer.views.lessons.catalogue import ListOfLessons
from snn_explorer.views.lessons.library import library
from snn_explorer.views.lessons.panel import LessonPanel
from snn_explorer.views.lessons.scoring import Score

if TYPE_CHECKING:
    from snn_explorer.views.laboratory import Laboratory


class Player:
    """The lesson of a page, if one is played, and the list of all.

    Parameters
    ----------
    lab : Laboratory
    lesson : Lesson or None
        What the page's address asks for.
    number : int
        The step that it asks for, from 1.

    Attributes
    ----------
    lesson : Lesson or None
        The one that is played.
    number : int
    list : ListOfLessons
    drawer : Box
        Where the panel is.
    """

    def __init__(self, lab: Laboratory[Any], lesson: Lesson | None, number: int) -> None:
        self._lab, self.lesson, self.number = lab, lesson, number
        self.list = ListOfLessons(self.open)
        self.drawer = Box(sizing_mode="stretch_width", css_classes=["lesson"])
        self._waits = False
        self._answered: set[int] = set()
        if lesson is None:
            return
        lab.settings.restrict(lesson.shown, lesson.locked)
        self._panel = LessonPanel(lesson, self._do)
        self.drawer.objects = [self._panel]
        self._score = Score(self.step, 0)
        self._panel.show_step(self.step, number, self._score.attempt)

    @property
    def step(self) -> Step:
        """The step that is shown; only while a lesson is played."""
        assert self.lesson is not None
        return self.lesson.steps[self.number - 1]

    @property
    def query(self) -> dict[str, str]:
        """What the address says of it."""
        return {} if self.lesson is None else {"lesson": self.lesson.slug, "step": str(self.number)}

    def start(self, *, anew: bool) -> None:
        """The browser has the page, with a new network as the step wants it, or the one that the tab showed before."""
        if self.lesson is not None and anew:
            self._look()
        elif self.lesson is not None:
            self._waits = self._asks

    def hints(self, texts: Mapping[str, str]) -> dict[str, str]:
        """What to try first of these: a lesson only where there is one, and nothing beside a lesson."""
        if self.lesson is not None:
            return {}
        return {key: text for key, text in texts.items() if key != LESSON or library().lessons}

    def open_first(self, _hint: str) -> None:
        """Go to the first lesson."""
        self.open(next(iter(library().lessons)), 1)

    def show_list(self) -> None:
        """Open the list of lessons, or close it."""
        self._lab.hints.follow(LESSON)
        self.list.toggle("" if self.lesson is None else self.lesson.slug)

    def open(self, slug: str, number: int) -> None:
        """Go to a lesson, which has a page of its own."""
        self._lab.drawing.stream.leave_for = address.of_lesson(slug, number, projector=self._lab.projector)

    def go_to(self, number: int) -> None:
        """Go to a step: its parameters, and what else its setup asks for."""
        assert self.lesson is not None
        if not 1 <= number <= len(self.lesson.steps):
            return
        self.number = number
        self._begin(anew=self.step.anew)
        if self.step.speed is not None:
            self._lab.set_speed(None if self.step.speed == math.inf else self.step.speed)
        self._panel.show_step(self.step, number, self._score.attempt)
        self._look()

    def reset(self) -> None:
        """Begin this step with a new network."""
        self._begin(anew=True)
        self._panel.show_attempt(self._score.attempt)

    def plays(self, preset: str) -> bool:
        """Whether the lesson is about this preset, which may have got another target."""
        return self.lesson is not None and self.lesson.preset == preset

    def begin_again(self) -> None:
        """The lesson's preset was taken up anew: begin the step, if a lesson is played."""
        if self.lesson is not None:
            self.reset()

    def apply_solution(self) -> None:
        """Begin the step anew with what solves the task: a network that died meanwhile would stay dead with it."""
        task = self.step.task
        if task is None:
            return
        self.reset()
        self._lab.settings.put(task.solution)
        if task.clock is not None:
            self._lab.tick(task.clock)

    def leave(self) -> None:
        """Explore freely from here: the run and its values stay."""
        if self.lesson is None:
            return
        self.lesson, self.drawer.objects = None, []
        self._go_on()
        self._lab.settings.restrict((), ())
        self._lab.say_address()

    def see(self, update: Update) -> None:
        """Judge the task by a frame."""
        if self.lesson is not None:
            self._score.look(update.live, update.lives[0].serial)
            self._panel.show_attempt(self._score.attempt)

    def _begin(self, *, anew: bool) -> None:
        lab = self._lab
        if anew:
            lab.beside.close()
        lab.settings.begin(all_values(lab.run.preset, self.step.values))
        if anew:
            lab.reset()
        # the first frame that comes now may have been made before these values were used
        self._score = Score(self.step, lab.run.serial + (0 if anew else 1))

    @property
    def _asks(self) -> bool:
        """Whether the step asks what will happen, and has no answer."""
        return self.step.prediction is not None and self.number not in self._answered

    def _look(self) -> None:
        """Bring forward what the step is about; where it asks what will happen, learning waits for the answer."""
        for plot in reversed(self.step.watch):
            self._lab.bring_forward(plot)
        if not self._asks:
            self._go_on()
        elif self._lab.run.state != "paused":
            self._waits = True
            self._lab.pause()

    def _go_on(self) -> None:
        """Learn on, if it was a question that learning waited for."""
        if self._waits and self._lab.run.state != "playing":
            self._lab.play_or_pause()
        self._waits = False

    def _answer(self, number: int) -> None:
        self._answered.add(number)
        if number == self.number:
            self._go_on()

    def _do(self, asked: str, number: int) -> None:
        if self.lesson is None:
            return
        commands: dict[str, Callable[[], None]] = {
            "step": lambda: self.go_to(number),
            "answered": lambda: self._answer(number),
            "solution": self.apply_solution,
            "reset": self.reset,
            "leave": self.leave,
            "list": self.show_list,
        }
        commands[asked]()
