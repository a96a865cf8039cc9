"""How well a network answers while it learns: means over the current epoch, each sample before it is learned from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor

from snn_explorer.saved_state import check_number, check_parts, check_whole


class Progress(NamedTuple):
    """Means over the `n` samples seen in the current epoch: `loss` and `accuracy` (0..1); not a number before any."""

    loss: float
    accuracy: float
    n: int


class EpochMeans:
    """Sums over an epoch, on the network's device: nobody waits for a GPU until someone looks.

    Parameters
    ----------
    device : torch.device
    """

    def __init__(self, device: torch.device) -> None:
        self._sums, self._n = torch.zeros(2, dtype=torch.float64, device=device), 0

    @property
    def progress(self) -> Progress:
        """The means so far."""
        loss, right = self._sums.tolist()
        return Progress(loss / self._n, right / self._n, self._n) if self._n else Progress(math.nan, math.nan, 0)

    def clear(self) -> None:
        """Begin an epoch."""
        self._sums, self._n = torch.zeros_like(self._sums), 0

    def add(self, losses: Tensor, right: Tensor) -> None:
        """Take up the losses of a batch ``(B,)``, and whether its answers are right ``(B,)``."""
        self._sums += torch.stack([losses.sum(), right.sum()]).double()
        self._n += len(losses)

    def state_dict(self) -> dict[str, float]:
        """The sums, for `load_state_dict`."""
        loss, right = self._sums.tolist()
        return {"loss": loss, "right": int(right), "n": self._n}

    def load_state_dict(self, state: Mapping[str, float]) -> None:
        """Take up what `state_dict` gave."""
        self._sums, self._n = self._sums.new_tensor([state["loss"], state["right"]]), int(state["n"])


def check_sums(state: Any, n_seen: int) -> None:
    """Check what `EpochMeans.state_dict` gave when `n_seen` samples of the epoch had been seen.

    Raises
    ------
    ParameterError
        If it cannot have.
    """
    check_parts("the sums of the epoch", state, ("loss", "right", "n"))
    check_number("the sum of losses", state["loss"], 0)
    check_whole("the number of samples seen in the epoch", state["n"], n_seen, n_seen)
    check_whole("the number of right answers in the epoch", state["right"], 0, n_seen)
