"""Parameters that explain themselves: symbol, unit, bounds, meaning and place in the paper, declared once.

One declaration serves an engine (defaults, validation), the command line (``--set``) and the page (controls).
Values are in SI units; `page_unit` and `page_scale` say how a person reads them (``value * page_scale``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import param

from snn_explorer.engine import ParameterError


class _Described:
    """What a person needs to know about a parameter beyond its value."""

    symbol: str
    page_unit: str
    page_scale: float
    paper: str


class Quantity(param.Number, _Described):
    """A real parameter with symbol, unit and paper location."""

    __slots__ = ["page_scale", "page_unit", "paper", "symbol"]

    def __init__(
        self,
        default: float,
        *,
        symbol: str,
        page_unit: str = "",
        page_scale: float = 1.0,
        paper: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(default, **kwargs)
        self.symbol, self.page_unit, self.page_scale, self.paper = symbol, page_unit, page_scale, paper


class Count(param.Integer, _Described):
    """A whole-number parameter with symbol and paper location."""

    __slots__ = ["page_scale", "page_unit", "paper", "symbol"]

    def __init__(self, default: int, *, symbol: str, paper: str = "", **kwargs: Any) -> None:
        super().__init__(default, **kwargs)
        self.symbol, self.page_unit, self.page_scale, self.paper = symbol, "", 1.0, paper


class Notation(param.String, _Described):
    """A text in a notation of its own.

    Parameters
    ----------
    default : str
    symbol, paper : str
        See `Quantity`.
    regex : str
        What the whole text must fit.
    allowed : str
        The same in words.
    **kwargs
        See `param.String`.
    """

    __slots__ = ["allowed", "page_scale", "page_unit", "paper", "symbol"]

    def __init__(self, default: str, *, symbol: str, regex: str, allowed: str, paper: str = "", **kwargs: Any) -> None:
        super().__init__(default, regex=f"^(?:{regex})$", **kwargs)
        self.symbol, self.page_unit, self.page_scale, self.paper, self.allowed = symbol, "", 1.0, paper, allowed


class Numbers(param.Parameter, _Described):
    """A tuple of numbers, for example one for each layer; text is read as ``"30,30"``.

    Parameters
    ----------
    default : tuple of float
    each : Quantity or Count
        Declares what every number of the tuple may be.
    length : tuple of int
        Fewest and most numbers allowed.
    **kwargs
        See `param.Parameter`.
    """

    __slots__ = ["each", "length", "page_scale", "page_unit", "paper", "symbol"]

    def __init__(
        self, default: tuple[float, ...], *, each: Quantity | Count, length: tuple[int, int], **kwargs: Any
    ) -> None:
        super().__init__(default, **kwargs)
        self.each, self.length, self.symbol, self.paper = each, length, each.symbol, each.paper
        self.page_unit, self.page_scale = each.page_unit, each.page_scale
        self._validate(default)

    def _validate(self, val: Any) -> None:
        super()._validate(val)
        if not isinstance(val, tuple) or not self.length[0] <= len(val) <= self.length[1]:
            raise ValueError(f"{self.name} is {val!r}; allowed is a tuple of {_span(self.length)} numbers.")
        for number in val:
            self.each._validate(number)


def in_words(parameter: Any, value: Any) -> str:
    """A parameter's value as people say it, in the units of the page.

    Parameters
    ----------
    parameter : param.Parameter
        Its declaration.
    value : object
        A value that it may have [SI].

    Returns
    -------
    str
        For example ``"learning rate 2.5 mV"``, ``"random feedback"`` or ``"learning off"``.
    """
    label = parameter.label.lower()
    if isinstance(value, bool):
        return f"{label} {'on' if value else 'off'}"
    if isinstance(value, str):
        return f"{value.replace('_', ' ')} {label}"
    unit = f" {parameter.page_unit}" if parameter.page_unit else ""
    numbers = value if isinstance(value, tuple) else (value,)
    return f"{label} {', '.join(f'{number * parameter.page_scale:.4g}' for number in numbers)}{unit}"


def read_values(declared: type[param.Parameterized], values: Mapping[str, Any]) -> dict[str, Any]:
    """Parameter values from outside, read and checked one by one.

    Parameters
    ----------
    declared : type of param.Parameterized
        Where the parameters are declared.
    values : mapping of str to object
        Names of its parameters and their values; text is read as the parameter's type.

    Returns
    -------
    dict
        The same names with values of the right type.

    Raises
    ------
    ParameterError
        If a name is unknown, or a value cannot be read or lies outside what is allowed.
    """
    known = declared.param
    result = {}
    for name, value in values.items():
        if name not in known or name == "name":
            allowed = ", ".join(key for key in known if key != "name")
            raise ParameterError(f"There is no parameter {name!r}; there are: {allowed}.")
        result[name] = _read(known[name], value)
    return result


def as_text(value: Any) -> str:
    """A parameter's value as a person types it; `read_values` reads the very same value again."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(as_text, value)) if isinstance(value, tuple) else str(value)


def plain(value: Any) -> Any:
    """A parameter's value as netCDF can hold it: tuples as text, such as ``"30, 30"``, and truth as 0 or 1."""
    if isinstance(value, tuple):
        return ", ".join(f"{number:g}" for number in value)
    return int(value) if isinstance(value, bool) else value


def default_values(declared: type[param.Parameterized]) -> dict[str, Any]:
    """Defaults of all parameters by name."""
    return {name: value for name, value in declared.param.values().items() if name != "name"}


def _read(parameter: param.Parameter, value: Any) -> Any:
    name = f"{parameter.label} ({parameter.name})"
    if isinstance(parameter, param.Boolean):
        return _read_boolean(name, value)
    if isinstance(parameter, param.Selector):
        if value not in parameter.objects:
            raise ParameterError(f"{name} is {value!r}; allowed are: {', '.join(parameter.objects)}.")
        return value
    if isinstance(parameter, Notation):
        return _read_notation(name, parameter, value)
    if isinstance(parameter, Numbers):
        return _read_numbers(name, parameter, value)
    return _read_number(name, parameter, value)


def _read_boolean(name: str, value: Any) -> bool:
    words = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
    if str(value).lower() not in words:
        raise ParameterError(f"{name} is {value!r}; allowed are true and false.")
    return words[str(value).lower()]


def _read_notation(name: str, parameter: Notation, value: Any) -> str:
    try:
        parameter._validate(value)
    except ValueError:
        raise ParameterError(f"{name} is {value!r}; allowed are {parameter.allowed}, or nothing.") from None
    return value


def _read_numbers(name: str, parameter: Numbers, value: Any) -> tuple[float | int, ...]:
    parts = value
    if isinstance(value, str):
        parts = [part.strip() for part in value.split(",")] if value.strip() else []
    elif not isinstance(value, (tuple, list)):
        parts = [value]
    if not parameter.length[0] <= len(parts) <= parameter.length[1]:
        raise ParameterError(
            f"{name} is {value!r}; allowed are {_span(parameter.length)} numbers, with commas between them."
        )
    return tuple(_read_number(name, parameter.each, part) for part in parts)


def _read_number(name: str, parameter: Any, value: Any) -> float | int:
    whole = isinstance(parameter, param.Integer)
    low, high = parameter.bounds
    scale = "" if not parameter.page_unit else f" (in SI units; {parameter.page_unit} x {1 / parameter.page_scale:g})"
    allowed = f"a {'whole ' if whole else ''}number {_range(low, high, parameter.inclusive_bounds)}{scale}"
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ParameterError(f"{name} is {value!r}, which is not a number; allowed is {allowed}.") from None
    if whole and number == number and abs(number) != float("inf") and number == int(number):
        number = int(number)
    try:
        parameter._validate(number)
        finite = number == number and abs(number) != float("inf")
    except (TypeError, ValueError):
        finite = False
    if not finite:
        raise ParameterError(f"{name} is {value!r}; allowed is {allowed}.")
    return number


def _range(low: float | None, high: float | None, inclusive: tuple[bool, bool]) -> str:
    above = f"from {low:g}" if inclusive[0] else f"above {low:g}"
    return above if high is None else f"{above} to {high:g}"


def _span(length: tuple[int, int]) -> str:
    return f"{length[0]}" if length[0] == length[1] else f"{length[0]} to {length[1]}"
