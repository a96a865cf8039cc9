"""What a person has set up to look at on a page: a page that is loaded again shows it again, beside its run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from snn_explorer.views.zoom import Part

if TYPE_CHECKING:
    from snn_explorer.views.laboratory import Laboratory


@dataclass(frozen=True)
class Outlook:
    """What is looked at, for a page of the same learning system.

    Attributes
    ----------
    reference : object
        The pinned run, if there is one; see `Drawing.reference`.
    question : object
        What is asked; see `Drawing.question`.
    opened : tuple of str
        The open view behind each strip of tabs.
    parts : tuple of Part
        What is seen of each time axis.
    chosen : int
        Which of two runs has its settings shown.
    """

    reference: Any
    question: Any
    opened: tuple[str, ...]
    parts: tuple[Part, ...]
    chosen: int

    @classmethod
    def of(cls, lab: Laboratory[Any]) -> Outlook:
        """What is looked at in this laboratory."""
        drawing = lab.drawing
        opened = tuple(tabs.chosen for tabs in lab.tabs)
        return cls(drawing.reference, drawing.question, opened, lab.zoom.parts, drawing.chosen)

    def show(self, lab: Laboratory[Any]) -> None:
        """Look at the same in this laboratory, which shows the same run or runs."""
        lab.drawing.reference, lab.drawing.question = self.reference, self.question
        lab.pin_button.show_pinned(pinned=lab.drawing.pinned)
        for tabs, name in zip(lab.tabs, self.opened, strict=True):
            tabs.open(name)
        lab.zoom.show(self.parts)
        if lab.beside.pair is not None:
            lab.beside.show(self.chosen)
        lab.run.look_again()
