"""Traces against their recursions, written out; the cost's unit; the closed form of the kernels."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from snn_explorer.kernels.superspike.events import Events
from snn_explorer.superspike.cost import MovingAverage
from snn_explorer.superspike.exact_timing import ExactTiming, timing_errors
from snn_explorer.superspike.traces import DoubleExponential, lowpass
from snn_explorer.tasks import SpikeTrains, Task, load_benchmark

TRACES = DoubleExponential(1e-4)


def impulse(n: int = 4000) -> torch.Tensor:
    signal = torch.zeros(n, dtype=torch.float64)
    signal[0] = 1
    return signal


def test_lowpass_equals_its_recursion() -> None:
    signal = torch.randn(333, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    y, expected = 0.0, []
    for x in signal.tolist():
        y = 0.97 * y + 0.3 * x
        expected.append(y)
    torch.testing.assert_close(lowpass(signal, 0.3, 0.97), torch.tensor(expected, dtype=torch.float64))


def test_presynaptic_trace_follows_section_3_3_1_and_peaks_at_0_248() -> None:
    z = z_slow = 0.0
    expected = []
    for spike in impulse().tolist():
        expected.append(z_slow)
        z_slow += TRACES.decay_gain * (z - z_slow)
        z = (z + spike) * TRACES.rise_decay
    trace = TRACES.presynaptic(impulse())
    np.testing.assert_allclose(trace.numpy(), expected, atol=1e-15)
    assert float(trace.max()) == pytest.approx(0.248, abs=1e-3)


def test_alpha_has_unit_area_and_the_shape_of_the_continuous_double_exponential() -> None:
    response = TRACES.error(impulse())
    assert float(response.sum()) == pytest.approx(1, abs=1e-12)
    assert float(TRACES.eligibility(impulse()).sum()) == pytest.approx(1, abs=1e-12)
    t = np.arange(4000) * 1e-4
    continuous = (np.exp(-t / 10e-3) - np.exp(-t / 5e-3)) / 5e-3 * 1e-4
    assert np.abs(response.numpy() - continuous).max() < 0.02 * continuous.max()


def test_energy_of_an_error_in_closed_form() -> None:
    assert float(TRACES.error(impulse()).square().sum()) == pytest.approx(TRACES.error_energy, rel=1e-12)


def test_peak_of_an_error_in_closed_form() -> None:
    assert float(TRACES.error(impulse()).max()) == pytest.approx(TRACES.error_peak, rel=1e-12)


def test_one_missing_spike_per_second_costs_one() -> None:
    inputs = SpikeTrains(np.array([0]), np.array([0]), 1)
    task = Task("one", "one spike a second", inputs, SpikeTrains(np.array([700]), np.array([0]), 1), 10_000)
    assert ExactTiming(task, 1).silent_cost(TRACES) == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize(("name", "cost"), [("poisson", 10.0), ("auryn", 4.76), ("oxford", 52.3), ("seqgen", 1.0)])
def test_silent_cost_of_the_benchmarks(data_dir, name: str, cost: float) -> None:
    assert ExactTiming(load_benchmark(name, data_dir), 1).silent_cost(TRACES) == pytest.approx(cost, rel=0.01)


def test_matching_spikes_cancel_and_the_others_are_signed() -> None:
    def events(step, network, neuron):
        return Events.of(*(torch.tensor(column) for column in (step, network, neuron)))

    targets = events([10, 20, 20], [-1, -1, -1], [0, 0, 1])
    outputs = events([10, 20, 30], [0, 1, 1], [0, 1, 0])
    errors = timing_errors(targets, outputs, n_networks=2, n_outputs=2)
    signed = {tuple(map(int, row)) for row in errors.table.T}
    missing = {(10, 1, 0, 1), (20, 0, 0, 1), (20, 1, 0, 1), (20, 0, 1, 1)}
    assert signed == missing | {(30, 1, 0, -1)}


def test_moving_average_is_exact_for_a_constant_and_forgets_exponentially() -> None:
    average = MovingAverage(torch.zeros(1, dtype=torch.float64))
    assert average.value.isnan().all()
    for _ in range(3):
        average.add(torch.tensor([7.0], dtype=torch.float64), duration=0.5)
        assert float(average.value) == pytest.approx(7)
    for _ in range(400):
        average.add(torch.tensor([0.0], dtype=torch.float64), duration=0.5)
    assert float(average.value) == pytest.approx(7 * np.exp(-20) * (1 - np.exp(-0.15)), rel=1e-3)
