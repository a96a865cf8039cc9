"""Membrane and postsynaptic potential against closed forms; refractory period, delay, scaling with the time step."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from snn_explorer.kernels.superspike import BACKENDS
from snn_explorer.kernels.superspike.events import EVERY_NETWORK, Events
from snn_explorer.kernels.superspike.interface import LayerSize
from snn_explorer.superspike.neuron import LIFNeuron
from snn_explorer.superspike.timing import layer_constants
from snn_explorer.superspike.traces import DoubleExponential
from tests.kernels.backends import HostLayer

NEURON = LIFNeuron()


def simulate(weight: float, spike_steps: list[int], n_steps: int, dt: float = 1e-4, backend: str = "numba"):
    """One neuron and one synapse in float64; returns the spikes' steps and the voltage in each step."""
    constants = layer_constants("output", "paper", "symmetric", NEURON, DoubleExponential(dt))
    layer = HostLayer(backend, LayerSize(1, 1, 1, n_steps), constants, torch.float64)
    step = torch.tensor(spike_steps, dtype=torch.int32)
    spikes = Events.of(step, EVERY_NETWORK, torch.zeros_like(step))
    made = layer.integrate(spikes, torch.full((1, 1, 1), weight, dtype=torch.float64))
    return made.step.numpy(), layer.voltage(0, [0])[0].numpy()


@pytest.mark.parametrize("backend", BACKENDS)
def test_postsynaptic_potential_is_the_discrete_double_exponential(backend: str) -> None:
    """Exactly the two recursions' closed form: w leak (a^n - b^n) / (a - b), n steps after the current's jump."""
    _, voltage = simulate(0.03, [0], 500, backend=backend)
    leak, decay = 1 - NEURON.leak(1e-4), NEURON.current_decay(1e-4)
    n = np.arange(500) - 8
    expected = np.where(n > 0, 0.03 * NEURON.leak(1e-4) * (leak**n - decay**n) / (leak - decay), 0)
    np.testing.assert_allclose(voltage - NEURON.rest, expected, atol=1e-15)


def test_weight_of_100_mv_moves_the_membrane_by_25_mv_after_7_ms() -> None:
    _, voltage = simulate(0.03, [0], 500)
    peak = int(voltage.argmax())
    assert (voltage[peak] - NEURON.rest) / 0.03 == pytest.approx(0.2533, abs=1e-4)
    assert (peak - 8) * 1e-4 == pytest.approx(6.9e-3, abs=0.1e-3)


def test_smaller_steps_approach_continuous_time_linearly() -> None:
    """Euler's error halves with the step: the order of the scheme."""
    errors = []
    for dt in (2e-4, 1e-4, 0.5e-4):
        _, voltage = simulate(0.03, [0], round(0.05 / dt), dt)
        first = round(NEURON.axonal_delay / dt)
        t = (np.arange(len(voltage)) - first) * dt
        exact = 0.03 * np.array([NEURON.postsynaptic_potential(s) if s > 0 else 0.0 for s in t])
        errors.append(np.abs(voltage - NEURON.rest - exact).max())
    assert errors[0] / errors[1] == pytest.approx(2, abs=0.1)
    assert errors[1] / errors[2] == pytest.approx(2, abs=0.1)


def test_potential_returns_to_rest_without_input_and_never_spikes() -> None:
    spikes, voltage = simulate(0.1, [], 300)
    assert len(spikes) == 0
    assert np.all(voltage == NEURON.rest)


@pytest.mark.parametrize("backend", BACKENDS)
def test_shortest_interval_is_51_steps_and_the_membrane_is_clamped_in_between(backend: str) -> None:
    spikes, voltage = simulate(5.0, list(range(1000)), 1000, backend=backend)
    assert len(spikes) > 10
    assert set(np.diff(spikes)) == {51}
    for step in spikes[:-1]:
        assert np.all(voltage[step : step + 51] == NEURON.rest)
    assert voltage.max() <= NEURON.threshold


def test_a_spike_moves_the_membrane_nine_steps_after_it_was_made() -> None:
    """It is delivered after exactly 8 steps and enters the membrane with the next."""
    _, voltage = simulate(0.02, [100], 200)
    assert np.flatnonzero(voltage != NEURON.rest)[0] == 109


def test_kernel_constants_scale_with_the_time_step() -> None:
    fine, coarse = DoubleExponential(0.5e-4), DoubleExponential(1e-4)
    assert fine.rise_decay**2 == pytest.approx(coarse.rise_decay)
    assert NEURON.current_decay(0.5e-4) ** 2 == pytest.approx(NEURON.current_decay(1e-4))
    assert 2 * fine.decay_gain == coarse.decay_gain
    assert coarse.rise_decay == math.exp(-1 / 50)
