"""Spike trains and tasks: what they keep, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.superspike.neuron import LIFNeuron
from snn_explorer.tasks import MAX_NEURONS, REFRACTORY_PERIOD, SpikeTrains, Task


def trains(step, neuron, n_neurons=3):
    return SpikeTrains(np.array(step), np.array(neuron), n_neurons)


def task(inputs, targets, period_steps=10, dt=1e-4):
    return Task("small", "A small task", inputs, targets, period_steps, dt)


def test_spikes_are_sorted_by_step_then_neuron_and_each_is_kept_once():
    spikes = trains([7, 2, 7, 2, 7], [0, 2, 1, 1, 0])
    assert spikes.step.tolist() == [2, 2, 7, 7]
    assert spikes.neuron.tolist() == [1, 2, 0, 1]
    assert spikes.n_spikes == 4
    assert spikes.step.dtype == spikes.neuron.dtype == np.int32


def test_a_silent_group_is_allowed():
    assert trains([], []).n_spikes == 0


@pytest.mark.parametrize(
    ("time", "step"), [(0.083, 830), (0.0123, 123), (0.01003, 100), (0.01007, 101), (0.0, 0), (0.4999, 4999)]
)
def test_times_go_to_the_nearest_step(time, step):
    assert SpikeTrains.from_times([time], [0], n_neurons=1).step.tolist() == [step]


def test_the_step_length_scales_the_steps():
    assert SpikeTrains.from_times([0.083], [0], n_neurons=1, dt=5e-4).step.tolist() == [166]


@pytest.mark.parametrize(
    ("step", "neuron", "message"),
    [
        ([-1], [0], r"spike steps is -1; allowed is 0 to 2147483647"),
        ([2**31], [0], r"spike steps is 2147483648"),
        ([0], [3], r"neuron ids is 3; allowed is 0 to 2"),
        ([0], [-1], r"neuron ids is -1"),
        ([0.5], [0], r"spike steps are of type float64; they must be whole numbers"),
        ([0, 1], [0], r"2 spike steps but 1 neuron ids"),
        ([[0]], [[0]], r"2 dimensions"),
    ],
)
def test_bad_spikes_are_refused(step, neuron, message):
    with pytest.raises(ParameterError, match=message):
        trains(step, neuron)


@pytest.mark.parametrize("n_neurons", [0, -1, 2.0, True, "3"])
def test_bad_sizes_are_refused(n_neurons):
    with pytest.raises(ParameterError, match=r"n_neurons is .*; it must be a whole number of at least 1"):
        trains([], [], n_neurons)


@pytest.mark.parametrize("time", [-1e-5, np.nan, np.inf, -np.inf, 1e9])
def test_bad_times_are_refused(time):
    with pytest.raises(ParameterError, match="times must be finite, from 0 to"):
        SpikeTrains.from_times([0.1, time], [0, 0], n_neurons=1)


def test_a_task_knows_its_period_in_seconds():
    assert task(trains([0], [0]), trains([9], [0]), period_steps=5000).period == pytest.approx(0.5)


def test_zero_inputs_are_refused():
    with pytest.raises(ParameterError, match="zero inputs: none of its 3 input neurons spikes"):
        task(trains([], []), trains([1], [0]))


@pytest.mark.parametrize(("inputs", "targets", "what"), [(9, 10, "targets"), (10, 9, "inputs")])
def test_spikes_outside_the_trial_are_refused(inputs, targets, what):
    with pytest.raises(ParameterError, match=rf"{what} outside the trial: a spike at step 10 .* has 10 steps"):
        task(trains([inputs], [0]), trains([targets], [0]))


@pytest.mark.parametrize(("name", "value"), [("period_steps", 0), ("period_steps", 1.5), ("dt", 0.0), ("dt", np.nan)])
def test_bad_periods_and_time_steps_are_refused(name, value):
    with pytest.raises(ParameterError, match=rf"{name} is .*; it must be"):
        task(trains([0], [0]), trains([0], [0]), **{name: value})


def test_a_task_knows_its_sizes():
    sized = task(trains([0], [0], n_neurons=7), trains([9], [0], n_neurons=2))
    assert (sized.n_inputs, sized.n_outputs) == (7, 2)


@pytest.mark.parametrize("what", ["n_inputs", "n_outputs"])
def test_too_many_neurons_are_refused_with_the_limit_and_its_reason(what):
    small, large = trains([0], [0]), trains([0], [0], n_neurons=10_000)
    groups = (large, small) if what == "n_inputs" else (small, large)
    with pytest.raises(ParameterError, match=rf"{what} is 10000; at most 1024 neurons are allowed, because .*28 kB"):
        task(*groups)


def test_the_largest_group_is_allowed():
    largest = trains([0], [MAX_NEURONS - 1], n_neurons=MAX_NEURONS)
    assert task(largest, largest).n_outputs == MAX_NEURONS


def count_by_repeating(spikes, shortest, period_steps):
    """Spikes of the second of two periods that come less than `shortest` steps after another of the same neuron."""
    trains_twice = [
        sorted([*spikes.step[spikes.neuron == i], *(spikes.step[spikes.neuron == i] + period_steps)])
        for i in range(spikes.n_neurons)
    ]
    return sum(
        train[k] >= period_steps and train[k] - train[k - 1] < shortest
        for train in trains_twice
        for k in range(1, len(train))
    )


@pytest.mark.parametrize("shortest", [1, 2, 10, 51, 500, 1000])
def test_short_intervals_are_counted_across_the_end_of_the_period(shortest):
    rng = np.random.default_rng(shortest)
    spikes = SpikeTrains(rng.integers(0, 700, 60), rng.integers(0, 9, 60), 12)
    assert spikes.count_short_intervals(shortest, 700) == count_by_repeating(spikes, shortest, 700)


def test_a_group_without_spikes_has_no_short_interval():
    assert trains([], []).count_short_intervals(51, 100) == 0


@pytest.mark.parametrize(("step", "too_soon"), [([0, 50], 1), ([0, 51], 0), ([0, 950], 1), ([0, 949], 0), ([3], 0)])
def test_targets_that_the_refractory_period_forbids_are_said(step, too_soon):
    remarks = task(trains([0], [0]), trains(step, [0] * len(step), n_neurons=1), period_steps=1000).remarks
    assert len(remarks) == too_soon
    if too_soon:
        assert remarks[0].startswith(f"1 of {len(step)} target spikes come less than 5.1 ms after another spike")
        assert "the cost cannot reach zero" in remarks[0]


def test_the_refractory_period_is_counted_in_the_steps_of_the_task():
    coarse = task(trains([0], [0]), trains([0, 10], [0, 0], n_neurons=1), period_steps=100, dt=5e-4)
    assert "less than 5.5 ms" in coarse.remarks[0]


def test_the_refractory_period_is_that_of_the_neuron():
    assert LIFNeuron().tau_ref == REFRACTORY_PERIOD


def test_outputs_that_are_to_be_silent_are_said():
    remarks = task(trains([0], [0]), trains([1, 5], [0, 2], n_neurons=5)).remarks
    assert "Outputs without a target spike: 3 of 5. They are to be silent." in remarks
