"""The probe synapse: its presynaptic trace, surrogate derivative, eligibility, error and their product.

Five lanes above one another, read upwards as the rule is: blue times purple, filtered, is orange; times green it is
the change of the weight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import holoviews as hv
import numpy as np
import param
from bokeh.models import CustomJS, FixedTicker, Plot, Text

from snn_explorer.engine import FloatArray
from snn_explorer.views import theme
from snn_explorer.views.columns import Columns, Traces
from snn_explorer.views.component import Component
from snn_explorer.views.figures import colour_of, dashed, line, render, text
from snn_explorer.views.live_text import LiveText, number
from snn_explorer.views.scales import Growing
from snn_explorer.views.superspike.parts import Parts
from snn_explorer.views.superspike.stack import CHUNK, across
from snn_explorer.views.synapse import FIELDS

FIGURE: Final = "probe"

_NUMBERS_STYLE: Final = """
.numbers { display: flex; flex-wrap: wrap; gap: 0 8px; white-space: nowrap; padding: 2px 4px; }
.numbers output { font-weight: 500; }
"""


class MomentField(Component):
    """Chooses the moment at which the rule is shown; empty: the whole chunk."""

    moment = param.Number(default=None, allow_None=True, doc="Time on the rasters' axis [ms].")

    _bundle = Path(__file__).with_name("moment.mjs")
    _stylesheets: ClassVar = [FIELDS]

    def __init__(self, chosen: Callable[[float | None], None], **params: Any) -> None:
        super().__init__(css_classes=["moment"], **params)
        self._chosen = chosen

    def show_moment(self, seconds: float | None) -> None:
        """Show the moment that is asked about."""
        moment = None if seconds is None else round(1e3 * seconds, 1)
        if moment != self.moment:
            self.moment = moment

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        moment = data["moment"]
        self._chosen(None if moment is None else float(moment) / 1e3)


def weight_in_numbers() -> LiveText:
    """The weight of this synapse, and its last change."""
    change = '<span style="color: var(--snn-change-text)">'
    html = (
        f'<div class="numbers"><span>w = {number("probe_weight", digits=2, width=5, signed=True)} mV</span>'
        f"{change}Δw = {number('probe_change', digits=2, width=5, signed=True)} mV</span></div>"
    )
    return LiveText(html, stylesheets=[_NUMBERS_STYLE], css_classes=["weight"])


@dataclass(frozen=True)
class Lane:
    """One signal of the probe: names in a frame and in words, role of its colour, unit, smallest range, sign."""

    name: str
    words: str
    role: str
    unit: str
    least: float
    signed: bool = False

    def base(self, place: int) -> float:
        """Where zero is drawn, for the lane at this place from the bottom."""
        return place + (0.5 if self.signed else 0.08)

    @property
    def height(self) -> float:
        """How high the end of its range is drawn above zero."""
        return 0.45 if self.signed else 0.85


LANES: Final = (
    Lane("probe_presynaptic", "presynaptic", "presynaptic", "", 0.5),
    Lane("probe_surrogate", "surrogate σ′", "surrogate", "", 1.0),
    Lane("probe_eligibility", "eligibility λ", "eligibility", "", 0.005),
    Lane("probe_error", "error e", "error", " Hz", 50.0, signed=True),
    Lane("probe_product", "e · λ", "change", " Hz", 0.1, signed=True),
)
"""Lanes from bottom to top."""


def figure() -> Plot:
    """Figure of the five lanes, empty."""
    lanes = [line(lane.name, lane.role) for lane in LANES]
    words = [text(CHUNK, place + 0.97, lane.words, theme.written(lane.role)) for place, lane in enumerate(LANES)]
    drawn = render(FIGURE, hv.Overlay([dashed("probe.zero"), *lanes, *words]), (0, len(LANES)))
    drawn.yaxis.ticker = FixedTicker(ticks=[])
    roles = {colour_of(shade): lane.role for lane in LANES for shade in (lane.role, theme.written(lane.role))}
    renderer: Any
    for renderer in drawn.renderers:
        glyph = renderer.glyph
        colour: Any = glyph.text_color if isinstance(glyph, Text) else glyph.line_color
        if (role := roles.get(getattr(colour, "value", colour))) is not None:
            renderer.tags = ["factor", role]
    pointed = "document.dispatchEvent(new CustomEvent('snn-lane', {detail: roles[Math.floor(cb_obj.y)]}))"
    drawn.js_on_event("mousemove", CustomJS(args={"roles": [lane.role for lane in LANES]}, code=pointed))
    return drawn


class ProbeScales:
    """How large each lane's range is; grows with the signals until another synapse is chosen."""

    def __init__(self) -> None:
        self._ranges = [Growing(lane.least) for lane in LANES]

    def fit(self, parts: Parts) -> bool:
        """Take a frame in; whether a range grew."""
        grew = [scale.fit(_largest(parts[lane.name])) for scale, lane in zip(self._ranges, LANES, strict=True)]
        return any(grew)

    def reset(self) -> None:
        """Back to the smallest ranges."""
        for scale in self._ranges:
            scale.reset()

    def columns(self, parts: Parts, traces: Traces) -> Columns:
        """Columns of every lane, for one frame."""
        columns = Columns()
        for place, (magnified, lane) in enumerate(zip(self.magnifications.values(), LANES, strict=True)):
            columns[lane.name] = traces((lane.base(place) + magnified * parts[lane.name])[None])
        return columns | {"probe.zero": across(*(lane.base(place) for place, lane in enumerate(LANES)))}

    @property
    def magnifications(self) -> dict[str, float]:
        """By what each lane's values are multiplied to be drawn, by name of the number."""
        lanes = zip(self._ranges, LANES, strict=True)
        return {f"{lane.name}_magnification": lane.height / scale.value for scale, lane in lanes}

    def ticks(self) -> dict[float, str]:
        """Where the top of each lane's range is on the axis, and its value."""
        tops = (lane.base(place) + lane.height for place, lane in enumerate(LANES))
        texts = (f"{scale.value:g}{lane.unit}" for scale, lane in zip(self._ranges, LANES, strict=True))
        return dict(zip(tops, texts, strict=True))


def _largest(signal: FloatArray) -> float:
    return float(np.abs(signal).max(initial=0.0))
