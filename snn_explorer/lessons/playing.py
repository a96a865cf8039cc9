"""Playing a lesson headless: every step is begun, every task tried with and without its solution, every claim seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from snn_explorer.bats.clocked import FIRST_STEP
from snn_explorer.lessons.blocks import Place
from snn_explorer.lessons.checks import Check
from snn_explorer.lessons.lesson import Claim, Lesson, Step, Task, Values
from snn_explorer.live.driver import all_values
from snn_explorer.live.frame import LiveFrame
from snn_explorer.live.learner import Learner
from snn_explorer.live.systems import SYSTEMS
from snn_explorer.presets import Preset, available_presets


@dataclass(frozen=True)
class Finding:
    """What came of one thing that a lesson says.

    Attributes
    ----------
    place : Place
    said : str
        What was tried, and what was seen.
    right : bool
    """

    place: Place
    said: str
    right: bool


def play(lesson: Lesson) -> Iterator[Finding]:
    """Play a lesson, and give what comes of each task and claim.

    Each step begins as its address begins it: with a new network, and all parameters that were set up to there.
    """
    preset = available_presets()[lesson.preset]
    for step in lesson.steps:
        network = _Network(preset, step.values)
        network.look()
        yield Finding(step.place, f"step {step.title!r} begins", right=True)
        if step.task is not None:
            yield _tried(preset, step, step.task)
        for claim in step.claims:
            yield _compared(preset, step, claim)


class _Network:
    """A new network that learns with these values, and is seen beside a clock with these steps [s].

    Without a step it has that of the page, if that opens with the clock.
    """

    def __init__(self, preset: Preset, values: Values, clock: float | None = None) -> None:
        system = SYSTEMS[preset.system]
        self._learner: Learner = system.learn(preset.task(), all_values(preset, values))
        self._watch = replace(preset.watch, clock_step=clock or (FIRST_STEP if preset.view == "clock" else None))

    @property
    def time(self) -> float:
        return self._learner.time

    def look(self) -> LiveFrame:
        return self._learner.look(self._watch)(state="playing", message="", serial=0)

    def passes(self, checks: Sequence[Check]) -> bool:
        live = self.look()
        return all(check.passes(live) for check in checks)

    def learn_until(self, end: float, checks: Sequence[Check] = ()) -> bool:
        """Learn up to this learning time, or until all checks pass if there are any, and say whether they do."""
        while self.time < end:
            self._learner.advance()
            if checks and self.passes(checks):
                return True
        return False

    def seen(self, checks: Sequence[Check]) -> str:
        """What the checks compare, as it is now."""
        live = self.look()
        values = ((check, check.value(live)) for check in checks)
        return ", ".join(
            f"{check.name} {value if isinstance(value, str) else f'{value:.4g}'}{check.unit and ' ' + check.unit}"
            for check, value in values
        )


def _tried(preset: Preset, step: Step, task: Task) -> Finding:
    """Whether a task fails before its solution, and passes after it in the stated time."""
    wanted = ", ".join(check.text for check in task.checks)
    idle = _Network(preset, step.values)
    if idle.passes(task.checks):
        return Finding(task.place, f"the check ({wanted}) passes before anything was done", right=False)
    if (task.solution or task.clock) and idle.learn_until(task.within, task.checks):
        return Finding(task.place, f"the check ({wanted}) passes without the solution, at {idle.time:g}", right=False)
    solved = _Network(preset, {**step.values, **task.solution}, task.clock)
    if solved.passes(task.checks) or solved.learn_until(task.within, task.checks):
        return Finding(task.place, f"solved at {max(solved.time, 0):g} of {task.within:g}: {wanted}", right=True)
    seen = solved.seen(task.checks)
    return Finding(
        task.place, f"not solved by its solution within {task.within:g}: {wanted}; it is {seen}", right=False
    )


def _compared(preset: Preset, step: Step, claim: Claim) -> Finding:
    """Whether a claim is true."""
    network = _Network(preset, {**step.values, **claim.values}, claim.clock)
    network.learn_until(claim.after)
    wanted = ", ".join(check.text for check in claim.checks)
    said = f"after {claim.after:g}: {network.seen(claim.checks)} ({wanted})"
    return Finding(claim.place, said, right=network.passes(claim.checks))
