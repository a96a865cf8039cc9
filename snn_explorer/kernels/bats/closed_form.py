"""BATS by the paper's own formulas and plain autograd: an independent way to the gradients of the other backends.

The reference finds which spikes there are and between which presynaptic spikes each of them lies. Then, with the one
time origin of the paper and for each neuron spike after spike::

    t_k = tau ln(2a / (b + x)),  x = sqrt(b^2 - 4ac)                                       (7)
    a = sum_i w_i e^(t_i / tau_s)   over the presynaptic spikes before t_k                  (8)
    b = sum_i w_i e^(t_i / tau) - (theta / tau) sum_z e^(t_z / tau),  z the own spikes before t_k   (9)

These exponentials grow without bound: use float64, and times below 700 tau_s (88 tau_s in float32). A spike that only
grazes the threshold, x = 0, has an infinite derivative here.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from snn_explorer.kernels.bats import reference
from snn_explorer.kernels.bats.interface import Events, Fired, Gradients, LayerConstants
from snn_explorer.kernels.bats.receptive_fields import Fields, Windows, look_through


class Order(NamedTuple):
    """Which spikes there are, and what lies before each of them: all that the formulas do not say.

    Attributes
    ----------
    constants : LayerConstants
    arrived : Tensor of bool, shape (B, E)
        Presynaptic spikes inside the simulated time.
    interval : Tensor of int64, shape (B, n_post, n_max)
        Presynaptic events before each neuron's first, second, ... spike.
    column : Tensor of int64, shape (B, n_post, n_max)
        Where that spike stands in the row of its sample; -1 where there is no such spike.
    n_fields : int
        Receptive fields of a sample, each of them a row of these tables.
    """

    constants: LayerConstants
    arrived: Tensor
    interval: Tensor
    column: Tensor
    n_fields: int


def fields(events: Events, windows: Windows) -> Fields:
    """See `snn_explorer.kernels.bats.interface.Backend`."""
    return look_through(events, windows)


def forward(events: Events, weight: Tensor, constants: LayerConstants, n_fields: int = 1) -> Fired:
    """See `snn_explorer.kernels.bats.interface.Backend`."""
    fired = reference.forward(events, weight, constants, n_fields)
    order = _order(fired, events, weight.shape[1])
    time = torch.full_like(fired.events.time, torch.inf)
    for rank, value in enumerate(_spike_times(events.time, events.neuron, weight, weight, order)):
        there = order.column[..., rank] >= 0
        time[there.nonzero(as_tuple=True)[0] // n_fields, order.column[..., rank][there]] = value
    in_order = time.cummax(1).values if time.numel() else time  # rounding must not turn two spikes round
    return Fired(fired.events._replace(time=in_order), fired.per_neuron, order)


def backward(
    fired: Fired, events: Events, weight: Tensor, feedback: Tensor, error: Tensor, *, wants_time: bool
) -> Gradients:
    """See `snn_explorer.kernels.bats.interface.Backend`."""
    order: Order = fired.record
    with torch.enable_grad():
        w, t = weight.detach().requires_grad_(), events.time.detach().requires_grad_()
        total = w.sum() * 0
        for rank, value in enumerate(_spike_times(t, events.neuron, w, feedback.detach(), order)):
            there = order.column[..., rank] >= 0
            sample = there.nonzero(as_tuple=True)[0] // order.n_fields
            total = total + (error[sample, order.column[..., rank][there]] * value).sum()
        found = torch.autograd.grad(total, (w, t), materialize_grads=True)
    return Gradients(found[0], found[1] if wants_time else None)


def _order(fired: Fired, events: Events, n_post: int) -> Order:
    """Tables of the reference's record."""
    constants, rounds, columns, n_fields = fired.record
    inside = torch.arange(events.time.shape[1]) < events.count[:, None]
    interval = torch.zeros(len(events.count), n_post, int(fired.per_neuron.max()), dtype=torch.long)
    column = torch.full_like(interval, -1)
    for found, where in zip(rounds, columns, strict=True):
        at = found.sample, found.neuron, found.rank.long()
        interval[at], column[at] = found.interval, where
    return Order(constants, inside & (events.time <= constants.duration), interval, column, n_fields)


def _spike_times(time: Tensor, neuron: Tensor, weight: Tensor, feedback: Tensor, order: Order) -> list[Tensor]:
    """Times of all first spikes (by sample and neuron), of all second spikes, ... (7).

    t_k depends on a presynaptic time through w_i e^(t_i / tau_s) and w_i e^(t_i / tau) alone. Both are split into a
    part that depends on w_i and one, of value 0, that depends on t_i with the feedback weight before it (19).
    """
    tau, c = order.constants.tau, order.constants.c
    w, backward_w = weight[neuron.long()], feedback[neuron.long()]

    def summed(tau: float) -> Tensor:
        grown = torch.exp(torch.where(order.arrived, time, 0) / tau)[..., None]
        arriving = w * grown.detach() + backward_w * (grown - grown.detach())
        terms = torch.where(order.arrived[..., None], arriving, 0)
        return torch.cat([terms.new_zeros(len(terms), 1, terms.shape[2]), terms.cumsum(1)], 1)

    sum_a, sum_b, own = summed(order.constants.tau_s), summed(tau), time.new_zeros(order.column.shape[:2])
    times = []
    for rank in range(order.column.shape[2]):
        there = (order.column[..., rank] >= 0).nonzero(as_tuple=True)
        at = there[0], order.interval[..., rank][there], there[1]
        a, b = sum_a[at], sum_b[at] - c * own[there]
        x = torch.sqrt(b**2 - 4 * a * c)
        times.append(tau * torch.log(2 * a / (b + x)))
        own = own.index_put(there, torch.exp(times[-1] / tau), accumulate=True)
    return times
