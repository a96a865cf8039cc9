"""How settings differ, in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import param

from snn_explorer.quantities import in_words


def difference_in_words(declared: type[param.Parameterized], mine: Mapping[str, Any], others: Mapping[str, Any]) -> str:
    """What the first settings have that the others have not: the first such value, and how many more there are."""
    differing = [name for name, value in mine.items() if others.get(name) != value]
    if not differing:
        return "same settings"
    first = in_words(declared.param[differing[0]], mine[differing[0]])
    return first if len(differing) == 1 else f"{first}, {len(differing) - 1} more"
