"""Feature maps: when each neuron of a convolution spikes first, and how often, as images."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from snn_explorer.bats.answer import Answer


class FeatureMaps(NamedTuple):
    """What the maps of one layer say to a sample, each ``(n_maps, n_rows, n_columns)``.

    Attributes
    ----------
    first : ndarray of float64
        Time of each neuron's first spike [s], infinite without one.
    n_spikes : ndarray of int64
        Spikes of each neuron.
    """

    first: NDArray[np.float64]
    n_spikes: NDArray[np.int64]


def feature_maps(found: Answer) -> dict[str, FeatureMaps]:
    """Feature maps of an answer by name of the layer, from the first convolution to the last."""
    return {
        name: as_maps(layer.spikes.time.numpy(), layer.spikes.neuron.numpy(), layer.maps)
        for name, layer in found.layers.items()
        if layer.maps is not None
    }


def as_maps(time: NDArray[np.floating], neuron: NDArray[np.int64], maps: tuple[int, int, int]) -> FeatureMaps:
    """Spikes of neurons ``(m * n_rows + y) * n_columns + x`` as maps.

    Parameters
    ----------
    time : ndarray, shape (n_spikes,)
        Spike times [s], in any order.
    neuron : ndarray of int64, shape (n_spikes,)
        Who spiked.
    maps : tuple of int
        Maps, rows and columns.
    """
    first = np.full(math.prod(maps), np.inf)
    np.minimum.at(first, neuron, time)
    n_spikes = np.bincount(neuron, minlength=math.prod(maps)).astype(np.int64)
    return FeatureMaps(first.reshape(maps), n_spikes.reshape(maps))
