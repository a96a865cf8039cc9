"""Spikes out of tables by neuron into one row for each sample, sorted by time, on a GPU and without waiting for it."""

from __future__ import annotations

import torch
from torch import Tensor

from snn_explorer.kernels.bats.interface import Events


def sort_spikes(
    times: Tensor, per_neuron: Tensor, count: Tensor, n_row: int, n_fields: int
) -> tuple[Events, Tensor, Tensor]:
    """Rows of spikes sorted by time; those at the same time in the order of their neurons.

    Parameters
    ----------
    times : Tensor, shape (room, B * n_fields, n_post)
        Times [s] of each neuron's first, second, ... spike; anything behind its last.
    per_neuron : Tensor of int32, shape (B, n_post * n_fields)
        Spikes of each neuron, by their ids in the layer.
    count : Tensor of int32, shape (B,)
        Spikes of each sample.
    n_row : int
        The largest of these.
    n_fields : int
        Receptive fields of a sample.

    Returns
    -------
    events : Events
    start : Tensor of int32, shape (B * n_fields, n_post)
        Spikes of a sample's neurons before each neuron.
    place : Tensor of int64, shape (B, n_row)
        Column in `events` of each spike, by neuron and rank.
    """
    end = per_neuron.cumsum(1, dtype=torch.int32)
    start = end - per_neuron
    column = torch.arange(n_row, dtype=torch.int32, device=times.device).repeat(len(count), 1)
    empty = column >= count[:, None]
    neuron = torch.searchsorted(end, column, right=True).masked_fill_(empty, 0)
    rank = (column - start.gather(1, neuron)).masked_fill_(empty, 0)
    row = torch.arange(len(count), device=times.device)[:, None] * n_fields + neuron % n_fields
    # behind all times, also an infinite one of weights so large that v overflows
    time = times[rank, row, neuron // n_fields].masked_fill_(empty, torch.nan)
    time, order = time.sort(dim=1, stable=True)
    place = torch.empty_like(order).scatter_(1, order, column.long())
    events = Events(time.masked_fill_(empty, torch.inf), neuron.gather(1, order).int(), count)
    by_field = start.unflatten(1, (-1, n_fields)).transpose(1, 2).flatten(0, 1).contiguous()
    return events, by_field, place
