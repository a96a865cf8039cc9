"""Parts of a frame as the plots take them."""

from __future__ import annotations

from typing import Final

from snn_explorer.engine import FloatArray
from snn_explorer.live import pack
from snn_explorer.live.frame import SuperSpikeFrame

ALL_SAMPLES: Final = 1 << 20
"""More samples than any frame has."""

Parts = dict[str, FloatArray]
"""Parts of a packed frame by name, in SI units."""


def parts_of(live: SuperSpikeFrame) -> Parts:
    """Parts of the frame, thinned out to what a plot can show; of a paused run whole, to go through its time steps."""
    blob, layout = pack(live, ALL_SAMPLES) if live.state == "paused" else pack(live)
    return {name: blob[offset : offset + length] for name, (offset, length) in layout.items()}
