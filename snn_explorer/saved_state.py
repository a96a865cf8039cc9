"""Checks of what a saved state says, with messages in plain words: it may come from a stranger's file.

What owns a part of a state checks it with these before anything is taken up.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Collection, Mapping
from typing import Any, Final, NoReturn

import torch
from torch import Tensor

from snn_explorer.engine import ParameterError

LONGEST: Final = 2**53
"""Steps, counts and strides stay below it; larger ones are no whole floats any more."""

_MOST_LETTERS: Final = 40


def refuse(why: str) -> NoReturn:
    """Raise a `ParameterError` that says why a state is none of this network."""
    raise ParameterError(f"The saved run does not fit this network: {why}.")


def check_parts(name: str, given: Any, parts: Collection[Any]) -> None:
    """See that `given` is a mapping with these keys, and no others."""
    if not isinstance(given, Mapping):
        refuse(f"{name} must have the parts {_listed(parts)}, not be {_shown(given)}")
    if missing := [part for part in parts if part not in given]:
        refuse(f"{name} has no {_listed(missing)}; it must have the parts {_listed(parts)}")
    if unknown := [part for part in given if part not in parts]:
        refuse(f"{name} has {_listed(unknown)}; allowed are only the parts {_listed(parts)}")


def check_tensor(name: str, given: Any, own: Tensor, *, finite: bool = True) -> None:
    """See that `given` is a tensor of the type and shape of `own`, and that its numbers are finite where they must."""
    if not isinstance(given, Tensor) or given.dtype != own.dtype or given.shape != own.shape:
        refuse(f"{name} must be {_shown(own)}, not {_shown(given)}")
    if finite and not (there := torch.isfinite(given)).all():
        refuse(f"{name} must hold finite numbers only, not {given[~there][0].item()!r}")


def check_whole(name: str, given: Any, low: int, high: int) -> None:
    """See that `given` is a whole number from `low` to `high`."""
    if isinstance(given, bool) or not isinstance(given, int) or not low <= given <= high:
        refuse(f"{name} is {_shown(given)}, which is no whole number from {low} to {high}")


def check_number(name: str, given: Any, low: float = -math.inf, high: float = math.inf) -> None:
    """See that `given` is a finite number from `low` to `high`."""
    largest = sys.float_info.max
    number = isinstance(given, (int, float)) and not isinstance(given, bool)
    if not number or not max(low, -largest) <= given <= min(high, largest):
        above = "" if low == -math.inf else f" from {low:g} to {high:g}" if high < math.inf else f" from {low:g}"
        refuse(f"{name} is {_shown(given)}, which is no finite number{above}")


def check_truth(name: str, given: Any) -> None:
    """See that `given` is true or false."""
    if not isinstance(given, bool):
        refuse(f"{name} is {_shown(given)}; allowed are true and false")


def _listed(parts: Collection[Any]) -> str:
    return _short(", ".join(map(str, parts)), 4 * _MOST_LETTERS) or "none"


def _shown(value: Any) -> str:
    return f"{value.dtype} of shape {tuple(value.shape)}" if isinstance(value, Tensor) else _short(repr(value))


def _short(text: str, most: int = _MOST_LETTERS) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
