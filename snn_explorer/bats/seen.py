"""What the neurons of a layer see of the spikes before it: all of them, or in a convolution those in a window."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from snn_explorer.bats.convolution import SharedWeights
from snn_explorer.bats.layers import Weights
from snn_explorer.kernels.bats.interface import Events
from snn_explorer.kernels.bats.receptive_fields import look_through

if TYPE_CHECKING:
    from snn_explorer.bats.spike_errors import Train


class Seen(NamedTuple):
    """Presynaptic spikes, a row for each receptive field: one where every neuron sees all, else one for each window.

    Attributes
    ----------
    time : Tensor of float64, shape (n_fields, n)
        Spike times [s] in their order, infinite where a field has fewer.
    neuron : Tensor of int, shape (n_fields, n)
        Presynaptic neurons, counted within the field.
    weight : Tensor, shape (n_seen, n_filters)
        Of the neurons in a field to those that see it: neuron j of the layer is filter ``j // n_fields`` at field
        ``j % n_fields``.
    """

    time: Tensor
    neuron: Tensor
    weight: Tensor

    @classmethod
    def of(cls, presynaptic: Train, weight: Weights) -> Seen:
        """What a layer with these weights sees of these spikes, on the host."""
        time, neuron = presynaptic.time[None], presynaptic.neuron[None]
        if isinstance(weight, SharedWeights):
            events = Events(time, neuron.int(), torch.tensor([time.shape[1]], dtype=torch.int32))
            fields = look_through(events, weight.windows).events
            return cls(fields.time, fields.neuron.long(), weight.matrix)
        assert isinstance(weight, Tensor)
        return cls(time, neuron, weight)

    def field(self, neuron: Tensor) -> Tensor:
        """Which fields these neurons of the layer see."""
        return neuron % len(self.time)

    def by(self, neuron: Tensor) -> tuple[Tensor, Tensor]:
        """Times of the spikes that some neurons of the layer see, and the weights: rows are neurons, or shared."""
        n_fields, field = len(self.time), self.field(neuron)
        time, seen = (self.time, self.neuron) if n_fields == 1 else (self.time[field], self.neuron[field])
        return time, self.weight[seen, neuron[:, None] // n_fields].double()
