"""Named sets of parameters, one per figure of the paper, each with its task."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from snn_explorer.engine import Watch
from snn_explorer.presets import bats
from snn_explorer.presets.own_target import word_to_learn
from snn_explorer.presets.preset import Preset
from snn_explorer.tasks import SpikingXor, available_benchmarks, complex_pattern, frozen_poisson, load_benchmark

DEFAULT_PRESET: Final = "fig4"
"""What a page opens with: a network that visibly gets better within 15 s."""

STAND_IN: Final = " (the word SNN stands in for the paper's picture, whose file is not here)"
"""What the figures with the complex pattern say where its file is missing."""


def available_presets() -> dict[str, Preset]:
    """Presets by key: the figures of both papers, one's own target, and the data sets whose files are there."""
    there = available_benchmarks()
    benchmarks = [_BENCHMARKS[name] for name in _BENCHMARKS if name in there]
    presets = [
        *_SIMPLE,
        *_complex("" if "auryn" in there else STAND_IN),
        word_to_learn(),
        *bats.available(),
        *benchmarks,
    ]
    return {preset.key: preset for preset in presets}


def _values(**values: Any) -> Mapping[str, Any]:
    return MappingProxyType(values)


_SIMPLE: Final = (
    Preset(
        key="fig1",
        title="Rates of learning",
        sentence="One rate for all synapses must be just right: move r₀; then let each find its own with RMSprop or "
        "RMaxProp.",
        figure="Fig 1",
        task=partial(frozen_poisson, 1),
        values=_values(n_hidden=4, weight_scale=0.02, learning_rate=1e-3, optimiser="plain"),
    ),
    Preset(
        key="fig2",
        title="One neuron",
        sentence="One output neuron learns to fire five times in half a second, each spike at its own time.",
        figure="Fig 2",
        task=partial(frozen_poisson, 1),
        values=_values(n_hidden=0, weight_scale=0.02),
    ),
    Preset(
        key="fig4",
        title="Four hidden neurons",
        sentence="The output's error travels back to four hidden neurons, which learn to fire when the output needs "
        "them.",
        figure="Fig 4",
        task=partial(frozen_poisson, 1),
        values=_values(n_hidden=4, weight_scale=0.02, learning_rate=1e-3),
    ),
    Preset(
        key="fig5",
        title="Exclusive-or",
        sentence="Each stimulus is to be answered by the right one of two outputs; this seed's random feedback teaches "
        "it, others fail.",
        figure="Fig 5",
        task=partial(SpikingXor, 0),
        values=_values(n_hidden=4, feedback="random", weight_scale=0.01, learning_rate=1e-3, seed=13),
        speed=20.0,
        watch=Watch(output=(0, 1)),
    ),
)


def _complex(remark: str) -> tuple[Preset, ...]:
    """Figures with the complex pattern, with a remark on it."""
    watch = Watch(output=(50,), probe_post=50)
    return (
        Preset(
            key="fig6",
            title="A picture in spikes",
            sentence="Thirty-two hidden neurons teach a hundred outputs to draw; switch learning off, and the drawing "
            f"stays{remark}.",
            figure="Fig 6",
            task=complex_pattern,
            values=_values(n_hidden=32, weight_scale=0.05),
            watch=watch,
        ),
        Preset(
            key="fig7",
            title="256 hidden neurons",
            sentence="More hidden neurons draw more sharply: compare random feedback, no surrogate, fixed hidden "
            f"weights{remark}.",
            figure="Fig 7",
            task=complex_pattern,
            values=_values(n_hidden=256, weight_scale=0.05),
            watch=watch,
        ),
        Preset(
            key="fig8",
            title="The regulariser",
            sentence="Random feedback makes hidden neurons fire far too often; the regulariser holds them back: try "
            f"ρ = 0{remark}.",
            figure="Fig 8",
            task=complex_pattern,
            values=_values(n_hidden=64, weight_scale=0.05, feedback="random", rho=1.0),
            watch=watch,
        ),
    )


_BENCHMARKS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        "poisson": Preset(
            key="poisson",
            title="Benchmark: Poisson",
            sentence="The public benchmark of the paper's authors: the same task for everyone, so that costs can be "
            "compared.",
            task=partial(load_benchmark, "poisson"),
            values=_values(n_hidden=4, weight_scale=0.05),
        ),
        "oxford": Preset(
            key="oxford",
            title="Benchmark: Oxford",
            sentence="Two hundred outputs learn to draw a building in Oxford with ten thousand spikes.",
            task=partial(load_benchmark, "oxford"),
            values=_values(n_hidden=64, weight_scale=0.05),
            watch=Watch(output=(50,), probe_post=50),
        ),
        "seqgen": Preset(
            key="seqgen",
            title="Benchmark: sequence",
            sentence="Four spikes are to set off a hundred over one second; but the network soon forgets them, and "
            "only the first outputs follow.",
            task=partial(load_benchmark, "seqgen"),
            values=_values(n_hidden=0, weight_scale=0.05),
        ),
    }
)
