"""Spikes of one layer for a batch of samples: padded event tensors, sorted by time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from snn_explorer.checks import check_whole
from snn_explorer.engine import ParameterError
from snn_explorer.kernels.bats.interface import Events


@dataclass(frozen=True, eq=False)
class Spikes:
    """Spikes of one layer's neurons for each of B samples.

    Attributes
    ----------
    events : Events
        Times [s] ``(B, E)``, sorted, infinite where a sample has fewer spikes; ids ``(B, E)``; counts ``(B,)``.
        Gradients flow through ``events.time``.
    n_neurons : int
        Neurons of the layer.
    per_neuron : Tensor of int32, shape (B, n_neurons)
        Spikes of each neuron.
    n_max : int, optional
        Spike budget of a neuron, where there is one.
    """

    events: Events
    n_neurons: int
    per_neuron: Tensor
    n_max: int | None = None

    @classmethod
    def of(cls, events: Events, n_neurons: int) -> Spikes:
        """Spikes from outside, checked.

        Raises
        ------
        ParameterError
            If a tensor has another dtype or shape than `Events` says, a time is negative, not a number or out of order,
            an id or a count is out of range, or something stands beyond a sample's last spike.
        """
        check_events(events, check_whole("n_neurons", n_neurons, minimum=1))
        return cls(events, n_neurons, count_spikes(events, n_neurons))

    @property
    def time(self) -> Tensor:
        """Spike times [s] ``(B, E)``."""
        return self.events.time

    @property
    def neuron(self) -> Tensor:
        """Ids of the neurons ``(B, E)``."""
        return self.events.neuron

    @property
    def count(self) -> Tensor:
        """Spikes of each sample ``(B,)``."""
        return self.events.count

    @property
    def n_silent(self) -> Tensor:
        """Neurons without a spike, for each sample ``(B,)``."""
        return (self.per_neuron == 0).sum(1)

    @property
    def n_saturated(self) -> Tensor:
        """Neurons that spent their budget, for each sample ``(B,)``."""
        if self.n_max is None:
            return torch.zeros(len(self.per_neuron), dtype=torch.long, device=self.per_neuron.device)
        return (self.per_neuron == self.n_max).sum(1)

    def first(self) -> Tensor:
        """Time of each neuron's first spike [s], infinite without one, ``(B, n_neurons)``; gradients flow."""
        first = self.time.new_full((len(self.count), self.n_neurons), float("inf"))
        return first.scatter_reduce(1, self.neuron.long(), self.time, "amin")

    def detached(self) -> Spikes:
        """The same spikes, whose times want no gradients."""
        return replace(self, events=self.events._replace(time=self.time.detach()))

    def __len__(self) -> int:
        return len(self.count)


def there(events: Events) -> Tensor:
    """Whether each place of the rows holds a spike ``(B, E)``."""
    return torch.arange(events.time.shape[1], device=events.time.device) < events.count[:, None]


def select(events: Events, wanted: Tensor, neuron: Tensor) -> Events:
    """The wanted spikes alone ``(B, E)``, as spikes of the neurons `neuron` ``(B, E)``; gradients flow."""
    order = wanted.sort(dim=1, descending=True, stable=True).indices
    padding = ~wanted.gather(1, order)
    time = events.time.gather(1, order).masked_fill(padding, torch.inf)
    ids = neuron.gather(1, order).masked_fill(padding, 0).int()
    return Events(time, ids, wanted.sum(1, dtype=torch.int32))


def count_spikes(events: Events, n_neurons: int) -> Tensor:
    """Spikes of each neuron for each sample, int32 ``(B, n_neurons)``."""
    valid = there(events)
    per_neuron = torch.zeros(len(events.count), n_neurons, dtype=torch.int32, device=events.count.device)
    return per_neuron.scatter_add_(1, events.neuron.long(), valid.int())


def check_events(events: Events, n_neurons: int) -> None:
    """Raise a `ParameterError` where event tensors are not what `Events` says."""
    _check_form(events)
    time, neuron, count = events
    wrong = count[(count < 0) | (count > time.shape[1])]
    if len(wrong):
        raise ParameterError(f"A spike count is {int(wrong[0])}; allowed are 0 to {time.shape[1]}, the spikes that "
                             "there is room for.")  # fmt: skip
    valid = there(events)
    wrong = time[valid & ~((time >= 0) & torch.isfinite(time))]
    if len(wrong):
        raise ParameterError(f"A spike time is {float(wrong[0])!r}; it must be a finite number of at least 0 [s].")
    wrong = ((time[:, 1:] < time[:, :-1]) & valid[:, 1:]).nonzero()
    if len(wrong):
        sample, k = wrong[0].tolist()
        early, late = time[sample, k : k + 2].tolist()
        raise ParameterError(f"The spike times of sample {sample} go back from {early!r} to {late!r}; they must not "
                             "decrease.")  # fmt: skip
    wrong = neuron[valid & ((neuron < 0) | (neuron >= n_neurons))]
    if len(wrong):
        raise ParameterError(f"A spike's neuron is {int(wrong[0])}; allowed are 0 to {n_neurons - 1}.")
    wrong = (~valid & ((time != torch.inf) | (neuron != 0))).nonzero()
    if len(wrong):
        sample, k = wrong[0].tolist()
        raise ParameterError(
            f"Sample {sample} has {int(count[sample])} spikes, and behind them the time {float(time[sample, k])!r} of "
            f"neuron {int(neuron[sample, k])}; there it must be infinite, of neuron 0."
        )


def _check_form(events: Events) -> None:
    """Check the shapes and dtypes of event tensors."""
    time, neuron, count = events
    if time.ndim != 2 or not len(time):
        raise ParameterError(f"The spike times have the shape {tuple(time.shape)}; it must be (samples, spikes), with "
                             "at least one sample.")  # fmt: skip
    if neuron.shape != time.shape or count.shape != time.shape[:1]:
        raise ParameterError(
            f"The shapes of spike times, neurons and counts are {tuple(time.shape)}, {tuple(neuron.shape)} and "
            f"{tuple(count.shape)}; they must be (B, E), (B, E) and (B,)."
        )
    dtypes = time.dtype, neuron.dtype, count.dtype
    if time.dtype not in (torch.float32, torch.float64) or dtypes[1:] != (torch.int32, torch.int32):
        raise ParameterError(
            f"The dtypes of spike times, neurons and counts are {', '.join(map(str, dtypes))}; they must be "
            "torch.float32 or torch.float64, torch.int32 and torch.int32."
        )
