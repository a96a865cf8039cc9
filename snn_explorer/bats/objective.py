"""What is descended for each sample: its loss, or nothing where a push takes its place, and the rate penalty."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from snn_explorer.bats.building import Stage
from snn_explorer.bats.dead_outputs import DeadOutputPush
from snn_explorer.bats.losses import FirstSpikeLoss, Loss, SpikeCountLoss
from snn_explorer.bats.optimisers import gradient_of
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.bats.regulariser import rate_penalty
from snn_explorer.bats.spikes import Spikes


def loss_of(parameters: BatsParameters, duration: float) -> Loss:
    """The loss that the parameters name, for outputs that are simulated for `duration` [s]."""
    if parameters.loss == "count":
        return SpikeCountLoss(parameters.target_true, parameters.target_false)
    return FirstSpikeLoss(parameters.tau_loss, duration)


class Objective:
    """What is descended for a batch that was answered.

    Parameters
    ----------
    parameters : BatsParameters
    loss : Loss
        See `loss_of`.
    spikes : sequence of Spikes
        Input, hidden layers, output.
    labels : Tensor of int64, shape (B,)

    Attributes
    ----------
    losses : Tensor, shape (B,)
        How far the outputs are from what they should do.
    dead : Tensor of bool, shape (B,), optional
        Samples whose loss is left out, because the push takes its place; None where the push is off.
    total : Tensor, shape (B,)
        What is descended through the spikes; gradients flow to their times.
    """

    def __init__(self, parameters: BatsParameters, loss: Loss, spikes: Sequence[Spikes], labels: Tensor) -> None:
        self._spikes, self._labels, strength = spikes, labels, parameters.dead_output_push
        self.losses = loss(spikes[-1], labels)
        self._push = DeadOutputPush(strength) if strength > 0 else None
        self.dead = self._push.dead(spikes[-1], labels) if self._push else None
        self.total = self.losses if self.dead is None else self.losses * ~self.dead
        if parameters.rho > 0 and len(spikes) > 2:
            self.total = self.total + rate_penalty(spikes[1:-1], parameters.rho, parameters.rate_limit)

    def backward(self, output: Stage) -> None:
        """Add the gradients of the batch's mean to all weights, and the push to those of the output layer."""
        self.total.mean().backward()
        if self._push and self.dead is not None:
            n_out, seen = self._spikes[-1].n_neurons, output.before(self._spikes[-2])
            push = self._push.gradient(seen, self.dead, self._labels, n_out)
            gradient_of(output.layer.weight).add_(push)
