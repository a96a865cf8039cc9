"""Spike times within each trial, of a run however long: what a spike-timing plot shows (Fig 2c)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from snn_explorer.live.recent import IntArray, Spikes

MAX_TRIALS: Final = 300
"""Trials that are kept at most: more than a plot of its height can show."""

MAX_SPIKES: Final = 6000
"""Spikes that are kept at most, unless two trials alone have more."""


class TrialSpikes:
    """Spikes of every `stride`-th trial since `restart`, and of the newest trial.

    When there are too many, every other trial is dropped and the stride doubles. What is kept depends on trials and
    spikes alone, so the same run gives the same plot.

    Parameters
    ----------
    length : int
        Length of a trial in steps; later spikes are left out.
    max_trials, max_spikes : int
        What is kept at most.

    Attributes
    ----------
    count : int
        Number of trials that began.
    stride : int
    """

    def __init__(self, length: int, max_trials: int = MAX_TRIALS, max_spikes: int = MAX_SPIKES) -> None:
        self.length, self.max_trials, self.max_spikes = length, max_trials, max_spikes
        self.restart()

    def restart(self) -> None:
        """Forget everything."""
        self.count, self.stride = 0, 1
        self._trials = np.empty((3, 0), np.int64)  # number, first step, wanted neuron
        self._spikes = np.empty((3, 0), np.int64)  # number of the trial, steps since its start, neuron

    def add(self, onset: IntArray, wanted: IntArray, spikes: Spikes) -> None:
        """Take in the next chunk.

        Parameters
        ----------
        onset : ndarray, shape (n_trials,)
            First steps of the trials that began in it, in order of time.
        wanted : ndarray, shape (n_trials,)
            The neuron that should spike in each of these trials.
        spikes : Spikes
            Spikes of the chunk; those before the first trial are left out.
        """
        number = np.arange(self.count, self.count + onset.size)
        self.count += onset.size
        self._trials = np.hstack([self._trials, np.stack([number, onset, wanted])])
        if self.count == 0:
            return
        # the newest trial is always there, so no spike of this chunk can fall to a wrong one
        place = np.searchsorted(self._trials[1], spikes.step, side="right") - 1
        since = spikes.step - self._trials[1, place]
        inside = (place >= 0) & (since < self.length)
        new = np.stack([self._trials[0, place], since, spikes.neuron])[:, inside]
        self._spikes = np.hstack([self._spikes, new])
        self._thin()

    def spikes(self) -> tuple[IntArray, IntArray, NDArray[np.bool_]]:
        """Steps since the start of the trial, the first step of that trial, and whether this neuron should spike."""
        number, since, neuron = self._spikes
        _, onset, wanted = self._trials[:, np.searchsorted(self._trials[0], number)]
        return since.copy(), onset, neuron == wanted

    def state_dict(self) -> dict[str, Any]:
        """Everything that a later `load_state_dict` needs to go on with the same trials."""
        tables = {"trials": self._trials, "spikes": self._spikes}
        copies = {name: torch.from_numpy(table.copy()) for name, table in tables.items()}
        return {"count": self.count, "stride": self.stride, **copies}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave."""
        self.count, self.stride = int(state["count"]), int(state["stride"])
        self._trials, self._spikes = state["trials"].numpy().copy(), state["spikes"].numpy().copy()

    def _thin(self) -> None:
        self._drop_between()
        while self._too_many():
            self.stride *= 2
            self._drop_between()

    def _too_many(self) -> bool:
        n_trials, n_spikes = self._trials.shape[1], self._spikes.shape[1]
        return n_trials > self.max_trials or (n_spikes > self.max_spikes and n_trials > 2)

    def _drop_between(self) -> None:
        self._trials, self._spikes = self._kept(self._trials), self._kept(self._spikes)

    def _kept(self, table: IntArray) -> IntArray:
        number = table[0]
        return table[:, (number % self.stride == 0) | (number == self.count - 1)]
