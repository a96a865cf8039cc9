"""A training set as spikes: encoded and sorted once, so that a batch is only gathered."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from snn_explorer.bats.encoding import encode
from snn_explorer.bats.spikes import Spikes, count_spikes, there
from snn_explorer.devices import CPU
from snn_explorer.kernels.bats.interface import Events
from snn_explorer.tasks.samples import Split

BLOCK = 1000
"""Samples encoded at a time, which bounds the memory needed."""


class EncodedSplit:
    """Spikes and labels of a split, in one flat array over all samples.

    Parameters
    ----------
    split : Split
    kind : str
        ``"pixels"`` or ``"times"``.
    duration : float
        Encoding time of pixels [s].
    dtype : torch.dtype
        Of the spike times.
    device : torch.device
        Where spikes and labels are kept.

    Raises
    ------
    ParameterError
        If an input cannot be encoded.
    """

    def __init__(
        self, split: Split, kind: str, duration: float, dtype: torch.dtype = torch.float32, device: torch.device = CPU
    ) -> None:
        times, neurons, counts = [], [], []
        for rows in torch.arange(len(split)).split(BLOCK):
            events = encode(split.batch(rows)[0].to(device, dtype), kind, duration).events
            valid = there(events)
            times.append(events.time[valid])
            neurons.append(events.neuron[valid])
            counts.append(events.count)
        # the last entry stands for all places of a batch that hold no spike
        self._time = torch.cat([*times, torch.tensor([math.inf], dtype=dtype, device=device)])
        self._neuron = torch.cat([*neurons, torch.zeros(1, dtype=torch.int32, device=device)])
        self._count = torch.cat(counts)
        self._start = self._count.cumsum(0) - self._count
        self._length = self._count.cpu()  # what sizes a batch must not wait for a GPU
        self.labels, self.n_neurons = split.labels.to(device), split.inputs.shape[1]

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, rows: Tensor) -> tuple[Spikes, Tensor]:
        """Spikes and labels of the samples in ``rows`` ``(B,)``, on the host; the same as encoding these samples."""
        place = torch.arange(int(self._length[rows].max()), device=self._time.device)
        rows = rows.to(self._time.device)
        count = self._count[rows]
        valid = place < count[:, None]
        source = (self._start[rows][:, None] + place).masked_fill_(~valid, len(self._time) - 1)
        events = Events(self._time[source], self._neuron[source], count)
        return Spikes(events, self.n_neurons, count_spikes(events, self.n_neurons)), self.labels[rows]
