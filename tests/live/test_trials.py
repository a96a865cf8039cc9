"""Spike times over trials: each spike in its own trial, bounded, and the same whenever and however it is thinned."""

from __future__ import annotations

import numpy as np
import pytest

from snn_explorer.live.recent import Spikes
from snn_explorer.live.trials import TrialSpikes

CHUNK = 5000


def random_spikes(n_chunks, rate=0.002, seed=0):
    """Sorted steps at which neuron 7 spikes."""
    rng = np.random.default_rng(seed)
    return np.flatnonzero(rng.random(n_chunks * CHUNK) < rate)


def shown(trials):
    """What is kept, as a set of (first step of the trial, steps since then)."""
    since, onset, _ = trials.spikes()
    return set(zip(onset.tolist(), since.tolist(), strict=True))


def feed(trials, steps, n_chunks, period, start=0):
    """Chunk by chunk, as a run does."""
    for stop in range(start + CHUNK, start + (n_chunks + 1) * CHUNK, CHUNK):
        begun = np.array([onset for onset in range(0, stop, period) if onset >= stop - CHUNK], dtype=np.int64)
        inside = steps[(steps >= stop - CHUNK) & (steps < stop)]
        trials.add(begun, np.full(begun.size, 7), Spikes(inside, np.full(inside.size, 7)))


@pytest.mark.parametrize("period", [35000, 18900, 5000, 1700])
def test_each_spike_is_in_its_own_trial(period):
    """3.5 s are 7 chunks, 1.89 s are 3.78, and a short period has several trials in a chunk."""
    n_chunks = 40
    steps, trials = random_spikes(n_chunks), TrialSpikes(period, max_spikes=10**6)
    feed(trials, steps, n_chunks, period)
    assert trials.stride == 1
    assert trials.count == -(-n_chunks * CHUNK // period)
    assert shown(trials) == {(step - step % period, step % period) for step in steps.tolist()}


@pytest.mark.parametrize(("period", "n_chunks"), [(5000, 1000), (5000, 333), (18900, 700), (1700, 97)])
def test_a_long_run_keeps_every_so_manyth_trial_whole_and_the_newest(period, n_chunks):
    steps, trials = random_spikes(n_chunks), TrialSpikes(period, max_trials=50)
    feed(trials, steps, n_chunks, period)
    n_trials = -(-n_chunks * CHUNK // period)
    kept = {*range(0, n_trials, trials.stride), n_trials - 1}
    assert 25 <= len(kept) <= 50
    assert shown(trials) == {(s - s % period, s % period) for s in steps.tolist() if s // period in kept}


def test_many_spikes_in_few_trials_are_bounded_too():
    steps, trials = random_spikes(200, rate=0.1), TrialSpikes(35000, max_spikes=6000)
    feed(trials, steps, 200, 35000)
    assert trials.stride > 1
    assert len(shown(trials)) <= 6000
    assert {onset // 35000 for onset, _ in shown(trials)} == {*range(0, trials.count, trials.stride), trials.count - 1}


def test_spikes_before_the_first_trial_and_after_its_end_are_left_out():
    trials = TrialSpikes(600)
    feed(trials, random_spikes(20), 6, 18900, start=CHUNK)
    steps = random_spikes(20)
    wanted = steps[(steps >= 18900) & (steps < 7 * CHUNK) & (steps % 18900 < 600)]
    assert shown(trials) == {(step - step % 18900, step % 18900) for step in wanted.tolist()}


def test_nothing_begun_nothing_shown():
    trials = TrialSpikes(35000)
    trials.add(np.empty(0, np.int64), np.empty(0, np.int64), Spikes(np.array([3]), np.array([7])))
    assert shown(trials) == set()
    assert trials.count == 0


def test_what_should_spike_is_right_and_what_should_not_is_wrong():
    trials = TrialSpikes(600)
    onset, wanted = np.array([100, 1000]), np.array([0, 1])
    trials.add(onset, wanted, Spikes(np.array([110, 120, 1010, 1020]), np.array([0, 1, 0, 1])))
    since, first, right = trials.spikes()
    assert since.tolist() == [10, 20, 10, 20]
    assert first.tolist() == [100, 100, 1000, 1000]
    assert right.tolist() == [True, False, False, True]


@pytest.mark.parametrize("n_before", [0, 3, 80])
def test_restored_trials_go_on_as_if_nothing_had_happened(n_before):
    steps = random_spikes(200)
    trials, restored = TrialSpikes(18900, max_trials=10), TrialSpikes(18900, max_trials=10)
    feed(trials, steps, n_before, 18900)
    restored.load_state_dict(trials.state_dict())
    for each in (trials, restored):
        feed(each, steps, 100, 18900, start=n_before * CHUNK)
    assert shown(trials) == shown(restored)
    assert (trials.count, trials.stride) == (restored.count, restored.stride)


def test_a_saved_state_shares_nothing_with_the_trials():
    trials = TrialSpikes(18900)
    feed(trials, random_spikes(20), 10, 18900)
    state = trials.state_dict()
    state["spikes"][1] = -1
    assert min(since for _, since in shown(trials)) >= 0
