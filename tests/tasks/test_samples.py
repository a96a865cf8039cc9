"""Samples: what a batch gives, and what is said of samples that are not what they are said to be."""

from __future__ import annotations

import pytest
import torch

from snn_explorer.engine import ParameterError
from snn_explorer.tasks import Samples, Split

LABELS = torch.tensor([0, 1, 1])


def samples(inputs: torch.Tensor, labels: torch.Tensor = LABELS, kind: str = "pixels", **changed) -> Samples:
    good = Split(torch.zeros(3, 4), LABELS)
    values = {"name": "toy", "title": "", "n_in": 4, "n_classes": 2, "train": good, "test": Split(inputs, labels)}
    return Samples(**{**values, "kind": kind, **changed})


def test_a_batch_has_bytes_as_shares_of_255_in_the_order_asked_for():
    split = Split(torch.arange(256, dtype=torch.uint8)[:, None], torch.arange(256))
    inputs, labels = split.batch(torch.tensor([255, 0, 51, 51]))
    assert inputs.dtype == torch.float32
    assert inputs.tolist() == [[1.0], [0.0], [pytest.approx(0.2, abs=1e-7)], [pytest.approx(0.2, abs=1e-7)]]
    assert labels.tolist() == [255, 0, 51, 51]


def test_a_batch_has_floats_as_they_are_and_leaves_the_split_alone():
    split = Split(torch.tensor([[0.25, float("inf")], [3.0, 0.0]]), torch.tensor([1, 0]))
    inputs, labels = split.batch(torch.tensor([1, 0]))
    assert inputs.tolist() == [[3.0, 0.0], [0.25, float("inf")]]
    assert labels.tolist() == [0, 1]
    inputs.zero_()
    assert split.inputs.tolist() == [[0.25, float("inf")], [3.0, 0.0]]


def test_a_subset_of_a_subset_is_counted_from_its_own_start():
    split = Split(torch.arange(10, dtype=torch.uint8)[:, None], torch.arange(10))
    odd = split.subset(torch.arange(1, 10, 2))
    assert odd.subset(torch.tensor([4, 0])).labels.tolist() == [9, 1]
    assert len(split.subset(torch.arange(0))) == 0


@pytest.mark.parametrize(
    ("indices", "message"),
    [
        (torch.arange(0), "A batch has 0 samples; it must have at least 1"),
        (torch.tensor([0, 3]), "Sample numbers go from 0 to 3; allowed are 0 to 2"),
        (torch.tensor([-1]), "Sample numbers go from -1 to -1; allowed are 0 to 2"),
        (torch.tensor([True, False, True]), r"type torch\.bool; they must be one row of torch\.int64"),
        (torch.tensor([[0], [1]]), r"shape \(2, 1\)"),
    ],
)
def test_a_wrong_batch_is_refused(indices, message):
    with pytest.raises(ParameterError, match=message):
        Split(torch.zeros(3, 4), LABELS).batch(indices)


@pytest.mark.parametrize(
    ("inputs", "labels", "message"),
    [
        (torch.zeros(3), LABELS, r"inputs have the shape \(3,\)"),
        (torch.zeros(3, 4, dtype=torch.float64), LABELS, r"the type torch\.float64; they must be"),
        (torch.zeros(3, 4), LABELS[:2], r"labels have the shape \(2,\).*must be \(3,\)"),
        (torch.zeros(3, 4), LABELS.int(), r"labels .* type torch\.int32"),
    ],
)
def test_a_split_of_another_shape_or_type_is_refused(inputs, labels, message):
    with pytest.raises(ParameterError, match=message):
        Split(inputs, labels)


@pytest.mark.parametrize(
    ("label", "said"),
    [(2, "A test label of 'toy' is 2; allowed are 0 to 1"), (-1, "A test label of 'toy' is -1; allowed are 0 to 1")],
)
def test_a_label_out_of_range_is_refused(label, said):
    with pytest.raises(ParameterError, match=said):
        samples(torch.zeros(3, 4), torch.tensor([0, label, 1]))


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("pixels", 1.5, r"a pixel is 1\.5; it must be from 0 to 1"),
        ("pixels", -0.5, r"a pixel is -0\.5"),
        ("pixels", float("nan"), "a pixel is nan"),
        ("times", -0.25, r"a spike time is -0\.25 s; it must be at least 0"),
        ("times", float("nan"), "a spike time is nan s"),
    ],
)
def test_a_pixel_or_a_time_out_of_range_is_refused(kind, value, message):
    inputs = torch.zeros(3, 4)
    inputs[1, 2] = value
    with pytest.raises(ParameterError, match=message):
        samples(inputs, kind=kind)


def test_no_spike_is_a_time_but_no_pixel():
    inputs = torch.full((3, 4), float("inf"))
    assert torch.equal(samples(inputs, kind="times").test.inputs, inputs)
    with pytest.raises(ParameterError, match="a pixel is inf"):
        samples(inputs)


@pytest.mark.parametrize(
    ("inputs", "changed", "message"),
    [
        (torch.zeros(3, 5), {}, r"test inputs of 'toy' have the shape \(3, 5\); it must be \(samples, 4\)"),
        (torch.zeros(3, 4), {"kind": "sounds"}, "kind is 'sounds'; it must be 'pixels' or 'times'"),
        (torch.zeros(3, 4, dtype=torch.uint8), {"kind": "times"}, r"torch\.uint8; spike times must be torch\.float32"),
        (torch.zeros(3, 4), {"n_classes": 1}, "n_classes is 1; it must be a whole number of at least 2"),
        (torch.zeros(3, 4), {"n_in": 0}, "n_in is 0"),
        (torch.zeros(3, 4), {"image_shape": (3, 2)}, r"image_shape is \(3, 2\); it must have n_in = 4 pixels"),
        (torch.zeros(3, 4), {"class_names": ("a",)}, "There are 1 class names for 2 classes"),
    ],
)
def test_samples_that_contradict_themselves_are_refused(inputs, changed, message):
    with pytest.raises(ParameterError, match=message):
        samples(inputs, **changed)


def test_a_part_without_samples_is_refused():
    with pytest.raises(ParameterError, match=r"test inputs of 'toy' have the shape \(0, 4\).*at least one sample"):
        samples(torch.zeros(0, 4), LABELS[:0])
