"""Interspike intervals (ISI) of many neurons at once, and how irregular they are.

The coefficient of variation CV = sd / mean of a neuron's intervals is 0 for a clock and 1 for a Poisson process.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snn_explorer.analysis.checks import neuron_ids, numbers
from snn_explorer.checks import check_whole
from snn_explorer.engine import ParameterError


class IntervalsOfNeurons(NamedTuple):
    """Intervals [s] and the `neuron` of each, both ``(n_intervals,)``; by neuron, and in order of time within one."""

    interval: NDArray[np.float64]
    neuron: NDArray[np.int64]


def interspike_intervals(time: ArrayLike, neuron: ArrayLike) -> IntervalsOfNeurons:
    """Times between successive spikes of the same neuron.

    Parameters
    ----------
    time : array_like, shape (n_spikes,)
        Spike times [s], in any order.
    neuron : array_like, shape (n_spikes,)
        Neuron of each spike.

    Returns
    -------
    IntervalsOfNeurons
        A neuron of n spikes has n - 1 intervals.

    Raises
    ------
    ParameterError
        If the two do not have the same length, or a time or an id is out of range.
    """
    spike_time, spike_neuron = numbers("time", time), neuron_ids(neuron)
    if spike_time.size != spike_neuron.size:
        raise ParameterError(
            f"time has {spike_time.size} values and neuron {spike_neuron.size}; each spike needs one of both."
        )
    order = np.lexsort((spike_time, spike_neuron))
    spike_time, spike_neuron = spike_time[order], spike_neuron[order]
    same = spike_neuron[1:] == spike_neuron[:-1]
    return IntervalsOfNeurons(np.diff(spike_time)[same], spike_neuron[1:][same])


def coefficients_of_variation(
    time: ArrayLike, neuron: ArrayLike, n_neurons: int, min_intervals: int = 2
) -> NDArray[np.float64]:
    """CV of each neuron's interspike intervals.

    The standard deviation is that of the intervals themselves: their squared deviations are divided by their number
    (``ddof = 0``), as in ``elephant.statistics.cv``. Few intervals therefore give too small a CV.

    Parameters
    ----------
    time : array_like, shape (n_spikes,)
        Spike times [s], in any order.
    neuron : array_like, shape (n_spikes,)
        Neuron of each spike, ``0 .. n_neurons - 1``.
    n_neurons : int
        Number of neurons, with those that never spiked.
    min_intervals : int
        Intervals that a neuron needs to have a CV, at least 2.

    Returns
    -------
    ndarray, shape (n_neurons,)
        NaN for neurons with too few intervals, or with no time at all between their spikes.

    Raises
    ------
    ParameterError
        If lengths differ, or a time, an id or a number is out of range.
    """
    n_neurons = check_whole("n_neurons", n_neurons, minimum=0)
    min_intervals = check_whole("min_intervals", min_intervals, minimum=2)
    interval, owner = interspike_intervals(time, neuron_ids(neuron, n_neurons))
    count = np.bincount(owner, minlength=n_neurons)
    mean = np.bincount(owner, interval, minlength=n_neurons) / np.maximum(count, 1)
    power = np.bincount(owner, (interval - mean[owner]) ** 2, minlength=n_neurons)
    variation = np.full(n_neurons, np.nan)
    known = (count >= min_intervals) & (mean > 0)
    variation[known] = np.sqrt(power[known] / count[known]) / mean[known]
    return variation
