"""The parameters as controls, built from their declarations: label, symbol, unit, bounds and meaning in one place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

import panel as pn
import param

from snn_explorer.engine import ParameterError
from snn_explorer.superspike.parameters import STRUCTURAL, SuperSpikeParameters
from snn_explorer.views import theme
from snn_explorer.views.control import Choice, Control, Disclosure, Quantity, Switch

Setter = Callable[[str, Any], None]
"""Sets a parameter in SI units; raises `ParameterError`."""

GROUPS: Final = {
    "Network": (("n_hidden", "weight_scale", "seed"), ("spike_budget", "burn_in", "conventions")),
    "Learning rule": (
        ("learning", "feedback", "hidden_learning", "learning_rate", "optimiser", "surrogate", "steepness", "rho"),
        ("exponent", "error_dependent", "weight_limit", "rate_drop_time", "rate_drop"),
    ),
}
"""Parameters in the drawer by heading: those always there, and those behind "More"."""

WORDS: Final = {
    "feedback": {"symmetric": "sym", "random": "random", "uniform": "uniform", "none": "none"},
    "optimiser": {"rmaxprop": "RMaxProp", "rmsprop": "RMSprop", "plain": "plain"},
    "surrogate": {"fast_sigmoid": "fast sigmoid", "exponential": "exponential", "none": "none"},
    "conventions": {"paper": "paper", "original": "original code"},
}
"""What a person reads for each option."""

_SYMBOLS: Final = {
    "n_hidden": "n<sub>h</sub>", "weight_scale": "w<sub>0</sub>", "burn_in": "t<sub>0</sub>",
    "spike_budget": "n<sub>max</sub>", "feedback": "b<sub>ki</sub>", "learning_rate": "r<sub>0</sub>",
    "optimiser": "r<sub>ij</sub>", "surrogate": "σ′",
    "steepness": "β", "rho": "ρ", "exponent": "a", "error_dependent": "e²", "weight_limit": "w<sub>max</sub>",
    "rate_drop_time": "t<sub>1</sub>", "rate_drop": "r<sub>1</sub>/r<sub>0</sub>",
}  # fmt: skip
_ROLES: Final = {
    "feedback": "error", "learning": "change", "hidden_learning": "change", "learning_rate": "change",
    "optimiser": "change", "surrogate": "surrogate", "steepness": "surrogate", "rho": "muted", "exponent": "muted",
    "error_dependent": "muted", "weight_limit": "change", "rate_drop_time": "change", "rate_drop": "change",
}  # fmt: skip
_LOGARITHMIC: Final = ("learning_rate", "steepness")
_WITHOUT_SLIDER: Final = ("seed", "burn_in", "exponent", "weight_limit", "rate_drop_time", "rate_drop")


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
        self._values = dict(values)
        names = [name for always, more in GROUPS.values() for name in (*always, *more)]
        self._controls = {name: self._make(name) for name in names}
        self._column = pn.Column(*self._groups(), sizing_mode="stretch_width", margin=(0, 16, 24, 16))
        self.show_values(values)

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show these values, and forget about faults."""
        self._values = dict(values)
        for name, control in self._controls.items():
            control.show_value(to_page(name, values[name]) if isinstance(control, Quantity) else values[name])
        self._show_idle()

    def __panel__(self) -> pn.Column:
        return self._column

    def _groups(self) -> list[Any]:
        parts: list[Any] = []
        for heading, (always, more) in GROUPS.items():
            hidden = Disclosure(objects=[self._controls[name] for name in more], margin=0, sizing_mode="stretch_width")
            parts += [title(heading), *(self._controls[name] for name in always), hidden]
        return parts

    def _make(self, name: str) -> Control:
        declared = SuperSpikeParameters.param[name]
        common = {"label": declared.label, "symbol": _SYMBOLS.get(name, ""), "role": _ROLES.get(name, "")}
        common["sentence"] = f"{declared.doc}" + (" A change starts a new network." if name in STRUCTURAL else "")
        if isinstance(declared, param.Boolean):
            return Switch(lambda wish: self._take(name, bool(wish)), **common)
        if isinstance(declared, param.Selector):
            return Choice(lambda wish: self._take(name, str(wish)), options=WORDS[name], value="", **common)
        if name in _WITHOUT_SLIDER:
            rail = {"slider": False}
        else:
            low, high = (bound * declared.page_scale for bound in declared.softbounds or declared.bounds)
            rail = {"low": low, "high": high, "log": name in _LOGARITHMIC}
        return Quantity(
            lambda wish: to_page(name, self._take(name, from_page(name, str(wish)))),
            unit=declared.page_unit, whole=isinstance(declared, param.Integer), **rail, **common,
        )  # fmt: skip

    def _take(self, name: str, value: Any) -> Any:
        """Use a value that somebody wishes."""
        self._change(name, value)
        self._values[name] = value
        self._show_idle()
        return value

    def _show_idle(self) -> None:
        reasons = idle(self._values)
        for name, control in self._controls.items():
            if control.idle != reasons.get(name, ""):
                control.idle = reasons.get(name, "")


def idle(values: Mapping[str, Any]) -> dict[str, str]:
    """Parameters without any effect while the others have these values, and why."""
    regulariser, hidden = ("rho", "exponent", "error_dependent"), ("feedback", "hidden_learning")
    rates = ("learning_rate", "optimiser", "hidden_learning", "rate_drop_time", "rate_drop", "weight_limit")
    causes = (
        (values["rho"] == 0, regulariser[1:], "ρ is 0"),
        (values["surrogate"] == "none", ("steepness",), "σ′ is 1"),
        (not values["hidden_learning"], ("feedback", *regulariser), "fixed hidden weights"),
        (not values["learning"], (*rates, *regulariser), "learning is off"),
        (values["n_hidden"] == 0, (*hidden, *regulariser), "no hidden units"),
    )
    return {name: why for does_apply, names, why in causes if does_apply for name in names}


def title(heading: str) -> pn.pane.HTML:
    """Heading of a group of the drawer."""
    return pn.pane.HTML(f"<h2>{heading}</h2>", stylesheets=[_HEADING], margin=0)


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
    whole, from_low = isinstance(declared, param.Integer), declared.inclusive_bounds[0]
    limits = f"{'from' if from_low else 'above'} {low:g}" + ("" if high == math.inf else f" to {high:g}")
    allowed = f"a {'whole ' if whole else ''}number {limits}{unit}"
    try:
        number = float(text.strip().replace(",", ".").replace("−", "-"))
    except ValueError:
        raise ParameterError(f"“{text}” is not a number; {allowed} can be used.") from None
    inside = (low <= number if from_low else low < number) and number <= high and number != math.inf
    if not inside or (whole and number != int(number)):
        raise ParameterError(f"{text}{unit} cannot be used; {allowed} can.")
    return number / declared.page_scale


_HEADING: Final = f"""
h2 {{ font: 500 {theme.TEXT}/1.3 {theme.FONT}; color: var(--mui-palette-text-secondary); margin: 14px 0 2px; }}
"""
