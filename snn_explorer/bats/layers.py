"""Layers as `torch.nn.Module`: spikes in, spikes out, with the exact gradient of every spike time behind them."""

from __future__ import annotations

import math
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from snn_explorer.bats.spikes import Spikes
from snn_explorer.checks import check_whole
from snn_explorer.devices import choose_device
from snn_explorer.engine import ParameterError
from snn_explorer.kernels.bats import load_backend
from snn_explorer.kernels.bats.interface import Backend, Events, Fired, LayerConstants


class Weights(Protocol):
    """Weights of synapses, such as a matrix ``(n_in, n_out)``."""

    def __getitem__(self, at: tuple[Tensor, Tensor], /) -> Tensor:
        """Weights from presynaptic to postsynaptic neurons, whose ids are of shapes that broadcast."""
        ...


class SpikingLayer(nn.Module):
    """What all layers of spiking neurons share; see `SpikingLinear` and `snn_explorer.bats.convolution`.

    Parameters
    ----------
    n_in, n_out : int
        Neurons before and in the layer.
    shape : tuple of int
        Shape of the weights: presynaptic neurons, as one or more axes, and last the neurons that see them.
    constants : LayerConstants
    init, backend, device, generator, dtype
        See `SpikingLinear`.

    Raises
    ------
    ParameterError
        If a value cannot be used.
    """

    feedback: Tensor | None

    def __init__(
        self, n_in: int, n_out: int, shape: tuple[int, ...], constants: LayerConstants, init: tuple[float, float], *,
        backend: str, device: str | torch.device | None, generator: torch.Generator | None, dtype: torch.dtype,
    ) -> None:  # fmt: skip
        super().__init__()
        self.n_in, self.n_out, self.constants = n_in, n_out, constants
        where = choose_device(device)
        self.backend = load_backend(backend, where)
        low, high = init
        if not (math.isfinite(low) and math.isfinite(high) and low <= high):
            raise ParameterError(f"init is {init!r}; it must be two finite numbers, the smaller one first.")
        source = torch.Generator().manual_seed(0) if generator is None else generator
        drawn = torch.rand(shape, generator=source, dtype=dtype)
        self.weight = nn.Parameter((low + (high - low) * drawn).to(where))
        self.register_buffer("feedback", None)

    @property
    def maps_out(self) -> tuple[int, int, int] | None:
        """Maps, rows and columns in which the neurons stand; None where they stand in none."""
        return None

    def check(self, spikes: Spikes) -> None:
        """See that presynaptic spikes and the weights can be used.

        Raises
        ------
        ParameterError
            If the spikes or the feedback weights do not fit the layer, or a weight is not a finite number.
        """
        if spikes.n_neurons != self.n_in or spikes.time.dtype != self.weight.dtype:
            raise ParameterError(
                f"The spikes are those of {spikes.n_neurons} neurons in {spikes.time.dtype}; this layer expects "
                f"{self.n_in} neurons in {self.weight.dtype}."
            )
        if spikes.time.device != self.weight.device:
            raise ParameterError(f"The spikes are on the device {str(spikes.time.device)!r}; this layer is on "
                                 f"{str(self.weight.device)!r}.")  # fmt: skip
        if self.feedback is not None and self.feedback.shape != self.weight.shape:
            raise ParameterError(
                f"The feedback weights have the shape {tuple(self.feedback.shape)}; it must be that of the weights, "
                f"{tuple(self.weight.shape)}."
            )
        for name, weights in (("weight", self.weight.detach()), ("feedback weight", self.feedback)):
            wrong = _not_finite(weights)
            if wrong is not None:
                raise ParameterError(f"A {name} is {wrong!r}; all must be finite numbers.")

    def synapses(self) -> Weights:
        """The present weight between any two neurons, on the host."""
        return self.weight.detach().cpu()

    def weight_between(self, pre: int, post: int) -> float:
        """The present weight from a presynaptic to a postsynaptic neuron; 0 where there is no synapse."""
        return float(self.weight.detach()[pre, post])

    def nearest_seen(self, pre: int, post: int) -> int:
        """The presynaptic neuron closest to `pre` from which a synapse leads to `post`."""
        return pre

    def fire(self, events: Events, n_fields: int = 1) -> Spikes:
        """Spikes of the neurons that see these events, see `snn_explorer.kernels.bats.interface.Backend`."""
        fired = _Fired()
        time = _Fire.apply(events.time, self.weight, self.feedback, events, n_fields, self, fired)
        return Spikes(fired.value.events._replace(time=time), self.n_out, fired.value.per_neuron, self.constants.n_max)


class SpikingLinear(SpikingLayer):
    """Every presynaptic neuron feeds every neuron of the layer.

    Parameters
    ----------
    n_in, n_out : int
        Neurons before and in the layer.
    n_max : int
        Spike budget of a neuron for each sample.
    theta : float
        Threshold (dimensionless).
    tau_s : float
        Synaptic time constant [s]; the membrane's is twice as long.
    init : tuple of float
        Bounds between which initial weights are drawn evenly.
    duration : float
        Simulated time [s], possibly infinite.
    backend : str
        See `snn_explorer.kernels.bats.BACKENDS`.
    device : str or torch.device, optional
        Where it computes, see `snn_explorer.devices.choose_device`.
    generator : torch.Generator, optional
        Where the initial weights come from, on the processor, so that a seed gives the same ones on every device; a
        generator with seed 0 by default.
    dtype : torch.dtype
        Of weights and times.

    Attributes
    ----------
    weight : Parameter, shape (n_in, n_out)
        Row i is what a spike of presynaptic neuron i adds to the currents.
    feedback : Tensor, shape (n_in, n_out), optional
        Weights that carry errors back in place of `weight`; None for the exact gradient.

    Raises
    ------
    ParameterError
        If a value cannot be used.
    """

    def __init__(
        self, n_in: int, n_out: int, n_max: int, theta: float, tau_s: float, init: tuple[float, float] = (-1.0, 1.0),
        *, duration: float = math.inf, backend: str = "auto", device: str | torch.device | None = None,
        generator: torch.Generator | None = None, dtype: torch.dtype = torch.float32,
    ) -> None:  # fmt: skip
        shape = check_whole("n_in", n_in, minimum=1), check_whole("n_out", n_out, minimum=1)
        constants = LayerConstants(tau_s, theta, n_max, duration)
        super().__init__(
            *shape, shape, constants, init, backend=backend, device=device, generator=generator, dtype=dtype
        )

    def forward(self, spikes: Spikes) -> Spikes:
        """Spikes of the layer.

        Parameters
        ----------
        spikes : Spikes
            Of the `n_in` neurons before it, in the dtype of the weights and on their device.

        Raises
        ------
        ParameterError
            If the spikes or the feedback weights do not fit the layer, or a weight is not a finite number.
        """
        self.check(spikes)
        return self.fire(spikes.events)

    def extra_repr(self) -> str:
        """What `repr` shows."""
        return f"{self.n_in}, {self.n_out}, {self.constants}"


def _not_finite(weights: Tensor | None) -> float | None:
    """The first of the weights that is not a finite number, if any."""
    if weights is None or math.isfinite(float(weights.sum())):
        return None
    wrong = weights[~torch.isfinite(weights)]
    return float(wrong[0]) if len(wrong) else None


class _Fired:
    """Carries what is not a differentiable tensor out of the autograd function."""

    value: Fired


class _Fire(torch.autograd.Function):
    """Joins a backend's forward and backward passes."""

    @staticmethod
    def forward(
        ctx: Any, time: Tensor, weight: Tensor, feedback: Tensor | None, events: Events, n_fields: int,
        layer: SpikingLayer, out: _Fired,
    ) -> Tensor:  # fmt: skip
        events = events._replace(time=time.detach())
        matrix = weight.detach().flatten(0, -2)
        out.value = layer.backend.forward(events, matrix, layer.constants, n_fields)
        ctx.save_for_backward(weight, feedback)
        ctx.events, ctx.fired, ctx.backend = events, out.value, layer.backend
        return out.value.events.time.clone()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *errors: Tensor) -> tuple[Tensor | None, ...]:  # type: ignore[override]
        weight, feedback = ctx.saved_tensors
        backend: Backend = ctx.backend
        matrix, back = weight.flatten(0, -2), (weight if feedback is None else feedback).flatten(0, -2)
        found = backend.backward(
            ctx.fired, ctx.events, matrix, back, errors[0].contiguous(), wants_time=ctx.needs_input_grad[0]
        )
        return found.time, found.weight.view(weight.shape), None, None, None, None, None
