"""What a check may ask of a network: the same numbers that the page shows, from the same frames."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from snn_explorer.live.frame import BatsFrame, LiveFrame, SuperSpikeFrame
from snn_explorer.live.latency import soon_enough


@dataclass(frozen=True)
class Metric:
    """One number.

    Attributes
    ----------
    title : str
        Its name for people.
    unit : str
    value : callable
        Gives it for a frame, in its unit; NaN while there is none.
    """

    title: str
    unit: str
    value: Callable[[Any], float]


def _number(name: str, scale: float = 1.0) -> Callable[[LiveFrame], float]:
    return lambda live: scale * float(live.frame.numbers.get(name, math.nan))


def _share(part: str, whole: str) -> Callable[[LiveFrame], float]:
    def value(live: LiveFrame) -> float:
        n = live.frame.numbers
        return 100 * float(n[part]) / float(n[whole]) if n.get(whole) else math.nan

    return value


def _cost(live: SuperSpikeFrame) -> float:
    return float(live.curve_cost[-1]) if live.curve_cost.size else math.nan


def _largest(trace: str) -> Callable[[LiveFrame], float]:
    return lambda live: float(np.abs(live.frame.traces[trace]).max())


def _highest_voltage(live: LiveFrame) -> float:
    return 1e3 * float(live.frame.traces["output_membrane"].max())


def _newest(curve: str, scale: float = 1.0) -> Callable[[BatsFrame], float]:
    def value(live: BatsFrame) -> float:
        values = live.curves[curve][1]
        return scale * float(values[-1]) if values.size else math.nan

    return value


def _answer_time(live: BatsFrame) -> float:
    soon = soon_enough(*live.latency)
    return math.nan if soon is None else 1e3 * soon


METRICS: Final[Mapping[str, Mapping[str, Metric]]] = MappingProxyType(
    {
        "superspike": {
            "cost": Metric("cost", "", _cost),
            "cost_share": Metric("cost against silence", "%", lambda live: 100 * _cost(live) / live.silent_cost),
            "matched": Metric("targets met", "", _number("matched")),
            "missing": Metric("spikes missing", "", _number("missing")),
            "extra": Metric("spikes too many", "", _number("extra")),
            "hidden_rate": Metric("hidden rate", "Hz", _number("hidden_rate_hz")),
            "output_rate": Metric("output rate", "Hz", _number("output_rate_hz")),
            "accuracy": Metric("right answers", "%", _number("accuracy", 100)),
            "weights_at_limit": Metric("weights at the limit", "%", _number("weights_at_limit", 100)),
            "highest_voltage": Metric("highest voltage of the output", "mV", _highest_voltage),
            "largest_error": Metric("largest error of the output", "Hz", _largest("output_error")),
            "eligibility": Metric("largest eligibility of the synapse", "", _largest("probe_eligibility")),
            "weight_change": Metric("last change of the synapse", "mV", _number("probe_change", 1e3)),
            "learning_time": Metric("learning time", "s", lambda live: max(live.frame.time, 0.0)),
        },
        "bats": {
            "accuracy": Metric("right answers", "%", _newest("accuracy", 100)),
            "held_out": Metric("right held-out answers", "%", _newest("held_out", 100)),
            "loss": Metric("loss", "", _newest("loss")),
            "hidden_spikes": Metric("hidden spikes a sample", "", _newest("hidden")),
            "output_spikes": Metric("output spikes a sample", "", _newest("output")),
            "hidden_silent": Metric("silent hidden neurons", "%", _share("hidden_silent", "hidden_size")),
            "output_silent": Metric("silent outputs", "%", _share("output_silent", "output_size")),
            "hidden_saturated": Metric("saturated hidden neurons", "%", _share("hidden_saturated", "hidden_size")),
            "output_saturated": Metric("saturated outputs", "%", _share("output_saturated", "output_size")),
            "answer_time": Metric("time of the answer", "ms", _answer_time),
            "clock_late": Metric("distance of the clock's spikes", "ms", _number("clock_late", 1e3)),
            "clock_miscounted": Metric("neurons miscounted by the clock", "%", _number("clock_miscounted", 100)),
            "learning_time": Metric("samples learned from", "samples", lambda live: live.frame.time),
        },
    }
)
"""Metrics of each learning system by name."""
