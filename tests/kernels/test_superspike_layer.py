"""Every backend against the step-by-step reference, on every option of every call."""

from __future__ import annotations

import dataclasses
import math

import pytest
import torch

from snn_explorer.engine import ParameterError
from snn_explorer.kernels.superspike import BACKENDS, compile_kernels, layer_factory
from snn_explorer.kernels.superspike.carry import CARRY_STEPS
from snn_explorer.kernels.superspike.events import EVERY_NETWORK, Events
from snn_explorer.kernels.superspike.interface import LayerConstants, LayerSize, SpikeBudget, Variant
from snn_explorer.kernels.superspike.surrogates import SURROGATES, surrogate_derivative
from tests.kernels.backends import HostLayer, is_interpreted

DT = 1e-4
PAPER = LayerConstants(
    leak=DT / 10e-3,
    current_decay=math.exp(-DT / 5e-3),
    rest=-60e-3,
    threshold=-50e-3,
    refractory_steps=50,
    rise_decay=math.exp(-DT / 5e-3),
    rise_gain=DT / 5e-3,
    decay_gain=DT / 10e-3,
    rate_decay=math.exp(-DT / 0.1),
    axonal_delay=8,
    error_delay=0,
)
ORIGINAL = dataclasses.replace(PAPER, error_delay=17, eligibility_lag=15, surrogate_floor=-64e-3, product_floor=1e-5)
CONSTANTS = {"paper": PAPER, "original": ORIGINAL}
FASTER = [name for name in BACKENDS if name != "reference"]


def random_events(generator: torch.Generator, n: int, size: LayerSize, n_sources: int) -> Events:
    """Events at random steps; some reach one network, some all; sources coincide now and then."""

    def draw(low: int, high: int) -> torch.Tensor:
        return torch.randint(low, high, (n,), generator=generator, dtype=torch.int32)

    network = draw(EVERY_NETWORK, size.n_networks)
    return Events.of(draw(0, size.n_steps), network, draw(0, n_sources))


def relative_error(value: torch.Tensor, expected: torch.Tensor) -> float:
    return float((value - expected).abs().max() / expected.abs().max())


VARIANTS = [
    *(Variant(surrogate) for surrogate in SURROGATES),
    *(Variant(exponent=exponent) for exponent in (0, 1, 2, 3, 4)),
    Variant("exponential", 4, error_dependent=True),
    Variant("none", 0, error_dependent=True),
]
OPTIONS = [
    (backend, constants, variant, dtype)
    for backend in FASTER
    for k, variant in enumerate(VARIANTS)
    for n, constants in enumerate(CONSTANTS)
    for dtype in (torch.float64, torch.float32)
    # each option at least once in the interpreter; there, what dtype and constants do is the same for all variants
    if not is_interpreted(backend) or ((k + n) % 2 == 0 and (dtype == torch.float64 or k == 8))
]


@pytest.mark.parametrize(("backend", "constants", "variant", "dtype"), OPTIONS, ids=str)
def test_backend_equals_the_step_by_step_rule_over_several_chunks(
    backend: str,
    constants: str,
    variant: Variant,
    dtype: torch.dtype,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Weights and signs of errors are random, so every state is in use; state is carried over from chunk to chunk.

    The spike budget is off at first, then starts within a trial, changes at a chunk's border, and is spent by many.
    """
    size, n_events = LayerSize(n_networks=3, n_pre=12, n_post=25, n_steps=2600), 60  # 75 lanes: several blocks, padded
    budgets = (None, 3, 2, None)
    if is_interpreted(backend):
        size, n_events, budgets = LayerSize(n_networks=3, n_pre=12, n_post=9, n_steps=180), 40, (None, 1)
        monkeypatch.setitem(CARRY_STEPS, dtype, size.n_steps)  # all of the only chunk before
    generator = torch.Generator().manual_seed(5)
    layer, reference = (HostLayer(name, size, CONSTANTS[constants], dtype) for name in (backend, "reference"))
    feedback = torch.randn(3, 2, size.n_post, generator=generator, dtype=torch.float64).to(dtype)
    steepness = torch.tensor([1000.0, 300.0, 5000.0], dtype=dtype)
    n_spikes, tolerance = [], 1e-10 if dtype == torch.float64 else 1e-5
    for n_max in budgets:
        weights = 0.05 * torch.randn(3, size.n_post, 12, generator=generator, dtype=torch.float64).to(dtype)
        spikes = random_events(generator, n_events, size, 12)
        errors = random_events(generator, 20, size, 2)
        errors.table[3, ::2] = -1
        budget = None if n_max is None else SpikeBudget(n_max, random_events(generator, 4, size, 1))
        made, expected = (either.integrate(spikes, weights, budget) for either in (layer, reference))
        assert torch.equal(made.table, expected.table)
        taught = layer.learn(errors, feedback, steepness, variant)
        wanted = reference.learn(errors, feedback, steepness, variant)
        assert relative_error(taught.credit, wanted.credit) < tolerance
        assert relative_error(taught.error_power, wanted.error_power) < tolerance
        assert relative_error(layer.error(1, [0, 8]), reference.error(1, [0, 8])) < tolerance
        assert relative_error(layer.voltage(2, [3, 1]), reference.voltage(2, [3, 1])) < tolerance
        assert (taught.activity is None) == (variant.exponent is None)
        if taught.activity is not None and wanted.activity is not None:
            assert relative_error(taught.activity, wanted.activity) < tolerance
        n_spikes.append(len(made))
    limited = n_spikes[1:3]
    assert 0.9 * n_spikes[0] > limited[0] >= limited[-1] > 20


@pytest.mark.parametrize("with_budget", [False, True])
@pytest.mark.parametrize("backend", BACKENDS)
def test_state_dict_goes_on_to_the_same_bits(backend: str, with_budget: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The only trial of those with a spike budget starts in the first chunk."""
    generator = torch.Generator().manual_seed(1)
    size = LayerSize(n_networks=2, n_pre=5, n_post=3, n_steps=100 if is_interpreted(backend) else 300)
    n_max = (6 if is_interpreted(backend) else 14) if with_budget else None
    monkeypatch.setitem(CARRY_STEPS, torch.float32, size.n_steps + 40)  # reaches beyond the chunk before
    stimuli = [(random_events(generator, 30, size, 5), random_events(generator, 6, size, 3)) for _ in range(4)]
    weights = torch.randn(2, 3, 5, generator=generator) * 0.1
    feedback, steepness = torch.eye(3)[None].contiguous(), torch.full((2,), 1000.0)
    budget, n_spikes = None if n_max is None else SpikeBudget(n_max, Events.empty()), []

    def run(layer, chunks):
        for spikes, errors in chunks:
            made = layer.integrate(spikes, weights, budget)
            taught = layer.learn(errors, feedback, steepness, Variant(exponent=4))
            n_spikes.append(len(made))
        return [made.table, *taught]

    uninterrupted = HostLayer(backend, size, ORIGINAL, torch.float32)
    first = HostLayer(backend, size, ORIGINAL, torch.float32)
    run(uninterrupted, stimuli[:2])
    run(first, stimuli[:2])
    resumed = HostLayer(backend, size, ORIGINAL, torch.float32)
    resumed.load_state_dict(first.state_dict())
    pairs = zip(run(uninterrupted, stimuli[2:]), run(resumed, stimuli[2:]), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    assert n_spikes[-1] > 0
    assert n_max is None or n_spikes[-1] < n_spikes[0] / 2  # most had spent their budget before


@pytest.mark.parametrize("backend", FASTER)
def test_an_event_for_every_network_equals_one_event_for_each(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """More lanes than a block has: blocks cut through networks."""
    monkeypatch.setitem(CARRY_STEPS, torch.float32, 1)  # nothing was before
    n = 11 if is_interpreted(backend) else 35
    size = LayerSize(n_networks=4, n_pre=2, n_post=n, n_steps=200)
    weights = torch.randn(4, n, 2, generator=torch.Generator().manual_seed(0)) * 0.5
    step, neuron = torch.tensor([0, 3, 90], dtype=torch.int32), torch.tensor([0, 1, 0], dtype=torch.int32)
    shared = Events.of(step, EVERY_NETWORK, neuron)
    each = Events.of(step.repeat(4), torch.arange(4).repeat_interleave(3), neuron.repeat(4))
    results = []
    for spikes in (shared, each):
        layer = HostLayer(backend, size, PAPER, torch.float32)
        made = layer.integrate(spikes, weights)
        taught = layer.learn(made, torch.eye(n)[None].contiguous(), torch.full((4,), 1000.0), Variant())
        results.append([made.table, taught.credit])
    assert results[0][0].shape[1] > 10
    assert all(torch.equal(a, b) for a, b in zip(*results, strict=True))


@pytest.mark.parametrize("shared", [False, True])
def test_triton_works_on_ensembles_too_large_for_the_memory_in_groups(
    shared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = LayerSize(n_networks=5, n_pre=4, n_post=3, n_steps=90)
    monkeypatch.setitem(CARRY_STEPS, torch.float64, 30)
    generator = torch.Generator().manual_seed(2)
    weights = torch.randn(5, 3, 4, generator=generator, dtype=torch.float64)
    spikes, errors = random_events(generator, 30, size, 4), random_events(generator, 12, size, 2)
    if shared:
        spikes.table[1] = errors.table[1] = EVERY_NETWORK
    feedback = torch.randn(1 if shared else 5, 2, 3, generator=generator, dtype=torch.float64)
    steepness = torch.linspace(300, 3000, 5, dtype=torch.float64)
    budget, results = SpikeBudget(1, random_events(generator, 3, size, 1)), []
    for largest in (2 * 3 * 120, 2**28):
        monkeypatch.setattr("snn_explorer.kernels.superspike.gpu.LARGEST_GRID", largest)
        layer = HostLayer("triton", size, PAPER, torch.float64)
        made = layer.integrate(spikes, weights, budget)
        results.append([made.table, *layer.learn(errors, feedback, steepness, Variant(exponent=2))])
    assert results[0][0].shape[1] > 5
    assert torch.equal(results[0][0], results[1][0])
    for one, other in zip(results[0][1:], results[1][1:], strict=True):
        torch.testing.assert_close(one, other, rtol=1e-12, atol=0)


def test_surrogates_peak_at_threshold_and_are_slopes_of_their_functions() -> None:
    """sigma' is the derivative of beta^-1 f(h) on the negative side: f = h / (1 - h), and exp(h)."""
    voltage = torch.linspace(-60e-3, -50e-3, 20_001, dtype=torch.float64)
    h = 700.0 * (voltage + 50e-3)
    for surrogate, function in (("fast_sigmoid", h / (1 - h)), ("exponential", torch.exp(h)), ("none", h)):
        derivative = surrogate_derivative(surrogate, voltage, 700.0, -50e-3, -1.0)
        slope = (function[2:] - function[:-2]) / (h[2:] - h[:-2])
        torch.testing.assert_close(derivative[1:-1], slope, rtol=1e-5, atol=0)
        assert float(derivative[-1]) == 1
    assert surrogate_derivative("none", voltage, 700.0, -50e-3, -55e-3).unique().tolist() == [0, 1]


def test_the_kernels_leave_the_denormal_mode_of_the_thread_alone() -> None:
    compile_kernels()
    assert float(torch.tensor(1e-40) * 1) != 0


def test_unknown_backend_is_named_with_those_there_are() -> None:
    with pytest.raises(ParameterError, match=r"'cuda-magic'.*auto, reference, numba, triton"):
        layer_factory("cuda-magic")


def test_a_neuron_without_refractory_step_is_refused() -> None:
    with pytest.raises(ParameterError, match="refractory_steps is 0; it must be at least 1"):
        dataclasses.replace(PAPER, refractory_steps=0)
