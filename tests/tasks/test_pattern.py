"""Spike trains and tasks: what they keep, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.tasks import SpikeTrains, Task


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
