"""Layers that follow each other: exact gradients through all of them, and what they refuse."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn

from snn_explorer.bats.layers import SpikingLinear
from snn_explorer.bats.spikes import Spikes
from snn_explorer.engine import ParameterError
from snn_explorer.kernels.bats import BACKENDS
from tests.bats.made_spikes import made
from tests.kernels.backends import device_of, is_interpreted
from tests.kernels.bats_cases import Case, in_dtype, moved, ranks, relative_error

TAU_S, N_MAX = 0.01, 6
SIZES = (12, 9, 7, 3)
every_backend = pytest.mark.parametrize("backend", BACKENDS)


def network(backend: str, sizes: tuple[int, ...] = SIZES) -> nn.ModuleList:
    """Layers with the same weights whatever the backend."""
    generator = torch.Generator().manual_seed(5)
    return nn.ModuleList(
        SpikingLinear(
            n_in, n_out, N_MAX, theta=1.0, tau_s=TAU_S, init=(-30.0, 110.0), backend=backend, device=device_of(backend),
            generator=generator, dtype=torch.float64,
        )
        for n_in, n_out in pairwise(sizes)
    )  # fmt: skip


def inputs(n_neurons: int = SIZES[0]) -> Spikes:
    case = Case(n_samples=3, n_pre=n_neurons, n_events=14, span=0.04, seed=2)
    return Spikes.of(in_dtype(case.events, torch.float64), n_neurons)


def with_times(spikes: Spikes, time: Tensor) -> Spikes:
    return Spikes(spikes.events._replace(time=time), spikes.n_neurons, spikes.per_neuron)


def activity(layers: nn.ModuleList, spikes: Spikes) -> list[Spikes]:
    """Spikes of the input and of each layer, on the processor."""
    found = [on(layers[0].weight.device, spikes)]
    for layer in layers:
        found.append(layer(found[-1]))
    return [on(torch.device("cpu"), one) for one in found]


def on(device: torch.device, spikes: Spikes) -> Spikes:
    return Spikes(moved(spikes.events, device), spikes.n_neurons, spikes.per_neuron.to(device), spikes.n_max)


def loss(outputs: Spikes) -> Tensor:
    """Sum of all output spike times, each neuron's first, second, ... with its own random factor."""
    factors = torch.randn(len(outputs), outputs.n_neurons, N_MAX, generator=torch.Generator().manual_seed(8))
    there = torch.isfinite(outputs.time)
    sample = torch.arange(len(outputs))[:, None]
    factor = factors[sample, outputs.neuron.long(), ranks(outputs.events).clamp_max(N_MAX - 1)]
    return (factor[there] * outputs.time[there]).sum()


def gradients(layers: nn.ModuleList, spikes: Spikes) -> list[Tensor]:
    """Of all weights and of the input's spike times."""
    time = spikes.time.clone().requires_grad_()
    outputs = activity(layers, with_times(spikes, time))[-1]
    assert int(outputs.count.max()) > 2 * outputs.n_neurons
    return [gradient.cpu() for gradient in torch.autograd.grad(loss(outputs), [*layers.parameters(), time])]


def order_of(found: list[Spikes]) -> list[Tensor]:
    """Who spiked, in which order, and how many spikes of the layer below came before each spike."""
    before = [(below.time[:, None, :] <= above.time[:, :, None]).sum(2) for below, above in pairwise(found)]
    return [*(one.neuron for one in found[1:]), *(one.count for one in found[1:]), *before]


@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "closed_form"])
@pytest.mark.parametrize("feedback", [False, True], ids=["exact", "fixed feedback"])
def test_gradients_through_three_layers_equal_those_of_the_papers_formulas(backend: str, feedback: bool) -> None:
    layers, expected = network(backend), network("closed_form")
    if feedback:
        for k in (1, 2):
            drawn = 50 * torch.randn(SIZES[k], SIZES[k + 1], generator=torch.Generator().manual_seed(k)).double()
            layers[k].feedback, expected[k].feedback = drawn.to(layers[k].weight.device), drawn
    found, wanted = gradients(layers, inputs()), gradients(expected, inputs())
    for one, other in zip(found, wanted, strict=True):
        assert relative_error(one, other) < 1e-12


@torch.no_grad()
def slope(
    respond: Callable[[], list[Spikes]], loss: Callable[[Spikes], Tensor], tensor: Tensor, k: int, step: float
) -> float | None:
    """Central difference of the loss over entry k of a tensor; None where spikes change their order or number."""
    original, sides = tensor.view(-1)[k].item(), []
    for value in (original + step, original - step):
        tensor.view(-1)[k] = value
        sides.append(respond())
    tensor.view(-1)[k] = original
    same = all(torch.equal(a, b) for a, b in zip(*map(order_of, sides), strict=True))
    return (loss(sides[0][-1]) - loss(sides[1][-1])).item() / (2 * step) if same else None


def hold_against_slopes(
    gradients: Sequence[Tensor], respond: Callable[[], list[Spikes]], loss: Callable[[Spikes], Tensor],
    tensors: Sequence[Tensor], steps: Sequence[float],
) -> tuple[int, int]:  # fmt: skip
    """Compare gradients with the slopes that there are; how many finite entries there are, and how many have one."""
    n_entries = n_compared = 0
    for gradient, tensor, step in zip(gradients, tensors, steps, strict=True):
        for k in torch.isfinite(tensor).flatten().nonzero().flatten().tolist():
            expected = slope(respond, loss, tensor, k, step)
            n_entries += 1
            if expected is not None:
                n_compared += 1
                assert abs(expected - float(gradient.flatten()[k])) < 1e-4 * float(gradient.abs().max())
    return n_entries, n_compared


@pytest.mark.parametrize("backend", [name for name in BACKENDS if not is_interpreted(name)])
def test_gradients_through_two_layers_equal_finite_differences(backend: str) -> None:
    """A step that changes the order of spikes has no slope; nearly all steps, for weights and times, change none."""
    sizes = (5, 4, 3)
    layers, spikes = network(backend, sizes), inputs(sizes[0])
    tensors = [*(layer.weight.data for layer in layers), spikes.time]
    steps = [1e-8 if tensor is spikes.time else 5e-5 for tensor in tensors]
    found = gradients(layers, spikes)
    n_entries, n_compared = hold_against_slopes(found, lambda: activity(layers, spikes), loss, tensors, steps)
    assert n_entries == 5 * 4 + 4 * 3 + int(spikes.count.sum())
    assert n_compared > 0.95 * n_entries


@every_backend
def test_fixed_feedback_of_zero_teaches_only_the_last_layer(backend: str) -> None:
    exact, layers = network(backend), network(backend)
    layers[2].feedback = torch.zeros_like(layers[2].weight)
    found, wanted = gradients(layers, inputs()), gradients(exact, inputs())
    assert torch.equal(found[2], wanted[2])
    assert [float(one.abs().max()) for one in (found[0], found[1], found[3])] == [0, 0, 0]


@every_backend
def test_silent_and_saturated_neurons_are_counted(backend: str) -> None:
    """One input at 0: u / tau peaks at w / 4, above c = 50 for the neurons with 300 and 3000, and again and again."""
    device = device_of(backend)
    layer = SpikingLinear(1, 3, 2, theta=1.0, tau_s=TAU_S, backend=backend, device=device, dtype=torch.float64)
    layer.weight.data = torch.tensor([[100.0, 300.0, 3000.0]], dtype=torch.float64, device=device)
    outputs = layer(on(device, made([[(0.0, 0)], []], n_neurons=1)))
    assert outputs.per_neuron.tolist() == [[0, 1, 2], [0, 0, 0]]
    assert outputs.n_silent.tolist() == [1, 3]
    assert outputs.n_saturated.tolist() == [1, 0]
    root = math.sqrt(300**2 - 4 * 300 * 50)
    first = 0.02 * math.log(600 / (300 + root))
    assert outputs.first()[0, :2].tolist() == [math.inf, pytest.approx(first, rel=1e-13)]


def test_initial_weights_are_drawn_evenly_from_the_bounds_by_the_generator() -> None:
    layers = [SpikingLinear(200, 100, 1, 1.0, 0.1, (-1.0, 3.0), generator=seeded) for seeded in map(_seeded, (1, 1, 2))]
    weights = [layer.weight.detach() for layer in layers]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])
    assert -1 <= float(weights[0].min()) < -0.99
    assert 2.99 < float(weights[0].max()) <= 3
    assert float(weights[0].mean()) == pytest.approx(1, abs=5 * 4 / math.sqrt(12 * 20_000))


def test_second_derivatives_are_refused() -> None:
    layers, spikes = network("numba"), inputs()
    (gradient,) = torch.autograd.grad(loss(activity(layers, spikes)[-1]) ** 2, [layers[0].weight], create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        gradient.sum().backward()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("which", ["weight", "feedback weight"])
def test_weights_that_are_no_numbers_are_refused(which: str, value: float) -> None:
    layers = network("reference")
    layers[0].feedback = torch.ones(SIZES[:2], dtype=torch.float64)
    (layers[0].feedback if which == "feedback weight" else layers[0].weight.data)[3, 4] = value
    with pytest.raises(ParameterError, match=f"A {which} is {value!r}; all must be finite numbers"):
        layers[0](inputs())


def test_spikes_and_feedback_that_do_not_fit_are_refused() -> None:
    layers, spikes = network("reference"), inputs()
    with pytest.raises(ParameterError, match=r"those of 12 neurons in torch.float64; this layer expects 9 neurons in"):
        layers[1](spikes)
    single = Spikes.of(in_dtype(spikes.events, torch.float32), SIZES[0])
    with pytest.raises(ParameterError, match=r"in torch.float32; this layer expects 12 neurons in torch.float64"):
        layers[0](single)
    elsewhere = on(torch.device("meta"), spikes)
    with pytest.raises(ParameterError, match="The spikes are on the device 'meta'; this layer is on 'cpu'"):
        layers[0](elsewhere)
    layers[0].feedback = torch.ones(9, 12, dtype=torch.float64)
    with pytest.raises(ParameterError, match=r"feedback weights have the shape \(9, 12\); it must be .* \(12, 9\)"):
        layers[0](spikes)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"n_in": 0}, "n_in is 0; it must be a whole number of at least 1"),
        ({"n_out": 2.0}, r"n_out is 2\.0; it must be a whole number of at least 1"),
        ({"n_max": 0}, "n_max is 0; it must be a whole number of at least 1"),
        ({"theta": math.inf}, "theta is inf; it must be a finite number above 0"),
        ({"tau_s": -0.1}, r"tau_s is -0\.1; it must be a finite number above 0"),
        ({"duration": -1.0}, r"duration is -1\.0; it must be above 0 \[s\], or infinite"),
        ({"init": (1.0, -1.0)}, r"init is \(1\.0, -1\.0\); it must be two finite numbers, the smaller one first"),
        ({"init": (math.nan, 1.0)}, r"init is \(nan, 1\.0\); it must be two finite numbers"),
        ({"backend": "gpu"}, "The backend is 'gpu'; allowed are: auto, reference"),
    ],
)
def test_settings_that_cannot_be_used_are_named(changed: dict, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        SpikingLinear(**{"n_in": 2, "n_out": 3, "n_max": 1, "theta": 1.0, "tau_s": 0.1, **changed})


def _seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)
