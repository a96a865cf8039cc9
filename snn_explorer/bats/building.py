"""The layers of a network as its parameters say, and what they are called."""

from __future__ import annotations

from itertools import pairwise

import torch

from snn_explorer.bats.layers import SpikingLinear
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.tasks.samples import Samples


def build_layers(
    samples: Samples, parameters: BatsParameters, generator: torch.Generator, *, backend: str, device: torch.device,
    dtype: torch.dtype,
) -> list[SpikingLinear]:  # fmt: skip
    """Layers from the first hidden one to the output, their weights drawn from the generator."""
    p, sizes = parameters, [samples.n_in, *parameters.hidden, samples.n_classes]
    return [
        SpikingLinear(n_in, n_out, n_max, theta, p.tau_s, p.init, duration=p.duration, backend=backend, device=device,
                      generator=generator, dtype=dtype)
        for (n_in, n_out), n_max, theta in zip(pairwise(sizes), p.n_max, p.theta, strict=True)
    ]  # fmt: skip


def layer_names(n_layers: int) -> tuple[str, ...]:
    """Names of the layers by which a frame tells them apart: ``hidden1``, ``hidden2``, ..., ``output``.

    A single hidden layer is called ``hidden``.
    """
    hidden = ["hidden"] if n_layers == 2 else [f"hidden{k}" for k in range(1, n_layers)]
    return (*hidden, "output")
