"""The built-in task: Poisson statistics of its inputs, equidistance of its targets."""

from __future__ import annotations

import numpy as np
import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.tasks import SpikeTrains, frozen_poisson, own_task


def counts(trains):
    return np.bincount(trains.neuron, minlength=trains.n_neurons)


def test_the_default_task_looks_like_the_benchmark():
    task = frozen_poisson(1)
    assert (task.inputs.n_neurons, task.targets.n_neurons, task.period_steps) == (100, 1, 5000)
    assert task.period == pytest.approx(0.5)
    assert abs(task.inputs.n_spikes - 250) < 4 * np.sqrt(250)
    milliseconds = task.targets.step / 10
    assert np.allclose(milliseconds, [83, 166, 249, 332, 415], atol=1.6)


def test_spike_counts_are_poisson():
    n, mean = 20_000, 4.0
    rng = np.random.default_rng(7)
    count = np.concatenate([counts(frozen_poisson(rng, n_inputs=1000, rate_hz=8.0).inputs) for _ in range(n // 1000)])
    standard_error = np.sqrt(mean / n)
    assert abs(count.mean() - mean) < 4 * standard_error
    assert abs(count.var() / count.mean() - 1) < 4 * np.sqrt(2 / n) + 8.0 * 1e-4
    assert abs((count == 0).mean() - np.exp(-mean)) < 4 * np.sqrt(np.exp(-mean) / n)


def test_intervals_are_exponential():
    rate, dt = 20.0, 1e-4
    inputs = frozen_poisson(3, n_inputs=50, rate_hz=rate, period=20.0).inputs
    interval = np.concatenate([np.diff(inputs.step[inputs.neuron == i]) for i in range(50)]) * dt
    error = 4 / np.sqrt(interval.size)
    assert interval.size > 15_000
    assert abs(interval.mean() * rate - 1) < error
    assert abs(interval.std() * rate - 1) < 2 * error
    for multiple in (0.1, 0.5, 1.0, 2.0):
        assert abs((interval > multiple / rate).mean() - np.exp(-multiple)) < error + rate * dt


def test_spikes_are_spread_evenly_and_neurons_are_independent():
    n_steps = 5000
    inputs = frozen_poisson(11, n_inputs=400, rate_hz=50.0).inputs
    in_tenths = np.histogram(inputs.step, bins=10, range=(0, n_steps))[0]
    expected = inputs.n_spikes / 10
    assert (abs(in_tenths - expected) < 4.5 * np.sqrt(expected)).all()
    binned = np.histogram2d(inputs.neuron, inputs.step, bins=(400, 500), range=((0, 400), (0, n_steps)))[0]
    correlation = np.corrcoef(binned[::2].ravel(), binned[1::2].ravel())[0, 1]
    assert abs(correlation) < 4 / np.sqrt(binned.size / 2)


def test_the_same_seed_gives_the_same_task_and_another_seed_another():
    first, again, other = frozen_poisson(4), frozen_poisson(np.random.default_rng(4)), frozen_poisson(5)
    assert np.array_equal(first.inputs.step, again.inputs.step)
    assert np.array_equal(first.inputs.neuron, again.inputs.neuron)
    assert not np.array_equal(first.inputs.step, other.inputs.step)


def test_a_generator_goes_on_where_it_was():
    rng = np.random.default_rng(4)
    assert not np.array_equal(frozen_poisson(rng).inputs.step, frozen_poisson(rng).inputs.step)


def test_targets_are_equidistant_on_each_output():
    targets = frozen_poisson(0, n_targets=7, n_outputs=3, period=1.0).targets
    interval = 10_000 // 8
    for output in range(3):
        step = targets.step[targets.neuron == output]
        assert (np.diff(step) == interval).all()
        assert step.size == 7
    first = [targets.step[targets.neuron == output][0] for output in range(3)]
    assert first == [interval, interval + interval // 3, interval + 2 * interval // 3]
    assert targets.step.max() < 10_000


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("n_inputs", 0, "at least 1"),
        ("n_inputs", 10.5, "a whole number"),
        ("n_inputs", 1025, "at most 1024"),
        ("n_outputs", 0, "at least 1"),
        ("n_outputs", 10_000, "at most 1024 neurons are allowed, because"),
        ("n_targets", 0, "at least 1"),
        ("n_targets", 5000, "fewer targets fit"),
        ("rate_hz", 0.0, "above 0"),
        ("rate_hz", -1.0, "above 0"),
        ("rate_hz", np.nan, "finite"),
        ("rate_hz", 10_000, "below 10000 Hz"),
        ("period", 0.0, "above 0"),
        ("period", 1e-6, "at least 1"),
        ("dt", np.inf, "finite"),
    ],
)
def test_values_out_of_range_are_refused(name, value, allowed):
    with pytest.raises(ParameterError, match=f"{name}.* is .*{allowed}"):
        frozen_poisson(0, **{name: value})


@pytest.mark.parametrize("seed", [-1, None, 1.5, "1"])
def test_only_a_seed_or_a_generator_is_taken(seed):
    with pytest.raises(ParameterError, match="seed is"):
        frozen_poisson(seed)


def test_a_draw_without_a_spike_is_refused():
    with pytest.raises(ParameterError, match="zero inputs"):
        frozen_poisson(0, n_inputs=1, rate_hz=1e-9)


def test_a_draw_beyond_the_memory_is_refused():
    with pytest.raises(ParameterError, match=r"100 inputs at 5 Hz for 10000 s .* 5e\+06 times; at most 500000"):
        frozen_poisson(0, period=10_000.0)


def draw(targets, rng=0, **settings):
    return own_task(targets, name="own", title="Own targets", rng=rng, **settings)


def test_own_targets_are_kept_and_get_the_inputs_of_the_built_in_task():
    targets = SpikeTrains(np.array([10, 4999]), np.array([1, 0]), 3)
    task = draw(targets, rng=4, period=0.5)
    assert task.targets is targets
    assert (task.name, task.period_steps, task.n_inputs, task.n_outputs) == ("own", 5000, 100, 3)
    built_in = frozen_poisson(4).inputs
    assert np.array_equal(task.inputs.step, built_in.step)
    assert np.array_equal(task.inputs.neuron, built_in.neuron)


def test_own_inputs_have_the_rate_that_was_asked_for():
    expected = 200 * 8.0 * 2.0
    task = draw(SpikeTrains([0], [0], 1), period=2.0, n_inputs=200, rate_hz=8.0)
    assert abs(task.inputs.n_spikes - expected) < 4.5 * np.sqrt(expected)


def test_own_targets_outside_the_trial_are_refused():
    with pytest.raises(ParameterError, match="'own' has targets outside the trial: a spike at step 5000"):
        draw(SpikeTrains([5000], [0], 1), period=0.5)
