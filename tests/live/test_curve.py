"""The learning curve: bounded, even, with the newest point, and the same for the same points."""

from __future__ import annotations

import numpy as np
import pytest

from snn_explorer.live.curve import Curve


def filled(n_points, max_points=20):
    curve = Curve(max_points)
    for i in range(n_points):
        curve.add(0.5 * i, float(i * i))
    return curve


def test_a_short_curve_is_kept_whole():
    time, value = filled(19).arrays()
    assert np.array_equal(time, 0.5 * np.arange(19, dtype=np.float32))
    assert np.array_equal(value, np.arange(19, dtype=np.float32) ** 2)
    assert time.dtype == value.dtype == np.float32


@pytest.mark.parametrize("n_points", [1, 2, 20, 21, 22, 39, 40, 41, 1000, 1023, 12345])
def test_a_long_curve_has_evenly_spaced_points_of_the_run_and_the_newest(n_points):
    time, value = filled(n_points).arrays()
    assert min(n_points, 10) <= len(time) <= 20
    assert time[0] == 0
    assert time[-1] == np.float32(0.5 * (n_points - 1))
    assert np.array_equal(value, ((time * 2) ** 2).astype(np.float32))
    between = np.diff(time[:-1])
    assert (between == between[:1]).all()
    assert (np.diff(time) > 0).all()


def test_memory_does_not_grow():
    curve = filled(5000)
    assert len(curve.state_dict()["kept"]) < 20


def test_an_empty_curve_has_no_points():
    time, value = Curve().arrays()
    assert time.shape == value.shape == (0,)


@pytest.mark.parametrize("n_points", [0, 7, 20, 333])
def test_a_restored_curve_goes_on_as_if_nothing_had_happened(n_points):
    curve, restored = filled(n_points), Curve(20)
    restored.load_state_dict(curve.state_dict(), end=0.5 * (n_points - 1))
    for i in range(n_points, n_points + 50):
        assert np.array_equal(curve.arrays(), restored.arrays())
        for each in (curve, restored):
            each.add(0.5 * i, 1.0 * i)
    assert np.array_equal(curve.arrays(), restored.arrays())


def test_arrays_share_nothing_with_the_curve():
    curve = filled(5)
    curve.arrays()[1][:] = -1
    assert curve.arrays()[1][2] == 4
