"""What one layer must do, whichever backend: closed forms, a fine simulation of the membrane, and its edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from snn_explorer.engine import ParameterError
from snn_explorer.kernels.bats import BACKENDS, load_backend
from snn_explorer.kernels.bats.interface import SLOPE_FLOOR, Events, Fired, LayerConstants
from tests.kernels import bats_cases
from tests.kernels.bats_cases import learn, times_by_neuron

every_backend = pytest.mark.parametrize("backend", BACKENDS)

GRAZE = LayerConstants(tau_s=0.25, theta=1.0, n_max=10)
"""c is 2, so a single weight of 8 has its peak, b^2 / (4g) = w / 4, exactly at threshold."""


def one_sample(times: list[float], neurons: list[int] | None = None) -> Events:
    ids = [0] * len(times) if neurons is None else neurons
    return Events(
        torch.tensor([times], dtype=torch.float64), torch.tensor([ids], dtype=torch.int32),
        torch.tensor([len(times)], dtype=torch.int32),
    )  # fmt: skip


def fire(backend: str, events: Events, weights: list[list[float]], constants: LayerConstants) -> Fired:
    return bats_cases.fire(backend, events, torch.tensor(weights, dtype=torch.float64), constants)


@every_backend
def test_a_peak_at_threshold_fires_once_and_a_peak_below_does_not(backend: str) -> None:
    """One input at 0.1 s: u / tau = w (D - D^2) peaks at D = 1/2, that is tau ln 2 later, and is w / 4 there."""
    fired = fire(backend, one_sample([0.1]), [[8.0, 8.0 * (1 - 1e-12), -8.0, 0.0]], GRAZE)
    assert fired.per_neuron.tolist() == [[1, 0, 0, 0]]
    assert fired.events.time.tolist() == [[pytest.approx(0.1 + 0.5 * math.log(2), abs=1e-15)]]
    assert fired.events.neuron.tolist() == [[0]]


@every_backend
@pytest.mark.parametrize(("weight", "n_spikes"), [(9.0, 1), (40.0, 8), (700.0, 172)])
def test_the_reset_leaves_the_current(backend: str, weight: float, n_spikes: int) -> None:
    """A spike at D takes u to 0 and leaves the current w D^2: the next spike is that of one input of this weight."""
    expected, time, current = [], 0.02, weight
    while current >= 4 * GRAZE.c:
        decay = (1 + math.sqrt(1 - 4 * GRAZE.c / current)) / 2
        time -= GRAZE.tau * math.log(decay)
        current *= decay**2
        expected.append(time)
    fired = fire(backend, one_sample([0.02]), [[weight]], LayerConstants(0.25, 1.0, n_max=1000))
    np.testing.assert_allclose(fired.events.time[0], expected, rtol=0, atol=1e-13)
    assert len(expected) == n_spikes


@every_backend
@pytest.mark.parametrize("n_max", [1, 3, 19, 20])
def test_a_neuron_gives_its_first_n_max_spikes_and_no_more(backend: str, n_max: int) -> None:
    every = fire(backend, one_sample([0.02, 0.3]), [[700.0, 9.0]], LayerConstants(0.25, 1.0, n_max=1000))
    some = fire(backend, one_sample([0.02, 0.3]), [[700.0, 9.0]], LayerConstants(0.25, 1.0, n_max))
    expected = times_by_neuron(every, 1000)[:, :, :n_max]
    assert torch.equal(times_by_neuron(some, n_max), expected)
    assert torch.equal(some.per_neuron, every.per_neuron.clamp_max(n_max))


@every_backend
def test_each_spike_of_the_output_moves_as_the_formula_of_a_single_input_says(backend: str) -> None:
    """One input at t: dt_1/dt = 1, and dt_1/dw is that of t + tau ln(2w / (w + sqrt(w^2 - 4wc)))."""
    constants, w = LayerConstants(0.25, 1.0, n_max=1), 12.0
    events, weight = one_sample([0.1]), torch.tensor([[w]], dtype=torch.float64)
    fired = bats_cases.fire(backend, events, weight, constants)
    error = torch.ones(1, 1, dtype=torch.float64)
    found = learn(backend, fired, events, weight, error)
    assert found.time is not None
    root = math.sqrt(w**2 - 4 * w * constants.c)
    slope = constants.tau * (1 / w - (1 + (w - 2 * constants.c) / root) / (w + root))
    assert float(found.time) == pytest.approx(1, rel=1e-13)
    assert float(found.weight) == pytest.approx(slope, rel=1e-13)


@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "closed_form"])
def test_a_peak_at_threshold_has_a_large_but_finite_gradient(backend: str) -> None:
    """At D = 1/2, dt/dw = -r / 4 with r = tau / (g - c), whose g - c is 0 and counts as SLOPE_FLOOR c."""
    events, weight = one_sample([0.1]), torch.tensor([[8.0]], dtype=torch.float64)
    fired = bats_cases.fire(backend, events, weight, GRAZE)
    error = torch.ones(1, 1, dtype=torch.float64)
    found = learn(backend, fired, events, weight, error, wants_time=False)
    assert float(found.weight) == pytest.approx(-GRAZE.tau / (4 * SLOPE_FLOOR * GRAZE.c), rel=1e-13)


@every_backend
def test_inputs_at_the_same_time_act_as_one_of_their_summed_weight(backend: str) -> None:
    together = fire(backend, one_sample([0.1, 0.1, 0.1], [0, 1, 2]), [[-80.0], [110.0], [10.0]], GRAZE)
    alone = fire(backend, one_sample([0.1]), [[40.0]], GRAZE)
    assert alone.events.count.tolist() == [8]
    np.testing.assert_allclose(together.events.time, alone.events.time, rtol=0, atol=1e-14)


@every_backend
@pytest.mark.parametrize(("later", "n_spikes"), [(-1e-9, 0), (1e-9, 1)])
def test_nothing_happens_after_the_duration(backend: str, later: float, n_spikes: int) -> None:
    """The first spike comes at tau ln(2w / (w + sqrt(w^2 - 4wc))); the layer ends just before or after it."""
    w = 12.0
    spike = GRAZE.tau * math.log(2 * w / (w + math.sqrt(w**2 - 4 * w * GRAZE.c)))
    constants = LayerConstants(GRAZE.tau_s, GRAZE.theta, 10, duration=spike + later)
    events, weight = one_sample([0.0, spike + 2e-9, 0.3]), torch.tensor([[w]], dtype=torch.float64)
    fired = bats_cases.fire(backend, events, weight, constants)
    assert fired.events.count.tolist() == [n_spikes]
    assert fired.events.time.tolist() == [[pytest.approx(spike, abs=1e-15)] * n_spikes]
    error = torch.ones_like(fired.events.time)
    found = learn(backend, fired, events, weight, error)
    assert found.time is not None
    assert found.time.tolist() == [[pytest.approx(n_spikes), 0, 0]]


@every_backend
def test_no_input_no_spike_and_no_gradient(backend: str) -> None:
    empty = Events(torch.empty(3, 0), torch.empty(3, 0, dtype=torch.int32), torch.zeros(3, dtype=torch.int32))
    weight = torch.ones(4, 5)
    fired = bats_cases.fire(backend, empty, weight, GRAZE)
    assert fired.events.time.shape == (3, 0)
    assert fired.per_neuron.tolist() == [[0] * 5] * 3
    found = learn(backend, fired, empty, weight, torch.empty(3, 0))
    assert torch.equal(found.weight, torch.zeros(4, 5))
    assert found.time is not None
    assert found.time.shape == (3, 0)


def simulated(times: np.ndarray, neurons: np.ndarray, weights: np.ndarray, constants: LayerConstants) -> list:
    """Spike times of each neuron by steps of 1 us of dI/dt = -I / tau_s, du/dt = -u / tau + I (1).

    Each step is exact; inside a step, the membrane reaches the threshold on a straight line.
    """
    step, (tau_s, tau) = 1e-6, (constants.tau_s, 2 * constants.tau_s)
    keep_current, keep = math.exp(-step / tau_s), math.exp(-step / tau)
    gain = tau * (keep - keep_current)
    current, u = np.zeros(weights.shape[1]), np.zeros(weights.shape[1])
    arrivals = {n: neurons[times == n] for n in np.unique(times)}
    spikes = [[] for _ in u]
    for n in range(round(constants.duration / step)):
        for i in arrivals.get(n, ()):
            current += weights[i]
        before, u, current = u, keep * u + gain * current, keep_current * current
        for j in np.nonzero(u >= constants.theta)[0]:
            share = (constants.theta - before[j]) / (u[j] - before[j])
            spikes[j].append((n + share) * step)
            u[j] -= constants.theta * keep ** (1 - share)
    return spikes


@every_backend
def test_spike_times_equal_those_of_a_simulation_with_steps_of_a_microsecond(backend: str) -> None:
    """40 random inputs in 80 ms, on 8 neurons, of which the liveliest spikes dozens of times."""
    rng = np.random.default_rng(4)
    constants = LayerConstants(tau_s=8e-3, theta=0.3, n_max=1000, duration=0.1)
    times, neurons = np.sort(rng.integers(0, 80_000, 40)), rng.integers(0, 6, 40)
    weights = constants.c * rng.normal(0.8, 1.5, (6, 8))
    expected = simulated(times, neurons, weights, constants)
    fired = fire(backend, one_sample((times * 1e-6).tolist(), neurons.tolist()), weights.tolist(), constants)
    assert fired.per_neuron[0].tolist() == [len(one) for one in expected]
    assert 30 < fired.per_neuron.max() < 100
    for neuron, one in enumerate(expected):
        found = fired.events.time[0, fired.events.neuron[0] == neuron]
        np.testing.assert_allclose(found, one, rtol=0, atol=1e-7)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"tau_s": 0.0}, r"tau_s is 0\.0; it must be a finite number above 0"),
        ({"tau_s": math.nan}, "tau_s is nan; it must be a finite number above 0"),
        ({"theta": -1.0}, r"theta is -1\.0; it must be a finite number above 0"),
        ({"n_max": 0}, "n_max is 0; it must be a whole number of at least 1"),
        ({"n_max": 1.5}, r"n_max is 1\.5; it must be a whole number of at least 1"),
        ({"duration": 0.0}, r"duration is 0\.0; it must be above 0 \[s\], or infinite"),
        ({"duration": math.nan}, r"duration is nan; it must be above 0 \[s\], or infinite"),
    ],
)
def test_constants_that_cannot_be_used_are_named(changed: dict, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        LayerConstants(**{"tau_s": 0.1, "theta": 1.0, "n_max": 5, **changed})


def test_an_unknown_backend_is_named_with_those_that_there_are() -> None:
    with pytest.raises(ParameterError, match=r"The backend is 'cuda'; allowed are: auto, reference, closed_form, n"):
        load_backend("cuda")
