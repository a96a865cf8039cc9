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


def parts_of(live: SuperSpikeFrame, window: tuple[float, float] | None = None) -> Parts:
    """Parts of the frame, with traces in a window [s] of the chunk, thinned out to what a plot can show.

    Of a paused run the traces are whole, to go through their time steps.
    """
    blob, layout = pack(live, ALL_SAMPLES) if live.state == "paused" else pack(live, window=window)
    return {name: blob[offset : offset + length] for name, (offset, length) in layout.items()}
