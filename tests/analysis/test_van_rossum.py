"""Distances of spike trains: elephant, numerical integration, limits, the laws of a metric, and the engine's cost."""

from __future__ import annotations

import elephant.spike_train_dissimilarity as elephant
import neo
import numpy as np
import pytest
import quantities as pq
import torch

from snn_explorer.analysis import double_exponential_cost, van_rossum_distance
from snn_explorer.engine import ParameterError
from snn_explorer.superspike.exact_timing import ExactTiming
from snn_explorer.superspike.traces import TAU_DECAY, TAU_RISE, DoubleExponential
from snn_explorer.tasks import SpikeTrains, Task

DURATION = 4.0
A, B = np.array([0.01, 0.02, 0.05, 0.05, 0.11]), np.array([0.013, 0.02, 0.09])


@pytest.mark.filterwarnings("ignore:van_rossum_distance. very small negative:RuntimeWarning")  # identical trains
@pytest.mark.parametrize("tau", [1e-3, 10e-3, 0.3, 20.0])
def test_distance_equals_that_of_elephant(trains, tau: float) -> None:
    """Trains against themselves, each other and a jittered copy of which half the spikes still coincide."""
    rng = np.random.default_rng(4)
    chosen = [train for train in trains if train.size < 160][:12] + trains[60:180:12]
    jittered = [np.clip(t + rng.normal(0, 2e-3, t.size) * rng.integers(0, 2, t.size), 0, DURATION) for t in chosen]
    every = [*chosen, *jittered]
    expected = elephant.van_rossum_distance(
        [neo.SpikeTrain(np.sort(t), units="s", t_stop=DURATION * pq.s) for t in every], tau * pq.s
    )
    found = np.array([[van_rossum_distance(a, b, tau) for a in every] for b in every])
    np.testing.assert_allclose(found**2, expected**2, rtol=1e-9, atol=1e-8)
    assert np.diag(found).max() == 0


@pytest.mark.parametrize("shift", [1e-9, 1e-5, 3e-3, 0.2])
def test_a_shifted_spike_in_closed_form(shift: float) -> None:
    """2 (1 - exp(-shift / tau)), to all digits however small the shift."""
    expected = np.sqrt(-2 * np.expm1(-shift / 10e-3))
    assert van_rossum_distance([0.0], [shift], 10e-3) == pytest.approx(expected, rel=1e-12)


def test_distance_is_the_double_sum_over_pairs_of_spikes() -> None:
    time, sign = np.concatenate([A, B]), np.repeat([1, -1], [A.size, B.size])
    pairs = np.exp(-np.abs(time[:, None] - time) / 7e-3)
    assert van_rossum_distance(A, B, 7e-3) == pytest.approx(np.sqrt(sign @ pairs @ sign), rel=1e-12)


def test_empty_trains_and_one_spike_set_the_scale() -> None:
    assert van_rossum_distance([], [], 0.01) == double_exponential_cost([], []) == 0
    assert van_rossum_distance([0.3], [], 0.01) == van_rossum_distance([], [0.3], 0.01) == 1
    assert double_exponential_cost([0.3], []) == pytest.approx(1 / (4 * 15e-3), rel=1e-14)
    assert double_exponential_cost([], [0.3], 2e-3, 30e-3) == pytest.approx(1 / (4 * 32e-3), rel=1e-14)


def test_a_slow_filter_counts_spikes_and_a_fast_one_coincidences() -> None:
    assert van_rossum_distance(A, B, 1e6) == pytest.approx(2, rel=1e-6)
    assert van_rossum_distance(A, B, 1e-6) == pytest.approx(np.sqrt(2 + 2**2 + 2), rel=1e-12)


def test_the_distance_is_a_metric_and_knows_no_origin_of_time(trains) -> None:
    rng = np.random.default_rng(5)
    for _ in range(100):
        a, b, c = (trains[i] for i in rng.integers(0, len(trains), 3))
        ab, bc, ac = (van_rossum_distance(x, y, 0.02) for x, y in ((a, b), (b, c), (a, c)))
        assert ac <= ab + bc + 1e-12
        assert van_rossum_distance(b, a, 0.02) == pytest.approx(ab, rel=1e-12)
        assert van_rossum_distance(rng.permutation(a) - 7, b - 7, 0.02) == pytest.approx(ab, rel=1e-9)


def test_500_seconds_of_spikes_are_as_exact_as_their_pieces() -> None:
    """Pieces 100 time constants apart do not interact, so that squared distances add up."""
    start = np.arange(2500)[:, None] * 0.2 + 0.1
    whole = van_rossum_distance((A + start).ravel(), (B + start).ravel(), 1e-3)
    assert whole**2 == pytest.approx(2500 * van_rossum_distance(A, B, 1e-3) ** 2, rel=1e-9)
    cost = double_exponential_cost((A + start).ravel(), (B + start).ravel(), 0.5e-3, 1e-3)
    assert cost == pytest.approx(2500 * double_exponential_cost(A, B, 0.5e-3, 1e-3), rel=1e-9)


@pytest.mark.parametrize(("rise", "decay"), [(5e-3, 10e-3), (1e-3, 20e-3), (9.9e-3, 10e-3)])
def test_cost_equals_eq_2_1_integrated_numerically(rise: float, decay: float) -> None:
    step = 2e-6
    t = np.arange(0, 0.4, step)

    def filtered(train: np.ndarray) -> np.ndarray:
        since = np.maximum(t - train[:, None], 0)
        return ((np.exp(-since / decay) - np.exp(-since / rise)) / (decay - rise)).sum(axis=0)

    assert np.trapezoid(filtered(A[:1]), t) == pytest.approx(1, rel=1e-6)
    expected = 0.5 * np.trapezoid((filtered(A) - filtered(B)) ** 2, t)
    assert double_exponential_cost(A, B, rise, decay) == pytest.approx(expected, rel=1e-6)


def test_distance_equals_its_definition_integrated_numerically() -> None:
    step, tau = 2e-6, 8e-3
    t = np.arange(0, 0.3, step) + step / 2  # midpoints: the filtered trains jump at spikes

    def filtered(train: np.ndarray) -> np.ndarray:
        since = t - train[:, None]
        return np.where(since > 0, np.exp(-np.maximum(since, 0) / tau), 0).sum(axis=0)

    expected = 2 / tau * np.sum((filtered(A) - filtered(B)) ** 2) * step
    assert van_rossum_distance(A, B, tau) ** 2 == pytest.approx(expected, rel=1e-6)


def test_cost_of_a_small_shift_is_quadratic_and_of_a_large_one_that_of_two_spikes() -> None:
    """1/2 shift^2 int alpha'^2, and int alpha'^2 = 1 / (2 rise decay (rise + decay))."""
    for shift in (1e-6, 1e-5, 1e-4):
        expected = shift**2 / (4 * TAU_RISE * TAU_DECAY * (TAU_RISE + TAU_DECAY))
        # the cubic term makes a relative difference of 2/3 shift / (harmonic mean), rounding one of 1e-16 / shift^2
        assert double_exponential_cost([0.0], [shift]) == pytest.approx(expected, rel=0.2 * shift / 1e-3 + 1e-5)
    assert double_exponential_cost([0.0], [1.0]) == pytest.approx(2 * double_exponential_cost([0.0], []), rel=1e-12)


def test_the_default_kernel_is_that_of_the_engine() -> None:
    assert double_exponential_cost(A, B) == double_exponential_cost(A, B, TAU_RISE, TAU_DECAY)


def engine_cost(dt: float) -> float:
    """Eq 2.1 for A and B as the engine computes it: unit-area error per step, squared and summed."""
    events = torch.zeros(round(0.5 / dt), dtype=torch.float64)
    for train, sign in ((A, 1), (B, -1)):
        step = torch.from_numpy(np.rint(train / dt).astype(np.int64))
        events.index_add_(0, step, torch.full((step.numel(),), sign, dtype=torch.float64))
    return float(DoubleExponential(dt).error(events).square().sum()) / dt / 2


def first_order(values: list[float], exact: float) -> bool:
    """Whether the error halves with each halving of the step, and has become small."""
    errors = np.array(values) / exact - 1
    return bool((np.abs(errors[:-1] / errors[1:] - 2) < 0.1).all() and abs(errors[-1]) < 0.01)


STEPS = [2e-4, 1e-4, 5e-5, 2.5e-5]


def test_the_engines_cost_of_one_spike_and_of_two_trains_comes_near_with_the_step() -> None:
    one = [DoubleExponential(dt).error_energy / dt / 2 for dt in STEPS]
    assert first_order(one, double_exponential_cost([0.1], []))
    assert first_order([engine_cost(dt) for dt in STEPS], double_exponential_cost(A, B))


def test_the_engines_silent_cost_comes_near_with_the_step() -> None:
    """In units of one isolated spike per second; the pattern's last trace has gone when the next one begins."""
    period = 0.5
    expected = double_exponential_cost(B, []) / double_exponential_cost([0.0], []) / period
    assert expected > 1.2 * B.size / period, "near spikes cost more than isolated ones"

    def cost(dt: float) -> float:
        inputs = SpikeTrains(np.array([0]), np.array([0]), 1)
        targets = SpikeTrains(np.rint(B / dt).astype(np.int64), np.zeros(B.size, dtype=np.int64), 1)
        task = Task("b", "train B", inputs, targets, round(period / dt), dt)
        return ExactTiming(task, 1).silent_cost(DoubleExponential(dt))

    assert first_order([cost(dt) for dt in STEPS], expected)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: van_rossum_distance([0.1], [], 0.0), "tau is 0.0; .*above 0"),
        (lambda: van_rossum_distance([0.1], [], -1.0), "tau is -1.0"),
        (lambda: van_rossum_distance([0.1], [], np.nan), "tau is nan"),
        (lambda: van_rossum_distance([0.1], [], np.inf), "tau is inf"),
        (lambda: van_rossum_distance([np.inf], [], 0.1), "time_a has a value of inf"),
        (lambda: van_rossum_distance([], [[0.1]], 0.1), "time_b has 2 axes"),
        (lambda: double_exponential_cost([], [np.nan]), "time_b has a value of nan"),
        (lambda: double_exponential_cost([], [], tau_rise=-1.0), "tau_rise is -1.0"),
        (lambda: double_exponential_cost([], [], 10e-3, 5e-3), "tau_rise is 0.01 s; it must be below tau_decay, 0.005"),
        (lambda: double_exponential_cost([], [], 5e-3, 5e-3), "must be below tau_decay"),
    ],
)
def test_what_cannot_be_used_is_refused(call, message) -> None:
    with pytest.raises(ParameterError, match=message):
        call()
