"""Two runs side by side: a second one learns the same with other settings, in step with the first.

Its plots are made when somebody asks for them, and gone when it ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from snn_explorer.live import Pair, Run, scheduler
from snn_explorer.live.pair import NAMES
from snn_explorer.views import theme
from snn_explorer.views.box import Box
from snn_explorer.views.control import Choice
from snn_explorer.views.figures import enlarge
from snn_explorer.views.live_text import LiveText

if TYPE_CHECKING:
    from snn_explorer.views.laboratory import Laboratory

_HEAD: Final = f"""
.head {{ display: flex; gap: 8px; align-items: baseline; white-space: nowrap; overflow: hidden;
         font: {theme.SMALL}/1.3 {theme.FONT}; color: var(--mui-palette-text-secondary); min-height: 1.4em; }}
.head b {{ font-size: {theme.TEXT}; font-weight: 500; color: var(--mui-palette-text-primary); }}
.head span {{ overflow: hidden; text-overflow: ellipsis; }}
.versus {{ margin: 0; font: 500 {theme.TEXT}/1.3 {theme.FONT}; min-height: 1.3em; }}
"""

TWO: Final = """
@media (min-width: 1101px) {
  :host(.two) { column-gap: 12px;
    grid-template-columns: calc(7.7 * var(--snn-text, 13px) - 12px) minmax(0, 1fr) minmax(0, 1fr) minmax(250px, 29%); }
  :host(.two) > .top { grid-area: 1 / 1 / 2 / 5; margin-bottom: 50px !important; }
  :host > .versus, :host > .head { grid-area: 1 / 3; align-self: end; min-width: 0; }
  :host > .versus { grid-column: 1 / 5; margin: 0 4px 24px !important; }
  :host > .head-a { grid-column: 2; }
  :host > .head-a, :host > .head-b { padding-left: 40px; }
  :host > .head-side { grid-column: 4; }
  :host(.two) > .cell { grid-column: 1 / 3; }
  :host(.two) > .twin { grid-column: 3; }
  :host(.two) > .side, :host(.two) > .cell-curve, :host(.two) > .cell-probe { grid-column: 4; }
}
@media (max-width: 1100px) { :host > .head { display: none; } }
"""
"""Places of two runs' plots: stacks beside each other, where there is room; see also `cells.one_column`."""

_SENTENCE: Final = "Whose settings the drawer shows and changes; network, synapse and numbers are of this run too."


class Beside:
    """The second run of a page, its plots, and the choice whose settings are shown.

    Parameters
    ----------
    lab : Laboratory
        Whose run is the first.

    Attributes
    ----------
    pair : Pair or None
        Both runs; None while there is one.
    choice : Choice
        Control whose settings the drawer shows.
    drawer : Box
        Where it is, seen while there are two.
    """

    def __init__(self, lab: Laboratory[Any]) -> None:
        self._lab = lab
        self.pair: Pair | None = None
        options = {name: name for name in NAMES}
        self.choice = Choice(self._choose, label="Settings of", sentence=_SENTENCE, options=options, value=NAMES[0])
        self.drawer = Box(self.choice, css_classes=["gone"], sizing_mode="stretch_width", margin=(12, 16, 0, 16))
        self._objects: list[Any] = []

    @property
    def second(self) -> Run | None:
        """The second run."""
        return None if self.pair is None else self.pair.second

    @property
    def chosen(self) -> Run:
        """The run whose settings are shown."""
        return self._lab.run if self.pair is None or self._lab.drawing.chosen == 0 else self.pair.second

    def toggle(self) -> None:
        """Let a second run begin, or end it."""
        if self.pair is None:
            self.open()
        else:
            self.close()

    def open(self, values: Mapping[str, Any] = MappingProxyType({})) -> None:
        """Start a second run with the first one's values but these, and the first anew, and show both."""
        self._lab.run.reset()
        self.go_on(Run(self._lab.run.preset, {**self._lab.run.values, **values}))

    def go_on(self, second: Run) -> None:
        """Show this run beside the first."""
        lab = self._lab
        twins = lab.drawing.open_twins()
        if lab.projector:
            enlarge(twins.values())
        self._objects = [*heads(), *lab.twin_cells(twins)]
        lab.plots.param.update(objects=[*lab.plots.objects, *self._objects], css_classes=["plots", "two"])
        self.pair_up(second)
        self.drawer.css_classes = []
        self.show(1)

    def close(self) -> None:
        """End the second run; the first goes on."""
        if self.pair is None:
            return
        lab = self._lab
        for second in self.part():
            second.close()
        lab.drawing.close_twins()
        lab.settings.forget_second()
        there = [one for one in lab.plots.objects if one not in self._objects]
        lab.plots.param.update(objects=there, css_classes=["plots"])
        self._objects = []
        self.drawer.css_classes = ["gone"]
        self.show(0)

    def pair_up(self, second: Run) -> None:
        """Let this run follow the laboratory's."""
        first = self._lab.run
        self.pair = self._lab.client.run = Pair(first, second)
        scheduler().remove(first)
        scheduler().add(self.pair)

    def part(self) -> tuple[Run, ...]:
        """Let the first run go on by itself; gives the second, if there is one, which nobody advances any more."""
        if self.pair is None:
            return ()
        second = self.pair.second
        scheduler().remove(self.pair)
        self.pair, self._lab.client.run = None, self._lab.run
        scheduler().add(self._lab.run)
        return (second,)

    def show_other(self) -> None:
        """Mark the settings that the other run has not the same."""
        runs, chosen = (self._lab.run, self.second or self._lab.run), self._lab.drawing.chosen
        self._lab.settings.controls.show_other(NAMES[1 - chosen], runs[chosen].values, runs[1 - chosen].values)

    def show(self, chosen: int) -> None:
        """Show the settings of the first run (0) or the second (1)."""
        self._lab.drawing.chosen = chosen
        self.choice.value = NAMES[chosen]
        self._lab.show_settings()

    def _choose(self, name: str) -> str:
        self.show(NAMES.index(name))
        return name


def heads() -> list[LiveText]:
    """The one sentence about both, and what stands above the plots of each."""
    html = {
        "versus": '<p class="versus" data-text="versus"></p>',
        "head head-a": '<div class="head"><b>A</b><span data-text="head_a"></span></div>',
        "head head-b": '<div class="head"><b>B</b><span data-text="head_b"></span></div>',
        "head head-side": '<div class="head"><b data-text="whose"></b><span>network, curve, synapse</span></div>',
    }
    return [LiveText(text, stylesheets=[_HEAD], css_classes=name.split(), margin=0) for name, text in html.items()]
