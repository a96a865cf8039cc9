"""One synapse: how its spikes move the spikes of its neuron, and what errors these have, from which follows dL/dw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from bokeh.models import FixedTicker, Plot

from snn_explorer.engine import FloatArray, Frame
from snn_explorer.views import theme
from snn_explorer.views.bats.parts import MS, trace, upright
from snn_explorer.views.columns import Columns, Traces, flat
from snn_explorer.views.figures import dashed, render, spikes, stems, text
from snn_explorer.views.live_text import LiveText, number
from snn_explorer.views.scales import Settling

FIGURE: Final = "probe"

THOUSAND: Final = np.float32(1e3)

_EQUATION_STYLE: Final = """
.numbers { display: flex; flex-wrap: wrap; gap: 0 8px; white-space: nowrap; padding: 2px 4px; }
.numbers output { font-weight: 500; }
"""


@dataclass(frozen=True)
class Lane:
    """One lane of stems: its name, words, role of its colour, unit and smallest range."""

    name: str
    words: str
    role: str
    unit: str
    least: float


LANES: Final = (
    Lane("moved", "∂t/∂w", "surrogate", "·10⁻³ s²", 1.0),
    Lane("delta", "error δ", "error", "/s", 5.0),
    Lane("product", "δ · ∂t/∂w", "change", " s", 0.01),
)
"""Lanes above that of the presynaptic spikes, from bottom to top; each has its zero in its middle."""

ZEROS: Final = {lane.name: place + 1.5 for place, lane in enumerate(LANES)}
"""Where the zero of each lane is drawn."""

HEIGHT: Final = 0.42
"""Height of the longest stem."""


def equation_with_numbers() -> LiveText:
    """The gradient of this sample, and what the last batch changed."""
    change, error, weight = (
        f'<span style="color: var(--snn-{theme.written(role)})">' for role in ("change", "error", "ink")
    )
    html = (
        f'<div class="numbers">{weight}w = {number("probe_weight", digits=3, width=6, signed=True)}</span>'
        f"{change}∂L/∂w = Σ {error}δ</span> "
        f'<span style="color: var(--snn-surrogate)">∂t/∂w</span> = '
        f"{number('probe_gradient', digits=4, width=7, signed=True)}</span>"
        f"{change}Δw = {number('probe_change', digits=4, width=7, signed=True)}</span></div>"
    )
    return LiveText(html, stylesheets=[_EQUATION_STYLE], sizing_mode="stretch_width", css_classes=["whole-width"])


def figure() -> Plot:
    """Figure of the lanes, empty."""
    drawn = [stems(f"probe.{lane.name}", lane.role, line_width=2) for lane in LANES]
    words = [text(200, 0.97, "presynaptic spikes", "presynaptic")]
    words += [text(200, place + 1.97, lane.words, theme.written(lane.role)) for place, lane in enumerate(LANES)]
    elements = dashed("probe.zero") * spikes("probe.presynaptic", 14, "presynaptic")
    for each in (*drawn, *words):
        elements = elements * each
    made = render(FIGURE, elements, (0, 1 + len(LANES)))
    made.yaxis.ticker = FixedTicker(ticks=[])
    return made


class ProbeScales:
    """How large each lane's range is, in round steps; see `Settling`."""

    def __init__(self) -> None:
        self._ranges = {lane.name: Settling(lane.least) for lane in LANES}

    def fit(self, runs: Sequence[Mapping[str, FloatArray]]) -> None:
        """Take in the `values` of all runs that are shown."""
        for name, growing in self._ranges.items():
            growing.fit(max(float(np.abs(values[name]).max(initial=0.0)) for values in runs))

    def reset(self) -> None:
        """Back to the smallest ranges."""
        for growing in self._ranges.values():
            growing.reset()

    @property
    def magnifications(self) -> dict[str, float]:
        """What values are multiplied by to become heights, by ``NAME_magnification``."""
        return {f"{name}_magnification": HEIGHT / growing.value for name, growing in self._ranges.items()}

    def height(self, name: str, values: FloatArray) -> FloatArray:
        """Heights of a lane's stems, in lanes."""
        return values * np.float32(self.magnifications[f"{name}_magnification"])

    def ticks(self) -> dict[float, str]:
        """Where the top of each lane's range is on the axis, and its value."""
        tops = (ZEROS[lane.name] + HEIGHT for lane in LANES)
        texts = (f"{self._ranges[lane.name].value:g}{lane.unit}" for lane in LANES)
        return dict(zip(tops, texts, strict=True))


def values(frame: Frame) -> dict[str, FloatArray]:
    """For each spike of the synapse's neuron: how a weight moves it [10^-3 s^2], its error [1/s], the product [s]."""
    slope = frame.traces["probe_slope"]
    moved, delta = slope.sum(1) if slope.size else np.zeros(len(slope), np.float32), trace(frame, "probe_delta")
    return {"moved": moved * THOUSAND, "delta": delta, "product": moved * delta}


def at_spike(frame: Frame, moment: float | None) -> dict[str, float]:
    """The factors of the probe neuron's spike that is closest to a moment [s]; nothing where there is none."""
    when = trace(frame, "probe_post_time")
    if moment is None or not when.size:
        return {}
    k = int(np.abs(when - moment).argmin())
    factor = float(trace(frame, "probe_factor")[k])
    return {
        "moment_delta": float(trace(frame, "probe_delta")[k]),
        "moment_factor": factor,
        "moment_kernel": float(frame.traces["probe_slope"][k].sum()) / factor,
    }


def why(frame: Frame, moment: float | None) -> str:
    """What the spike that somebody asks about wants of the weight, in one sentence; "" where nobody asks."""
    if moment is None:
        return ""
    watch, found = frame.watch, at_spike(frame, moment)
    name = f"{watch.probe_layer} {watch.probe_post + 1}"
    if not found:
        return f"Neuron {name} gives no spike to this sample, so there is nothing to learn from."
    when = trace(frame, "probe_post_time")
    time = 1e3 * float(when[np.abs(when - moment).argmin()])
    if not found["moment_kernel"]:
        return (
            f"Spike of {name} at {time:.1f} ms: no presynaptic spike came before it, so this weight has no part in it."
        )
    wanted = {1.0: "earlier", -1.0: "later", 0.0: "where it is"}[float(np.sign(found["moment_delta"]))]
    product = found["moment_delta"] * found["moment_factor"] * found["moment_kernel"]
    return f"Spike of {name} at {time:.1f} ms: it should come {wanted}; it adds {product:.2g} to the weight's gradient."


def columns(frame: Frame, scales: ProbeScales, duration: float) -> Columns:
    """Columns of every lane, for one frame."""
    found, when = values(frame), trace(frame, "probe_post_time") * MS
    before = trace(frame, "probe_pre_time") * MS
    zeros = [*ZEROS.values()]
    columns = {
        "probe.zero": Traces(flat([0.0, duration]))(np.repeat(flat(zeros)[:, None], 2, axis=1)),
        "probe.presynaptic": {"x": before, "y": flat(np.full(before.size, 0.45))},
    }
    for zero, lane in zip(zeros, LANES, strict=True):
        base = flat(np.full(when.size, zero))
        columns[f"probe.{lane.name}"] = upright(when, base, base + scales.height(lane.name, found[lane.name]))
    return columns


def sentence(frame: Frame) -> str:
    """What is shown, for a screen reader."""
    n, pre, post = frame.numbers, trace(frame, "probe_pre_time").size, trace(frame, "probe_post_time").size
    return (
        f"The weight is {n['probe_weight']:.3f}. For this sample the presynaptic neuron spikes {pre} times and the "
        f"postsynaptic one {post} times, and the gradient of the loss is {n['probe_gradient']:.4f}."
    )
