"""A place of the page with other parts in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Final

from panel.viewable import Children

from snn_explorer.views.component import Component

ROW: Final = ":host { flex-direction: row; }"
"""Beside each other."""

_STYLE: Final = """
:host { display: flex; flex-direction: column; }
:host(.gone) { display: none !important; }
"""


class Box(Component):
    """Parts below each other, or as style sheets place them: its children are ``:host > *``.

    Each one is laid out by the browser alone. Panel's own columns and rows let the whole page, with all its plots, be
    measured anew whenever one of the parts changes its size, which a page did a hundred times while it opened.

    Parameters
    ----------
    *objects
        What it holds.
    **params
        By default, it fills its place.

    Attributes
    ----------
    objects : list
    """

    objects = Children()

    _bundle = Path(__file__).with_name("box.mjs")
    _render_policy = "manual"
    _stylesheets: ClassVar = [_STYLE]

    def __init__(self, *objects: Any, **params: Any) -> None:
        filled = {} if "width" in params else {"sizing_mode": "stretch_both"}
        super().__init__(objects=list(objects), **{"margin": 0, **filled, **params})
