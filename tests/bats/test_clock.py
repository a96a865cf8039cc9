"""Layers on a clock: closed forms of one neuron, convergence to the event-based spikes, and what a grid cannot see."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from snn_explorer.bats import Spikes, spike_times
from snn_explorer.bats.clock import METHODS, differences, simulate_euler, simulate_exact_propagator
from snn_explorer.engine import ParameterError
from snn_explorer.kernels.bats import load_backend
from snn_explorer.kernels.bats.interface import Events, LayerConstants

CONSTANTS = LayerConstants(tau_s=0.01, theta=1.0, n_max=10, duration=0.05)


def at(*times: float) -> Spikes:
    """One sample of as many neurons, each with one spike."""
    return spike_times(torch.tensor([times], dtype=torch.float64))


def weights(*rows: float) -> torch.Tensor:
    """Weights of one postsynaptic neuron, in units of c."""
    return CONSTANTS.c * torch.tensor(rows, dtype=torch.float64)[:, None]


def by_events(spikes: Spikes, weight: torch.Tensor, constants: LayerConstants) -> Spikes:
    fired = load_backend("closed_form").forward(spikes.events, weight, constants)
    return Spikes(fired.events, weight.shape[1], fired.per_neuron, constants.n_max)


def first_crossing(w: float) -> float:
    """When v(t) = w (e^{-t/tau} - e^{-t/tau_s}) of an input at 0 reaches 1: the paper's (7), with w in units of c."""
    return CONSTANTS.tau * math.log(2 * w / (w + math.sqrt(w * w - 4 * w)))


@pytest.mark.parametrize("dt", [2.9e-3, 1e-3, 3.7e-4, 1e-5])
def test_the_exact_propagator_is_late_by_less_than_a_step(dt: float) -> None:
    crossing = first_crossing(6.0)
    found = simulate_exact_propagator(at(0.0), weights(6.0), replace(CONSTANTS, n_max=1), dt)
    np.testing.assert_allclose(found.time, [[math.ceil(crossing / dt) * dt]], rtol=1e-12)


@pytest.mark.parametrize("dt", [2.9e-3, 1e-3, 3.7e-4, 1e-5])
def test_euler_follows_its_own_recurrence(dt: float) -> None:
    """With s = dt / tau, g_n = w (1 - 2s)^n and so v_n = w ((1 - s)^n - (1 - 2s)^n)."""
    s, n = dt / CONSTANTS.tau, np.arange(int(CONSTANTS.duration / dt))
    v = 6.0 * ((1 - s) ** n - (1 - 2 * s) ** n)
    found = simulate_euler(at(0.0), weights(6.0), replace(CONSTANTS, n_max=1), dt)
    np.testing.assert_allclose(found.time, [[np.argmax(v >= 1) * dt]], rtol=1e-12)


def test_a_spike_takes_exactly_the_threshold_away() -> None:
    """v is followed by the closed form between grid points, and c is subtracted at each spike."""
    dt, w = 1e-3, 20.0
    kept, v, g, expected = math.exp(-dt / CONSTANTS.tau), 0.0, w, []
    for n in range(1, 51):
        v, g = (v + g) * kept - g * kept**2, g * kept**2
        if v >= 1 and len(expected) < CONSTANTS.n_max:
            expected.append(n * dt)
            v -= 1
    found = simulate_exact_propagator(at(0.0), weights(w), CONSTANTS, dt)
    assert len(expected) > 3
    np.testing.assert_allclose(found.time[0], expected, rtol=1e-12)


@pytest.mark.parametrize("simulate", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("late", [0.0, 0.3, 1.0])
def test_an_input_acts_from_the_next_grid_point_on(simulate, late: float) -> None:
    dt = 1e-3
    on_grid = simulate(at(0.004), weights(6.0), CONSTANTS, dt)
    before = simulate(at(0.004 - late * dt), weights(6.0), CONSTANTS, dt)
    assert on_grid.count[0] > 0
    np.testing.assert_allclose(on_grid.time - before.time, dt if late == 1.0 else 0.0, atol=1e-12)


@pytest.mark.parametrize("simulate", METHODS.values(), ids=METHODS)
def test_rounding_delays_no_spike_that_is_on_the_grid(simulate) -> None:
    """k dt / dt is not always k: the layer above must still get a spike of grid point k at k."""
    dt, k = 1e-5, np.arange(0, 4000, 7)
    spikes = spike_times(torch.from_numpy(k * dt)[:, None])
    found = simulate(spikes, weights(9.0), replace(CONSTANTS, n_max=1), dt)
    steps = np.rint(found.time[:, 0].numpy() / dt) - k
    assert (found.count == 1).all()
    assert (steps == steps[0]).all()


def test_a_peak_between_two_grid_points_is_missed() -> None:
    """v peaks at w / 4, a time tau ln 2 after the input; here it stays above c for less than a step."""
    dt, w = 0.4 * CONSTANTS.tau, 4.01
    assert simulate_exact_propagator(at(0.0), weights(w), CONSTANTS, dt).count.tolist() == [0]
    assert simulate_exact_propagator(at(0.0), weights(w), CONSTANTS, 1e-5).count.tolist() == [1]
    assert by_events(at(0.0), weights(w), CONSTANTS).count.tolist() == [1]


def random_layer(n_in: int = 40, n_out: int = 12) -> tuple[Spikes, torch.Tensor, Spikes]:
    """Two samples, weights at which most neurons spike several times, and the event-based spikes."""
    generator = torch.Generator().manual_seed(3)
    inputs = spike_times(0.03 * torch.rand(2, n_in, generator=generator, dtype=torch.float64))
    weight = CONSTANTS.c * (0.6 + 1.2 * torch.randn(n_in, n_out, generator=generator, dtype=torch.float64))
    exact = by_events(inputs, weight, CONSTANTS)
    assert int((exact.per_neuron > 2).sum()) > 10
    assert (exact.n_saturated > 0).any()
    return inputs, weight, exact


@pytest.mark.parametrize("simulate", METHODS.values(), ids=METHODS)
def test_the_error_falls_like_dt(simulate) -> None:
    """Ten times finer is ten times closer, with all counts right."""
    inputs, weight, exact = random_layer()
    found = [differences(simulate(inputs, weight, CONSTANTS, dt), exact) for dt in (1e-5, 1e-6)]
    assert [(each.miscounted, len(each.time)) for each in found] == [(0, int(exact.count.sum()))] * 2
    coarse, fine = (float(each.time.mean()) for each in found)
    assert coarse / fine == pytest.approx(10, rel=0.05)
    assert float(found[1].time.max()) < 2e-5


def test_two_layers_converge_too() -> None:
    inputs, weight, hidden = random_layer()
    above = CONSTANTS.c * torch.rand(12, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    exact = by_events(hidden, above, CONSTANTS)
    assert int(exact.count.sum()) > 20
    for simulate in METHODS.values():
        first = simulate(inputs, weight, CONSTANTS, 1e-6)
        found = differences(simulate(first, above, CONSTANTS, 1e-6), exact)
        assert found.miscounted == 0
        assert float(found.time.max()) < 2e-5


@pytest.mark.parametrize("simulate", METHODS.values(), ids=METHODS)
def test_a_spent_budget_ends_a_neurons_spikes(simulate) -> None:
    inputs, weight, _ = random_layer()
    few, many = (simulate(inputs, weight, replace(CONSTANTS, n_max=n), 1e-4) for n in (2, 100))
    assert torch.equal(few.per_neuron, many.per_neuron.clamp_max(2))
    assert int(many.per_neuron.max()) > 10
    for j in range(few.n_neurons):
        mine, all_of_it = (spikes.time[0][(spikes.neuron[0] == j) & ~spikes.time[0].isinf()] for spikes in (few, many))
        assert torch.equal(mine, all_of_it[:2])


@pytest.mark.parametrize("simulate", METHODS.values(), ids=METHODS)
def test_spikes_are_valid_events_inside_the_duration(simulate) -> None:
    inputs, weight, _ = random_layer()
    found = simulate(inputs, weight, CONSTANTS, 1e-3)
    again = Spikes.of(found.events, found.n_neurons)
    assert torch.equal(again.per_neuron, found.per_neuron)
    cut = simulate(inputs, weight, replace(CONSTANTS, duration=0.02), 1e-3)
    assert torch.equal(cut.time[~cut.time.isinf()], found.time[found.time < 0.0205])
    assert float(cut.time[~cut.time.isinf()].max()) == pytest.approx(0.02)


def test_differences_compare_neurons_with_equal_counts_spike_by_spike() -> None:
    def spikes(*pairs: tuple[float, int]) -> Spikes:
        time, neuron = (list(column) for column in zip(*pairs, strict=True))
        events = Events(
            torch.tensor([time], dtype=torch.float64),
            torch.tensor([neuron], dtype=torch.int32),
            torch.tensor([len(time)], dtype=torch.int32),
        )
        return Spikes.of(events, 4)

    one = spikes((0.1, 2), (0.2, 0), (0.3, 2), (0.4, 1))
    other = spikes((0.15, 0), (0.2, 2), (0.25, 1), (0.26, 1), (0.33, 2))
    found = differences(one, other)
    np.testing.assert_allclose(found.time, [0.05, 0.1, 0.03])
    assert (found.active, found.miscounted) == (3, 1)


@pytest.mark.parametrize("simulate", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dt": 0.0}, "dt is 0.0; it must be a finite number above 0"),
        ({"dt": math.nan}, "dt is nan"),
        ({"constants": replace(CONSTANTS, duration=math.inf)}, "duration is inf; on a clock"),
        ({"weight": weights(1.0).float()}, "weights torch.float32; on a clock both must be torch.float64"),
        ({"weight": weights(1.0).to("meta")}, "The weights are on the device 'meta'; clocks run on 'cpu' only"),
        ({"weight": weights(1.0, 1.0)}, r"shape \(2, 1\); it must be \(1, n_post\)"),
    ],
)
def test_what_cannot_be_simulated_is_refused(simulate, change, message: str) -> None:
    arguments = {"spikes": at(0.0), "weight": weights(1.0), "constants": CONSTANTS, "dt": 1e-3, **change}
    with pytest.raises(ParameterError, match=message):
        simulate(**arguments)


def test_euler_needs_steps_below_the_synaptic_time_constant() -> None:
    with pytest.raises(ParameterError, match=r"dt is 0.01; forward Euler needs one below tau_s, 0.01 \[s\]"):
        simulate_euler(at(0.0), weights(1.0), CONSTANTS, 0.01)
