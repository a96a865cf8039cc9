"""Statistics of spike trains: rates, intervals, distances between trains, histograms and shot noise.

Every function takes plain arrays of spike times [s] and neuron ids, in any order, and knows nothing of networks.
"""

from snn_explorer.analysis.histograms import Histogram, cv_histogram, isi_histogram, rate_histogram
from snn_explorer.analysis.intervals import IntervalsOfNeurons, coefficients_of_variation, interspike_intervals
from snn_explorer.analysis.rates import firing_rates
from snn_explorer.analysis.shot_noise import poisson_fourth_moment
from snn_explorer.analysis.van_rossum import double_exponential_cost, van_rossum_distance

__all__ = [
    "Histogram",
    "IntervalsOfNeurons",
    "coefficients_of_variation",
    "cv_histogram",
    "double_exponential_cost",
    "firing_rates",
    "interspike_intervals",
    "isi_histogram",
    "poisson_fourth_moment",
    "rate_histogram",
    "van_rossum_distance",
]
