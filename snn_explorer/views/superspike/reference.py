"""A pinned run: its learning curve stays in the plot, and a sentence compares the present run with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.presets import Preset
from snn_explorer.views.differences import named

NOTHING = "c keeps this curve to compare with"
"""Said where no run is pinned."""


@dataclass(frozen=True)
class Reference:
    """What is kept of a pinned run.

    Attributes
    ----------
    preset : Preset
    values : mapping of str to object
        Its parameters [SI].
    time, cost : ndarray, shape (n_points,)
        Its learning curve; at least one point.
    hidden_rate : float or None
        Rate of its hidden neurons when it was pinned [Hz].
    """

    preset: Preset
    values: Mapping[str, Any]
    time: FloatArray
    cost: FloatArray
    hidden_rate: float | None

    @classmethod
    def of(cls, live: SuperSpikeFrame, preset: Preset) -> Reference:
        """The run that a frame was taken from."""
        rate = live.frame.numbers.get("hidden_rate_hz")
        return cls(preset, live.values, live.curve_time, live.curve_cost, rate)

    def compare(self, live: SuperSpikeFrame, preset: Preset) -> tuple[str, str]:
        """The difference in a few words, and in one sentence; costs are those after the same learning time."""
        name = named(self.preset, self.values, preset, live.values)
        if not live.curve_time.size:
            return f"pinned: {name}", f"The pinned run, {name}, waits for this one to learn."
        at = min(float(live.curve_time[-1]), float(self.time[-1]))
        then = np.interp(at, self.time, self.cost)
        now = np.interp(at, live.curve_time, live.curve_cost)
        rate = live.frame.numbers.get("hidden_rate_hz")
        rates = "" if rate is None or self.hidden_rate is None else f", {rate:.0f} against {self.hidden_rate:.0f} Hz"
        said = f"After {at:.0f} s the cost is {now:.2g}; the pinned run, {name}, had {then:.2g}"
        hidden = f". Hidden neurons fire at {rates[2:]}" if rates else ""
        return f"cost {now:.2g} against {then:.2g}{rates} ({name})", f"{said}{hidden}."
