"""How one goes through the time of a SuperSpike network."""

from __future__ import annotations

import math
from typing import Final

from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.tasks.pattern import DEFAULT_DT
from snn_explorer.views.journey import Journey, Readout
from snn_explorer.views.superspike.stack import CHUNK

JOURNEY: Final = Journey(
    unit="s",
    strides={"chunk": "chunk of 0.5 s", "trial": "trial, to the end of the pattern"},
    spikes=("input.spikes", "hidden.spikes", "output.spikes"),
    axis="cursor",
    readouts={
        "<i>U</i><sub>o</sub>": Readout("output_membrane.trace", "mV"),
        "<i>e</i>": Readout("error.output", "Hz"),
    },
    time_step=DEFAULT_DT,
    swept_axis="pattern_cursor",
    swept_now="input.now",
)


def chunks_of_trial(live: SuperSpikeFrame | None) -> int:
    """Chunks until the trial that this frame is in has ended; one where a trial is not longer or does not repeat."""
    if live is None or live.sweep is None:
        return 1
    period, now = live.sweep.period, live.sweep.now
    left = period - now if now < period else period
    return max(math.ceil(left / CHUNK - 1e-9), 1)
