"""Why did this weight change? The rule with the numbers of the watched synapse, in the last chunk or at one moment.

A moment is kept on the time axis of the rasters. Of a pattern that is longer than a chunk it is in the chunk only once
a period: between times its factors stay as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from snn_explorer.engine import Frame
from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.views.network_drawing import below, sizes

FACTORS: Final = ("error", "eligibility", "surrogate", "presynaptic", "product")
"""What the rule has at a moment, named as the traces of the probe synapse."""

SMALL: Final = 0.01
"""A factor with less than this part of its largest value in the chunk counts as not there."""

TINY: Final = 1e-12
"""Smaller values are zero for whoever reads them."""

Synapse = tuple[str, int, int]


@dataclass(frozen=True)
class Question:
    """What somebody wants to know of the watched synapse.

    Attributes
    ----------
    moment : float or None
        Time on the axis of the rasters [s]; None for the whole chunk.
    spike : tuple of (str, int) or None
        Layer and neuron of the spike at that moment.
    """

    moment: float | None = None
    spike: tuple[str, int] | None = None


@dataclass(frozen=True)
class _Seen:
    """Factors of a synapse at a moment, and the largest of each in that chunk."""

    synapse: Synapse
    moment: float
    factors: Mapping[str, float]
    largest: Mapping[str, float]


class Why:
    """The answer to the last question.

    Attributes
    ----------
    question : Question or None
    """

    def __init__(self) -> None:
        self.question: Question | None = None
        self._seen: _Seen | None = None

    def look(self, live: SuperSpikeFrame) -> None:
        """Take the factors at the moment, if this chunk has it."""
        moment, synapse = None if self.question is None else self.question.moment, live.frame.watch.synapse
        if self._seen is not None and (self._seen.synapse, self._seen.moment) != (synapse, moment):
            self._seen = None
        at = None if moment is None else in_chunk(live, moment)
        if moment is None or at is None:
            return
        traces = {name: live.frame.traces[f"probe_{name}"][0] for name in FACTORS}
        factors = {name: float(trace[step_at(live.frame, at)]) for name, trace in traces.items()}
        largest = {name: float(np.abs(trace).max()) for name, trace in traces.items()}
        self._seen = _Seen(synapse, moment, factors, largest)

    def numbers(self, frame: Frame) -> dict[str, float]:
        """Numbers below the rule: integrals over the chunk, or factors at the moment."""
        if self.question is not None and self.question.moment is not None:
            factors = {} if self._seen is None else self._seen.factors
            return {f"moment_{name}": _or_zero(value) for name, value in factors.items()}
        n = frame.numbers
        return {
            "chunk_rate": 1e3 * n["probe_rate"],
            "chunk_integral": _or_zero(n["probe_integral"]),
            "chunk_regulariser": n["probe_regulariser"] or np.nan,
        }

    def sentence(self, live: SuperSpikeFrame) -> str:
        """The answer in words, "" where nobody asked."""
        if self.question is None:
            return ""
        name = synapse_name(live.frame)
        if self.question.moment is None:
            return f"Synapse {name}, this chunk: {_of_chunk(live)}"
        when = f"At {1e3 * self.question.moment:.0f} ms"
        if self.question.spike is not None:
            layer, neuron = self.question.spike
            when += f", as {layer} {neuron + 1} spikes"
        if self._seen is None:
            return f"{when}: the pattern has not come to this moment again."
        return f"{when}: {_of_moment(self._seen, name)}"


def synapse_name(frame: Frame) -> str:
    """The watched synapse in words, neurons counted from 1."""
    layer, post, pre = frame.watch.synapse
    return f"{below(layer, sizes(frame))} {pre + 1} → {layer} {post + 1}"


def in_chunk(live: SuperSpikeFrame, moment: float) -> float | None:
    """Time in the last chunk [s] of a time on the rasters' axis; None if the chunk has it not."""
    since = moment
    if live.sweep is not None:
        since = (moment - (live.sweep.now - live.frame.duration)) % live.sweep.period
    return since if 0 <= since <= live.frame.duration else None


def on_rasters(live: SuperSpikeFrame, at: float) -> float:
    """Time on the rasters' axis of a time in the last chunk [s]."""
    return at if live.sweep is None else (live.sweep.now - live.frame.duration + at) % live.sweep.period


def step_at(frame: Frame, at: float) -> int:
    """Sample of the frame's traces at a time in its chunk [s]."""
    n_steps = frame.traces["probe_error"].shape[1]
    return min(round(at / frame.duration * n_steps), n_steps - 1)


def _of_chunk(live: SuperSpikeFrame) -> str:
    n = live.frame.numbers
    rate, change = n["probe_rate"], n["probe_change"]
    if np.isnan(rate):
        return "error and eligibility have not met yet, so that the weight stays as it is."
    less = f", less the regulariser's {_said(n['probe_regulariser'])}" if n["probe_regulariser"] else ""
    sums = f"error × eligibility adds up to {_said(n['probe_integral'])}{less}"
    if rate == 0:
        return f"{sums}, but nothing is learned now."
    wanted = rate * (n["probe_integral"] - n["probe_regulariser"])
    limit = live.values["weight_limit"]
    if abs(n["probe_weight"]) >= limit * (1 - 1e-6) and abs(wanted) > 1.001 * abs(change) + 1e-9:
        return f"{sums}, which would be {_said(1e3 * wanted)} mV; the weight limit of {1e3 * limit:g} mV stops it."
    return f"{sums}; times the rate of {1e3 * rate:.3g} mV it changes the weight by {_said(1e3 * change)} mV."


def _of_moment(seen: _Seen, name: str) -> str:
    factors, there = seen.factors, {}
    for factor in FACTORS:
        there[factor] = abs(factors[factor]) > SMALL * seen.largest[factor]
    product = f"{_said(factors['error'])} Hz × {factors['eligibility']:.2g} = {_said(factors['product'])} Hz"
    if there["product"]:
        return f"error × eligibility = {product}, which {_verb(factors['product'])} {name}."
    if not there["eligibility"]:
        why = "σ′ is small" if there["presynaptic"] else f"{name.split(' →')[0]} did not spike just before"
        return f"{name} is not eligible, as {why}; an error would not change it."
    return f"{name} is eligible ({factors['eligibility']:.2g}), but there is no error: it stays as it is."


def _verb(product: float) -> str:
    return "strengthens" if product > 0 else "weakens"


def _or_zero(value: float) -> float:
    """Without what is left of kernels that have decayed."""
    return 0.0 if abs(value) < TINY else value


def _said(value: float) -> str:
    return f"{value:+.3g}".replace("-", "−")
