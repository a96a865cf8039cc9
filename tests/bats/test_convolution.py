"""Convolutions and pooling: what each neuron sees, exact gradients through windows, and what the layers refuse."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from snn_explorer.bats.convolution import SpikingConv2d
from snn_explorer.bats.layers import SpikingLinear
from snn_explorer.bats.pooling import SpikingPool2d
from snn_explorer.bats.spikes import Spikes
from snn_explorer.engine import ParameterError
from snn_explorer.kernels.bats import BACKENDS
from snn_explorer.kernels.bats.interface import LayerConstants
from tests.bats.made_spikes import made
from tests.bats.test_layers import hold_against_slopes, on, with_times
from tests.bats.test_layers import loss as weighted_sum
from tests.kernels.backends import device_of, is_interpreted
from tests.kernels.bats_cases import Case, in_dtype, relative_error
from tests.kernels.test_bats_layer import simulated

TAU_S, THETA, N_MAX = 0.01, 1.0, 6
every_backend = pytest.mark.parametrize("backend", BACKENDS)


@dataclass
class Geometry:
    """A convolution, and how its input comes."""

    maps: tuple[int, int, int]
    n_filters: int
    size: int
    stride: int = 1
    padding: int = 0
    ties: float = 0.3

    def layer(self, backend: str, dtype: torch.dtype = torch.float64, **changed: Any) -> SpikingConv2d:
        given = {
            "n_max": N_MAX, "theta": THETA, "tau_s": TAU_S, "init": (-30.0, 110.0), "stride": self.stride,
            "padding": self.padding, "backend": backend, "device": device_of(backend), "dtype": dtype,
            "generator": torch.Generator().manual_seed(5),
        }  # fmt: skip
        return SpikingConv2d(self.maps, self.n_filters, self.size, **{**given, **changed})

    def inputs(self, dtype: torch.dtype = torch.float64) -> Spikes:
        """Random trains; the second of three samples has no spike."""
        n = math.prod(self.maps)
        case = Case(n_samples=3, n_pre=n, n_events=2 * n, span=0.04, ties=self.ties, seed=2)
        return Spikes.of(in_dtype(case.events, dtype), n)


GEOMETRIES = {
    "one map": Geometry((1, 5, 5), 3, 3),
    "odd sizes": Geometry((2, 7, 4), 4, 3),
    "stride and padding": Geometry((2, 7, 6), 3, 3, stride=2, padding=1),
    "windows apart": Geometry((3, 4, 8), 20, 2, stride=3),
    "one neuron windows": Geometry((2, 4, 3), 5, 1),
    "mostly padding": Geometry((1, 3, 5), 2, 4, padding=3),
    "as large as the image": Geometry((2, 3, 3), 17, 3),
    "nothing but ties": Geometry((1, 6, 6), 3, 2, ties=1.0),
}
every_geometry = pytest.mark.parametrize("name", GEOMETRIES)


def as_matrix(layer: SpikingConv2d, weight: Tensor) -> Tensor:
    """Weights between all neurons ``(n_in, n_out)``, by torch's own convolution of single neurons."""
    each = torch.eye(layer.n_in, dtype=weight.dtype).view(-1, *layer.windows.maps)
    kernel = weight.permute(3, 0, 1, 2)
    convolved = nn.functional.conv2d(each, kernel, stride=layer.windows.stride, padding=layer.windows.padding)
    return convolved.flatten(1)


def gradients(layer: nn.Module, spikes: Spikes) -> tuple[Spikes, Tensor, Tensor]:
    """Spikes of a layer, and gradients of its weights and of the times before, of a sum with random factors."""
    weight = layer.weight
    time = spikes.time.to(weight.device).requires_grad_()
    found = layer(with_times(on(weight.device, spikes), time))
    found = on(torch.device("cpu"), found)
    return found.detached(), *(gradient.cpu() for gradient in torch.autograd.grad(weighted_sum(found), [weight, time]))


@every_backend
@every_geometry
def test_a_convolution_is_the_dense_layer_of_torchs_own_convolution_matrix(backend: str, name: str) -> None:
    """Same neurons, same synapses: the same spikes, and gradients that the chain rule takes to the shared weights."""
    layer, spikes = GEOMETRIES[name].layer(backend), GEOMETRIES[name].inputs()
    shared = layer.weight.detach().cpu().requires_grad_()
    matrix = as_matrix(layer, shared)
    dense = SpikingLinear(layer.n_in, layer.n_out, N_MAX, THETA, TAU_S, backend="reference", dtype=torch.float64)
    dense.weight.data = matrix.detach()
    expected, matrix_gradient, time_gradient = gradients(dense, spikes)
    assert int(expected.per_neuron.max()) > 1
    found, weight_gradient, field_gradient = gradients(layer, spikes)
    assert torch.equal(found.neuron, expected.neuron)
    assert torch.equal(found.per_neuron, expected.per_neuron)
    there = torch.isfinite(expected.time)
    assert torch.equal(torch.isfinite(found.time), there)
    assert float((found.time - expected.time)[there].abs().max()) < 1e-14
    (wanted,) = torch.autograd.grad(matrix, shared, matrix_gradient)
    assert relative_error(weight_gradient, wanted) < 1e-11
    assert relative_error(field_gradient, time_gradient) < 1e-11


@every_backend
def test_a_kernel_as_large_as_the_image_is_a_dense_layer_to_the_bit(backend: str) -> None:
    geometry = GEOMETRIES["as large as the image"]
    layer, spikes = geometry.layer(backend, torch.float32), geometry.inputs(torch.float32)
    dense = SpikingLinear(
        18, 17, N_MAX, THETA, TAU_S, (-30.0, 110.0), backend=backend, device=device_of(backend),
        generator=torch.Generator().manual_seed(5),
    )  # fmt: skip
    ways = [gradients(one, spikes) for one in (layer, dense)]
    assert int(ways[0][0].count.max()) > 17
    for one, other in zip(ways[0][0].events, ways[1][0].events, strict=True):
        assert torch.equal(one, other)
    assert torch.equal(ways[0][1].view(18, 17), ways[1][1])
    assert torch.equal(ways[0][2], ways[1][2])


@pytest.mark.parametrize("backend", [name for name in BACKENDS if name not in ("reference", "closed_form")])
@every_geometry
def test_single_precision_agrees_with_the_reference_in_double(backend: str, name: str) -> None:
    geometry = GEOMETRIES[name]
    expected, wanted_weight, wanted_time = gradients(geometry.layer("reference"), geometry.inputs())
    layer = geometry.layer(backend, torch.float32)
    layer.weight.data = geometry.layer("reference").weight.detach().to(layer.weight)
    found, weight, time = gradients(layer, geometry.inputs(torch.float32))
    assert torch.equal(found.per_neuron, expected.per_neuron)
    silent = expected.per_neuron == 0
    assert float((found.first() - expected.first()).masked_fill(silent, 0.0).abs().max()) < 2e-6
    assert weight.dtype == time.dtype == torch.float32
    assert relative_error(weight, wanted_weight) < 1e-4
    assert relative_error(time, wanted_time) < 1e-4


def test_numba_gives_the_same_bits_on_any_number_of_threads() -> None:
    geometry, found, before = GEOMETRIES["stride and padding"], [], torch.get_num_threads()
    try:
        for n_threads in (1, 2, 3):
            torch.set_num_threads(n_threads)
            spikes, *back = gradients(geometry.layer("numba", torch.float32), geometry.inputs(torch.float32))
            found.append([*spikes.events, *back])
    finally:
        torch.set_num_threads(before)
    for other in found[1:]:
        assert all(torch.equal(a, b) for a, b in zip(found[0], other, strict=True))


def deep(backend: str) -> nn.Sequential:
    """Convolution, pooling of an odd number of columns, convolution, dense layer."""
    ways: dict[str, Any] = {"backend": backend, "device": device_of(backend), "dtype": torch.float64}
    generator = torch.Generator().manual_seed(6)
    constants = (THETA, TAU_S, (-40.0, 140.0))
    first = SpikingConv2d((1, 6, 7), 3, 3, 2, *constants, **ways, generator=generator)
    pool = SpikingPool2d(first.maps_out, 2)
    second = SpikingConv2d(pool.maps_out, 2, 2, 3, *constants, **ways, padding=1, generator=generator)
    outputs = SpikingLinear(second.n_out, 3, N_MAX, *constants, **ways, generator=generator)
    return nn.Sequential(first, pool, second, outputs)


def image(seed: int = 3) -> Spikes:
    """Every other pixel spikes once; the second sample is black."""
    rng = np.random.default_rng(seed)
    samples = [[(t, i) for i, t in enumerate(rng.uniform(0, 0.02, 42)) if i % 2 == k % 2 and k != 1] for k in range(3)]
    spikes = made(samples, 42)
    return spikes.detached()


def through(layers: nn.Sequential, spikes: Spikes) -> list[Spikes]:
    """Spikes of the input and of each layer, on the processor."""
    found = [on(device_of_layers(layers), spikes)]
    for layer in layers:
        found.append(layer(found[-1]))
    return [on(torch.device("cpu"), one) for one in found]


def device_of_layers(layers: nn.Sequential) -> torch.device:
    return next(layers.parameters()).device


def loss(outputs: Spikes) -> Tensor:
    """Sum of all output times, each neuron's with a factor of its own."""
    there = torch.isfinite(outputs.time)
    return ((outputs.neuron[there] + 1) * (1 - 2 * (outputs.neuron[there] % 2)) * outputs.time[there]).sum()


def deep_gradients(layers: nn.Sequential, spikes: Spikes) -> list[Tensor]:
    """Of all weights and of the times of the input."""
    time = spikes.time.clone().requires_grad_()
    outputs = through(layers, with_times(spikes, time))[-1]
    assert int(outputs.count.max()) > outputs.n_neurons
    return [found.cpu() for found in torch.autograd.grad(loss(outputs), [*layers.parameters(), time])]


@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "closed_form"])
def test_gradients_through_convolutions_and_pooling_equal_those_of_the_papers_formulas(backend: str) -> None:
    found, wanted = deep_gradients(deep(backend), image()), deep_gradients(deep("closed_form"), image())
    assert len(found) == 4
    for one, other in zip(found, wanted, strict=True):
        assert float(other.abs().max()) > 0
        assert relative_error(one, other) < 1e-11


@pytest.mark.parametrize("backend", [name for name in BACKENDS if not is_interpreted(name)])
def test_gradients_through_convolutions_and_pooling_equal_finite_differences(backend: str) -> None:
    layers, spikes = deep(backend), image()
    tensors = [*(parameter.data for parameter in layers.parameters()), spikes.time]
    steps = [1e-9 if tensor is spikes.time else 5e-6 for tensor in tensors]
    found = deep_gradients(layers, spikes)
    n_entries, n_compared = hold_against_slopes(found, lambda: through(layers, spikes), loss, tensors, steps)
    assert n_entries == 27 + 24 + 18 * 3 + 42
    assert n_compared > 0.9 * n_entries


@every_backend
def test_spike_times_equal_those_of_a_simulation_with_steps_of_a_microsecond(backend: str) -> None:
    """Each window is simulated by itself, with the spikes that it sees by plain indexing of the image."""
    rng, constants = np.random.default_rng(4), LayerConstants(tau_s=8e-3, theta=0.3, n_max=50, duration=0.05)
    n_maps, n_rows, n_columns, size, n_filters = 2, 4, 5, 3, 4
    micros = rng.choice(40_000, (n_maps, n_rows, n_columns), replace=False)
    kernel = constants.c * rng.normal(0.5, 1.2, (n_maps, size, size, n_filters))
    layer = SpikingConv2d(
        (n_maps, n_rows, n_columns), n_filters, size, 50, 0.3, 8e-3, duration=0.05, backend=backend,
        device=device_of(backend), dtype=torch.float64,
    )  # fmt: skip
    layer.weight.data = torch.from_numpy(kernel).to(layer.weight)
    spikes = made([[(t * 1e-6, i) for i, t in enumerate(micros.ravel())]], micros.size).detached()
    found = on(torch.device("cpu"), layer(on(layer.weight.device, spikes)))
    assert layer.maps_out == (4, 2, 3)
    for y in range(2):
        for x in range(3):
            seen = micros[:, y : y + size, x : x + size].ravel()
            order = seen.argsort()
            expected = simulated(seen[order], order, kernel.reshape(-1, n_filters), constants)
            for f, times in enumerate(expected):
                mine = found.neuron[0] == (f * 2 + y) * 3 + x
                np.testing.assert_allclose(found.time[0, mine].detach(), times, rtol=0, atol=1e-7)
    assert int(found.count) > 60


@every_backend
def test_maps_without_a_spike_give_none_and_learn_nothing(backend: str) -> None:
    layer = GEOMETRIES["odd sizes"].layer(backend)
    found, weight, time = gradients(layer, made([[], []], layer.n_in).detached())
    assert found.time.shape == (2, 0)
    assert not bool(found.per_neuron.any())
    assert not bool(weight.any())
    assert time.shape == (2, 0)


@every_backend
def test_fixed_feedback_carries_the_errors_of_a_convolution_back(backend: str) -> None:
    """The error passed down is linear in the feedback weights; the gradient of the weights does not know them."""
    geometry, down, own = GEOMETRIES["odd sizes"], [], []
    weight = geometry.layer(backend).weight.detach()
    drawn = 50 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(1)).to(weight)
    for feedback in (None, drawn, 2 * weight - 3 * drawn):
        layer = geometry.layer(backend)
        layer.feedback = feedback
        _, of_weight, of_time = gradients(layer, geometry.inputs())
        down.append(of_time)
        own.append(of_weight)
    assert torch.equal(own[0], own[1])
    assert relative_error(down[2], 2 * down[0] - 3 * down[1]) < 1e-10
    assert relative_error(down[1], down[0]) > 0.1


def test_the_weight_between_two_neurons_is_that_of_the_convolution_matrix() -> None:
    for geometry in GEOMETRIES.values():
        layer = geometry.layer("reference")
        pre, post = torch.arange(layer.n_in)[:, None], torch.arange(layer.n_out)
        assert torch.equal(layer.synapses()[pre, post], as_matrix(layer, layer.weight.detach()))
    assert layer.weight_between(35, 24) == float(layer.weight.detach()[0, 1, 1, 0])
    assert layer.weight_between(0, 24) == 0


def test_pooling_joins_the_trains_of_each_window() -> None:
    """3 x 5 neurons: the last row and the last column fill no window."""
    spikes = made([[(0.4, 0), (0.1, 6), (0.2, 3), (0.3, 14), (0.5, 10), (0.1, 0), (0.6, 4)], []], 15)
    pool = SpikingPool2d((1, 3, 5), 2)
    found = pool(spikes)
    assert pool.maps_out == (1, 1, 2)
    assert found.n_neurons == 2
    assert found.count.tolist() == [4, 0]
    assert found.time[0, :4].tolist() == [0.1, 0.1, 0.2, 0.4]
    assert found.neuron[0, :4].tolist() == [0, 0, 1, 0]
    assert found.per_neuron.tolist() == [[3, 1], [0, 0]]
    Spikes.of(found.detached().events, 2)
    (gradient,) = torch.autograd.grad((found.time[0, :4] * torch.tensor([1.0, 2, 4, 8])).sum(), spikes.time)
    assert gradient[0].tolist() == [1, 2, 4, 0, 8, 0, 0]


def test_pooling_keeps_every_spike_where_windows_fill_the_maps() -> None:
    rng = np.random.default_rng(0)
    spikes = made([[(float(t), int(i)) for t, i in zip(rng.random(50), rng.integers(0, 48, 50), strict=True)]], 48)
    found = SpikingPool2d((3, 4, 4), 2)(spikes)
    assert torch.equal(found.time, spikes.time)
    by_window = spikes.per_neuron.view(3, 2, 2, 2, 2).sum((2, 4)).flatten()
    assert torch.equal(found.per_neuron[0], by_window.int())


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"maps_in": (1, 4, 4)}, r"A window of 5 x 5 neurons does not fit into maps of 4 x 4 with a padding of 0"),
        ({"maps_in": (0, 9, 9)}, "number of maps is 0; it must be a whole number of at least 1"),
        ({"maps_in": (9, 9)}, r"maps is \(9, 9\); it must be three numbers"),
        ({"size": 0}, "size is 0; it must be a whole number of at least 1"),
        ({"stride": 0}, "stride is 0; it must be a whole number of at least 1"),
        ({"padding": -1}, "padding is -1; it must be a whole number of at least 0"),
        ({"padding": 5}, "padding is 5; it must be below the size of the windows, 5"),
        ({"n_filters": 0}, "n_filters is 0; it must be a whole number of at least 1"),
        ({"theta": 0.0}, r"theta is 0\.0; it must be a finite number above 0"),
    ],
)
def test_convolutions_that_cannot_be_made_are_named(changed: dict[str, Any], message: str) -> None:
    given = {"maps_in": (1, 9, 9), "n_filters": 2, "size": 5, "n_max": 1, "theta": 1.0, "tau_s": 0.1}
    with pytest.raises(ParameterError, match=message):
        SpikingConv2d(**{**given, **changed})


def test_pooling_that_cannot_be_done_is_named() -> None:
    with pytest.raises(ParameterError, match="A window of 4 x 4 neurons does not fit into maps of 3 x 9"):
        SpikingPool2d((1, 3, 9), 4)
    with pytest.raises(ParameterError, match="size is 0; it must be a whole number of at least 1"):
        SpikingPool2d((1, 3, 9), 0)
    with pytest.raises(ParameterError, match=r"those of 6 neurons; this layer pools those of maps of the shape \(1, 4"):
        SpikingPool2d((1, 4, 4), 2)(made([[]], 6))
