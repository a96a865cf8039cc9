"""A moment within the window that is drawn: what is later is veiled, and it can pass in slow motion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, Final

import param

from snn_explorer.views import theme
from snn_explorer.views.component import Component
from snn_explorer.views.journey import Journey
from snn_explorer.views.time_travel import BUTTONS

SLOWER: Final = (20, 50, 100, 200, 500, 1000)
"""How many times slower than simulated time a window can pass."""

_STYLE: Final = f"""
.moment {{ display: flex; align-items: center; gap: 4px; box-sizing: border-box; height: 34px;
           padding: 2px 16px 2px 8px; }}
button[aria-pressed=true] {{ background: color-mix(in srgb, currentColor 16%, transparent); }}
select {{ font: inherit; color: inherit; background: none; border: 0; border-radius: 4px; height: 28px; }}
option {{ color: var(--snn-ink); background: var(--snn-paper); }}
.said {{ color: var(--mui-palette-text-secondary); display: inline-flex; gap: 12px; align-items: baseline; }}
.said.none {{ visibility: hidden; }}
.said sub {{ line-height: 0; }}
.said b {{ font-weight: 400; color: var(--mui-palette-text-primary); display: inline-block; text-align: right; }}
.clock {{ min-width: 5.5ch; }}
.length {{ display: inline-block; min-width: 9ch; }}
.value {{ min-width: 6ch; }}
@media (max-width: 900px) {{
  .moment {{ padding: 2px 8px; font-size: {theme.SMALL}; }}
  .word {{ display: none; }}
  .value {{ min-width: 5ch; }}
  .said {{ gap: 6px; }}
}}
"""


class Moments(Component):
    """Goes through the window by time steps and spikes, or slowly by itself; all of it in the browser.

    Parameters
    ----------
    journey : Journey
    pause : callable
        Called when a moment is to be looked at while the run plays.
    step : callable
        Called with the name of the smallest stride, when the window has ended and no later frame is there.
    """

    journey = param.Dict(default={}, doc="How the time of the window is gone through.")
    slower = param.List(default=[*SLOWER], item_type=int, doc="How many times slower it can pass.")

    _bundle = Path(__file__).with_name("moments.mjs")
    _stylesheets: ClassVar = [BUTTONS, _STYLE]

    def __init__(self, journey: Journey, pause: Callable[[], None], step: Callable[[str], None]) -> None:
        declared = asdict(journey)
        declared["readouts"] = {symbol: readout._asdict() for symbol, readout in journey.readouts.items()}
        super().__init__(journey=declared, css_classes=["moments"])
        self._pause, self._step_on = pause, lambda: step(next(iter(journey.strides)))

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        {"pause": self._pause, "step": self._step_on}[str(data["wish"])]()
