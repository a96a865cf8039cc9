"""The spiking XOR's stimulus: what the paper says of it, counted."""

from __future__ import annotations

import numpy as np
import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.tasks import SpikingXor

TASK = SpikingXor()


def stimulus_spikes(task: SpikingXor, seed: int) -> list[tuple[int, set[tuple[int, int]]]]:
    """Pattern, and spikes (step after the onset, neuron) during each stimulus."""
    drawn = task.segment(seed, 0)
    found = []
    for onset, pattern in zip(drawn.onset.tolist(), drawn.pattern.tolist(), strict=True):
        inside = (drawn.step >= onset) & (drawn.step < onset + 100)
        found.append(
            (pattern, set(zip((drawn.step[inside] - onset).tolist(), drawn.neuron[inside].tolist(), strict=True)))
        )
    return found


def test_each_pattern_is_the_same_whenever_it_comes_and_a_union_of_its_sets() -> None:
    patterns: dict[int, set[tuple[int, int]]] = {}
    for pattern, spikes in stimulus_spikes(TASK, 1):
        assert patterns.setdefault(pattern, spikes) == spikes
    reference, bit_1, bit_2 = patterns[0], patterns[1] - patterns[0], patterns[2] - patterns[0]
    assert patterns[3] == reference | bit_1 | bit_2
    neurons = [{neuron for _, neuron in spikes} for spikes in (reference, bit_1, bit_2)]
    assert [len(group) for group in neurons] == [33, 33, 33]
    assert len(set.union(*neurons)) == 99
    assert all(0 <= step < 100 for spikes in patterns.values() for step, _ in spikes)


def test_labels_are_the_exclusive_or() -> None:
    assert TASK.label(np.arange(4, dtype=np.int32)).tolist() == [0, 1, 1, 0]


def test_order_intervals_and_noise_are_random_as_told() -> None:
    """Counts over ten minutes; limits are four standard errors."""
    drawn = [TASK.segment(3, index) for index in range(10)]
    pattern = np.concatenate([segment.pattern for segment in drawn])
    assert np.abs(np.bincount(pattern) / pattern.size - 0.25).max() < 4 * np.sqrt(0.25 * 0.75 / pattern.size)
    gap = np.concatenate([np.diff(segment.onset) - 100 for segment in drawn])
    assert gap.min() >= 500
    assert gap.max() <= 2000
    assert gap.mean() == pytest.approx(1250, abs=4 * 1500 / np.sqrt(12 * gap.size))
    n_noise = sum(segment.step.size - sum(len(s) for _, s in stimulus_spikes(TASK, 3)) for segment in drawn[:1])
    seconds = 60 - drawn[0].onset.size * 10e-3
    assert n_noise / 100 / seconds == pytest.approx(4, abs=4 * np.sqrt(4 / 100 / seconds))


def test_the_same_seed_gives_the_same_stimulus_and_no_window_crosses_a_segment() -> None:
    same, again, other = TASK.segment(5, 2), TASK.segment(5, 2), TASK.segment(6, 2)
    assert np.array_equal(same.step, again.step)
    assert np.array_equal(same.onset, again.onset)
    assert not np.array_equal(same.onset[:5], other.onset[:5])
    for segment in (same, other):
        assert segment.onset[-1] + TASK.window_steps <= TASK.segment_steps
        assert segment.step[-1] < TASK.segment_steps


def test_rate_of_windows() -> None:
    n = np.mean([TASK.segment(seed, 0).onset.size for seed in range(30)])
    assert n / 60 == pytest.approx(TASK.windows_per_second, rel=0.01)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"n_inputs": 2}, "n_inputs is 2"),
        ({"interval": (10e-3, 50e-3)}, r"interval is \(0.01, 0.05\).*from 0.015 s"),
        ({"interval": (0.2, 0.1)}, "the shorter first"),
        ({"background_hz": -1.0}, "background_hz is -1.0"),
        ({"stimulus": 0.0}, "stimulus is 0.0"),
    ],
)
def test_bad_values_are_named(values: dict, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        SpikingXor(**values)
