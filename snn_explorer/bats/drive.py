"""Which inputs drove an output spike: the exact derivative of its time by the time of every input spike.

dt_k/dt_i says by how many seconds output spike k moves for each second that input spike i moves. It is the product of
the slopes of all spikes on the way, summed over all ways: the backward pass (16)-(24), begun with 1 at that one spike
in place of the gradient of a loss.

A network that starts at rest knows no other clock than its inputs. If all of them come later by d, every spike comes
later by d, so the numbers of all input spikes add up to 1. This holds for each spike within the simulated time, as
long as no membrane on the way just grazes its threshold: the slope of such a spike is held at a floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from snn_explorer.bats.layers import SpikingLayer
from snn_explorer.bats.spikes import Spikes

if TYPE_CHECKING:
    from snn_explorer.bats.network import Network


@dataclass(frozen=True)
class Drive:
    """How the input spikes of a sample move one output spike.

    Attributes
    ----------
    neuron, rank : int
        Which output, and which of its spikes, counted from 0.
    time : float
        When it is [s].
    inputs : Tensor of int64, shape (n_spikes,)
        Who gave each input spike.
    slope : Tensor of float64, shape (n_spikes,)
        dt_k/dt_i of each input spike (dimensionless).
    """

    neuron: int
    rank: int
    time: float
    inputs: Tensor
    slope: Tensor

    def by_input(self, n_in: int) -> Tensor:
        """The slope of each input's spike, not a number where it gave none, float64 ``(n_in,)``."""
        return self.slope.new_full((n_in,), torch.nan).scatter(0, self.inputs, self.slope)


def drive(network: Network, sample: int, spike: tuple[int, int] | None = None) -> Drive | None:
    """How the inputs move an output spike of a training sample, by the network's present weights.

    Parameters
    ----------
    network : Network
    sample : int
        Which training sample; it is looked at where it stands if images are moved.
    spike : tuple of int, optional
        Output and rank of the spike, counted from 0; the output's last one if it has not so many. By default, and where
        the output is silent, it is the first spike of the label's output, or else the first output spike of all.

    Returns
    -------
    Drive or None
        None if all outputs are silent.
    """
    inputs, labels = network.training_set.sample(sample)
    time = inputs.time.detach().requires_grad_()
    given = Spikes(inputs.events._replace(time=time), inputs.n_neurons, inputs.per_neuron)
    with torch.enable_grad(), _exact(network.layers):
        output = network.respond(given)[-1]
        n_in, n_out = int(inputs.count), int(output.count)
        at = _place(output.neuron[0, :n_out].tolist(), spike, int(labels))
        if at is None:
            return None
        (slope,) = torch.autograd.grad(output.time[0, at], time)
    neuron = int(output.neuron[0, at])
    return Drive(
        neuron=neuron,
        rank=int((output.neuron[0, :at] == neuron).sum()),
        time=float(output.time[0, at].detach()),
        inputs=inputs.neuron[0, :n_in].cpu().long(),
        slope=slope[0, :n_in].cpu().double(),
    )


def _place(neurons: Sequence[int], spike: tuple[int, int] | None, label: int) -> int | None:
    """Where the spike is among those of these outputs; None if there is none."""
    if spike is not None and spike[0] in neurons:
        mine = [at for at, neuron in enumerate(neurons) if neuron == spike[0]]
        return mine[min(spike[1], len(mine) - 1)]
    if not neurons:
        return None
    return neurons.index(label) if label in neurons else 0


@contextmanager
def _exact(layers: Sequence[SpikingLayer]) -> Iterator[None]:
    """Carry derivatives back through the weights themselves, whatever carries errors back in learning."""
    feedback = [layer.feedback for layer in layers]
    try:
        for layer in layers:
            layer.feedback = None
        yield
    finally:
        for layer, before in zip(layers, feedback, strict=True):
            layer.feedback = before
