"""BATS backends against each other: the paper's formulas by autograd, numba and Triton against the reference."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from snn_explorer.kernels.bats import BACKENDS
from snn_explorer.kernels.bats.interface import Fired
from tests.kernels.bats_cases import Case, fire, in_dtype, largest_difference, relative_error, times_by_neuron

CASES = {
    "one neuron": Case(n_post=1, n_samples=8),
    "ten neurons": Case(n_post=10, seed=1),
    "130 neurons": Case(n_post=130, n_samples=3, n_events=40, n_max=4),
    "257 neurons": Case(n_post=257, n_samples=2, n_events=24, span=0.024),
    "200 time constants": Case(n_events=250, span=2.0, n_max=400, mean=0.6),
    "ties": Case(ties=0.7),
    "nothing but ties": Case(n_post=33, ties=1.0),
    "one spike each": Case(n_post=65, n_samples=3, n_max=1),
    "saturated": Case(n_max=2, mean=2.0),
    "bursts": Case(n_events=8, n_max=100, mean=5.0, spread=15.0),
    "finite duration": Case(duration=0.03),
    "fixed feedback": Case(n_post=20, fixed_feedback=True),
}
every_case = pytest.mark.parametrize("name", CASES)


def steepest_margin(case: Case, fired: Fired) -> float:
    """How far above c the current is at any spike of the reference, as a share of c."""
    return min(float(found.g.min()) for found in fired.record.record.rounds) / case.constants.c - 1


@every_case
def test_cases_have_no_spike_that_only_grazes_the_threshold(name: str) -> None:
    """There dt = tau / (g - c) db grows without bound, and no two ways to compute it agree to many digits."""
    assert steepest_margin(CASES[name], CASES[name].forward("reference", torch.float64)) > 0.05


def test_cases_reach_what_they_are_for() -> None:
    fired = {name: case.forward("reference", torch.float64) for name, case in CASES.items()}
    full = {name: float((fired[name].per_neuron == case.n_max).float().mean()) for name, case in CASES.items()}
    assert full["saturated"] == 0.75  # all but the empty sample
    assert full["one spike each"] > 0.5
    assert 0.01 < full["finite duration"] < full["ten neurons"] < 0.5
    assert int(fired["bursts"].per_neuron.max()) > 5 * 8  # so, several in one interval
    assert float(times_by_neuron(fired["200 time constants"], 400).nan_to_num(posinf=0).max()) > 199 * 0.01
    ties = CASES["ties"].events.time
    assert int((ties[:, 1:] == ties[:, :-1]).sum()) > 60


@every_case
@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "reference"])
def test_backends_agree_to_rounding_in_double_precision(backend: str, name: str) -> None:
    case = CASES[name]
    expected, fired = (case.forward(way, torch.float64) for way in ("reference", backend))
    assert torch.equal(fired.per_neuron, expected.per_neuron)
    tables = (times_by_neuron(one, case.n_max) for one in (fired, expected))
    assert largest_difference(*tables) < 1e-12 * case.span
    wanted, found = case.backward("reference", expected), case.backward(backend, fired)
    assert relative_error(found.weight, wanted.weight) < 1e-12
    assert relative_error(found.time, wanted.time) < 1e-12


@every_case
@pytest.mark.parametrize("backend", ["numba", "triton"])
def test_backends_in_single_precision_agree_with_the_reference_in_double(backend: str, name: str) -> None:
    """Both are given the same numbers."""
    case = CASES[name]
    expected, fired = case.forward("reference", torch.float64), case.forward(backend, torch.float32)
    assert torch.equal(fired.per_neuron, expected.per_neuron)
    tables = (times_by_neuron(one, case.n_max) for one in (fired, expected))
    assert largest_difference(*tables) < 2e-6
    wanted, found = case.backward("reference", expected), case.backward(backend, fired)
    assert found.weight.dtype == torch.float32
    assert relative_error(found.weight, wanted.weight) < 1e-4
    assert relative_error(found.time, wanted.time) < 1e-4


@every_case
@pytest.mark.parametrize("backend", BACKENDS)
def test_spikes_come_in_the_order_of_time_with_nothing_behind_them(backend: str, name: str) -> None:
    fired = CASES[name].forward(backend, torch.float64)
    time, neuron, count = fired.events
    there = torch.arange(time.shape[1]) < count[:, None]
    assert time.shape[1] == int(count.max())
    assert torch.equal(torch.isfinite(time), there)
    assert bool((time[:, 1:] >= time[:, :-1]).all())
    assert torch.equal(neuron[~there], torch.zeros_like(neuron[~there]))
    assert torch.equal(count, fired.per_neuron.sum(1, dtype=torch.int32))
    found = torch.zeros_like(fired.per_neuron).scatter_add_(1, neuron.long(), there.int())
    assert torch.equal(found, fired.per_neuron)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "reference"])
def test_spikes_at_the_same_time_stand_in_the_order_of_their_neurons(backend: str, dtype: torch.dtype) -> None:
    """Two hundred neurons with the same weights, and a last one on its own."""
    case = Case(n_post=201, mean=0.8)
    weight = case.weight[:, :1].repeat(1, case.n_post)
    weight[:, -1] = case.weight[:, 1]
    expected, fired = (
        fire(name, in_dtype(case.events, dtype), weight.to(dtype), case.constants) for name in ("reference", backend)
    )
    assert int((expected.per_neuron[:, :-1] > 1).sum()) >= 200
    assert torch.equal(fired.events.neuron, expected.events.neuron)
    assert torch.equal(fired.events.count, expected.events.count)


@pytest.mark.parametrize("backend", ["numba", "triton"])
def test_every_spike_of_weights_so_large_that_times_are_no_numbers_is_kept(backend: str) -> None:
    case = Case(n_post=60)
    with np.errstate(over="ignore", invalid="ignore"):  # Triton's interpreter computes with numpy
        fired = fire(backend, case.events, case.weight * 1e37, case.constants)
    if backend == "numba":  # where Triton limits Y to an interval, it comes to lie in it
        assert bool(torch.isnan(fired.events.time).any())
    there = torch.arange(fired.events.time.shape[1]) < fired.events.count[:, None]
    found = torch.zeros_like(fired.per_neuron).scatter_add_(1, fired.events.neuron.long(), there.int())
    assert torch.equal(found, fired.per_neuron)


@pytest.mark.parametrize("backend", BACKENDS)
def test_feedback_changes_what_goes_down_and_nothing_else(backend: str) -> None:
    """The error passed down is linear in the feedback weights; the layer's own gradient does not know them."""
    case = CASES["fixed feedback"]
    fired = case.forward(backend, torch.float64)
    exact = case.backward(backend, fired)
    weights = [case.weight, case.feedback, 2 * case.weight - 3 * case.feedback]
    down = []
    for feedback in weights:
        found = case.backward(backend, fired, feedback=feedback)
        assert torch.equal(found.weight, exact.weight)
        down.append(found.time)
    assert relative_error(down[2], 2 * down[0] - 3 * down[1]) < 1e-7
    assert relative_error(down[1], down[0]) > 0.1


@pytest.mark.parametrize("backend", BACKENDS)
def test_gradients_of_times_are_made_only_where_they_are_wanted(backend: str) -> None:
    case = CASES["ten neurons"]
    fired = case.forward(backend, torch.float64)
    both, one = case.backward(backend, fired), case.backward(backend, fired, wants_time=False)
    assert both.time is not None
    assert one.time is None
    assert torch.equal(one.weight, both.weight)


@pytest.mark.parametrize("name", ["one neuron", "257 neurons", "bursts"])
def test_numba_gives_the_same_bits_on_any_number_of_threads(name: str) -> None:
    case, found = CASES[name], []
    before = torch.get_num_threads()
    try:
        for n_threads in (1, 2, 3):
            torch.set_num_threads(n_threads)
            fired = case.forward("numba", torch.float32)
            found.append([*fired.events, fired.per_neuron, *case.backward("numba", fired)])
    finally:
        torch.set_num_threads(before)
    for other in found[1:]:
        assert all(torch.equal(a, b) for a, b in zip(found[0], other, strict=True))


@pytest.mark.parametrize("name", ["one neuron", "one spike each"])
def test_triton_gives_the_same_bits_again(name: str) -> None:
    case = CASES[name]
    first, again = (case.forward("triton", torch.float32) for _ in range(2))
    ways = [[*fired.events, fired.per_neuron, *case.backward("triton", fired)] for fired in (first, again)]
    assert all(torch.equal(a, b) for a, b in zip(*ways, strict=True))


def test_triton_keeps_spikes_that_its_tables_have_no_room_for_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES["bursts"]
    expected, gradients = (fired := case.forward("triton", torch.float64)), case.backward("triton", fired)
    monkeypatch.setattr("snn_explorer.kernels.bats.gpu.USUAL_TABLE", 80)
    fired = case.forward("triton", torch.float64)
    assert int(fired.per_neuron.max()) > 80 // fired.per_neuron.numel()
    found = case.backward("triton", fired)
    for one, other in zip([*fired.events, *found], [*expected.events, *gradients], strict=True):
        assert torch.equal(one, other)


def test_triton_works_on_slices_of_a_batch_too_large_for_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES["ten neurons"]
    fired = case.forward("triton", torch.float64)
    whole = case.backward("triton", fired)
    monkeypatch.setattr("snn_explorer.kernels.bats.gpu.MOST_CHANGES", 3 * case.n_events * case.n_post)
    parts = case.backward("triton", fired)
    assert relative_error(parts.weight, whole.weight) < 1e-13
    assert torch.equal(parts.time, whole.time)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_sample_does_not_know_the_others_of_its_batch(backend: str) -> None:
    """Each sample alone gives the same spikes, and the gradients of all add up to that of the batch."""
    case = CASES["fixed feedback"]
    fired = case.forward(backend, torch.float64)
    whole, total = case.backward(backend, fired), 0
    for sample in range(case.n_samples):
        alone = replace(case)
        alone.events = type(case.events)(*(tensor[sample : sample + 1] for tensor in case.events))
        alone.errors = case.errors[sample : sample + 1]
        one = alone.forward(backend, torch.float64)
        assert torch.equal(times_by_neuron(one, 10)[0], times_by_neuron(fired, 10)[sample])
        total = total + alone.backward(backend, one).weight
    assert relative_error(whole.weight, total) < 1e-13


@pytest.mark.parametrize("backend", ["numba", "triton"])
def test_a_batch_may_have_more_than_1024_samples(backend: str) -> None:
    """Of the same few over and over: each gives the same spikes again, and the gradients add up."""
    case, n = Case(n_post=1, n_samples=8, n_events=20, span=0.02), 130
    fired = case.forward(backend, torch.float64)
    large = replace(case)
    large.events = type(case.events)(*(tensor.repeat(n, *[1] * (tensor.dim() - 1)) for tensor in case.events))
    large.errors = case.errors.repeat(n, 1, 1)
    many = large.forward(backend, torch.float64)
    assert int(fired.per_neuron.sum()) > 8
    assert torch.equal(many.events.time, fired.events.time.repeat(n, 1))
    one, found = case.backward(backend, fired), large.backward(backend, many)
    assert relative_error(found.weight, n * one.weight) < 1e-12
    assert one.time is not None
    assert found.time is not None
    assert torch.equal(found.time, one.time.repeat(n, 1))
