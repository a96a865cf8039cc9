"""Feedback: the weights that carry errors back, in place of w in equation (19).

symmetric: the forward weights of the moment, the exact gradient; random: b_ij ~ N(0, s), fixed; uniform: b_ij = s.
s is the root mean square of the layer's initial weights, so that errors keep their size. The first layer sends no
errors back, and only w is replaced: the factors of spike times stay exact.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from snn_explorer.bats.layers import SpikingLayer
from snn_explorer.engine import ParameterError

FEEDBACK = ("symmetric", "random", "uniform")
"""Ways of carrying errors back."""


class Feedback:
    """Feedback weights of a network's layers, drawn once.

    Parameters
    ----------
    layers : sequence of SpikingLayer
        From the first to the output.
    generator : torch.Generator
        Where the random weights come from.
    """

    def __init__(self, layers: Sequence[SpikingLayer], generator: torch.Generator) -> None:
        self._layers = layers[1:]
        self._scale = [float(layer.weight.detach().square().mean().sqrt()) for layer in self._layers]
        self._random = [
            scale * torch.randn(layer.weight.shape, generator=generator, dtype=layer.weight.dtype)
            for layer, scale in zip(self._layers, self._scale, strict=True)
        ]
        self._kind = "symmetric"

    def choose(self, kind: str) -> None:
        """Give the layers their feedback weights of this kind.

        Raises
        ------
        ParameterError
            If the kind is not one of `FEEDBACK`.
        """
        if kind == self._kind:
            return
        if kind not in FEEDBACK:
            raise ParameterError(f"The feedback is {kind!r}; allowed are: {', '.join(FEEDBACK)}.")
        for layer, scale, drawn in zip(self._layers, self._scale, self._random, strict=True):
            chosen = {"symmetric": None, "random": drawn, "uniform": torch.full_like(drawn, scale)}[kind]
            layer.feedback = None if chosen is None else chosen.to(layer.weight.device)
        self._kind = kind
