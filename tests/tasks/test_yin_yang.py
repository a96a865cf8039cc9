"""Yin-Yang: its geometry by other formulas than those of the generator, and its times."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from snn_explorer.engine import ParameterError
from snn_explorer.tasks import YinYangTiming, yin_yang, yin_yang_class

YIN, YANG, DOT, OUTSIDE = 0, 1, 2, -1
TIMING = YinYangTiming()


@pytest.fixture(scope="module")
def grid() -> np.ndarray:
    ticks = (np.arange(1000) + 0.5) / 1000
    return np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)


def spread_evenly(share: np.ndarray) -> bool:
    """Whether numbers from 0 to 1 pass Kolmogorov's test for being evenly spread, at a level of 0.001."""
    expected, steps = np.sort(share), np.arange(len(share) + 1) / len(share)
    distance = max(np.max(steps[1:] - expected), np.max(expected - steps[:-1]))
    return bool(distance * np.sqrt(len(share)) < 1.95)


def border(x: np.ndarray) -> np.ndarray:
    """Height of the S-shaped border: half a circle downwards on the left, half a circle upwards on the right."""
    centre = np.where(x < 0.5, 0.25, 0.75)
    return 0.5 + np.sign(x - 0.5) * np.sqrt(np.maximum(0.25**2 - (x - centre) ** 2, 0))


def test_yang_is_above_the_border_and_yin_below(grid):
    label = yin_yang_class(grid)
    inside = np.isin(label, (YIN, YANG))
    x, y = grid[inside].T
    assert np.array_equal(label[inside], np.where(y > border(x), YANG, YIN))


def test_the_areas_are_those_of_discs(grid):
    label = yin_yang_class(grid)
    dots = 2 * np.pi * 0.1**2
    half = np.pi * 0.5**2 / 2 - dots / 2
    areas = [np.mean(label == one) for one in (YIN, YANG, DOT, OUTSIDE)]
    assert areas == pytest.approx([half, half, dots, 1 - np.pi / 4], abs=3e-4)


def test_half_a_turn_swaps_yin_and_yang_and_keeps_the_dots(grid):
    swapped = np.select([yin_yang_class(grid) == one for one in (YIN, YANG)], [YANG, YIN], yin_yang_class(grid))
    assert np.array_equal(yin_yang_class(1 - grid), swapped)


@pytest.mark.parametrize(
    ("point", "label"),
    [((0.25, 0.5), DOT), ((0.75, 0.5), DOT), ((0.25, 0.35), YANG), ((0.75, 0.65), YIN), ((0.5, 0.9), YANG),
     ((0.5, 0.1), YIN), ((0.02, 0.02), OUTSIDE)],
)  # fmt: skip
def test_points_that_a_drawing_shows(point, label):
    assert yin_yang_class(np.array([point])).tolist() == [label]


def test_the_classes_are_balanced_and_shuffled():
    samples = yin_yang()
    assert torch.bincount(samples.train.labels).tolist() == [1667, 1667, 1666]
    assert torch.bincount(samples.test.labels).tolist() == [334, 333, 333]
    same = (samples.train.labels.diff() == 0).double().mean()
    assert same == pytest.approx(1 / 3, abs=0.03)


def test_each_sample_lies_in_the_class_of_its_label():
    for split in (yin_yang().train, yin_yang().test):
        assert np.array_equal(yin_yang_class(TIMING.points(split.inputs)), split.labels.numpy())


def test_points_are_spread_evenly_over_the_dots_and_the_disc():
    points = TIMING.points(yin_yang(n_train=6000).train.inputs)
    labels = yin_yang_class(points)
    dots = points[labels == DOT]
    centre = np.where(dots[:, :1] < 0.5, 0.25, 0.75) * [1, 0] + [0, 0.5]
    # in a disc of radius r, evenly filled, the share within a distance d is (d / r)^2
    assert spread_evenly(((dots - centre) ** 2).sum(1) / 0.1**2)
    assert abs(np.mean(dots[:, 0] < 0.5) - 0.5) < 3.3 * 0.5 / np.sqrt(len(dots))
    upper = points[(labels == YANG) & (points[:, 1] > 0.76)]
    # above the small circles, yang is a segment of the disc: at the height y as wide as 2 sqrt(1/4 - (y - 1/2)^2)
    height = np.linspace(0.76, 1, 2001)
    area = np.cumsum(np.sqrt(np.maximum(0.25 - (height - 0.5) ** 2, 0)))
    assert spread_evenly(np.interp(upper[:, 1], height, area / area[-1]))


def test_times_are_those_of_the_values_their_mirror_images_and_the_bias():
    timing = YinYangTiming(tau_s=0.1, early=0.5, late=2.5, bias=0.75)
    times = timing.times(np.array([[0.0, 1.0], [0.25, 0.5]]))
    assert times.tolist() == [pytest.approx(row) for row in ([0.05, 0.25, 0.25, 0.05, 0.075],
                                                             [0.1, 0.15, 0.2, 0.15, 0.075])]  # fmt: skip
    assert timing.points(times) == pytest.approx(np.array([[0.0, 1.0], [0.25, 0.5]]), abs=1e-6)


def test_another_time_constant_stretches_the_times():
    short, long = yin_yang(YinYangTiming(tau_s=0.05)).train, yin_yang(YinYangTiming(tau_s=0.2)).train
    assert torch.allclose(long.inputs, 4 * short.inputs)
    assert torch.equal(long.labels, short.labels)


def test_a_seed_gives_its_points_again_and_the_two_parts_share_none():
    first, again, other = (yin_yang(n_train=1000, n_test=1000, seed=seed) for seed in (3, 3, 4))
    assert torch.equal(first.train.inputs, again.train.inputs)
    pairs = ((first.train, first.test), (first.train, other.train), (first.test, other.test), (first.train, other.test))
    for one, two in pairs:
        assert not set(map(tuple, one.inputs.tolist())) & set(map(tuple, two.inputs.tolist()))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"tau_s": 0.0}, "tau_s is 0"),
        ({"early": -0.1}, r"early is -0\.1; it must be a finite number of at least 0"),
        ({"bias": float("nan")}, "bias is nan"),
        ({"late": float("inf")}, "late is inf"),
        ({"early": 2.0}, r"late is 2\.0; it must be above early, 2\.0"),
    ],
)
def test_impossible_times_are_refused(changed, message):
    with pytest.raises(ParameterError, match=message):
        YinYangTiming(**changed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"n_train": 0}, "n_train is 0"), ({"n_test": 0}, "n_test is 0"), ({"seed": -1}, "seed is -1")],
)
def test_impossible_sizes_are_refused(changed, message):
    with pytest.raises(ParameterError, match=message):
        yin_yang(**changed)
