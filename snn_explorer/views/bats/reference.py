"""A pinned run: its curves stay in the plots, and a sentence compares the present run with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import BatsFrame
from snn_explorer.presets import Preset


@dataclass(frozen=True)
class Reference:
    """What is kept of a pinned run.

    Attributes
    ----------
    preset : Preset
    values : mapping of str to object
        Its parameters [SI].
    curves : mapping of str to tuple of ndarray
        Its curves over epochs.
    """

    preset: Preset
    values: Mapping[str, Any]
    curves: Mapping[str, tuple[FloatArray, FloatArray]]

    @classmethod
    def of(cls, live: BatsFrame, preset: Preset) -> Reference:
        """The run that a frame was taken from."""
        per_epoch = np.float32(live.samples_per_epoch)
        return cls(preset, live.values, {name: (x / per_epoch, y) for name, (x, y) in live.curves.items()})

    @property
    def epochs(self) -> FloatArray:
        """Epochs of its curves."""
        return self.curves["accuracy"][0]
