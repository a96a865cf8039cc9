"""Firing rates: spikes of each neuron over the time it was watched."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snn_explorer.analysis.checks import neuron_ids
from snn_explorer.checks import check_positive, check_whole


def firing_rates(neuron: ArrayLike, n_neurons: int, duration: float) -> NDArray[np.float64]:
    """Mean firing rate of each neuron [Hz].

    Parameters
    ----------
    neuron : array_like, shape (n_spikes,)
        Neuron of each spike, ``0 .. n_neurons - 1``.
    n_neurons : int
        Number of neurons, with those that never spiked.
    duration : float
        Time in which the spikes were counted [s].

    Returns
    -------
    ndarray, shape (n_neurons,)

    Raises
    ------
    ParameterError
        If an id, the number of neurons or the duration is out of range.
    """
    n_neurons = check_whole("n_neurons", n_neurons, minimum=0)
    count = np.bincount(neuron_ids(neuron, n_neurons), minlength=n_neurons)
    return count / check_positive("duration", duration, "s")
