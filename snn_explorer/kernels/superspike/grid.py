"""Events of a chunk as a grid ``(R, steps, sources)`` on a GPU, whose size does not depend on how many there are.

So the host need not know their number and never waits for it; only who looks at the table does.
"""

from __future__ import annotations

from functools import cached_property

import torch
from torch import Tensor

from snn_explorer.kernels.superspike.events import EVERY_NETWORK, Events

EVENT = torch.int8
"""Type of what stands in a place of a grid: a spike, an error of +-1, or the few that may fall together there."""


class GridEvents(Events):
    """Events on a grid that holds their values, 0 where there is none.

    Parameters
    ----------
    values : Tensor of `EVENT`, shape (R, n_steps, n_sources), or (1, n_steps, n_sources) where `shared`
    shared : bool
        Whether they reach every network of the ensemble.
    first : int
        Step of the first row, counted from the start of the chunk.
    """

    def __init__(self, values: Tensor, *, shared: bool = False, first: int = 0) -> None:
        self.values, self.shared, self.first = values, shared, first

    @cached_property
    def table(self) -> Tensor:  # type: ignore[override]
        """All events, sorted by network, step and neuron, on the host."""
        network, step, neuron = self.values.nonzero().T
        value = self.values[network, step, neuron]
        reached = torch.full_like(network, EVERY_NETWORK) if self.shared else network
        return torch.stack([step + self.first, reached, neuron, value]).to(torch.int32).cpu()

    def per_network(self, n_networks: int) -> Tensor:
        """Number of events of each network ``(R,)``, on the grid's device."""
        return self.values.count_nonzero(dim=(1, 2))

    def of_network(self, network: int) -> Events:
        """Events that reach one network; the others are left on their device."""
        mine = self.values if self.shared else self.values[network, None]
        table = GridEvents(mine, shared=self.shared, first=self.first).table
        table[1] += 0 if self.shared else network
        return Events(table)

    def subtracted_from(self, wanted: Events, n_networks: int, n_sources: int) -> GridEvents:
        """Events of the difference `wanted` - these, see `Events.subtracted_from`."""
        missing = on_grid(wanted, tuple(self.values.shape), self.values.device)
        return GridEvents(missing.values - self.values)


def on_grid(events: Events, shape: tuple[int, ...], device: torch.device) -> GridEvents:
    """Events on a grid of the shape ``(R, n_steps, n_sources)``, or ``(1, ...)`` where all reach every network.

    Made once for each set of events: frozen patterns are shown again and again.
    """
    if isinstance(events, GridEvents):
        return events
    key = shape, device
    kept = events.grids.get(key)
    if not isinstance(kept, GridEvents):
        events.grids[key] = kept = _grid_of_table(events.table, shape, device)
    return kept


def _grid_of_table(table: Tensor, shape: tuple[int, ...], device: torch.device) -> GridEvents:
    n_networks, n_steps, n_sources = shape
    step, network, neuron, value = table.long()
    everywhere = network == EVERY_NETWORK
    shared = bool(everywhere.all())
    if not shared:
        each = torch.arange(n_networks).repeat_interleave(int(everywhere.sum()))
        network = torch.cat([network[~everywhere], each])
        step, neuron, value = (
            torch.cat([row[~everywhere], row[everywhere].repeat(n_networks)]) for row in (step, neuron, value)
        )
    place = step * n_sources + neuron + (0 if shared else network * n_steps * n_sources)
    values = torch.zeros((1 if shared else n_networks) * n_steps * n_sources, dtype=EVENT, device=device)
    # whole numbers add up exactly, in any order
    values.index_add_(0, place.to(device), value.to(EVENT).to(device))
    return GridEvents(values.view(-1, n_steps, n_sources), shared=shared)
