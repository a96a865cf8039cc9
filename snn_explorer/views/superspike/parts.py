"""Parts of a frame as the plots take them."""

from __future__ import annotations

from snn_explorer.engine import FloatArray
from snn_explorer.live import pack
from snn_explorer.live.frame import SuperSpikeFrame

Parts = dict[str, FloatArray]
"""Parts of a packed frame by name, in SI units."""


def parts_of(live: SuperSpikeFrame) -> Parts:
    """Parts of the frame, thinned out to what a plot can show."""
    blob, layout = pack(live)
    return {name: blob[offset : offset + length] for name, (offset, length) in layout.items()}
