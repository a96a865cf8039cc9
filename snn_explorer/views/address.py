"""The address of the page: every parameter and the version, so that it can be sent to somebody or kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from snn_explorer import __version__
from snn_explorer.engine import ParameterError
from snn_explorer.live import DEFAULT_PRESET, Preset
from snn_explorer.superspike.parameters import checked

_NOT_PARAMETERS: Final = ("v", "theme", "bokeh-session-id", "bokeh-protocol-version")


@dataclass
class Address:
    """What an address asks for.

    Attributes
    ----------
    preset : str
        Key of a preset.
    values : dict of str to object
        Values of parameters [SI], those that can be used.
    speed : float or None or str
        Simulated seconds per second, None for as fast as possible, "" if the address does not say.
    projector : bool
        Whether the page is for a projector.
    faults : list of str
        What cannot be used, in plain sentences.
    """

    preset: str = DEFAULT_PRESET
    values: dict[str, Any] = field(default_factory=dict)
    speed: float | str | None = ""
    projector: bool = False
    faults: list[str] = field(default_factory=list)


def read(query: Mapping[str, str], presets: Mapping[str, Preset]) -> Address:
    """Read an address; what it says wrongly is named and left out, the rest is used."""
    asked = Address()
    for name, text in query.items():
        try:
            _take(asked, name, text, presets)
        except ParameterError as error:
            asked.faults.append(str(error))
    return asked


def write(preset: str, values: Mapping[str, Any], speed: float | None, *, projector: bool) -> str:
    """The query that leads back here: all parameters, defaults too, because defaults may change."""
    query = {"v": __version__, "preset": preset, "speed": "max" if speed is None else f"{speed:g}"}
    query |= {name: _text(value) for name, value in values.items()}
    return "?" + urlencode(query | ({"projector": "1"} if projector else {}))


def _take(asked: Address, name: str, text: str, presets: Mapping[str, Preset]) -> None:
    if name in _NOT_PARAMETERS:
        return
    if name == "preset":
        if text not in presets:
            raise ParameterError(f"There is no preset {text!r} here; there are: {', '.join(presets)}.")
        asked.preset = text
    elif name == "speed":
        asked.speed = _speed(text)
    elif name == "projector":
        asked.projector = text.lower() not in ("", "0", "false", "no")
    else:
        asked.values |= checked({name: text})


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise ParameterError(f"The speed is {text!r}; allowed is a number above 0, or max.")
    return speed


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.9g}" if isinstance(value, float) else str(value)
