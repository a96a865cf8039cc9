"""What somebody changed while a network learned: with it, a run can be repeated to the same bits."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final, NamedTuple

import param

from snn_explorer.quantities import read_values
from snn_explorer.saved_state import check_number, check_parts, check_truth, refuse

MAX_CHANGES: Final = 5000
"""Changes that are kept; a slider moved for minutes makes a few thousand."""


class Change(NamedTuple):
    """From learning time `time` [s] on, parameter `name` has this value."""

    time: float
    name: str
    value: Any


class Changes:
    """Values that a network began with, and what was changed since.

    Parameters
    ----------
    declared : type of param.Parameterized
        Where the parameters are declared.
    values : mapping of str to object
        Values of all parameters.

    Attributes
    ----------
    start : mapping of str to object
        Values of the first chunk.
    made : list of Change
        In the order of time, the first `MAX_CHANGES`.
    begun : bool
        Whether there was a first chunk.
    complete : bool
        Whether all changes are in `made`.
    """

    def __init__(self, declared: type[param.Parameterized], values: Mapping[str, Any]) -> None:
        self._declared = declared
        self.start, self._now, self.begun = values, values, False
        self.made: list[Change] = []
        self.complete = True

    def note(self, time: float, values: Mapping[str, Any]) -> None:
        """A chunk that begins at learning time `time` [s] is made with these values."""
        if not self.begun:
            self.start, self._now, self.begun = values, values, True
        if values is self._now:
            return
        for name, value in values.items():
            if value != self._now[name]:
                self.complete = self.complete and len(self.made) < MAX_CHANGES
                if self.complete:
                    self.made.append(Change(time, name, value))
        self._now = values

    def state_dict(self) -> dict[str, Any]:
        """Everything that a later `load_state_dict` needs to go on with the same changes."""
        return {
            "start": dict(self.start),
            "now": dict(self._now),
            "begun": self.begun,
            "made": [list(change) for change in self.made],
            "complete": self.complete,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave.

        Raises
        ------
        ParameterError
            If it can be the state of no such changes.
        """
        check_parts("the record of changes", state, ("start", "now", "begun", "made", "complete"))
        for which in ("start", "now"):
            check_parts(f"the {which} values of the changes", state[which], self.start)
        for which in ("begun", "complete"):
            check_truth(f"{which} of the changes", state[which])
        made = state["made"]
        if not isinstance(made, list) or len(made) > MAX_CHANGES or not all(map(_is_change, made)):
            refuse(f"its changes are no list of at most {MAX_CHANGES} times, names and values")
        for time, _, _ in made:
            check_number("the time of a change", time)
        if any(after < before for (before, _, _), (after, _, _) in pairwise(made)):
            refuse("its changes are not in the order of time")
        self.start, self._now = (read_values(self._declared, state[which]) for which in ("start", "now"))
        self.made = [Change(float(time), *self._read(name, value)) for time, name, value in made]
        self.begun, self.complete = state["begun"], state["complete"]

    def _read(self, name: str, value: Any) -> tuple[str, Any]:
        return name, read_values(self._declared, {name: value})[name]


def _is_change(given: Any) -> bool:
    return isinstance(given, (list, tuple)) and len(given) == 3 and isinstance(given[1], str)
