"""Floor 3: running an engine for a page. Nothing here knows Panel, or that a page is a web page.

A :class:`Run` is an engine with its history; the process-wide :func:`scheduler` advances all runs in slices of a few
milliseconds on its own threads, and a page takes a :class:`LiveFrame` whenever it is ready to draw one. Training
never waits for a page, and a page never waits for training.
"""

from snn_explorer.live.frame import BatsFrame, LiveFrame, SuperSpikeFrame
from snn_explorer.live.packing import pack
from snn_explorer.live.pair import Pair
from snn_explorer.live.run import Run
from snn_explorer.live.scheduler import Scheduler, scheduler
from snn_explorer.live.warmup import WarmUp, warm_up

__all__ = [
    "BatsFrame",
    "LiveFrame",
    "Pair",
    "Run",
    "Scheduler",
    "SuperSpikeFrame",
    "WarmUp",
    "pack",
    "scheduler",
    "warm_up",
]
