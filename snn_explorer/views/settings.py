"""The settings of the run that is shown: its parameters in the drawer, how they change, and what follows them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final

from snn_explorer.engine import ParameterError
from snn_explorer.quantities import in_words
from snn_explorer.views.changes import Change, Changes
from snn_explorer.views.controls import Controls

if TYPE_CHECKING:
    from snn_explorer.views.laboratory import Laboratory

LOCKED: Final = "locked by the lesson"


class Settings:
    """Settings of the run that is shown, or of the one of two that a person chose.

    Parameters
    ----------
    lab : Laboratory

    Attributes
    ----------
    controls : Controls
        The drawer's parameters.
    """

    def __init__(self, lab: Laboratory[Any]) -> None:
        self._lab = lab
        self._histories = Changes(), Changes()
        self._locked: Collection[str] = ()
        self.controls = Controls(lab.control_set, lab.run.values, self.change)

    @property
    def changes(self) -> Changes:
        """What a person changed of this run."""
        return self._histories[self._lab.drawing.chosen]

    def change(self, name: str, value: Any, gesture: int = 0) -> None:
        """Set a parameter [SI]; it acts at the next chunk or batch.

        Raises
        ------
        ParameterError
            If it cannot have this value, or is locked.
        """
        if name in self._locked:
            raise ParameterError(f"{self._lab.control_set.parameters.param[name].label} is {LOCKED}.")
        run = self._lab.shown
        before = run.values[name]
        run.set(**{name: value})
        self.changes.note(Change(name, before, run.values[name], gesture))
        self._lab.hints.follow(name)
        self._follow()

    def put(self, values: Mapping[str, Any]) -> None:
        """Set several parameters at once, locked ones too; what is not locked can be taken back."""
        run = self._lab.shown
        before = run.values
        run.set(**values)
        for name in values:
            if name not in self._locked:
                self.changes.note(Change(name, before[name], run.values[name]))
        self.show()

    def begin(self, values: Mapping[str, Any]) -> None:
        """Set parameters of the first run, locked ones too, with nothing to take back."""
        self._lab.run.set(**values)
        self.forget()
        self._lab.show_settings()

    def restrict(self, shown: Collection[str], locked: Collection[str]) -> None:
        """Show these parameters only, or all if there are none, and lock some."""
        self._locked = locked
        self.controls.restrict(shown, dict.fromkeys(locked, LOCKED))

    def undo(self) -> None:
        """Take back the last change of a parameter; one that made a new network makes it anew."""
        self._set_as(self.changes.undo())

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._set_as(self.changes.redo())

    def forget(self) -> None:
        """Nothing can be taken back any more: there is another run."""
        for changes in self._histories:
            changes.forget()

    def forget_second(self) -> None:
        """The second run has ended: nothing of it can be taken back."""
        self._histories[1].forget()

    def show(self) -> None:
        """Show the values of this run everywhere."""
        self.controls.show_values(self._lab.shown.values)
        self._follow()

    def _set_as(self, change: Change | None) -> None:
        if change is not None:
            self._lab.shown.set(**{change.name: change.after})
            self.show()

    def _follow(self) -> None:
        """Let what depends on the values follow them."""
        last = self.changes.last
        declared = self._lab.control_set.parameters.param
        self._lab.transport.show_undo("" if last is None else in_words(declared[last.name], last.before))
        self._lab.beside.show_other()
        self._lab.describe()
        self._lab.say_address()
