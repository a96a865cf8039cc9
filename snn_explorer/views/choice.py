"""A choice of one of some names, and of a number that belongs to it: small fields above a plot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import param

from snn_explorer.views.component import Component
from snn_explorer.views.synapse import FIELDS


class Choice(Component):
    """A list of names and a number, each with its label.

    Parameters
    ----------
    chosen : callable
        Called with the places of a name and of the number, both counted from 0.
    """

    words = param.String(default="", doc="What is chosen by name.")
    number_words = param.String(default="", doc="What is chosen by number.")
    names = param.List(default=[], item_type=str)
    chosen = param.Integer(default=0, doc="The chosen name.")
    number = param.Integer(default=0, doc="The chosen number, counted from 0.")
    most = param.Integer(default=1, doc="Numbers that there are; of only one nothing is to be chosen.")

    _bundle = Path(__file__).with_name("choice.mjs")
    _stylesheets: ClassVar = [FIELDS]

    def __init__(self, choose: Callable[[int, int], None], **params: Any) -> None:
        super().__init__(css_classes=["chooser"], **params)
        self._choose = choose

    def show_choice(self, names: Sequence[str], chosen: int, number: int, most: int) -> None:
        """Show what there is, and what is chosen."""
        new = {"names": list(names), "chosen": chosen, "number": number, "most": most}
        changed = {name: value for name, value in new.items() if getattr(self, name) != value}
        if changed:
            self.param.update(**changed)

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        self._choose(int(data["chosen"]), int(data["number"]))
