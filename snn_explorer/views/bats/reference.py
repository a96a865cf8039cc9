"""A pinned run: its curves stay in the plots, and a sentence compares the present run with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import BatsFrame
from snn_explorer.presets import Preset
from snn_explorer.views.differences import difference_in_words

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
        name = self._name(live.values, preset)
        seen, accuracy = live.curves["accuracy"]
        if not seen.size:
            return f"pinned: {name}", f"The pinned run, {name}, waits for this one to learn."
        epochs = seen / np.float32(live.samples_per_epoch)
        at = min(float(epochs[-1]), float(self.epochs[-1]))
        now, then = np.interp(at, epochs, accuracy), np.interp(at, *self.curves["accuracy"])
        spikes = [self._spikes({key: (x / np.float32(live.samples_per_epoch), y) for key, (x, y) in live.curves.items()},
                               at), self._spikes(self.curves, at)]  # fmt: skip
        return (
            f"{now:.1%} against {then:.1%}, {spikes[0]:.0f} against {spikes[1]:.0f} spikes ({name})",
            f"After {at:.1f} epochs {now:.1%} are answered right with {spikes[0]:.0f} spikes for each sample; the pinned "
            f"run, {name}, had {then:.1%} with {spikes[1]:.0f}.",
        )

    @staticmethod
    def _spikes(curves: Mapping[str, tuple[FloatArray, FloatArray]], at: float) -> float:
        """Spikes of all neurons for each sample."""
        return float(sum(np.interp(at, *curves[name]) for name in ("hidden", "output")))

    def _name(self, values: Mapping[str, Any], preset: Preset) -> str:
        """What it had that the present run has not."""
        if self.preset.key != preset.key:
            return self.preset.title
        return difference_in_words(BatsParameters, self.values, values)
