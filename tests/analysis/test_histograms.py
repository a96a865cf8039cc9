"""Histograms: every value is somewhere, edges are exact, densities are those of known distributions."""

from __future__ import annotations

import numpy as np
import pytest

from snn_explorer.analysis import cv_histogram, interspike_intervals, isi_histogram, rate_histogram
from snn_explorer.engine import ParameterError

RNG_SEED = 6


@pytest.mark.parametrize(
    ("histogram", "width", "n_bins"), [(rate_histogram, 5.0, 21), (isi_histogram, 0.01, 50), (cv_histogram, 0.1, 21)]
)
def test_bins_are_the_same_whatever_the_values(histogram, width: float, n_bins: int) -> None:
    values = np.random.default_rng(RNG_SEED).exponential(8 * width, 5000)
    values = values[values / width % 1 < 0.998]  # what is just below an edge has a test of its own
    found, empty = histogram(values), histogram([])
    np.testing.assert_allclose(found.edges, width * np.arange(n_bins + 1), rtol=1e-14)
    assert np.array_equal(found.edges, empty.edges)
    inside = values[values < found.edges[-2]]
    expected, _ = np.histogram(inside, found.edges[:-1])
    assert np.array_equal(found.counts[:-1], expected)
    assert found.counts.sum() + found.n_beyond == values.size
    assert empty.counts.sum() == empty.n_beyond == 0
    assert empty.density.tolist() == [0] * n_bins


@pytest.mark.parametrize(("histogram", "scale"), [(rate_histogram, 100.0), (cv_histogram, 2.0)])
def test_the_last_bin_counts_all_above(histogram, scale: float) -> None:
    found = histogram(scale * np.array([0.5, 0.999, 1.0, 1.04, 1.5, 1e6, 1e300]))
    assert (found.counts[-2], found.counts[-1], found.n_beyond) == (1, 5, 0)
    assert found.density @ np.diff(found.edges) == pytest.approx(1)


def test_long_intervals_are_beyond_and_do_not_raise_the_last_bin() -> None:
    found = isi_histogram([0.005, 0.495, 0.5, 3.0])
    assert (found.counts[0], found.counts[-1], found.n_beyond) == (1, 1, 2)
    assert found.density @ np.diff(found.edges) == pytest.approx(0.5)


def test_intervals_on_the_time_grid_that_end_on_an_edge_fall_into_the_bin_above() -> None:
    """Every multiple of 0.1 ms up to 0.5 s, made as a difference of times: 100 in each bin, also from float32."""
    step = np.cumsum(np.arange(1000))
    assert isi_histogram(np.diff(step * 1e-4)).counts[:9].tolist() == [99, *[100] * 8]
    neuron = np.tile(np.arange(1000), 2)
    for start, dtype in ((0.0007, np.float64), (1000.0007, np.float64), (0.0007, np.float32), (60.0007, np.float32)):
        pairs = start + np.stack([np.zeros(1000), np.arange(1000)]) * 1e-4
        interval = interspike_intervals(pairs.astype(dtype).ravel(), neuron).interval
        assert isi_histogram(interval).counts[:10].tolist() == [100] * 10


def test_poisson_intervals_are_a_straight_line_on_semi_log_axes() -> None:
    rate, n = 12.0, 400_000
    found = isi_histogram(np.random.default_rng(RNG_SEED).exponential(1 / rate, n))
    share = np.exp(-rate * found.edges[:-1]) * -np.expm1(-rate * 0.01)
    assert (np.abs(found.counts - n * share) < 4.5 * np.sqrt(n * share)).all()
    assert abs(found.n_beyond - n * np.exp(-6)) < 4 * np.sqrt(n * np.exp(-6))
    many = found.counts > 1000
    slope = np.polyfit(found.edges[:-1][many] + 0.005, np.log(found.density[many]), 1, w=np.sqrt(found.counts[many]))[0]
    assert slope == pytest.approx(-rate, rel=0.01)


def test_density_of_an_even_spread_is_its_inverse_width() -> None:
    found = rate_histogram(np.arange(0, 50, 0.5))
    assert found.density[:10] == pytest.approx(np.full(10, 1 / 50))
    assert found.density[10:].tolist() == [0] * 11


def test_neurons_without_a_variation_are_left_out() -> None:
    found = cv_histogram([np.nan, 0.0, 1.05, np.nan])
    assert np.flatnonzero(found.counts).tolist() == [0, 10]
    assert found.density @ np.diff(found.edges) == pytest.approx(1)


@pytest.mark.parametrize("histogram", [rate_histogram, isi_histogram, cv_histogram])
@pytest.mark.parametrize("wrong", [-1e-3, np.inf, -np.inf])
def test_values_out_of_range_are_refused(histogram, wrong: float) -> None:
    with pytest.raises(ParameterError, match="has a value of"):
        histogram([0.1, wrong])


@pytest.mark.parametrize("histogram", [rate_histogram, isi_histogram])
def test_only_variations_may_be_missing(histogram) -> None:
    with pytest.raises(ParameterError, match="has a value of nan"):
        histogram([0.1, np.nan])


@pytest.mark.parametrize("histogram", [rate_histogram, isi_histogram, cv_histogram])
@pytest.mark.parametrize("wrong", [["a"], None, 1.0, [[0.1]]])
def test_only_a_list_of_numbers_is_taken(histogram, wrong) -> None:
    with pytest.raises(ParameterError):
        histogram(wrong)
