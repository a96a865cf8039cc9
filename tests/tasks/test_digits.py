"""The digits of scikit-learn: complete, each once, and split so that each class is in both parts alike."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from snn_explorer.tasks import Samples, digits


@pytest.fixture(scope="module")
def samples() -> Samples:
    return digits()


def rows(inputs: torch.Tensor, labels: torch.Tensor) -> list[bytes]:
    whole = (inputs * 16).to(torch.uint8).numpy()
    return [bytes([*pixels, label]) for pixels, label in zip(whole, labels.tolist(), strict=True)]


def test_both_parts_together_are_the_published_set(samples):
    pixels, labels = load_digits(return_X_y=True)
    published = sorted(bytes([*row.astype(np.uint8), label]) for row, label in zip(pixels, labels, strict=True))
    parts = [rows(split.inputs, split.labels) for split in (samples.train, samples.test)]
    assert sorted(parts[0] + parts[1]) == published
    assert not set(parts[0]) & set(parts[1])


def test_a_fifth_of_each_class_is_the_test_set(samples):
    train, test = (torch.bincount(split.labels, minlength=10) for split in (samples.train, samples.test))
    assert (len(samples.train), len(samples.test)) == (1437, 360)
    assert ((test - 0.2 * (train + test)).abs() < 1).all()


def test_it_is_the_same_on_each_call(samples):
    again = digits()
    for one, other in ((samples.train, again.train), (samples.test, again.test)):
        assert torch.equal(one.inputs, other.inputs)
        assert torch.equal(one.labels, other.labels)


def test_the_samples_are_shuffled(samples):
    assert (samples.train.labels.diff() == 0).double().mean() == pytest.approx(0.1, abs=0.03)
