"""Histograms of firing statistics, in bins that never change, so that a live figure does not jitter (Fig 6d).

Bins are half-open, [edge, next edge). Rates and CVs have a last bin that counts everything above as well. Interspike
intervals have none: on semi-log axes, where Poisson spikes give a straight line, it would look like a second mode.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snn_explorer.analysis.checks import numbers
from snn_explorer.engine import ParameterError

RATE_EDGES = np.linspace(0, 105, 22)
"""Bins of 5 Hz up to 100 Hz, and one for all rates above [Hz]."""

ISI_EDGES = np.linspace(0, 0.5, 51)
"""Bins of 10 ms up to 0.5 s [s]."""

CV_EDGES = np.linspace(0, 2.1, 22)
"""Bins of 0.1 up to 2, and one for all CVs above."""

ROUNDING = 1e-3
"""Share of a bin by which a value may fall short of an edge and still count as on it.

Spikes on a time grid give many intervals that are exactly on an edge, but for rounding. This is 10 us of an interval, a
tenth of a time step, and enough for times of a minute in float32.
"""


@dataclass(frozen=True)
class Histogram:
    """Counts of values in bins of equal width.

    Attributes
    ----------
    edges : ndarray, shape (n_bins + 1,)
        Borders of the bins, in the unit of the values.
    counts : ndarray of int, shape (n_bins,)
        Values in each bin.
    n_beyond : int
        Values above the last edge, which no bin counts.
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    n_beyond: int = 0

    @property
    def density(self) -> NDArray[np.float64]:
        """Share of all values per unit, ``(n_bins,)``; its area is 1 less the share beyond, and 0 without values."""
        n_values = self.counts.sum() + self.n_beyond
        return self.counts / (max(n_values, 1) * np.diff(self.edges))


def rate_histogram(rate_hz: ArrayLike) -> Histogram:
    """Histogram of firing rates [Hz] in bins of 5 Hz; the last, from 100 Hz on, counts all rates above.

    Parameters
    ----------
    rate_hz : array_like, shape (n_neurons,)
        Rates, as `firing_rates` gives them.

    Raises
    ------
    ParameterError
        If a rate is negative or not finite.
    """
    return _histogram("rate_hz", numbers("rate_hz", rate_hz), RATE_EDGES, open_ended=True)


def isi_histogram(interval: ArrayLike) -> Histogram:
    """Histogram of interspike intervals [s] in bins of 10 ms; those from 0.5 s on are `n_beyond`.

    Parameters
    ----------
    interval : array_like, shape (n_intervals,)
        Intervals of any number of neurons, as `interspike_intervals` gives them.

    Raises
    ------
    ParameterError
        If an interval is negative or not finite.
    """
    return _histogram("interval", numbers("interval", interval), ISI_EDGES, open_ended=False)


def cv_histogram(variation: ArrayLike) -> Histogram:
    """Histogram of coefficients of variation in bins of 0.1; the last, from 2 on, counts all above.

    Parameters
    ----------
    variation : array_like, shape (n_neurons,)
        CVs, as `coefficients_of_variation` gives them; neurons without one (NaN) are left out.

    Raises
    ------
    ParameterError
        If a CV is negative or infinite.
    """
    return _histogram("variation", numbers("variation", variation, missing=True), CV_EDGES, open_ended=True)


def _histogram(name: str, values: NDArray[np.float64], edges: NDArray[np.float64], *, open_ended: bool) -> Histogram:
    if values.size and values.min() < 0:
        raise ParameterError(f"{name} has a value of {values.min():g}; all must be at least 0.")
    n_bins = edges.size - 1
    place = (np.minimum(values, edges[-1]) / edges[1] + ROUNDING).astype(np.int64)
    if open_ended:
        place = np.minimum(place, n_bins - 1)
    counts = np.bincount(place, minlength=n_bins + 1)
    return Histogram(edges.copy(), counts[:n_bins], int(counts[n_bins]))
