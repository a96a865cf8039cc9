"""Dead outputs: where the label's output is silent, its weights are pushed up instead of waiting for a gradient.

A neuron without a spike has no spike time and so no gradient: once the output of a class is silent for its samples,
nothing in the exact gradient brings it back, while the errors of the other outputs go on to quieten the network. For
each sample whose label y is silent, the errors of the other outputs are dropped and

    dL/dw_iy = -strength    for every presynaptic neuron i that spiked

takes their place (mean over the batch, like every gradient).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from snn_explorer.bats.spikes import Spikes
from snn_explorer.checks import check_positive


@dataclass(frozen=True)
class DeadOutputPush:
    """Raises the weights into silent outputs of the label.

    Parameters
    ----------
    strength : float
        Gradient that a weight gets from one sample [loss per weight].

    Raises
    ------
    ParameterError
        If the strength is not a finite number above 0.
    """

    strength: float

    def __post_init__(self) -> None:
        check_positive("strength", self.strength, "loss per weight")

    @staticmethod
    def dead(output: Spikes, labels: Tensor) -> Tensor:
        """Samples whose label's output is silent, ``(B,)``: their losses are left out."""
        return output.per_neuron.gather(1, labels[:, None])[:, 0] == 0

    def gradient(self, presynaptic: Spikes, dead: Tensor, labels: Tensor, n_out: int) -> Tensor:
        """What the push adds to the gradient of the output weights.

        Parameters
        ----------
        presynaptic : Spikes
            Spikes of the layer before the outputs.
        dead : Tensor of bool, shape (B,)
            See `dead`.
        labels : Tensor, shape (B,)
        n_out : int
            Output neurons.

        Returns
        -------
        Tensor, shape (n_pre, n_out)
        """
        dtype = presynaptic.time.dtype
        active = (presynaptic.per_neuron > 0).to(dtype)
        pushed = torch.nn.functional.one_hot(labels, n_out) * dead[:, None]
        return active.T @ pushed.to(dtype) * (-self.strength / len(labels))
