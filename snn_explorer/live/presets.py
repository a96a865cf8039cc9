"""Named sets of parameters, one per figure of the paper, each with its task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any

from snn_explorer.tasks import Task, available_benchmarks, frozen_poisson, load_benchmark

DEFAULT_PRESET = "fig4"
"""What a page opens with: a network that visibly gets better within 15 s."""


@dataclass(frozen=True)
class Preset:
    """A task, and parameter values to start from.

    Parameters
    ----------
    key : str
        Short name, as in a URL.
    title : str
        Name for people.
    sentence : str
        What to see, in one sentence.
    figure : str
        Where it is in the paper.
    task : callable
        Makes the task.
    values : mapping of str to object
        Values of `SuperSpikeParameters` that differ from the defaults.
    speed : float
        Simulated seconds per second to start with.
    """

    key: str
    title: str
    sentence: str
    figure: str
    task: Callable[[], Task]
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    speed: float = 10.0


def available_presets() -> dict[str, Preset]:
    """Presets by key; those whose data files are missing are left out."""
    presets = [_FIG2, _FIG4]
    if "poisson" in available_benchmarks():
        presets.append(_POISSON)
    return {preset.key: preset for preset in presets}


_FIG2 = Preset(
    key="fig2",
    title="One neuron",
    sentence="One output neuron learns to fire five times in half a second, each spike at its own time.",
    figure="Fig 2",
    task=partial(frozen_poisson, 1),
    values=MappingProxyType({"n_hidden": 0, "weight_scale": 0.02}),
)

_FIG4 = Preset(
    key="fig4",
    title="Four hidden neurons",
    sentence="The output's error travels back to four hidden neurons, which learn to fire when the output needs them.",
    figure="Fig 4",
    task=partial(frozen_poisson, 1),
    values=MappingProxyType({"n_hidden": 4, "weight_scale": 0.02, "learning_rate": 1e-3}),
)

_POISSON = Preset(
    key="poisson",
    title="Benchmark: Poisson",
    sentence="The public benchmark of the paper's authors: the same task for everyone, so that costs can be compared.",
    figure="Fig 4",
    task=partial(load_benchmark, "poisson"),
    values=MappingProxyType({"n_hidden": 4, "weight_scale": 0.05}),
)
