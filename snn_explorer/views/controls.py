"""The parameters as controls, built from their declarations: label, symbol, unit, bounds and meaning in one place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

import panel as pn
import panel_material_ui as pmui
import param

from snn_explorer.engine import ParameterError
from snn_explorer.superspike.parameters import SuperSpikeParameters
from snn_explorer.views import theme

Setter = Callable[[str, Any], None]
"""Sets a parameter in SI units; raises `ParameterError`."""

GROUPS: Final = {
    "Network": ("n_hidden", "weight_scale", "seed"),
    "Learning rule": ("feedback", "rho", "steepness", "learning_rate"),
}
"""Parameters in the drawer, by heading."""

_SYMBOLS: Final = {
    "n_h": "n<sub>h</sub>", "rho": "ρ", "beta": "β", "r_0": "r<sub>0</sub>", "w_0": "w<sub>0</sub>", "seed": "",
}  # fmt: skip
_ROLES: Final = {"steepness": "surrogate", "learning_rate": "change", "rho": "muted"}
_LOGARITHMIC: Final = ("learning_rate", "steepness")
_WITHOUT_SLIDER: Final = ("seed",)
_SHORT: Final = {"symmetric": "sym", "random": "random", "uniform": "uniform"}

_STYLE: Final = f"""
:host {{ margin: 0; }}
.quantity {{ display: grid; grid-template-columns: 1fr auto; align-items: center; gap: 0 8px; padding: 6px 0;
             font: {theme.TEXT}/1.3 {theme.FONT}; color: var(--mui-palette-text-primary); }}
label i {{ font-family: math, serif; color: var(--accent); }}
.field {{ display: inline-flex; align-items: baseline; gap: 4px; }}
.field input {{ width: 8ch; box-sizing: border-box; padding: 3px 6px; text-align: right; font: inherit;
                font-variant-numeric: tabular-nums; color: inherit; background: transparent;
                border: 1px solid var(--mui-palette-divider); border-radius: 4px; }}
.field input:focus-visible {{ outline: 2px solid var(--accent); outline-offset: 1px; }}
.slider:focus-visible {{ outline: none; }}
.slider:focus-visible::-webkit-slider-thumb {{ outline: 2px solid var(--accent); outline-offset: 2px; }}
.slider:focus-visible::-moz-range-thumb {{ outline: 2px solid var(--accent); outline-offset: 2px; }}
.field input[aria-invalid="true"] {{ border-color: var(--snn-change); }}
.unit {{ min-width: 4.5ch; font-size: {theme.SMALL}; color: var(--mui-palette-text-secondary); }}
.slider {{ grid-column: 1 / -1; width: 100%; margin: 4px 0 0; height: 20px; appearance: none; background: none;
           --track: linear-gradient(to right, var(--accent) var(--at), var(--mui-palette-divider) var(--at)); }}
.slider::-webkit-slider-runnable-track {{ height: 4px; border-radius: 2px; background: var(--track); }}
.slider::-moz-range-track {{ height: 4px; border-radius: 2px; background: var(--track); }}
.slider::-webkit-slider-thumb {{ appearance: none; width: 16px; height: 16px; margin-top: -6px; border-radius: 8px;
                                 background: var(--accent); }}
.slider::-moz-range-thumb {{ width: 16px; height: 16px; border: 0; border-radius: 8px; background: var(--accent); }}
.slider[hidden] {{ display: none; }}
.fault {{ grid-column: 1 / -1; margin: 2px 0 0; color: var(--snn-change); }}
.fault:empty {{ display: none; }}
.reader {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }}
"""


class Quantity(pn.custom.JSComponent):
    """A number with a slider and a field, in the units of the page."""

    key = param.String()
    label = param.String()
    symbol = param.String()
    unit = param.String()
    sentence = param.String()
    role = param.String()
    low = param.Number(default=0.0)
    high = param.Number(default=1.0)
    value = param.Number(default=0.0)
    log = param.Boolean(default=False)
    whole = param.Boolean(default=False)
    slider = param.Boolean(default=True)
    fault = param.String(default="", doc="Why the typed value is not used.")

    _esm = Path(__file__).with_name("quantity.mjs")
    _stylesheets: ClassVar = [_STYLE]

    def __init__(self, on_typed: Callable[[str], None], **params: Any) -> None:
        super().__init__(**params)
        self._on_typed = on_typed

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        self._on_typed(str(data["typed"]))


class Controls(pn.viewable.Viewer):
    """The drawer's parameters.

    Parameters
    ----------
    values : mapping of str to object
        Values to show, in SI units.
    change : callable
        Called with name and value [SI] when a person changes one.
    """

    def __init__(self, values: Mapping[str, Any], change: Setter) -> None:
        super().__init__()
        self._change = change
        self._quantities: dict[str, Quantity] = {}
        self._showing = False
        self._feedback = self._make_feedback()
        self._column = pn.Column(*self._groups(), sizing_mode="stretch_width", margin=(0, 16))
        self.show_values(values)

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show these values, and forget about faults."""
        self._showing = True
        for name, quantity in self._quantities.items():
            quantity.param.update(value=to_page(name, values[name]), fault="")
        self._feedback.value = values["feedback"]
        self._showing = False

    def __panel__(self) -> pn.Column:
        return self._column

    def _groups(self) -> list[Any]:
        parts: list[Any] = []
        for heading, names in GROUPS.items():
            parts.append(pn.pane.HTML(f"<h2>{heading}</h2>", stylesheets=[_HEADING], margin=0))
            parts += [self._feedback if name == "feedback" else self._quantity(name) for name in names]
        return parts

    def _make_feedback(self) -> pmui.RadioButtonGroup:
        declared = SuperSpikeParameters.param["feedback"]
        widget = pmui.RadioButtonGroup(
            label=declared.label, options={_SHORT[kind]: kind for kind in declared.objects}, size="small",
            description=declared.doc, sizing_mode="stretch_width", margin=(4, 0), color="primary", value="symmetric",
            sx={"& .MuiToggleButton-root": {"textTransform": "none", "py": "4px"}},
        )  # fmt: skip
        widget.param.watch(self._feedback_chosen, "value")
        return widget

    def _feedback_chosen(self, event: param.parameterized.Event) -> None:
        if not self._showing:
            self._change("feedback", event.new)

    def _quantity(self, name: str) -> Quantity:
        declared = SuperSpikeParameters.param[name]
        low, high = declared.softbounds or declared.bounds
        scale = declared.page_scale
        quantity = Quantity(
            lambda typed: self._typed(name, typed), key=name, label=declared.label, unit=declared.page_unit,
            symbol=_SYMBOLS.get(declared.symbol, declared.symbol), sentence=declared.doc, role=_ROLES.get(name, ""),
            low=low * scale, high=high * scale, log=name in _LOGARITHMIC, whole=isinstance(declared, param.Integer),
            slider=name not in _WITHOUT_SLIDER, value=declared.default * scale, margin=0, sizing_mode="stretch_width",
        )  # fmt: skip
        self._quantities[name] = quantity
        return quantity

    def _typed(self, name: str, text: str) -> None:
        quantity = self._quantities[name]
        try:
            self._change(name, from_page(name, text))
        except ParameterError as error:
            quantity.fault = str(error)
            return
        quantity.param.update(fault="", value=float(text.replace(",", ".")))


def to_page(name: str, value: float) -> float:
    """A value in the units of the page."""
    return float(value) * SuperSpikeParameters.param[name].page_scale


def from_page(name: str, text: str) -> float:
    """A typed value in SI units.

    Raises
    ------
    ParameterError
        In the units of the page, if it is not a number or out of range.
    """
    declared = SuperSpikeParameters.param[name]
    low, high = (math.inf if bound is None else bound * declared.page_scale for bound in declared.bounds)
    unit = f" {declared.page_unit}" if declared.page_unit else ""
    whole = isinstance(declared, param.Integer)
    allowed = f"a {'whole ' if whole else ''}number from {low:g} to {high:g}{unit}"
    try:
        number = float(text.strip().replace(",", ".").replace("−", "-"))
    except ValueError:
        raise ParameterError(f"“{text}” is not a number; {allowed} can be used.") from None
    if not low <= number <= high or (whole and number != int(number)):
        raise ParameterError(f"{text}{unit} cannot be used; {allowed} can.")
    return number / declared.page_scale


_HEADING: Final = f"""
h2 {{ font: 500 {theme.TEXT}/1.3 {theme.FONT}; color: var(--mui-palette-text-secondary); margin: 14px 0 2px; }}
"""
