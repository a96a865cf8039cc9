"""Where the page and the lessons are: at the top of a checkout, inside the package in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def repository_root() -> Path | None:
    """Top folder of the checkout that this package runs from, or None where it was installed from a wheel."""
    root = _PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() else None


def app_path() -> Path:
    """Path of ``app.py``, the page that a Panel server serves."""
    return _find("app.py")


def lessons_path() -> Path:
    """Path of the folder with the lessons."""
    return _find("lessons")


def _find(name: str) -> Path:
    places = [_PACKAGE / "_served" / name]
    root = repository_root()
    if root is not None:
        places.append(root / name)
    for place in places:
        if place.exists():
            return place
    looked = " and ".join(str(place) for place in places)
    raise FileNotFoundError(f"{name!r} is missing from this installation (looked for {looked}); please reinstall it.")
