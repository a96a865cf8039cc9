"""The layers of a network as its parameters say, and what they are called.

15C5-P2-40C5-P2-300-10, the network of section III B, is two convolutions with pooling behind each, a hidden layer of
300 neurons that see all spikes before, and ten outputs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import nn

from snn_explorer.bats.convolution import SpikingConv2d
from snn_explorer.bats.layers import SpikingLayer, SpikingLinear
from snn_explorer.bats.notation import Pooling, read_convolutions
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.bats.pooling import SpikingPool2d
from snn_explorer.bats.spikes import Spikes
from snn_explorer.engine import ParameterError
from snn_explorer.tasks.samples import Samples


@dataclass(frozen=True)
class Stage:
    """A layer of neurons, and what pools the spikes that it gets; usually nothing does."""

    before: nn.Sequential
    layer: SpikingLayer

    def __call__(self, spikes: Spikes) -> Spikes:
        """Spikes of the layer."""
        return self.layer(self.before(spikes))


def build_stages(
    samples: Samples, parameters: BatsParameters, generator: torch.Generator, *, backend: str, device: torch.device,
    dtype: torch.dtype,
) -> list[Stage]:  # fmt: skip
    """Layers from the first hidden one to the output, their weights drawn from the generator.

    Raises
    ------
    ParameterError
        If there are convolutions and the samples are no images, or a window does not fit into the maps before it.
    """
    p, stages, pools = parameters, list[Stage](), list[SpikingPool2d]()
    constants = ((n_max, theta, p.tau_s, p.init) for n_max, theta in zip(p.n_max, p.theta, strict=True))
    ways: dict[str, Any] = {
        "duration": p.duration, "backend": backend, "device": device, "generator": generator, "dtype": dtype,
    }  # fmt: skip

    def add(layer: SpikingLayer) -> None:
        stages.append(Stage(nn.Sequential(*pools), layer))
        pools.clear()

    maps = _input_maps(samples, p)
    for part in read_convolutions(p.convolutions):
        if isinstance(part, Pooling):
            pools.append(SpikingPool2d(maps, part.size))
            maps = pools[-1].maps_out
        else:
            layer = SpikingConv2d(maps, *part, *next(constants), **ways)
            add(layer)
            maps = layer.maps_out
    for n_in, n_out in pairwise([math.prod(maps), *p.hidden, samples.n_classes]):
        add(SpikingLinear(n_in, n_out, *next(constants), **ways))
    return stages


def _input_maps(samples: Samples, parameters: BatsParameters) -> tuple[int, int, int]:
    """Maps, rows and columns of the input; samples that are no images are one row."""
    if samples.image_shape is not None:
        return 1, *samples.image_shape
    if parameters.convolutions:
        raise ParameterError(f"The convolutions are {parameters.convolutions!r}; there can be none, as the samples of "
                             f"{samples.name!r} are no images.")  # fmt: skip
    return 1, 1, samples.n_in


def layer_names(n_layers: int) -> tuple[str, ...]:
    """Names of the layers by which a frame tells them apart: ``hidden1``, ``hidden2``, ..., ``output``.

    A single hidden layer is called ``hidden``.
    """
    hidden = ["hidden"] if n_layers == 2 else [f"hidden{k}" for k in range(1, n_layers)]
    return (*hidden, "output")
