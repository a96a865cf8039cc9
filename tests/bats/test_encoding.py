"""Time to first spike (25) and direct spike times: the formula, the order, and what is refused."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
import torch

from snn_explorer.bats.encoded import EncodedSplit
from snn_explorer.bats.encoding import encode, spike_times, time_to_first_spike
from snn_explorer.bats.spikes import Spikes, check_events
from snn_explorer.engine import ParameterError
from snn_explorer.tasks.samples import Split


def times_of(spikes: Spikes, sample: int) -> dict[int, float]:
    """Spike time by neuron, for neurons with one spike."""
    n = int(spikes.count[sample])
    return dict(zip(spikes.neuron[sample, :n].tolist(), spikes.time[sample, :n].tolist(), strict=True))


def test_the_brighter_the_earlier_and_black_not_at_all() -> None:
    pixels = torch.tensor([[0.0, 1.0, 0.25, 0.5], [0.0, 0.0, 0.0, 0.75]], dtype=torch.float64)
    spikes = time_to_first_spike(pixels, duration=0.1)
    assert times_of(spikes, 0) == pytest.approx({1: 0.0, 3: 0.05, 2: 0.075})
    assert times_of(spikes, 1) == pytest.approx({3: 0.025})
    assert spikes.count.tolist() == [3, 1]
    assert spikes.time.shape == (2, 3)
    assert torch.isinf(spikes.time[1, 1:]).all()
    assert spikes.neuron[1, 1:].tolist() == [0, 0]
    assert spikes.per_neuron.tolist() == [[0, 1, 1, 1], [0, 0, 0, 1]]


def test_events_are_in_order_and_simultaneous_ones_by_neuron() -> None:
    pixels = torch.from_numpy(np.random.default_rng(0).integers(0, 5, (20, 40))).float() / 4
    spikes = time_to_first_spike(pixels, 0.1)
    check_events(spikes.events, 40)
    assert spikes.neuron.dtype == torch.int32
    for k in range(20):
        n = int(spikes.count[k])
        expected = sorted((round(0.1 * (1 - float(x)), 6), i) for i, x in enumerate(pixels[k]) if x > 0)
        assert spikes.neuron[k, :n].tolist() == [i for _, i in expected]
        assert spikes.time[k, :n].tolist() == pytest.approx([t for t, _ in expected])


def test_direct_times_are_sorted_and_infinite_ones_left_out() -> None:
    spikes = spike_times(torch.tensor([[3.0, math.inf, 0.0, 1.5]]))
    assert times_of(spikes, 0) == {2: 0.0, 3: 1.5, 0: 3.0}
    assert spikes.neuron[0].tolist() == [2, 3, 0]
    assert spikes.per_neuron.tolist() == [[1, 0, 1, 1]]


def test_all_black_gives_no_events() -> None:
    spikes = time_to_first_spike(torch.zeros(3, 5), 0.1)
    assert spikes.time.shape == (3, 0)
    assert spikes.count.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("pixels", "message"),
    [
        ([[0.0, math.nan]], "A pixel is nan; allowed are numbers from 0 to 1"),
        ([[-0.5]], "A pixel is -0.5; allowed are numbers from 0 to 1"),
        ([[1.5]], "A pixel is 1.5; allowed are numbers from 0 to 1"),
        ([0.5], "The pixels have the shape (1,)"),
        (torch.zeros(0, 4), "The pixels have the shape (0, 4)"),
        (torch.ones(1, 4, dtype=torch.uint8), "the type torch.uint8; they must be floating point"),
    ],
)
def test_bad_pixels_are_refused(pixels: object, message: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(message)):
        time_to_first_spike(torch.as_tensor(pixels), 0.1)


@pytest.mark.parametrize("duration", [0.0, -1.0, math.inf, math.nan])
def test_bad_encoding_times_are_refused(duration: float) -> None:
    with pytest.raises(ParameterError, match="duration is"):
        time_to_first_spike(torch.ones(1, 1), duration)


@pytest.mark.parametrize("time", [-1.0, math.nan])
def test_bad_spike_times_are_refused(time: float) -> None:
    with pytest.raises(ParameterError, match=f"A spike time is {time}; it must be at least 0"):
        spike_times(torch.tensor([[0.0, time]]))


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ParameterError, match="'sounds'; allowed are: pixels, times"):
        encode(torch.ones(1, 1), "sounds", 0.1)


def test_a_batch_of_an_encoded_split_is_the_encoding_of_its_samples() -> None:
    rng = np.random.default_rng(1)
    pixels = torch.from_numpy(rng.integers(0, 256, (2500, 9)) * (rng.random((2500, 9)) < 0.5)).to(torch.uint8)
    split = Split(pixels, torch.from_numpy(rng.integers(0, 3, 2500)))
    rows = torch.tensor([2400, 3, 1717, 0, 2499])
    spikes, labels = EncodedSplit(split, "pixels", 0.1).batch(rows)
    expected = time_to_first_spike(pixels[rows].float() / 255, 0.1)
    assert torch.equal(labels, split.labels[rows])
    assert torch.equal(spikes.time, expected.time)
    assert torch.equal(spikes.neuron, expected.neuron)
    assert torch.equal(spikes.count, expected.count)
    assert torch.equal(spikes.per_neuron, expected.per_neuron)
