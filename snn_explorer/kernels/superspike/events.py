"""Spikes and errors as they travel between layers: sets of events on the time grid of a chunk.

On the processor they are a table with one column for each event. On a GPU they are a grid with a place for every step
and source, see :mod:`.grid`; its table is made when somebody asks for it.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

EVERY_NETWORK = -1
"""Value of :attr:`Events.network` for an event that reaches every network of the ensemble."""


class Events:
    """Events on the time grid of a chunk, in any order, in one int32 table of shape ``(4, n_events)``.

    Its rows are `step`, counted from the start of the chunk (negative: carried over from the chunk before),
    `network`, the index on the axis R or `EVERY_NETWORK`, `neuron`, the source, and `value`, 1 for a spike and +-1 for
    an error.

    Attributes
    ----------
    grids : dict
        Where `snn_explorer.kernels.superspike.grid.on_grid` keeps what it made of these events.
    """

    def __init__(self, table: Tensor) -> None:
        self._table = table
        self.grids: dict[object, Events] = {}

    @classmethod
    def of(cls, step: Tensor, network: Tensor | int, neuron: Tensor | int, value: Tensor | int = 1) -> Events:
        """Events from their columns; a number stands for all events."""
        table = torch.empty(4, len(step), dtype=torch.int32)
        table[0], table[1], table[2], table[3] = step, network, neuron, value
        return Events(table)

    @classmethod
    def empty(cls) -> Events:
        """No events at all."""
        return Events(torch.empty(4, 0, dtype=torch.int32))

    def __len__(self) -> int:
        return self.table.shape[1]

    @property
    def table(self) -> Tensor:
        """All events, on the host."""
        return self._table

    @property
    def step(self) -> Tensor:
        """Step of each event."""
        return self.table[0]

    @property
    def network(self) -> Tensor:
        """Network of each event."""
        return self.table[1]

    @property
    def neuron(self) -> Tensor:
        """Source of each event."""
        return self.table[2]

    @property
    def value(self) -> Tensor:
        """Value of each event."""
        return self.table[3]

    def select(self, mask: Tensor) -> Events:
        """Events where `mask` holds."""
        return Events(self.table[:, mask])

    def of_network(self, network: int) -> Events:
        """Events that reach one network."""
        return self.select((self.network == network) | (self.network == EVERY_NETWORK))

    def per_network(self, n_networks: int) -> Tensor:
        """Number of events of each network ``(R,)``, of events that each belong to one."""
        return torch.bincount(self.network, minlength=n_networks)

    def subtracted_from(self, wanted: Events, n_networks: int, n_sources: int) -> Events:
        """Events of the difference `wanted` - these; what falls into the same step, network and source cancels.

        Parameters
        ----------
        wanted : Events
            Each once, the same for every network.
        n_networks, n_sources : int
            Networks, and sources in each. These events, too, are there once at most.

        Returns
        -------
        Events
            Of value +1 where one is missing and -1 where one is too many, sorted by step, network and neuron.
        """
        missing, found = wanted.table.numpy().astype(np.int64), self.table.numpy().astype(np.int64)
        place_wanted = ((missing[0] * n_networks + np.arange(n_networks)[:, None]) * n_sources + missing[2]).reshape(-1)
        place = np.concatenate([place_wanted, (found[0] * n_networks + found[1]) * n_sources + found[2]])
        order = np.argsort(place)
        place = place[order]
        same = np.zeros(place.size + 1, bool)
        same[1:-1] = place[1:] == place[:-1]
        left = ~(same[1:] | same[:-1])
        row, neuron = np.divmod(place[left], n_sources)
        step, network = np.divmod(row, n_networks)
        sign = np.where(order[left] < place_wanted.size, 1, -1)
        return Events(torch.from_numpy(np.stack([step, network, neuron, sign]).astype(np.int32)))
