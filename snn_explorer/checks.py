"""Checks of single numbers, with messages in plain words."""

from __future__ import annotations

import math
from numbers import Integral, Real

from snn_explorer.engine import ParameterError


def check_whole(name: str, value: object, minimum: int) -> int:
    """Give `value` back as an int, or raise a `ParameterError` if it is no whole number of at least `minimum`."""
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < minimum:
        raise ParameterError(f"{name} is {value!r}; it must be a whole number of at least {minimum}.")
    return int(value)


def check_positive(name: str, value: object, unit: str) -> float:
    """Give `value` back as a float, or raise a `ParameterError` if it is no finite number above 0."""
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value) or value <= 0:
        raise ParameterError(f"{name} is {value!r}; it must be a finite number above 0 [{unit}].")
    return float(value)
