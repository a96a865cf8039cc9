"""Spikes of the last seconds of a run, from which a page draws whole patterns and histograms."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

IntArray = NDArray[np.integer]


class Spikes(NamedTuple):
    """Spikes of a layer: `step` from the start of the simulation, and `neuron`, both ``(n_spikes,)``."""

    step: IntArray
    neuron: IntArray


class RecentSpikes:
    """Spikes of one network in the steps before `stop`, by layer.

    Parameters
    ----------
    reach : int
        Number of steps that are kept.

    Attributes
    ----------
    start, stop : int
        First step that was ever taken in, and the step after the last one.
    """

    def __init__(self, reach: int) -> None:
        self.reach, self.start, self.stop = reach, 0, 0
        self._chunks: dict[str, deque[tuple[int, Spikes]]] = {}

    @property
    def n_steps(self) -> int:
        """Number of steps whose spikes are there, `reach` at most."""
        return min(self.stop - self.start, self.reach)

    def add(self, start: int, stop: int, layers: Mapping[str, Spikes]) -> None:
        """Take in the spikes of a chunk, and forget those that are too old."""
        if not self._chunks:
            self.start = start
        self.stop = stop
        for layer, spikes in layers.items():
            chunks = self._chunks.setdefault(layer, deque())
            chunks.append((stop, spikes))
            while chunks[0][0] <= stop - self.reach:
                chunks.popleft()

    def last(self, layer: str, n_steps: int) -> Spikes:
        """Spikes of a layer in the last steps, `reach` at most; two new arrays."""
        chunks = [spikes for _, spikes in self._chunks.get(layer, ())]
        step = np.concatenate([np.empty(0, np.int64), *(spikes.step for spikes in chunks)])
        neuron = np.concatenate([np.empty(0, np.int32), *(spikes.neuron for spikes in chunks)])
        late = step >= self.stop - min(n_steps, self.reach)
        return Spikes(step[late], neuron[late])

    def state_dict(self) -> dict[str, Any]:
        """Everything that a later `load_state_dict` needs to go on with the same spikes."""
        layers = {layer: self.last(layer, self.reach) for layer in self._chunks}
        tables = {layer: torch.from_numpy(np.stack([*spikes]).astype(np.int64)) for layer, spikes in layers.items()}
        return {"start": self.start, "stop": self.stop, "layers": tables}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave."""
        self.start, self.stop = int(state["start"]), int(state["stop"])
        self._chunks = {
            layer: deque([(self.stop, Spikes(table[0].numpy().copy(), table[1].numpy().astype(np.int32)))])
            for layer, table in state["layers"].items()
        }
