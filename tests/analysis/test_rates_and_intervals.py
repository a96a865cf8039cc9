"""Rates, intervals and their variation against elephant, and against what clocks and Poisson processes have."""

from __future__ import annotations

import elephant.statistics
import neo
import numpy as np
import pytest
import quantities as pq

from snn_explorer.analysis import coefficients_of_variation, firing_rates, interspike_intervals
from snn_explorer.engine import ParameterError, Raster

DURATION = 4.0

# elephant 1.2 hands quantities 0.16 an argument that has no effect any more
pytestmark = pytest.mark.filterwarnings(
    "ignore:The 'copy' argument in Quantity is deprecated:quantities.QuantitiesDeprecationWarning"
)


def spike_train(time: np.ndarray) -> neo.SpikeTrain:
    return neo.SpikeTrain(time, units="s", t_stop=DURATION * pq.s)


def test_rates_equal_those_of_elephant(trains, shuffled) -> None:
    expected = [elephant.statistics.mean_firing_rate(spike_train(train)).rescale("Hz").item() for train in trains]
    rate = firing_rates(shuffled[1], len(trains), DURATION)
    np.testing.assert_allclose(rate, expected, rtol=1e-14)
    assert rate.min() == 0
    assert rate.max() > 60


def test_intervals_equal_those_of_elephant_in_their_order(trains, shuffled) -> None:
    interval, neuron = interspike_intervals(*shuffled)
    assert np.array_equal(neuron, np.sort(neuron))
    for index, train in enumerate(trains):
        expected = elephant.statistics.isi(spike_train(train)).rescale("s").magnitude
        np.testing.assert_array_equal(interval[neuron == index], expected)


@pytest.mark.parametrize("min_intervals", [2, 10])
def test_variation_equals_that_of_elephant_where_there_are_enough_intervals(trains, shuffled, min_intervals) -> None:
    found = coefficients_of_variation(*shuffled, len(trains), min_intervals)
    enough = np.array([train.size > min_intervals for train in trains])
    assert np.array_equal(np.isnan(found), ~enough)
    assert 5 < (~enough).sum() < 50
    for index in np.flatnonzero(enough):
        expected = elephant.statistics.cv(elephant.statistics.isi(spike_train(trains[index])).magnitude)
        assert found[index] == pytest.approx(float(expected), rel=1e-10, abs=1e-13)


def test_two_intervals_of_1_and_3_have_a_variation_of_one_half() -> None:
    """sd 1 with ddof = 0, mean 2."""
    assert coefficients_of_variation([0.5, 1.5, 4.5], [0, 0, 0], 1) == pytest.approx([0.5])


def test_a_clock_has_no_variation_and_a_poisson_process_has_1() -> None:
    n_intervals, n_neurons = 4000, 20
    gaps = np.random.default_rng(1).exponential(0.05, (n_neurons, n_intervals + 1))
    clocks = np.broadcast_to(0.05, gaps.shape)
    time = np.cumsum(np.concatenate([gaps, clocks]), axis=1)
    neuron = np.broadcast_to(np.arange(2 * n_neurons)[:, None], time.shape)
    variation = coefficients_of_variation(time.ravel(), neuron.ravel(), 2 * n_neurons)
    # the CV of n exponential intervals has a standard error of 1 / sqrt(n)
    assert np.abs(variation[:n_neurons] - 1).max() < 4 / np.sqrt(n_intervals)
    assert abs(variation[:n_neurons].mean() - 1) < 4 / np.sqrt(n_intervals * n_neurons)
    assert variation[n_neurons:].max() < 1e-10


def test_neurons_are_never_mixed() -> None:
    interval, neuron = interspike_intervals([0.1, 0.2, 0.4, 0.7], [3, 1, 3, 1])
    np.testing.assert_allclose(interval, [0.5, 0.3])
    assert neuron.tolist() == [1, 3]


def test_a_raster_of_an_engine_is_taken_as_it_is() -> None:
    raster = Raster(np.array([0.25, 0.5, 1.0], np.float32), np.array([2, 2, 2], np.float32))
    assert firing_rates(raster.neuron, 4, 2.0).tolist() == [0, 0, 1.5, 0]
    assert interspike_intervals(raster.time, raster.neuron).interval.tolist() == [0.25, 0.5]


def test_no_spikes_and_no_neurons() -> None:
    assert firing_rates([], 3, 1.0).tolist() == [0, 0, 0]
    assert interspike_intervals([], []).interval.size == 0
    assert np.isnan(coefficients_of_variation([], [], 2)).tolist() == [True, True]
    assert firing_rates([], 0, 1.0).size == coefficients_of_variation([], [], 0).size == 0


def test_spikes_at_one_time_have_no_variation_that_could_be_given() -> None:
    assert np.isnan(coefficients_of_variation([1, 1, 1], [0, 0, 0], 1)).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: firing_rates([0], 1, -1.0), "duration is -1.0; .*above 0"),
        (lambda: firing_rates([0], 1, 0.0), "duration is 0.0"),
        (lambda: firing_rates([0], 1, np.inf), "duration is inf"),
        (lambda: firing_rates([0], -1, 1.0), "n_neurons is -1; .*at least 0"),
        (lambda: firing_rates([0, 3], 3, 1.0), "id of 3; .*below 3"),
        (lambda: firing_rates([-1], 3, 1.0), "id of -1"),
        (lambda: firing_rates([0.5], 3, 1.0), "id of 0.5; .*whole"),
        (lambda: firing_rates([[0]], 3, 1.0), "neuron has 2 axes"),
        (lambda: firing_rates(["a"], 3, 1.0), "neuron is .*list of numbers"),
        (lambda: interspike_intervals([0.1, 0.2], [0]), "time has 2 values and neuron 1"),
        (lambda: interspike_intervals([0.1, np.nan], [0, 0]), "time has a value of nan"),
        (lambda: interspike_intervals([0.1], [1e300]), "id of 1e.300"),
        (lambda: coefficients_of_variation([0.1], [0, 1], 2), "time has 1 values"),
        (lambda: coefficients_of_variation([0.1], [2], 2), "id of 2; .*below 2"),
        (lambda: coefficients_of_variation([0.1], [0], 1, 1), "min_intervals is 1; .*at least 2"),
    ],
)
def test_what_cannot_be_used_is_refused(call, message) -> None:
    with pytest.raises(ParameterError, match=message):
        call()
