"""How soon answers are right, against the answers of the losses themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from snn_explorer.bats.learning_curves import KEPT
from snn_explorer.bats.losses import FirstSpikeLoss, SpikeCountLoss
from snn_explorer.bats.spikes import Spikes
from snn_explorer.kernels.bats.interface import Events
from snn_explorer.live.latency import N_TIMES, LatencyCurve, answers_until

DURATION = 0.2
LOSSES = {False: SpikeCountLoss(), True: FirstSpikeLoss(tau_loss=0.01, duration=DURATION)}
MOMENTS = LatencyCurve(DURATION).time


def spikes(*samples: list[tuple[float, int]], n: int = 4) -> Spikes:
    """Samples of spikes (time, neuron)."""
    width = max(1, *(len(sample) for sample in samples))
    time, neuron = torch.full((len(samples), width), math.inf), torch.zeros(len(samples), width, dtype=torch.int32)
    for i, sample in enumerate(samples):
        for k, (when, who) in enumerate(sorted(sample)):
            time[i, k], neuron[i, k] = when, who
    return Spikes.of(Events(time, neuron, torch.tensor([len(each) for each in samples], dtype=torch.int32)), n)


def scattered(seed: int) -> Spikes:
    """Spikes of four outputs, half of them exactly at moments of the curve, some at the same time."""
    rng, moments = np.random.default_rng(seed), MOMENTS.astype(np.float32)
    samples = []
    for n in rng.integers(0, 12, 30):
        times = np.where(rng.random(n) < 0.5, rng.choice(moments, n), rng.uniform(0, DURATION, n))
        samples.append(list(zip(times.tolist(), rng.integers(0, 4, n).tolist(), strict=True)))
    return spikes(*samples)


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_at_every_moment_the_answer_is_that_of_the_loss(first: bool, seed: int) -> None:
    outputs = scattered(seed)
    found = answers_until(outputs, MOMENTS, first=first)
    assert found.shape == (30, N_TIMES)
    for column, moment in zip(found.T, MOMENTS.astype(np.float32), strict=True):
        assert torch.equal(column, LOSSES[first].decode(outputs, until=float(moment)))
    assert torch.equal(found[:, -1], LOSSES[first].decode(outputs))


@pytest.mark.parametrize("first", [False, True])
def test_equals_go_to_the_lowest_output_and_silence_is_no_answer(first: bool) -> None:
    found = answers_until(spikes([(0.1, 3), (0.1, 1)], []), np.array([0.05, 0.1, 0.2]), first=first)
    assert found.tolist() == [[-1, 1, 1], [-1, -1, -1]]


def test_with_counts_the_answer_changes_hands_and_with_first_spikes_it_stays() -> None:
    outputs, times = spikes([(0.02, 2), (0.05, 0), (0.08, 0)]), np.array([0.01, 0.03, 0.06, 0.1])
    assert answers_until(outputs, times, first=False).tolist() == [[-1, 2, 0, 0]]
    assert answers_until(outputs, times, first=True).tolist() == [[-1, 2, 2, 2]]


def test_the_curve_begins_as_the_first_batch_and_forgets_old_ones_by_the_same_factor() -> None:
    curve, times = LatencyCurve(DURATION), MOMENTS.astype(np.float32)
    assert [len(each) for each in curve.arrays()] == [0, 0]
    batches = [spikes([(0.051, 0)], []), spikes([(0.101, 0)], [(0.151, 1)])]
    shares = [0.5 * (times > 0.051), 0.5 * (times > 0.101) + 0.5 * (times > 0.151)]
    labels, kept = torch.tensor([0, 1]), 1 - 1 / KEPT
    for batch, expected in zip(batches, (shares[0], (kept * shares[0] + shares[1]) / (kept + 1)), strict=True):
        curve.add(batch, labels, first=True)
        np.testing.assert_array_equal(curve.arrays()[0], times)
        np.testing.assert_allclose(curve.arrays()[1], expected, atol=1e-6)


def test_a_restored_curve_goes_on_to_the_same_values() -> None:
    curve, other = LatencyCurve(DURATION), LatencyCurve(DURATION)
    labels = torch.arange(30) % 4
    curve.add(scattered(1), labels, first=False)
    other.load_state_dict(curve.state_dict())
    for each in (curve, other):
        each.add(scattered(2), labels, first=False)
    np.testing.assert_array_equal(curve.arrays()[1], other.arrays()[1])
    assert 0 < curve.arrays()[1][-1] < 1
