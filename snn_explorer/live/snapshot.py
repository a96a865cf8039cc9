"""One moment of a run, as it is taken away: everything in it belongs to the same chunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from snn_explorer.live.changes import Change
from snn_explorer.live.frame import LiveFrame
from snn_explorer.live.learner import Learnable
from snn_explorer.presets import Preset


@dataclass(frozen=True)
class Snapshot:
    """A frame with what it takes to make it once more.

    Attributes
    ----------
    preset : Preset
    task : Task, SpikingXor or Samples
    live : LiveFrame
        After the last chunk or batch; its `values` are those that it was made with.
    start : mapping of str to object
        Values that the network began with.
    changes : sequence of Change
        What was changed while it learned.
    complete : bool
        Whether these are all changes.
    """

    preset: Preset
    task: Learnable
    live: LiveFrame
    start: Mapping[str, Any]
    changes: Sequence[Change]
    complete: bool
