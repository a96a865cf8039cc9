"""What the browser draws, and where its keyboard leads."""

from __future__ import annotations

from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page

DRAWN = """name => {
  const all = Bokeh.documents.flatMap(doc => [...doc.all_models])
  const source = all.find(one => one.type === "ColumnDataSource" && one.name === name)
  return Object.fromEntries([...Object.entries(source.data)].map(([key, values]) => [key, Array.from(values, String)]))
}"""

RANGE = """([name, axis]) => {
  const all = Bokeh.documents.flatMap(doc => [...doc.all_models])
  const {start, end} = all.find(one => one.type === "Figure" && one.name === name)[axis]
  return [start, end]
}"""

CANVAS = """name => {
  const figure = Object.values(Bokeh.index).flatMap(root => [...root.owner.query(v => v.model.name === name)])
    .find(view => view.model.type === "Figure")
  const {left, top} = figure.el.getBoundingClientRect()
  const {left: x, top: y, width, height} = figure.frame.bbox
  return {x: left + x, y: top + y, width, height}
}"""


def drawn(page: Page, name: str) -> dict[str, np.ndarray]:
    """Columns of a source as the browser draws it."""
    return {key: np.array(values, dtype=np.float32) for key, values in page.evaluate(DRAWN, name).items()}


def shown_range(page: Page, figure: str, axis: str = "x_range") -> list[float]:
    """Ends of a figure's axis."""
    return page.evaluate(RANGE, [figure, axis])


def canvas(page: Page, figure: str) -> dict[str, float]:
    """Where a figure is drawn, inside of its axes [px of the window]."""
    return page.evaluate(CANVAS, figure)


FOCUSED = """element => {
  let found = document.activeElement
  while (found?.shadowRoot?.activeElement) { found = found.shadowRoot.activeElement }
  return found === element
}"""

MOST_STOPS = 120


def tab_to(page: Page, role: Any, name: str, key: str = "Tab") -> Locator:
    """Press Tab, or Shift+Tab, until this has the focus."""
    wanted = page.get_by_role(role, name=name)
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        if wanted.evaluate(FOCUSED):
            return wanted
    raise AssertionError(f"Tab does not reach the {role} {name}")


def without_ticks(figures):
    """Names of the figures of which a vertical axis that is to be seen has no ticks."""
    axes = [(name, axis) for name, figure in figures.items() for axis in figure.yaxis if axis.visible]
    return [name for name, axis in axes if getattr(axis.ticker, "ticks", None) == []]
