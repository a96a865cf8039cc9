"""Which synapses there are in the network of a frame: in a convolution only those of a window, which all share."""

from __future__ import annotations

import numpy as np
import torch

from snn_explorer.engine import Frame
from snn_explorer.kernels.bats.receptive_fields import Windows

Maps = tuple[int, int, int]
"""Maps, rows and columns."""


def maps_of(frame: Frame, layer: str) -> Maps | None:
    """Maps of a convolution; None for any other layer."""
    if f"{layer}_window" not in frame.numbers:
        return None
    n_maps, n_rows, n_columns = (int(frame.numbers[f"{layer}_{what}"]) for what in ("maps", "rows", "columns"))
    return n_maps, n_rows, n_columns


def windows_of(frame: Frame, layer: str) -> Windows | None:
    """Where a convolution's windows stand; None for any other layer. Networks move them by 1 and pad nothing."""
    if (maps := maps_of(frame, layer)) is None:
        return None
    size, n_seen = int(frame.numbers[f"{layer}_window"]), frame.matrices[f"{layer}_weights"].shape[1]
    _, n_rows, n_columns = maps
    return Windows((n_seen // size**2, n_rows + size - 1, n_columns + size - 1), size)


def strongest_onto(frame: Frame, layer: str, post: int, pre: range | None = None) -> int:
    """The presynaptic neuron with the strongest synapse onto a neuron of a layer, or that among some of them."""
    weights, windows = frame.matrices[f"{layer}_weights"], windows_of(frame, layer)
    among = np.arange(int(frame.numbers[f"{layer}_inputs"])) if pre is None else np.array(pre)
    if windows is None:
        return int(among[np.abs(weights[post, among]).argmax()])
    index = windows.index(torch.from_numpy(among), torch.tensor(post % windows.n_fields)).numpy()
    strength = np.where(index >= 0, np.abs(weights[post // windows.n_fields, index]), -1)
    return int(among[strength.argmax()])


def strongest_from(frame: Frame, layer: str, pre: int) -> int:
    """The neuron of a layer onto which a presynaptic neuron has its strongest synapse."""
    weights, windows = frame.matrices[f"{layer}_weights"], windows_of(frame, layer)
    if windows is None:
        return int(np.abs(weights[:, pre]).argmax())
    fields = torch.arange(windows.n_fields)
    index = windows.index(torch.tensor(pre), fields).numpy()
    strength = np.where(index >= 0, np.abs(weights[:, index]), -1)
    n_filter, field = np.unravel_index(int(strength.argmax()), strength.shape)
    return int(n_filter) * windows.n_fields + int(field)
