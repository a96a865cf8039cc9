"""What a person changed, step by step, so that it can be taken back and done again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Change:
    """A parameter's value before and after a person changed it [SI].

    Attributes
    ----------
    name : str
    before, after : object
    gesture : int
        Number of the drag, or of the run of key presses, that the change belongs to; 0 for one that stands alone.
    """

    name: str
    before: Any
    after: Any
    gesture: int = 0

    @property
    def reverse(self) -> Change:
        """The change that takes this one back."""
        return Change(self.name, self.after, self.before)

    def goes_on(self, last: Change) -> bool:
        """Whether it is the same drag as the last change."""
        return self.gesture != 0 and (self.name, self.gesture) == (last.name, last.gesture)


class Changes:
    """The history of a page's changes.

    What one drag changes is one step, and a step that in the end changes nothing is none.
    """

    def __init__(self) -> None:
        self._done: list[Change] = []
        self._undone: list[Change] = []

    @property
    def last(self) -> Change | None:
        """What `undo` would take back."""
        return self._done[-1] if self._done else None

    def note(self, change: Change) -> None:
        """Remember a change; what was taken back before it cannot be done again."""
        self._undone.clear()
        if self.last is not None and change.goes_on(self.last):
            change = replace(change, before=self._done.pop().before)
        if change.before != change.after:
            self._done.append(change)

    def undo(self) -> Change | None:
        """The change that takes back the last one; None if there is none."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1].reverse

    def redo(self) -> Change | None:
        """The change that does again what was taken back last; None if there is none."""
        if not self._undone:
            return None
        # a drag that is done again is over
        self._done.append(replace(self._undone.pop(), gesture=0))
        return self._done[-1]

    def forget(self) -> None:
        """Begin anew: another network has other values."""
        self._done.clear()
        self._undone.clear()
