"""The parameters as controls, built from their declarations: label, symbol, unit, bounds and meaning in one place."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import panel as pn
import param

from snn_explorer.engine import ParameterError
from snn_explorer.quantities import Notation, read_values
from snn_explorer.views import theme
from snn_explorer.views.box import Box
from snn_explorer.views.control import Choice, Control, Disclosure, Quantity, Switch, Text

Setter = Callable[[str, Any, int], None]
"""Sets a parameter in SI units, as a part of a gesture (see `Control`); raises `ParameterError`."""


@dataclass(frozen=True)
class ControlSet:
    """How the parameters of a learning system are shown.

    Attributes
    ----------
    parameters : type of param.Parameterized
        Where they are declared.
    structural : sequence of str
        Those that make a new network.
    groups : mapping of str to tuple
        Parameters in the drawer by heading: those always there, and those behind "More".
    words : mapping of str to mapping of str to str
        What a person reads for each option of a choice.
    symbols, roles : mapping of str to str
        Symbol (HTML), and role of the colour, by parameter.
    logarithmic, without_slider : sequence of str
    idle : callable
        Parameters without any effect while all have these values, and why.
    check : callable
        Takes the values of all parameters, and raises `ParameterError` if they do not fit each other.
    part : callable
        What one number of a parameter with several belongs to, given its name, its place and how many there are; ""
        where its name says it.
    """

    parameters: type[param.Parameterized]
    structural: Sequence[str]
    groups: Mapping[str, tuple[Sequence[str], Sequence[str]]]
    words: Mapping[str, Mapping[str, str]]
    symbols: Mapping[str, str]
    roles: Mapping[str, str]
    logarithmic: Sequence[str]
    without_slider: Sequence[str]
    idle: Callable[[Mapping[str, Any]], dict[str, str]]
    part: Callable[[str, int, int], str] = lambda name, index, n: str(index + 1)
    check: Callable[[Mapping[str, Any]], None] = lambda values: None


class Controls(pn.viewable.Viewer):
    """The drawer's parameters.

    Parameters
    ----------
    control_set : ControlSet
    values : mapping of str to object
        Values to show, in SI units.
    change : callable
        Called with name, value [SI] and gesture when a person changes one.
    """

    def __init__(self, control_set: ControlSet, values: Mapping[str, Any], change: Setter) -> None:
        super().__init__()
        self._set, self._change = control_set, change
        self._values = dict(values)
        self._shown: Collection[str] = ()
        self._locked: Mapping[str, str] = {}
        self._controls: dict[str, Control] = {}
        self._column = Box(sizing_mode="stretch_width", margin=(0, 16, 24, 16))
        self.show_values(values)

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show these values, and forget about faults."""
        self._values = dict(values)
        groups = self._set.groups.values()
        keys = [key for always, more in groups for name in (*always, *more) for key in self._keys(name)]
        if keys != list(self._controls):
            self._controls = {key: self._make(key) for key in keys}
            self._arrange()
        for key, control in self._controls.items():
            value = _value_of(key, self._values)
            control.show_value(to_page(self._declared(key), value) if isinstance(control, Quantity) else value)
        self._show_idle()

    def restrict(self, shown: Collection[str], locked: Mapping[str, str]) -> None:
        """Show these parameters only, or all if there are none; some cannot be changed, and why."""
        self._shown, self._locked = shown, locked
        self._arrange()

    def show_other(self, name: str, values: Mapping[str, Any], other: Mapping[str, Any]) -> None:
        """Mark where a run with these values is not the same as another, of this name."""
        for key, control in self._controls.items():
            mine, its = _value_of(key, values), _value_of(key, other)
            said = "" if its == mine else f"{name} has {'none' if its is None else self._in_words(key, its)}."
            if control.other != said:
                control.other = said

    def __panel__(self) -> Box:
        return self._column

    def _groups(self) -> list[Any]:
        parts: list[Any] = []
        for heading, (always, more) in self._set.groups.items():
            shown, hidden = ([self._controls[key] for name in names for key in self._keys(name)]
                             for names in self._wanted(always, more))  # fmt: skip
            if not shown:
                continue
            parts += [title(heading), *shown]
            if hidden:
                parts.append(Disclosure(objects=hidden, margin=0, sizing_mode="stretch_width"))
        return parts

    def _wanted(self, always: Sequence[str], more: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
        """Which of a group are there; those that are asked for by name are behind nothing."""
        return ([name for name in (*always, *more) if name in self._shown], ()) if self._shown else (always, more)

    def _arrange(self) -> None:
        self._column.objects = self._groups()
        for key, control in self._controls.items():
            control.locked = self._locked.get(_split(key)[0], "")

    def _keys(self, name: str) -> list[str]:
        """Keys of a parameter's controls: its name, or its name and a place for each number that it has.

        What is written in a notation of its own has none while nothing is written: its layers are not there.
        """
        value = self._values[name]
        if isinstance(self._declared(name), Notation) and not value:
            return []
        return [f"{name}.{i}" for i in range(len(value))] if isinstance(value, tuple) else [name]

    def _make(self, key: str) -> Control:
        declared, own, (name, place) = self._declared(key), self._set, _split(key)
        whole = own.parameters.param[name]
        common = {"label": whole.label, "symbol": own.symbols.get(name, ""), "role": own.roles.get(name, "")}
        if place is not None:
            part = own.part(name, place, len(self._values[name]))
            common["label"] = f"{whole.label}, {part}" if part else whole.label
        common["sentence"] = f"{whole.doc}" + (" A change starts a new network." if name in own.structural else "")
        if isinstance(declared, param.Boolean):
            return Switch(lambda wish: self._take(key, bool(wish)), **common)
        if isinstance(declared, param.Selector):
            return Choice(lambda wish: self._take(key, str(wish)), options=dict(own.words[name]), value="", **common)
        if isinstance(declared, Notation):
            return Text(lambda wish: self._take(key, str(wish)), value="", **common)
        if name in own.without_slider:
            rail = {"slider": False}
        else:
            low, high = (bound * declared.page_scale for bound in declared.softbounds or declared.bounds)
            rail = {"low": low, "high": high, "log": name in own.logarithmic}
        return Quantity(
            lambda wish: to_page(declared, self._take(key, from_page(declared, str(wish)))),
            unit=declared.page_unit, whole=isinstance(declared, param.Integer), **rail, **common,
        )  # fmt: skip

    def _in_words(self, key: str, value: Any) -> str:
        declared = self._declared(key)
        if isinstance(declared, Notation):
            return value or "none"
        if isinstance(value, str):
            return self._set.words[key][value]
        if isinstance(declared, param.Boolean):
            return "on" if value else "off"
        return f"{to_page(declared, value):.6g} {declared.page_unit}".rstrip()

    def _declared(self, key: str) -> Any:
        """Declaration of what a control shows: a parameter, or one number of it."""
        name, place = _split(key)
        declared: Any = self._set.parameters.param[name]
        return declared if place is None else declared.each

    def _take(self, key: str, value: Any) -> Any:
        """Use a value that somebody wishes."""
        name, place = _split(key)
        before = self._values[name]
        after = value if place is None else (*before[:place], value, *before[place + 1 :])
        self._set.check(read_values(self._set.parameters, {**self._values, name: after}))
        self._change(name, after, self._controls[key].gesture)
        self._values[name] = after
        self._show_idle()
        return value

    def _show_idle(self) -> None:
        reasons = self._set.idle(self._values)
        for key, control in self._controls.items():
            reason = reasons.get(_split(key)[0], "")
            if control.idle != reason:
                control.idle = reason


def _split(key: str) -> tuple[str, int | None]:
    """Name of a parameter, and the place of one of its numbers."""
    name, _, place = key.partition(".")
    return name, int(place) if place else None


def _value_of(key: str, values: Mapping[str, Any]) -> Any:
    """What a control shows of these values; None where the parameter has not so many numbers."""
    name, place = _split(key)
    if place is None:
        return values[name]
    return values[name][place] if place < len(values[name]) else None


def title(heading: str) -> pn.pane.HTML:
    """Heading of a group of the drawer."""
    return pn.pane.HTML(f"<h2>{heading}</h2>", stylesheets=[_HEADING], margin=0)


def to_page(declared: Any, value: float) -> float:
    """A parameter's value in the units of the page."""
    return float(value) * declared.page_scale


def from_page(declared: Any, text: str) -> float:
    """A typed value in SI units.

    Raises
    ------
    ParameterError
        In the units of the page, if it is not a number or out of range.
    """
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
