"""One control of the drawer: a number, a choice or a switch, with its symbol, unit, colour and sentence.

A control that has no effect now is greyed and says why, but can be set all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

import param
from panel.viewable import Children

from snn_explorer.engine import ParameterError
from snn_explorer.views import theme
from snn_explorer.views.component import Component

_STYLE: Final = f"""
:host {{ margin: 0; position: relative; }}
:host(:hover), :host(:focus-within) {{ z-index: 2; }}
.control {{ display: grid; grid-template-columns: minmax(max-content, 1fr) minmax(0, auto) auto; gap: 0 8px;
            align-items: center; padding: 3px 0; border-radius: 4px; transition: background 0.15s;
            background: color-mix(in srgb, var(--accent) calc(18% * var(--lit, 0)), transparent);
            min-height: 26px; font: {theme.TEXT}/1.3 {theme.FONT}; color: var(--mui-palette-text-primary); }}
.control.quantity, .control.text {{ grid-template-columns: minmax(min-content, 1fr) auto auto; }}
.control.text .field input {{ width: 19ch; }}
.name i {{ font-family: math, serif; color: var(--written); }}
.other .name::after {{ content: " ≠"; font-weight: 700; color: var(--mui-palette-text-primary); }}
.idle {{ --accent: var(--mui-palette-text-secondary) !important; --written: var(--accent) !important; }}
.idle .name, .idle .field, .idle .options {{ color: var(--mui-palette-text-secondary); }}
.locked input {{ cursor: not-allowed; opacity: 0.6; }}
.why {{ font-size: {theme.SMALL}; line-height: 1.1; text-align: right; color: var(--mui-palette-text-secondary); }}
.fault {{ grid-column: 1 / -1; margin: 2px 0 0; color: var(--snn-{theme.written("change")}); }}
.fault:empty {{ display: none; }}
.says {{ position: absolute; top: 100%; left: 0; right: 0; margin: 0; padding: 6px 8px; border-radius: 4px;
         font-size: {theme.SMALL}; line-height: 1.35; pointer-events: none; visibility: hidden;
         color: var(--mui-palette-background-paper); background: var(--mui-palette-text-primary); }}
.says:empty {{ display: none; }}
.control:has(:focus-visible) .says {{ visibility: visible; }}
@media (hover: hover) {{
  .control:hover .says {{ visibility: visible; transition: visibility 0s 0.6s; }}
  .control:active .says {{ visibility: hidden; transition: none; }}
}}

.field {{ display: inline-flex; align-items: baseline; gap: 4px; grid-column: 3; }}
.field input {{ width: 8ch; box-sizing: border-box; padding: 2px 6px; text-align: right; font: inherit;
                font-variant-numeric: tabular-nums; color: inherit; background: transparent;
                border: 1px solid var(--mui-palette-divider); border-radius: 4px; }}
.field input:focus-visible {{ outline: 2px solid var(--accent); outline-offset: 1px; }}
.field input[aria-invalid="true"] {{ border-color: var(--snn-change); }}
.unit {{ width: 5.5ch; font-size: {theme.SMALL}; color: var(--mui-palette-text-secondary); }}
.rail {{ grid-column: 1 / -1; position: relative; height: 20px; }}
.rail[hidden] {{ display: none; }}
.rail .why {{ position: absolute; right: 0; bottom: -2px; line-height: 1; }}
.slider {{ width: 100%; margin: 0; height: 20px; appearance: none; background: none;
           --track: linear-gradient(to right, var(--accent) var(--at), var(--mui-palette-divider) var(--at)); }}
.slider::-webkit-slider-runnable-track {{ height: 4px; border-radius: 2px; background: var(--track); }}
.slider::-moz-range-track {{ height: 4px; border-radius: 2px; background: var(--track); }}
.slider::-webkit-slider-thumb {{ appearance: none; width: 16px; height: 16px; margin-top: -6px; border-radius: 8px;
                                 background: var(--accent); }}
.slider::-moz-range-thumb {{ width: 16px; height: 16px; border: 0; border-radius: 8px; background: var(--accent); }}
.slider:focus-visible {{ outline: none; }}
.slider:focus-visible::-webkit-slider-thumb {{ outline: 2px solid var(--accent); outline-offset: 2px; }}
.slider:focus-visible::-moz-range-thumb {{ outline: 2px solid var(--accent); outline-offset: 2px; }}

.options {{ grid-column: 1 / -1; display: flex; margin: 3px 0; border: 1px solid var(--mui-palette-divider);
            border-radius: 4px; }}
.options label {{ flex: 1 1 auto; position: relative; text-align: center; }}
.options label + label {{ border-left: 1px solid var(--mui-palette-divider); }}
.options input[type=radio] {{ appearance: none; position: absolute; inset: 0; width: 100%; height: 100%; margin: 0;
                              cursor: pointer; border-radius: 3px; }}
.options input[type=radio]:focus-visible {{ outline: 2px solid var(--accent); outline-offset: 1px; }}
.options span {{ display: block; padding: 4px 2px; border-radius: 3px; }}
.options input:checked + span {{ color: var(--mui-palette-background-paper); background: var(--written); }}
.options input:not(:checked):hover + span {{ background: var(--mui-palette-divider); }}

.toggle input[role=switch] {{ appearance: none; box-sizing: border-box; width: 34px; height: 18px; margin: 0;
                              grid-column: 3; border-radius: 9px; cursor: pointer;
                              background: var(--mui-palette-divider);
                              border: 1px solid var(--mui-palette-text-secondary); }}
.toggle input[role=switch]::before {{ content: ""; display: block; width: 10px; height: 10px; margin: 3px;
                                      border-radius: 5px; background: var(--mui-palette-text-secondary); }}
.toggle input[role=switch]:checked {{ background: var(--accent); border-color: var(--accent); }}
.toggle input[role=switch]:checked::before {{ margin-left: 19px; background: var(--mui-palette-background-paper); }}
.toggle input[role=switch]:focus-visible {{ outline: 2px solid var(--accent); outline-offset: 2px; }}
"""

_DISCLOSURE: Final = f"""
:host {{ margin: 0; }}
summary {{ cursor: pointer; padding: 5px 0; font: {theme.TEXT}/1.3 {theme.FONT};
           color: var(--mui-palette-text-secondary); border-radius: 4px; }}
summary:focus-visible {{ outline: 2px solid currentColor; outline-offset: 1px; }}
"""


class Control(Component):
    """What the controls have in common.

    Parameters
    ----------
    take : callable
        Takes what a person wishes, text of a number or an option or True and False, and gives the value to show.
        Raises `ParameterError` if it cannot be used.

    Attributes
    ----------
    gesture : int
        Number of the drag that the last wish belongs to; 0 for a wish that stands alone.
    """

    label = param.String()
    symbol = param.String()
    sentence = param.String()
    role = param.String()
    idle = param.String(default="", doc="Why it has no effect now.")
    locked = param.String(default="", doc="Why it cannot be changed.")
    other = param.String(default="", doc="What another run has, where that is not the same.")
    fault = param.String(default="", doc="Why what was typed is not used.")
    answered = param.Integer(default=0, doc="Number of the wish that was answered last.")

    _bundle = Path(__file__).with_name("control.mjs")
    _stylesheets: ClassVar = [_STYLE]

    def __init__(self, take: Callable[[Any], Any], **params: Any) -> None:
        super().__init__(**{"margin": 0, "sizing_mode": "stretch_width", **params})
        self._take, self.gesture = take, 0

    def show_value(self, value: Any) -> None:
        """Show this value, and forget about faults."""
        self.param.update(value=value, fault="")

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        number, self.gesture = int(data["number"]), int(data.get("gesture", 0))
        try:
            self.param.update(value=self._take(data["wish"]), fault="", answered=number)
        except ParameterError as error:
            self.param.update(fault=str(error), answered=number)


class Quantity(Control):
    """A number with a slider and a field, in the units of the page."""

    kind = param.String(default="quantity", constant=True)
    unit = param.String()
    low = param.Number(default=0.0)
    high = param.Number(default=1.0)
    value = param.Number(default=0.0)
    log = param.Boolean(default=False)
    whole = param.Boolean(default=False)
    slider = param.Boolean(default=True)


class Choice(Control):
    """One of a few words."""

    kind = param.String(default="choice", constant=True)
    options = param.Dict(default={}, doc="Words to show, by value.")
    value = param.String()


class Text(Control):
    """A few signs in a notation of their own."""

    kind = param.String(default="text", constant=True)
    value = param.String()


class Switch(Control):
    """On or off."""

    kind = param.String(default="toggle", constant=True)
    value = param.Boolean(default=False)


class Disclosure(Component):
    """What is there for those who look for it."""

    label = param.String(default="More")
    objects = Children()

    _bundle = Path(__file__).with_name("disclosure.mjs")
    _stylesheets: ClassVar = [_DISCLOSURE]
