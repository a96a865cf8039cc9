"""Metrics: closed forms on made-up curves."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr

from snn_explorer.experiments.metrics import METRICS, accuracy_curve, final_accuracy, metrics_of
from snn_explorer.experiments.panels.shares import wilson_interval


def made_up(cost: list[float], time: np.ndarray | None = None) -> xr.Dataset:
    """One condition whose networks have a constant cost; a network with no curve did not take part."""
    time = np.arange(1, 201) * 0.5 if time is None else time
    curves = np.repeat(np.array(cost)[None, :, None], time.size, axis=2)
    return xr.Dataset(
        {
            "cost": (("condition", "seed", "time"), curves),
            "hidden_rate": (("condition", "seed", "time"), np.broadcast_to(time, curves.shape)),
        },
        coords={"condition": ["only"], "seed": np.arange(len(cost)), "time": time},
        attrs={"silent_cost": 10.0},
    )


def test_cost_metrics() -> None:
    metrics = metrics_of(made_up([0.2, 0.7, 3.0, math.nan]), "only")
    assert metrics["networks"] == 3
    assert metrics["cost_mean"] == pytest.approx(1.3)
    assert metrics["cost_median"] == metrics["cost_median_40s"] == pytest.approx(0.7)
    assert metrics["cost_sd"] == pytest.approx(math.sqrt((1.1**2 + 0.6**2 + 1.7**2) / 3))
    assert metrics["solved"] == pytest.approx(1 / 3)
    assert metrics["cost_below_1"] == pytest.approx(2 / 3)
    assert metrics["hidden_rate_hz"] == pytest.approx(95)  # the mean of 90 to 100 s
    assert "exact" not in metrics
    assert "cost_median_100s" in metrics
    assert "cost_median_100s" not in metrics_of(made_up([1.0], np.arange(1, 100) * 0.5), "only")


def test_exact_counts_networks_without_a_wrong_spike() -> None:
    data = made_up([1.0, 1.0, 1.0, math.nan])
    data["after_wrong"] = (("condition", "seed"), [[0.0, 2.0, 0.0, math.nan]])
    assert metrics_of(data, "only")["exact"] == pytest.approx(2 / 3)


def test_accuracy_is_a_ratio_of_sums_over_the_last_tenth() -> None:
    """Chunks have different numbers of windows; the burn-in does not count as learning time."""
    time = np.arange(-19, 81) * 0.5  # 19 chunks of burn-in, then one at 0, then 80: the last eight count
    data = made_up([1.0, 1.0], time)
    windows = np.tile([2.0, 6.0], 50)[None, None].repeat(2, axis=1)
    right = np.zeros_like(windows)
    right[0, 0, -8:] = np.tile([2.0, 3.0], 4)
    right[0, 1, -9:] = windows[0, 1, -9:]
    for name, values in (("windows", windows), ("answered", right), ("answered_per_unit", right / 2)):
        data[name] = (("condition", "seed", "time"), values)
    np.testing.assert_allclose(final_accuracy(data), [[5 / 8, 1]])
    metrics = metrics_of(data, "only")
    assert metrics["accuracy"] == pytest.approx(13 / 16)
    assert metrics["accuracy_sd"] == pytest.approx(3 / 16)
    assert metrics["accuracy_per_unit"] == pytest.approx(13 / 32)
    assert metrics["share_above_95"] == 0.5
    assert "solved" not in metrics
    curve = accuracy_curve(data, "only", tau=2.0)
    assert float(curve[0, -1]) == pytest.approx(5 / 8)
    assert float(curve[0, 0]) == 0


def test_every_metric_is_documented() -> None:
    data = made_up([1.0])
    data["after_wrong"] = (("condition", "seed"), [[0.0]])
    undocumented = set(metrics_of(data, "only")) - set(METRICS)
    assert undocumented == {"cost_median_40s", "cost_median_100s"}


@pytest.mark.parametrize("n", [1, 20, 1000])
def test_wilson_interval(n: int) -> None:
    """Closed forms at no and at all successes; at a half, symmetric; it covers the share."""
    z = 1.96
    assert wilson_interval(0, n) == pytest.approx((0, z**2 / (n + z**2)))
    assert wilson_interval(n, n) == pytest.approx((n / (n + z**2), 1))
    low, high = wilson_interval(n // 2, n - n % 2 + 2 * (n % 2))
    assert low < 0.5
    low, high = wilson_interval(n, 2 * n)
    assert low + high == pytest.approx(1)
    assert high - low == pytest.approx(z * math.sqrt(1 / (2 * n + z**2)))
