"""How one goes through the time of a sample, and through samples, batches and epochs."""

from __future__ import annotations

import math
from typing import Final

from snn_explorer.live.frame import BatsFrame
from snn_explorer.views.journey import Journey, Readout

SAMPLE: Final = "sample"
"""The stride that learns nothing: the next sample is looked at."""

JOURNEY: Final = Journey(
    unit="samples",
    strides={
        "batch": "batch of samples",
        "epoch": "epoch, until every sample was seen once more",
        SAMPLE: "sample to look at, without learning",
    },
    spikes=("input.spikes", "hidden.spikes", "output.spikes"),
    axis="cursor",
    readouts={"<i>U</i><sub>o</sub>": Readout("output_membrane.trace", "ϑ")},
    second=1e3,
    until_now=("maps.neurons",),
)


def batches_of_epoch(live: BatsFrame | None) -> int:
    """Batches until the epoch has ended that this frame is in."""
    if live is None:
        return 1
    in_an_epoch = math.ceil(live.samples_per_epoch / live.values["batch_size"])
    return in_an_epoch - int(live.frame.numbers["batch"]) % in_an_epoch
