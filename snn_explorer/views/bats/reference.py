"""A pinned run: its curves stay in the plots, and a sentence compares the present run with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import BatsFrame
from snn_explorer.presets import Preset
from snn_explorer.views.differences import named

NOTHING = "c keeps these curves to compare with"
"""Said where no run is pinned."""


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

    def compare(self, live: BatsFrame, preset: Preset) -> tuple[str, str]:
        """The difference in a few words, and in one sentence; accuracies are those after as many epochs."""
        name = named(self.preset, self.values, preset, live.values)
        present = Reference.of(live, preset)
        if not present.epochs.size:
            return f"pinned: {name}", f"The pinned run, {name}, waits for this one to learn."
        at = min(float(present.epochs[-1]), float(self.epochs[-1]))
        (now, now_spikes), (then, then_spikes) = present.after(at), self.after(at)
        few = f"{now:.1%} against {then:.1%}, {now_spikes:.0f} against {then_spikes:.0f} spikes ({name})"
        return few, (
            f"After {at:.1f} epochs {now:.1%} are answered right with {now_spikes:.0f} spikes for each sample; the "
            f"pinned run, {name}, had {then:.1%} with {then_spikes:.0f}."
        )

    def after(self, epochs: float) -> tuple[float, float]:
        """Accuracy after so many epochs, and spikes of all neurons for each sample."""
        at = {name: float(np.interp(epochs, *self.curves[name])) for name in ("accuracy", "hidden", "output")}
        return at["accuracy"], at["hidden"] + at["output"]
