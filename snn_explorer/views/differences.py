"""In what two runs differ, and what came of it, as people say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from snn_explorer.live.systems import SYSTEMS
from snn_explorer.presets import Preset
from snn_explorer.quantities import in_words

SAME = "same settings"


class Measure(NamedTuple):
    """A number that matters of a run: what it is, its digits, its unit."""

    name: str
    digits: str
    unit: str = ""


def differing(values: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Parameters that have not the same value."""
    return [name for name, value in values.items() if other.get(name) != value]


def named(
    preset: Preset, values: Mapping[str, Any], other_preset: Preset, other: Mapping[str, Any], *, most: int = 1
) -> str:
    """What a run has that the other has not; of several parameters so many are told."""
    if preset.key != other_preset.key:
        return preset.title
    names = differing(values, other)
    if not names:
        return SAME
    declared = SYSTEMS[preset.system].parameters.param
    told = [in_words(declared[name], values[name]) for name in names[:most]]
    return ", ".join(told + [f"{len(names) - most} more"] * (len(names) > most))


def compared(now: Sequence[Measure], then: Sequence[Measure]) -> str:
    """The numbers of a run against those of another, of which both have all that are told."""
    theirs = {measure.name: measure for measure in then}
    both = [(measure, theirs[measure.name]) for measure in now if measure.name in theirs]
    return ", ".join(f"{one.name} {_with_unit(one)} against {_with_unit(other)}" for one, other in both)


def _with_unit(measure: Measure) -> str:
    return f"{measure.digits} {measure.unit}".rstrip()
