"""How soon the answers are right: the share of right answers if output spikes were read up to a moment only (Fig 6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from snn_explorer.bats.learning_curves import KEPT
from snn_explorer.bats.readout import NO_ANSWER
from snn_explorer.bats.spikes import Spikes, there
from snn_explorer.engine import FloatArray
from snn_explorer.saved_state import check_number, check_parts, refuse

NEARLY: Final = 0.95
"""Part of the final accuracy from which an answer counts as there."""

N_TIMES: Final = 50
"""Moments of the curve, evenly over the simulated time."""


class LatencyCurve:
    """Moving average over batches, each answered before it was learned from.

    Parameters
    ----------
    duration : float
        Simulated time [s].
    """

    def __init__(self, duration: float) -> None:
        self.time = duration / N_TIMES * np.arange(1, N_TIMES + 1)
        self._share, self._weight = np.zeros(N_TIMES), 0.0

    def add(self, outputs: Spikes, labels: Tensor, *, first: bool) -> None:
        """Take in a batch.

        Parameters
        ----------
        outputs : Spikes
            Of the output layer.
        labels : Tensor of int64, shape (B,)
        first : bool
            Whether the answer is the output that spikes first, not the one with most spikes.
        """
        right = (answers_until(outputs, self.time, first=first) == labels[:, None]).double().mean(0).cpu().numpy()
        kept = 1 - 1 / KEPT
        self._share, self._weight = kept * self._share + (1 - kept) * right, kept * self._weight + (1 - kept)

    def arrays(self) -> tuple[FloatArray, FloatArray]:
        """Times [s] and shares of right answers, ``(n_times,)`` each; empty before the first batch."""
        n = N_TIMES if self._weight else 0
        return self.time[:n].astype(np.float32), (self._share[:n] / (self._weight or 1.0)).astype(np.float32)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a later `load_state_dict` needs to go on with the same curve."""
        return {"share": self._share.tolist(), "weight": self._weight}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave.

        Raises
        ------
        ParameterError
            If it can be the state of no such curve.
        """
        check_parts("the curve of answers over time", state, ("share", "weight"))
        share, weight = state["share"], state["weight"]
        check_number("the weight of the curve of answers over time", weight, 0, 1)
        if not isinstance(share, list) or len(share) != N_TIMES:
            refuse(f"the curve of answers over time is no list of {N_TIMES} shares")
        for each in share:
            check_number("a share of right answers, with its weight,", each, 0, weight)
        self._share, self._weight = np.array(share, dtype=float), float(weight)


def soon_enough(times: FloatArray, shares: FloatArray) -> float | None:
    """From when on as good as all right answers are there [s]; None while there are none.

    Parameters
    ----------
    times, shares : ndarray, shape (n_times,)
        See `LatencyCurve.arrays`.
    """
    if not shares.size or not shares[-1]:
        return None
    too_few = np.flatnonzero(shares < NEARLY * shares[-1])
    return float(times[too_few[-1] + 1 if too_few.size else 0])


def answers_until(outputs: Spikes, times: np.ndarray, *, first: bool) -> Tensor:
    """Answer of each sample up to each moment, `NO_ANSWER` before a spike, int64 ``(B, n_times)``.

    Parameters
    ----------
    outputs : Spikes
    times : ndarray, shape (n_times,)
        Moments [s], increasing.
    first : bool
        Whether the answer is the output that spikes first, not the one with most spikes, the lowest id among equals.
    """
    moments = torch.as_tensor(times, dtype=outputs.time.dtype, device=outputs.time.device)
    if first:
        when, neuron = outputs.first().detach().min(1)
        return torch.where(when[:, None] <= moments, neuron[:, None], NO_ANSWER)
    # the first moment at which each spike counts; spikes after the last go to a place that is not read
    place = torch.searchsorted(moments, outputs.time.detach().contiguous())
    n_samples, n_times, n = len(outputs), len(moments), outputs.n_neurons
    counts = torch.zeros(n_samples, (n_times + 1) * n, dtype=torch.int32, device=outputs.time.device)
    counts.scatter_add_(1, place * n + outputs.neuron, there(outputs.events).int())
    counts = counts.view(n_samples, n_times + 1, n)[:, :n_times].cumsum(1)
    return counts.argmax(2).masked_fill_(counts.amax(2) == 0, NO_ANSWER)
