"""Checks of a lesson: ``METRIC below NUMBER`` and its kin, a small vocabulary that is compared and never executed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from snn_explorer.engine import ParameterError
from snn_explorer.lessons.metrics import METRICS
from snn_explorer.live.frame import LiveFrame
from snn_explorer.live.systems import SYSTEMS
from snn_explorer.quantities import as_text, read_values

COMPARISONS: Final[Mapping[str, Callable[[float, float, float], bool]]] = MappingProxyType(
    {
        "below": lambda value, low, _high: value < low,
        "above": lambda value, low, _high: value > low,
        "at least": lambda value, low, _high: value >= low,
        "at most": lambda value, low, _high: value <= low,
        "between": lambda value, low, high: low <= value <= high,
    }
)
"""Comparisons by their words; all but the last one have one number."""

_NUMBER: Final = r"([-+]?[\d.]+(?:e[-+]?\d+)?)"
_COMPARED: Final = rf"(?P<how>{'|'.join(COMPARISONS)}) {_NUMBER}(?: and {_NUMBER})?(?: ?(?P<unit>\S+))?"
_SENTENCE: Final = re.compile(rf"(?P<name>\w+) (?:is (?P<word>\S+)|{_COMPARED})")


@dataclass(frozen=True)
class Check:
    """One condition on a network.

    Attributes
    ----------
    text : str
        As the lesson says it.
    name : str
        A metric, or a parameter.
    unit : str
        That of the metric.
    value : callable
        Gives the metric, or the parameter, for a frame.
    holds : callable
        Whether that value passes.
    """

    text: str
    name: str
    unit: str
    value: Callable[[LiveFrame], float | str]
    holds: Callable[[float | str], bool]

    def passes(self, live: LiveFrame) -> bool:
        """Whether the condition holds now; what is no number yet does not pass."""
        value = self.value(live)
        return not (isinstance(value, float) and math.isnan(value)) and self.holds(value)


def read_check(text: str, system: str) -> Check:
    """Read one condition.

    Parameters
    ----------
    text : str
        Such as ``"cost below 1"``, ``"hidden_rate at most 20 Hz"`` or ``"feedback is random"``.
    system : str
        The learning system.

    Raises
    ------
    ParameterError
        If it is not in the vocabulary.
    """
    found = _SENTENCE.fullmatch(" ".join(text.split()))
    if found is None:
        ways = ", ".join(COMPARISONS)
        raise ParameterError(f"The check {text!r} cannot be read; it is METRIC, one of ({ways}), and a number, or "
                             "PARAMETER is WORD.")  # fmt: skip
    if found["word"] is not None:
        return _of_word(text, found["name"], found["word"], system)
    low, high = found[4], found[5]
    if (found["how"] == "between") != (high is not None):
        raise ParameterError(f"The check {text!r} cannot be read; `between` has two numbers, all others one.")
    unit, value = _measured(found["name"], system)
    if found["unit"] not in (None, unit):
        raise ParameterError(
            f"The check {text!r} is in {found['unit']}, but {found['name']} is in {unit or 'no unit'}."
        )
    bounds = _float(low, text), math.nan if high is None else _float(high, text)
    compare = COMPARISONS[found["how"]]
    return Check(text, found["name"], unit, value, lambda number: compare(float(number), *bounds))


def _of_word(text: str, name: str, word: str, system: str) -> Check:
    wanted = as_text(read_values(SYSTEMS[system].parameters, {name: word})[name])
    return Check(text, name, "", lambda live: as_text(live.values[name]), lambda value: value == wanted)


def _measured(name: str, system: str) -> tuple[str, Callable[[LiveFrame], float]]:
    """Unit and value of a metric, or of a parameter that is a number."""
    metrics = METRICS[system]
    if name in metrics:
        return metrics[name].unit, metrics[name].value
    declared = SYSTEMS[system].parameters.param
    if name in declared and isinstance(declared[name].default, int | float) and not isinstance(
        declared[name].default, bool
    ):  # fmt: skip
        return "", lambda live: float(live.values[name])
    raise ParameterError(f"There is no metric {name!r}; there are: {', '.join(metrics)}, and the parameters' names.")


def _float(number: str, text: str) -> float:
    try:
        return float(number)
    except ValueError:
        raise ParameterError(f"The check {text!r} cannot be read; {number!r} is no number.") from None
