"""BATS in plain torch, in any dtype: the specification that the other backends are tested against.

Every neuron of every sample goes through the presynaptic events together, in the form and with the names of
`snn_explorer.kernels.bats.interface`. Interval i lies before presynaptic event i and the last one ends at `duration`;
inside an interval the loop goes on while any neuron fires. Numbers in brackets are the paper's equations.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from snn_explorer.kernels.bats.interface import SLOPE_FLOOR, Events, Fired, Gradients, LayerConstants, by_neuron
from snn_explorer.kernels.bats.receptive_fields import Fields, Windows, look_through


class Round(NamedTuple):
    """Spikes that were found together: at most one of each neuron.

    Attributes
    ----------
    interval : int
        Presynaptic events before these spikes, in the row of each sample.
    sample, neuron, rank : Tensor, shape (n,)
        Who spiked, in which row of the events, and how many spikes it gave before this one.
    time : Tensor, shape (n,)
        Spike times [s].
    g, Y : Tensor, shape (n,)
        Current at the spike, and the membrane's decay since the neuron's latest event (7).
    """

    interval: int
    sample: Tensor
    neuron: Tensor
    rank: Tensor
    time: Tensor
    g: Tensor
    Y: Tensor


class Record(NamedTuple):
    """What the backward pass needs of a forward pass: the rounds in order, and each spike's column in its row."""

    constants: LayerConstants
    rounds: list[Round]
    columns: list[Tensor]
    n_fields: int


def fields(events: Events, windows: Windows) -> Fields:
    """See `snn_explorer.kernels.bats.interface.Backend`."""
    return look_through(events, windows)


def forward(events: Events, weight: Tensor, constants: LayerConstants, n_fields: int = 1) -> Fired:
    """See `snn_explorer.kernels.bats.interface.Backend`."""
    borders, arrived = _intervals(events, constants.duration)
    b = weight.new_zeros(len(borders), weight.shape[1])
    g, per_neuron = b.clone(), torch.zeros(b.shape, dtype=torch.int32)
    rounds: list[Round] = []
    for i in range(borders.shape[1] - 1):
        if i:
            w = torch.where(arrived[:, i - 1, None], weight[events.neuron[:, i - 1].long()], 0)
            b, g = b + w, g + w
        now, end = borders[:, i, None].expand_as(b), borders[:, i + 1, None].expand_as(b)
        while True:
            D = _decay(end - now, constants.tau)
            sample, neuron = torch.nonzero(_fires(b, g, D, per_neuron, constants), as_tuple=True)
            if not len(sample):
                break
            at = sample, neuron
            Y = _first_crossing(b[at], g[at], D[at], constants.c)
            time = torch.minimum(now[at] - constants.tau * torch.log(Y), end[at])
            now = now.index_put(at, time)
            g = g.index_put(at, g[at] * Y**2)
            b = b.index_put(at, g[at])  # after the reset v = b - g is 0, exactly
            rounds.append(Round(i, sample, neuron, per_neuron[at], time, g[at], Y))
            per_neuron[at] += 1
        b, g = b * D, g * D**2
    per_neuron = by_neuron(per_neuron, n_fields)
    fired, columns = _sorted(rounds, per_neuron, weight.dtype, n_fields)
    return Fired(fired, per_neuron, Record(constants, rounds, columns, n_fields))


def backward(
    fired: Fired, events: Events, weight: Tensor, feedback: Tensor, error: Tensor, *, wants_time: bool
) -> Gradients:
    """See `snn_explorer.kernels.bats.interface.Backend`."""
    constants, rounds, columns, n_fields = fired.record
    borders, _ = _intervals(events, constants.duration)
    F = weight.new_zeros(len(borders), weight.shape[1])
    H, weight_gradient, time_gradient = F.clone(), torch.zeros_like(weight), torch.zeros_like(events.time)
    left = len(rounds)
    for i in reversed(range(borders.shape[1] - 1)):
        right = left
        while left and rounds[left - 1].interval == i:
            left -= 1
        mine = range(left, right)
        latest = borders[:, i, None].repeat(1, F.shape[1])
        for k in mine:
            latest[rounds[k].sample, rounds[k].neuron] = rounds[k].time
        D = _decay(borders[:, i + 1, None] - latest, constants.tau)
        F, H = F * D**2, H * D
        for k in reversed(mine):
            at, Y = (rounds[k].sample, rounds[k].neuron), rounds[k].Y
            x = (rounds[k].g - constants.c).clamp_min(SLOPE_FLOOR * constants.c)
            later = constants.c / constants.tau * H[at]  # (20)-(24)
            delta = error[rounds[k].sample // n_fields, columns[k]] + later  # (17)
            q = constants.tau / x * delta  # (14) with the origin at the spike
            F[at], H[at] = (F[at] + q) * Y**2, (H[at] + q) * Y
        if i:
            neuron = events.neuron[:, i - 1].long()  # behind the last that arrives, F and H are still 0
            weight_gradient.index_add_(0, neuron, F - H)  # (12), (13)
            slope = F / constants.tau_s - H / constants.tau
            time_gradient[:, i - 1] = (feedback[neuron] * slope).sum(1)  # (18), (19)
    return Gradients(weight_gradient, time_gradient if wants_time else None)


def _intervals(events: Events, duration: float) -> tuple[Tensor, Tensor]:
    """Borders of the intervals [s] ``(B, E + 2)``, from 0 to `duration`, and which events arrive ``(B, E)``."""
    inside = torch.arange(events.time.shape[1]) < events.count[:, None]
    arrived = inside & (events.time <= duration)
    end = events.time.new_full((len(events.count), 1), duration)
    return torch.cat([torch.zeros_like(end), torch.where(arrived, events.time, end), end], 1), arrived


def _decay(span: Tensor, tau: float) -> Tensor:
    """exp(-span / tau); 1 where the span is nothing, or the difference of two infinite times."""
    return torch.exp(-torch.where(span > 0, span, 0) / tau)


def _fires(b: Tensor, g: Tensor, D: Tensor, per_neuron: Tensor, constants: LayerConstants) -> Tensor:
    """Whether neurons spike in the rest D of an interval: v >= c at its end, or it has a peak of at least c inside."""
    above = b * D - g * D**2 >= constants.c
    peak = (b < 2 * g) & (b > 2 * g * D) & (b**2 >= 4 * g * constants.c)
    return (above | peak) & (per_neuron < constants.n_max)


def _first_crossing(b: Tensor, g: Tensor, D: Tensor, c: float) -> Tensor:
    """Y of (7), inside the interval that D spans.

    Rounding may find a spike where the discriminant is a little below 0, or where g <= 0 and v cannot rise; the latter
    is put at the interval's start.
    """
    x = (b**2 - 4 * g * c).clamp_min(0).sqrt()
    Y = torch.where(g > 0, (b + x) / (2 * g), 1)
    return torch.minimum(torch.maximum(Y, D), torch.ones_like(Y))


def _sorted(rounds: list[Round], per_neuron: Tensor, dtype: torch.dtype, n_fields: int) -> tuple[Events, list[Tensor]]:
    """All spikes in rows sorted by time and neuron, and the column of each spike of each round."""
    count = per_neuron.sum(1, dtype=torch.int32)
    shape = len(count), int(count.max())
    time, ids = torch.full(shape, torch.inf, dtype=dtype), torch.zeros(shape, dtype=torch.int32)
    if not rounds:
        return Events(time, ids, count), []
    row, lane, when = (torch.cat([getattr(r, name) for r in rounds]) for name in ("sample", "neuron", "time"))
    sample, neuron = row // n_fields, lane * n_fields + row % n_fields
    order = neuron.argsort(stable=True)
    order = order[when[order].argsort(stable=True)]
    order = order[sample[order].argsort(stable=True)]
    column = torch.empty_like(order)
    column[order] = torch.arange(len(order)) - (count.cumsum(0) - count)[sample[order]]
    time[sample, column], ids[sample, column] = when, neuron.int()
    return Events(time, ids, count), list(column.split([len(r.sample) for r in rounds]))
