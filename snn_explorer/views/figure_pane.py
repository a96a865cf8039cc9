"""A figure as a part of the page."""

from __future__ import annotations

from typing import Any

import panel as pn
from bokeh.document import Document
from bokeh.model import Model
from bokeh.models import Plot


class FigurePane(pn.pane.Bokeh):
    """Fills its place with a figure of a gallery.

    Such a figure belongs to one page and has its looks. Panel would look through all parts of any figure twice, to take
    it from another page and to give it a theme.

    Parameters
    ----------
    figure : bokeh.models.Plot
    """

    def __init__(self, figure: Plot) -> None:
        super().__init__(figure, sizing_mode="stretch_both", margin=0)

    def _get_model(
        self, doc: Document | None, root: Model | None = None, parent: Model | None = None, comm: Any = None
    ) -> Model:
        if root is None:
            return self.get_root(doc, comm)
        self._models[root.ref["id"]] = (self.object, parent)
        return self.object
