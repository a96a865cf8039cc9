"""Breaking a saved state, one part at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def put(*path: Any) -> Callable[[Any], None]:
    """A change of a state: the last of `path` is put where the others lead, made of what is there if it can be."""
    *way, name, value = path

    def change(state: Any) -> None:
        for key in way:
            state = state[key]
        state[name] = value(state[name]) if callable(value) else value

    return change


def places(state: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where each part of a state is, the mappings among them included, from the outside in."""
    found = [(*way, key) for key in state]
    inside = [places(part, (*way, key)) for key, part in state.items() if isinstance(part, dict)]
    return [*found, *(place for each in inside for place in each)]
