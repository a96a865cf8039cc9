"""Convolutions of spikes: neurons that see a window of the layer before, all windows with the same weights.

Neuron (f, y, x) of the layer sees, in all maps before, the K x K neurons from row s y - p and column s x - p on, where
s is the stride and p the padding. Its spike times and their gradients are those of equations (6)-(24), over these
presynaptic spikes; the gradient of a weight is summed over the windows. The id of neuron (f, y, x) is
``(f * n_rows + y) * n_columns + x``, and so in the layer before.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from snn_explorer.bats.layers import SpikingLayer, Weights
from snn_explorer.bats.spikes import Spikes
from snn_explorer.checks import check_whole
from snn_explorer.kernels.bats.interface import LayerConstants
from snn_explorer.kernels.bats.receptive_fields import Fields, Windows, collected


class SpikingConv2d(SpikingLayer):
    """Maps of neurons, each of which sees a window of the layer before.

    Parameters
    ----------
    maps_in : tuple of int
        Maps, rows and columns of the layer before.
    n_filters : int
        Maps of this layer.
    size : int
        Rows and columns K of a window.
    n_max, theta, tau_s, init, duration, backend, device, generator, dtype
        See `snn_explorer.bats.layers.SpikingLinear`.
    stride : int
        Neurons between two windows.
    padding : int
        Rows and columns of neurons that never spike, added on each side of the layer before.

    Attributes
    ----------
    maps_out : tuple of int
        Maps, rows and columns of this layer.
    weight : Parameter, shape (n_maps, K, K, n_filters)
        What a spike of each neuron in a window adds to the currents of the filters' neurons there.
    feedback : Tensor, shape (n_maps, K, K, n_filters), optional
        Weights that carry errors back in place of `weight`; None for the exact gradient.

    Raises
    ------
    ParameterError
        If a value cannot be used, or a window does not fit into the maps.
    """

    def __init__(
        self, maps_in: tuple[int, int, int], n_filters: int, size: int, n_max: int, theta: float, tau_s: float,
        init: tuple[float, float] = (-1.0, 1.0), *, stride: int = 1, padding: int = 0, duration: float = math.inf,
        backend: str = "auto", device: str | torch.device | None = None, generator: torch.Generator | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> None:  # fmt: skip
        self.windows = windows = Windows(maps_in, size, stride, padding)
        n_filters = check_whole("n_filters", n_filters, minimum=1)
        super().__init__(
            math.prod(windows.maps), n_filters * windows.n_fields, (windows.maps[0], size, size, n_filters),
            LayerConstants(tau_s, theta, n_max, duration), init,
            backend=backend, device=device, generator=generator, dtype=dtype,
        )  # fmt: skip

    @property
    def maps_out(self) -> tuple[int, int, int]:
        """Maps, rows and columns of the layer."""
        return self.weight.shape[-1], *self.windows.shape

    def forward(self, spikes: Spikes) -> Spikes:
        """Spikes of the layer.

        Parameters
        ----------
        spikes : Spikes
            Of the maps before, in the dtype of the weights and on their device.

        Raises
        ------
        ParameterError
            If the spikes or the feedback weights do not fit the layer, or a weight is not a finite number.
        """
        self.check(spikes)
        fields = self.backend.fields(spikes.events._replace(time=spikes.time.detach()), self.windows)
        time = _Look.apply(spikes.time, fields)
        return self.fire(fields.events._replace(time=time), self.windows.n_fields)

    def nearest_seen(self, pre: int, post: int) -> int:
        """See `SpikingLayer.nearest_seen`: the closest place of the same map within the window."""
        look, (_, n_rows, n_columns) = self.windows, self.windows.maps
        (map_, pixel), window = divmod(pre, n_rows * n_columns), post % look.n_fields
        row = self._nearest(pixel // n_columns, window // look.shape[1], n_rows)
        column = self._nearest(pixel % n_columns, window % look.shape[1], n_columns)
        return (map_ * n_rows + row) * n_columns + column

    def _nearest(self, place: int, window: int, n: int) -> int:
        """The place closest to this one, of `n` in a row or column, that a window sees there."""
        first = window * self.windows.stride - self.windows.padding
        return min(max(place, first, 0), first + self.windows.size - 1, n - 1)

    def weight_between(self, pre: int, post: int) -> float:
        """See `SpikingLayer.weight_between`; one number comes from a GPU, not all weights."""
        n_filter, field = divmod(post, self.windows.n_fields)
        index = int(self.windows.index(torch.tensor(pre), torch.tensor(field)))
        return float(self.weight.detach().flatten(0, -2)[index, n_filter]) if index >= 0 else 0.0

    def synapses(self) -> Weights:
        """See `SpikingLayer.synapses`."""
        return SharedWeights(self.weight.detach().cpu(), self.windows)

    def extra_repr(self) -> str:
        """What `repr` shows."""
        return f"{self.windows}, {self.weight.shape[-1]}, {self.constants}"


class SharedWeights:
    """The weight between any two neurons, as if all stood in a matrix ``(n_in, n_out)``; 0 where there is no synapse.

    Parameters
    ----------
    weight : Tensor, shape (n_maps, K, K, n_filters)
    windows : Windows

    Attributes
    ----------
    matrix : Tensor, shape (n_maps * K * K, n_filters)
        The weights of one window.
    """

    def __init__(self, weight: Tensor, windows: Windows) -> None:
        self.matrix, self.windows = weight.flatten(0, -2), windows

    def __getitem__(self, at: tuple[Tensor, Tensor]) -> Tensor:
        """Weights of presynaptic and postsynaptic neurons."""
        pre, post = at
        index = self.windows.index(pre, post % self.windows.n_fields)
        found = self.matrix[index.clamp_min(0), post // self.windows.n_fields]
        return found.masked_fill(index < 0, 0.0)


class _Look(torch.autograd.Function):
    """Brings the gradients of what the windows see back to the spikes."""

    @staticmethod
    def forward(ctx: Any, time: Tensor, fields: Fields) -> Tensor:
        ctx.place = fields.place
        return fields.events.time

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *errors: Tensor) -> tuple[Tensor | None, ...]:  # type: ignore[override]
        return collected(ctx.place, errors[0].contiguous()), None
