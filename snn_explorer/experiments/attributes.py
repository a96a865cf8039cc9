"""Values as attributes of a dataset."""

from __future__ import annotations

from typing import Any


def plain(value: Any) -> Any:
    """A parameter's value as netCDF can hold it: tuples as text, such as ``"30, 30"``."""
    return ", ".join(f"{number:g}" for number in value) if isinstance(value, tuple) else value
