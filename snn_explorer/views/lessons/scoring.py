"""How it stands with the task of a step: its checks on the frames that the network gives after the step began."""

from __future__ import annotations

import math
import time
from typing import Any, Final

from snn_explorer.lessons import Step
from snn_explorer.lessons.checks import Check
from snn_explorer.lessons.metrics import METRICS
from snn_explorer.live import LiveFrame
from snn_explorer.live.systems import SYSTEMS

READING_PAUSE: Final = 0.25
"""Numbers change no more often than this [s], or nobody could read them."""

SMALLEST: Final = 1e-4
"""What is smaller is as good as nothing to somebody who reads it."""


class Score:
    """What the frames since the beginning of a step say about its task.

    Parameters
    ----------
    step : Step
    last : int
        Serial number of the newest frame that may be of before the step, see `LiveFrame.serial`.

    Attributes
    ----------
    solved : bool
        Whether all checks held for the same frame.
    """

    def __init__(self, step: Step, last: int) -> None:
        self._checks = () if step.task is None else step.task.checks
        self._last, self._looked = last, -math.inf
        self.solved = False
        self.attempt: dict[str, Any] = {"checks": [{"value": "–", "holds": False} for _ in self._checks],
                                        "solved": False}  # fmt: skip

    def look(self, live: LiveFrame, serial: int) -> None:
        """See a frame, the one with this number."""
        if not self._checks or serial <= self._last:
            return
        holds = [check.passes(live) for check in self._checks]
        news = all(holds) and not self.solved
        self.solved = self.solved or all(holds)
        now = time.monotonic()
        if news or live.state != "playing" or now - self._looked >= READING_PAUSE:
            self._looked = now
            seen = zip(self._checks, holds, strict=True)
            checks = [{"value": value_in_words(check, live), "holds": it or self.solved} for check, it in seen]
            self.attempt = {"checks": checks, "solved": self.solved}


def in_words(check: Check, system: str) -> str:
    """A check as people read it, such as ``"hidden rate at most 20 Hz"``."""
    metrics, declared = METRICS[system], SYSTEMS[system].parameters.param
    name = metrics[check.name].title if check.name in metrics else str(declared[check.name].label).lower()
    return check.text.replace(check.name, name, 1)


def value_in_words(check: Check, live: LiveFrame) -> str:
    """What a check compares, as it is in a frame, with its unit."""
    value = check.value(live)
    if isinstance(value, str):
        return value
    unit = f" {check.unit}" if check.unit else ""
    if math.isnan(value):
        return "–"
    if abs(value) < SMALLEST:
        return f"0{unit}"
    return f"{value:.0f}{unit}" if abs(value) >= 100 else f"{value:.3g}{unit}"
