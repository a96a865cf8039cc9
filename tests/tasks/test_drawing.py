"""From ink to spikes: which output spikes when, how often, and that grey keeps its share."""

from __future__ import annotations

import numpy as np
import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.tasks.drawing import DrawingGrid


def spikes_by_formula(ink, n_outputs, n_intervals, period_steps):
    """t_ic = (c + (phi_i + 1/2) / 5) interval with phi_i = 2 i mod 5, where there is ink at that time."""
    found = set()
    for i in range(n_outputs):
        for c in range(n_intervals):
            when = (c + ((2 * i) % 5 + 0.5) / 5) / n_intervals
            if ink[n_outputs - 1 - i, int(when * 5 * n_intervals)]:
                found.add((int(when * period_steps + 1e-9), i))
    return found


def as_set(trains):
    return set(zip(trains.step.tolist(), trains.neuron.tolist(), strict=True))


def test_outputs_spike_at_the_times_of_the_formula_where_there_is_ink():
    grid = DrawingGrid(n_outputs=13, period=1.0, interval=0.05)
    ink = np.random.default_rng(2).integers(0, 2, grid.shape).astype(float)
    assert as_set(grid.spikes(ink)) == spikes_by_formula(ink, 13, 20, 10_000)


def test_neighbours_take_turns():
    steps = DrawingGrid(n_outputs=5, period=0.05, interval=0.05).spikes(np.ones((5, 5)))
    assert sorted(steps.step.tolist()) == [50, 150, 250, 350, 450]
    assert steps.step[np.argsort(steps.neuron)].tolist() == [50, 250, 450, 150, 350]


@pytest.mark.parametrize(("period", "interval"), [(3.5, 0.05), (1.0, 0.0301), (0.51, 5.1e-3), (0.123, 0.123)])
def test_full_ink_is_a_regular_train_that_no_refractory_period_forbids(period, interval):
    grid = DrawingGrid(n_outputs=9, period=period, interval=interval)
    trains, period_steps = grid.spikes(np.ones(grid.shape)), round(period * 1e4)
    assert (np.bincount(trains.neuron) == int(period / interval + 1e-9)).all()
    assert trains.count_short_intervals(int(interval * 1e4 + 1e-6), period_steps) == 0
    assert trains.step.max() < period_steps


@pytest.mark.parametrize("grey", np.arange(17) / 16)
def test_grey_has_its_share_of_spikes(grey):
    grid = DrawingGrid(n_outputs=16, period=0.8, interval=0.05)
    assert grid.spikes(np.full(grid.shape, grey)).n_spikes == grey * 16 * 16


def test_more_ink_keeps_the_spikes_of_less():
    grid = DrawingGrid(n_outputs=20)
    ink = np.random.default_rng(0).random(grid.shape)
    less, more = as_set(grid.spikes(ink * 0.7)), as_set(grid.spikes(ink))
    assert less < more


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n_outputs": 10_000}, "n_outputs is 10000; at most 1024 neurons are allowed, because"),
        ({"n_outputs": 0}, "n_outputs is 0; it must be a whole number of at least 1"),
        ({"period": -1.0}, "period is -1.0; it must be a finite number above 0"),
        ({"interval": np.nan}, "interval is nan; it must be a finite number"),
        ({"dt": 0.0}, "dt is 0.0; it must be"),
        ({"interval": 4.0}, r"interval is 4 s; it must be from 0.0001 s, one time step, to 3.5 s, the period"),
        ({"interval": 1e-5}, "interval is 1e-05 s; it must be from 0.0001 s"),
        ({"period": 60.0}, "period is 60 s, 1200 intervals of 0.05 s; at most 1000 are allowed, because"),
    ],
)
def test_numbers_out_of_range_are_refused(settings, message):
    with pytest.raises(ParameterError, match=message):
        DrawingGrid(**settings)
