"""Eq A.4 against the cumulants of shot noise, against simulated Poisson trains, and against the engine's own trace."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from snn_explorer.analysis import poisson_fourth_moment
from snn_explorer.engine import ParameterError
from snn_explorer.kernels.superspike import BACKENDS
from snn_explorer.kernels.superspike.events import Events
from snn_explorer.kernels.superspike.interface import Layer, LayerConstants, LayerSize, Variant
from snn_explorer.superspike.regulariser import TAU_HET
from tests.kernels.backends import HostLayer, is_interpreted


def integral_of_fourth_power(time: np.ndarray, stop: float, tau: float) -> float:
    """int_0^stop z^4 for one train, exactly: from spike to spike z only decays."""
    z = total = 0.0
    for gap in np.diff(time, append=stop).tolist():
        z += 1
        total += z**4 * tau / 4 * -np.expm1(-4 * gap / tau)
        z *= np.exp(-gap / tau)
    return total


def test_eq_a4_is_the_fourth_moment_made_of_the_cumulants() -> None:
    """Moments of any variable from its cumulants: m_n = sum_k C(n-1, k-1) kappa_k m_(n-k)."""
    rate = np.geomspace(0.01, 300, 25)
    kappa = [rate * TAU_HET / n for n in range(1, 5)]
    moment = [np.ones_like(rate)]
    for n, weights in enumerate(([1], [1, 1], [1, 2, 1], [1, 3, 3, 1]), start=1):
        moment.append(np.sum([w * kappa[k] * moment[n - 1 - k] for k, w in enumerate(weights)], axis=0))
    np.testing.assert_allclose(poisson_fourth_moment(rate, TAU_HET), moment[4], rtol=1e-13)


def test_cumulants_are_those_of_the_kernel() -> None:
    """At low rates spikes are alone, and <z^4> = nu int exp(-4 s / tau) ds; at high rates z stays at nu tau."""
    s = np.linspace(0, 2, 200_001)
    alone = np.trapezoid(np.exp(-4 * s / 0.1), s)
    assert poisson_fourth_moment(1e-7, 0.1) == pytest.approx(1e-7 * alone, rel=1e-6)
    assert poisson_fourth_moment(1e8, 0.1) == pytest.approx(1e7**4, rel=1e-5)


@pytest.mark.parametrize(("rate", "tau"), [(2.0, 0.1), (10.0, 0.1), (40.0, 0.1), (90.0, 0.1), (15.0, 0.02)])
def test_simulated_poisson_trains_have_the_moment_of_eq_a4(rate: float, tau: float) -> None:
    """Independent trains of 60 tau after 15 tau in which z settles; the tolerance is their standard error."""
    rng = np.random.default_rng(round(rate))
    warm_up, stop = 15 * tau, 75 * tau
    means = []
    for _ in range(1500):
        time = np.sort(rng.uniform(0, stop, rng.poisson(rate * stop)))
        whole = integral_of_fourth_power(time, stop, tau)
        before = integral_of_fourth_power(time[time < warm_up], warm_up, tau)
        means.append((whole - before) / (stop - warm_up))
    standard_error = np.std(means) / np.sqrt(len(means))
    expected = poisson_fourth_moment(rate, tau)
    assert standard_error < 0.05 * expected
    assert abs(np.mean(means) - expected) < 4 * standard_error


def relay(backend: str, n_networks: int, n_steps: int, dt: float) -> Layer:
    """Networks of one neuron that spikes one step after each input spike, if they are at least two steps apart."""
    constants = LayerConstants(
        leak=1.0, current_decay=0.0, rest=0.0, threshold=0.5, refractory_steps=1, axonal_delay=0, error_delay=0,
        rise_decay=0.9, rise_gain=0.1, decay_gain=0.1, rate_decay=float(np.exp(-dt / TAU_HET)),
    )  # fmt: skip
    return HostLayer(backend, LayerSize(n_networks, 1, 1, n_steps), constants, torch.float64)


def mean_fourth_power(layer: Layer, steps: list[np.ndarray]) -> tuple[float, int]:
    """Mean of zeta^4 over the steps of a chunk and over networks, and the number of spikes it is made of."""
    step = torch.from_numpy(np.concatenate(steps))
    network = torch.repeat_interleave(torch.tensor([s.size for s in steps]))
    n = layer.size.n_networks
    made = layer.integrate(Events.of(step, network, torch.zeros_like(step)), torch.ones(n, 1, 1, dtype=torch.float64))
    nothing, one = Events.empty(), torch.ones(1, 1, 1, dtype=torch.float64)
    activity = layer.learn(nothing, one, torch.ones(n, dtype=torch.float64), Variant(exponent=4)).activity
    assert activity is not None
    return float(activity.mean()) / layer.size.n_steps, len(made)


@pytest.mark.parametrize("backend", [name for name in BACKENDS if not is_interpreted(name)])
def test_the_engines_rate_trace_comes_near_with_the_step(backend: str) -> None:
    """The same Poisson trains, on a grid of 4 ms, seen by the engine in smaller and smaller steps."""
    rng = np.random.default_rng(8)
    rate, stop, coarse = 20.0, 2.0, 4e-3
    n_places = round(stop / coarse)
    places = [np.flatnonzero(rng.random(n_places - 1) < rate * coarse) for _ in range(40)]
    exact = np.mean([integral_of_fourth_power(place * coarse, stop, TAU_HET) / stop for place in places])
    errors = []
    for finer in (2, 4, 8):
        layer = relay(backend, len(places), finer * n_places, coarse / finer)
        found, n_spikes = mean_fourth_power(layer, [finer * place for place in places])
        assert n_spikes == sum(place.size for place in places)
        errors.append(found / exact - 1)
    assert abs(errors[-1]) < 0.02
    np.testing.assert_allclose(np.divide(errors[:-1], errors[1:]), 2, atol=0.1)


@pytest.mark.parametrize("rate", [5.0, 15.0])
def test_the_engine_regularises_poisson_firing_by_eq_a4(rate: float) -> None:
    """The second of two chunks of 20 s, within 4 standard errors and terms of first order in the step."""
    rng = np.random.default_rng(9)
    dt, n_steps, n_networks = 2.5e-4, 80_000, 160
    layer = relay("numba", n_networks, n_steps, dt)

    def drawn() -> list[np.ndarray]:
        return [np.unique(rng.integers(0, n_steps, rng.poisson(rate * n_steps * dt))) for _ in range(n_networks)]

    mean_fourth_power(layer, drawn())
    steps = drawn()
    found, _ = mean_fourth_power(layer, steps)
    exact = [integral_of_fourth_power(step * dt, n_steps * dt, TAU_HET) / (n_steps * dt) for step in steps]
    standard_error = np.std(exact) / np.sqrt(n_networks)
    expected = float(poisson_fourth_moment(rate, TAU_HET))
    assert standard_error < 0.03 * expected
    assert abs(found - expected) < 4 * standard_error + 8 * dt / TAU_HET * expected


def test_an_array_of_rates_gives_an_array_of_its_shape() -> None:
    rate = np.array([[0.0, 10.0], [20.0, 30.0]])
    found = np.asarray(poisson_fourth_moment(rate, 0.1))
    assert found.shape == (2, 2)
    assert found[0].tolist() == [0, float(poisson_fourth_moment(10, 0.1))]
    assert poisson_fourth_moment(10, 0.1) == pytest.approx((3 + 25 + 36 + 12) / 12)


@pytest.mark.parametrize(
    ("rate", "tau", "message"),
    [
        (-1.0, 0.1, "rate_hz has a value of -1; .*at least 0"),
        ([1.0, np.nan], 0.1, "rate_hz has a value of nan"),
        (np.inf, 0.1, "rate_hz has a value of inf"),
        (1.0, 0.0, "tau is 0.0; .*above 0"),
        (1.0, np.inf, "tau is inf"),
        (1.0, "x", "tau is 'x'"),
    ],
)
def test_what_cannot_be_used_is_refused(rate, tau, message) -> None:
    with pytest.raises(ParameterError, match=message):
        poisson_fourth_moment(rate, tau)
