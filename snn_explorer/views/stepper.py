"""The step button of the header, and the choice of what one step is: from a time step to an epoch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

import param

from snn_explorer.views import theme
from snn_explorer.views.bar import PRESSED
from snn_explorer.views.component import Component
from snn_explorer.views.journey import Journey

_STYLE: Final = f"""
{PRESSED}
:host {{ flex: none; }}
.stepper {{ display: flex; align-items: center; font: {theme.TEXT} {theme.FONT};
            color: var(--mui-palette-text-primary); }}
.unit {{ position: relative; display: flex; align-items: center; }}
.unit::after {{ content: ""; position: absolute; right: 7px; pointer-events: none; border: 4px solid transparent;
                border-top-color: currentColor; border-bottom: 0; }}
select {{ font: inherit; color: inherit; background: none; border: 0; border-radius: 4px; height: 32px;
          padding: 0 20px 0 4px; margin: 0; width: 92px; appearance: none; cursor: pointer; }}
@media (max-width: 900px) {{
  button {{ min-width: 34px; }}
  select {{ width: 22px; padding: 0; text-indent: 40px; overflow: hidden; }}
}}
"""


class Stepper(Component):
    """Advances by one step of the chosen size.

    Steps within the window that is drawn, and through the frames that the browser keeps, are the browser's own; the
    server hears of those that advance the run.

    Parameters
    ----------
    journey : Journey
    step : callable
        Called with the name of the stride by which the run is to advance.
    """

    units = param.Dict(default={}, doc="Sizes of a step with their explanations, the smallest first.")
    strides = param.List(default=[], item_type=str, doc="Those that advance the run.")

    _bundle = Path(__file__).with_name("stepper.mjs")
    _stylesheets: ClassVar = [_STYLE]

    def __init__(self, journey: Journey, step: Callable[[str], None]) -> None:
        super().__init__(units=journey.units, strides=[*journey.strides], margin=0, align="center")
        self._step = step

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        self._step(str(data["stride"]))
