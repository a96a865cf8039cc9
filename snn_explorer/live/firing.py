"""How a layer fires: spikes of the last seconds, and the histograms of Fig 6d."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from snn_explorer.analysis import (
    Histogram,
    coefficients_of_variation,
    cv_histogram,
    firing_rates,
    interspike_intervals,
    isi_histogram,
    rate_histogram,
)  # fmt: skip
from snn_explorer.engine import Raster


class FiringHistograms(NamedTuple):
    """Histograms of the neurons' firing rates [Hz], of all interspike intervals [s], and of the neurons' CVs."""

    rate: Histogram
    interval: Histogram
    variation: Histogram


@dataclass(frozen=True)
class Firing:
    """Spikes of a layer in the last seconds.

    Attributes
    ----------
    layer : str
        ``"hidden"``, or ``"output"`` where there is no hidden layer.
    n_neurons : int
    duration : float
        Time in which the spikes were made [s]; 0 before the first chunk.
    spikes : Raster
    """

    layer: str
    n_neurons: int
    duration: float
    spikes: Raster

    def histograms(self) -> FiringHistograms:
        """Count anew; takes some milliseconds for a large layer, so only for who looks at it."""
        time, neuron = self.spikes.time, self.spikes.neuron
        # without any time there are no spikes, whose rate is 0
        rates = firing_rates(neuron, self.n_neurons, self.duration or 1.0)
        return FiringHistograms(
            rate_histogram(rates),
            isi_histogram(interspike_intervals(time, neuron).interval),
            cv_histogram(coefficients_of_variation(time, neuron, self.n_neurons)),
        )
