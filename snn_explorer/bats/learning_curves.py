"""How a network gets better, batch by batch: the points of its learning curves, for pages and the command line alike.

Training samples are answered before they are learned from. What is said of a batch goes into moving averages, which
begin as plain means; held-out samples are answered after each epoch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import torch

from snn_explorer.bats.network import Network
from snn_explorer.saved_state import check_number, check_parts

KEPT: Final = 20
"""Batches that a moving average remembers, about: the weight of one falls by 1/e in so many."""

MOST_HELD_OUT: Final = 500
"""Held-out samples that are answered after an epoch: enough for an accuracy to 2 %, few enough to take no time."""

AVERAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "accuracy": "share of right answers, each before it was learned from, moving average",
        "loss": "loss of a sample, moving average",
        "hidden": "spikes of the hidden layers for a sample, moving average",
        "output": "spikes of the outputs for a sample, moving average",
    }
)
"""Curves with a point for each batch, and their meaning."""

HELD_OUT: Final = "held_out"

CURVES: Final[Mapping[str, str]] = MappingProxyType(
    {**AVERAGES, HELD_OUT: "share of right answers on held-out samples, after each epoch"}
)
"""All curves, and their meaning."""


def highest(name: str) -> float:
    """What no value of a curve is above; none is below 0."""
    return 1.0 if name in ("accuracy", HELD_OUT) else math.inf


class LearningCurves:
    """What makes the points of the curves of one network.

    Parameters
    ----------
    network : Network
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._means = dict.fromkeys(AVERAGES, 0.0)
        chosen = torch.arange(min(len(network.validation), MOST_HELD_OUT))
        self._held_out = network.validation.subset(chosen)

    def points(self) -> dict[str, float]:
        """Take in the batch that was learned just now, and give the value of each curve that has a point there."""
        network = self._network
        share = max(1 / network.batches, 1 / KEPT)
        for name, value in self._news().items():
            self._means[name] += share * (value - self._means[name])
        points = dict(self._means)
        if network.batches % network.batches_per_epoch == 0 and len(self._held_out):
            points[HELD_OUT] = network.evaluate(self._held_out).accuracy
        return points

    def state_dict(self) -> dict[str, float]:
        """The averages, for `load_state_dict`."""
        return dict(self._means)

    def load_state_dict(self, state: Mapping[str, float]) -> None:
        """Take up what `state_dict` gave.

        Raises
        ------
        ParameterError
            If an average is missing, or can be none.
        """
        check_parts("the list of moving averages", state, AVERAGES)
        for name, value in state.items():
            check_number(f"the moving average of {name}", value, 0, highest(name))
        self._means = {name: float(state[name]) for name in AVERAGES}

    def _news(self) -> dict[str, float]:
        """What is said of the last batch alone."""
        network = self._network
        right = network.loss.decode(network.spikes[-1]) == network.labels
        spikes = [float(layer.count.float().mean()) for layer in network.spikes[1:]]
        return {
            "accuracy": float(right.float().mean()),
            "loss": float(network.losses.mean()),
            "hidden": sum(spikes[:-1]),
            "output": spikes[-1],
        }


def variables(name: str, seen: Any, values: Any) -> dict[str, tuple[str, Any, dict[str, str]]]:
    """A curve as `xarray.Dataset.update` takes it.

    Parameters
    ----------
    name : str
        One of `CURVES`.
    seen : array, shape (n_points,)
        Training samples learned from by then.
    values : array, shape (n_points,)

    Returns
    -------
    dict
        The samples learned from, which are the curve's dimension, and the curve.
    """
    dimension = "samples_learned_at_epoch" if name == HELD_OUT else "samples_learned"
    return {
        dimension: (dimension, seen, {"units": "1", "long_name": "training samples learned from"}),
        f"{name}_curve": (dimension, values, {"units": "1", "long_name": CURVES[name]}),
    }
