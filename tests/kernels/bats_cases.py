"""Layers with random spikes and weights, and spikes as tables by neuron, for the tests of BATS."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from snn_explorer.kernels.bats import load_backend
from snn_explorer.kernels.bats.interface import Events, Fired, Gradients, LayerConstants
from tests.kernels.backends import device_of


def moved(events: Events, device: torch.device) -> Events:
    return Events(*(tensor.to(device) for tensor in events))


def fire(backend: str, events: Events, weight: Tensor, constants: LayerConstants) -> Fired:
    """A backend's forward pass, from and to the processor; the record is what the backend itself gave."""
    device = device_of(backend)
    fired = load_backend(backend, device).forward(moved(events, device), weight.to(device), constants)
    return Fired(moved(fired.events, torch.device("cpu")), fired.per_neuron.cpu(), fired)


def learn(
    backend: str, fired: Fired, events: Events, weight: Tensor, error: Tensor, *, feedback: Tensor | None = None,
    wants_time: bool = True,
) -> Gradients:  # fmt: skip
    """A backend's backward pass of what `fire` gave, from and to the processor."""
    device = device_of(backend)
    back = (weight if feedback is None else feedback).to(device)
    found = load_backend(backend, device).backward(
        fired.record, moved(events, device), weight.to(device), back, error.to(device), wants_time=wants_time
    )
    return Gradients(found.weight.cpu(), None if found.time is None else found.time.cpu())


@dataclass
class Case:
    """One layer and its input: weights in units of c, so that `mean` and `spread` set how much it fires."""

    n_post: int = 10
    n_samples: int = 4
    n_events: int = 60
    n_pre: int = 12
    tau_s: float = 0.01
    span: float = 0.05
    n_max: int = 10
    duration: float = math.inf
    mean: float = 0.4
    spread: float = 1.5
    ties: float = 0.0
    seed: int = 0
    fixed_feedback: bool = False

    def __post_init__(self) -> None:
        generator = torch.Generator().manual_seed(self.seed)
        self.constants = LayerConstants(self.tau_s, 1.0, self.n_max, self.duration)
        self.events = random_events(generator, self)
        shape = self.n_pre, self.n_post
        self.weight, self.feedback = (
            self.constants.c * (self.mean + self.spread * torch.randn(shape, generator=generator)) for _ in range(2)
        )
        if not self.fixed_feedback:
            self.feedback = self.weight
        self.errors = torch.randn(self.n_samples, self.n_post, self.n_max, generator=generator)

    def forward(self, backend: str, dtype: torch.dtype) -> Fired:
        """Spikes of the layer; numbers are float32 ones, in any dtype."""
        return fire(backend, in_dtype(self.events, dtype), self.weight.to(dtype), self.constants)

    def backward(
        self, backend: str, fired: Fired, *, feedback: Tensor | None = None, wants_time: bool = True
    ) -> Gradients:
        """Gradients for the same error of each neuron's first, second, ... spike; nothing may read it beyond those."""
        feedback = self.feedback if feedback is None else feedback
        events = fired.events
        sample = torch.arange(len(events.count))[:, None]
        error = self.errors[sample, events.neuron.long(), ranks(events).clamp_max(self.n_max - 1)].to(events.time.dtype)
        error[torch.isinf(events.time)] = math.nan
        dtype = events.time.dtype
        return learn(
            backend, fired, in_dtype(self.events, dtype), self.weight.to(dtype), error, feedback=feedback.to(dtype),
            wants_time=wants_time,
        )  # fmt: skip


def random_events(generator: torch.Generator, case: Case) -> Events:
    """Spikes of a Poisson process; the second sample has none, and others fewer than there is room for."""
    time = case.span * torch.rand(case.n_samples, case.n_events, generator=generator)
    tied = torch.rand(time.shape, generator=generator) < case.ties
    grid = case.span / 10
    time = torch.where(tied, (time / grid).floor() * grid, time)
    count = case.n_events - torch.arange(case.n_samples, dtype=torch.int32) * (case.n_events // 8)
    count = count.clamp_min(1)
    count[1:2] = 0
    padding = torch.arange(case.n_events) >= count[:, None]
    neuron = torch.randint(0, case.n_pre, time.shape, generator=generator, dtype=torch.int32)
    return Events(time.masked_fill(padding, math.inf).sort(1).values, neuron.masked_fill(padding, 0), count)


def in_dtype(events: Events, dtype: torch.dtype) -> Events:
    return events._replace(time=events.time.to(dtype))


def ranks(events: Events) -> Tensor:
    """How many spikes of the same neuron come before each spike ``(B, S)``; padding counts as neuron 0."""
    same = events.neuron[:, :, None] == events.neuron[:, None, :]
    return same.tril(-1).sum(2)


def times_by_neuron(fired: Fired, n_max: int) -> Tensor:
    """Time of each neuron's first, second, ... spike ``(B, n_post, n_max)``, infinite where there is none."""
    events, table = fired.events, torch.full((*fired.per_neuron.shape, n_max), math.inf, dtype=torch.float64)
    there = torch.arange(events.time.shape[1]) < events.count[:, None]
    sample = there.nonzero(as_tuple=True)[0]
    table[sample, events.neuron[there].long(), ranks(events)[there]] = events.time[there].double()
    return table


def largest_difference(a: Tensor, b: Tensor) -> float:
    """Of two tables in which the same entries are infinite."""
    assert torch.equal(torch.isinf(a), torch.isinf(b))
    there = ~torch.isinf(a)
    return float((a - b)[there].abs().max())


def relative_error(value: Tensor | None, expected: Tensor | None) -> float:
    """Largest difference, relative to the largest entry."""
    assert value is not None
    assert expected is not None
    return float((value.double() - expected).abs().max() / expected.abs().max())
