"""The two patterns of Fig 3: as many spikes, the same times, another order of the last two."""

from __future__ import annotations

import torch

from snn_explorer.tasks import spatio_temporal


def test_only_the_order_of_the_last_two_spikes_says_which_pattern_it_is():
    samples = spatio_temporal()
    inputs, labels = samples.train.batch(torch.arange(2))
    assert labels.tolist() == [0, 1]
    assert inputs[:, :2].tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert inputs[:, 2:].tolist() == [[1.0, 2.0], [2.0, 1.0]]
    assert torch.equal(inputs[0].sort().values, inputs[1].sort().values)


def test_the_patterns_are_tested_on_themselves():
    samples = spatio_temporal()
    assert torch.equal(samples.train.inputs, samples.test.inputs)
