"""Where data files are looked for. None of them is part of the package."""

from __future__ import annotations

import os
from pathlib import Path

from snn_explorer.engine import ParameterError
from snn_explorer.resources import repository_root

ENVIRONMENT_VARIABLE = "SNN_EXPLORER_DATA"
"""Names the folder with data files."""


class MissingDataError(ParameterError):
    """Data files that are not there; the message says where they were looked for and how to get them."""


def data_dir() -> Path | None:
    """Folder with data files, or None if there is none.

    ``SNN_EXPLORER_DATA`` names it. Without that variable it is the folder ``shared/data`` beside the repository.
    """
    place = _place()
    return place if place is not None and place.is_dir() else None


def where_looked() -> str:
    """Say in one sentence where data files are looked for."""
    place = _place()
    if place is None:
        return f"{ENVIRONMENT_VARIABLE} is not set, so there is no folder to look in."
    what = f"{ENVIRONMENT_VARIABLE} names" if os.environ.get(ENVIRONMENT_VARIABLE) else "Looked in"
    return f"{what} {place}{'' if place.is_dir() else ', which is not a folder'}."


def _place() -> Path | None:
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    if named:
        return Path(named).expanduser()
    root = repository_root()
    return None if root is None else root.parent / "shared" / "data"
