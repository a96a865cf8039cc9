"""How a network answers one training sample as it is now, with the whole error of every spike. Nothing is learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from snn_explorer.bats.building import Stage
from snn_explorer.bats.layers import Weights
from snn_explorer.bats.objective import Objective
from snn_explorer.bats.spike_errors import Train, currents, factors, grazing, whole_errors
from snn_explorer.bats.spikes import Spikes
from snn_explorer.kernels.bats.interface import LayerConstants

if TYPE_CHECKING:
    from snn_explorer.bats.network import Network


@dataclass(frozen=True)
class LayerAnswer:
    """What one layer did for the sample.

    Attributes
    ----------
    constants : LayerConstants
    first_id : int
        Neurons in the layers before it: id of its first neuron where all are counted through, hidden ones first.
    maps : tuple of int, optional
        Maps, rows and columns of a convolution.
    weight : Weights
        Of all its synapses, on the host.
    presynaptic, spikes : Train
        Spikes that it got, and gave.
    per_neuron : Tensor of int64, shape (n_post,)
        Spikes of each neuron.
    factor : Tensor of float64, shape (n_spikes,)
        Factor r of each spike [s^2], see `snn_explorer.bats.spike_errors`.
    grazing : Tensor of bool, shape (n_spikes,)
        Whether the membrane of the spike only grazes the threshold.
    delta : Tensor of float64, shape (n_spikes,)
        Whole error of each spike [1/s].
    """

    constants: LayerConstants
    first_id: int
    maps: tuple[int, int, int] | None
    weight: Weights
    presynaptic: Train
    spikes: Train
    per_neuron: Tensor
    factor: Tensor
    grazing: Tensor
    delta: Tensor

    @property
    def ids(self) -> range:
        """Ids of its neurons where all are counted through."""
        return range(self.first_id, self.first_id + len(self.per_neuron))


@dataclass(frozen=True)
class Answer:
    """What the network did for the sample.

    Attributes
    ----------
    sample : int
        Which training sample.
    label, answer : int
        Its class, and the class that the outputs say; -1 if they say none.
    loss : float
    pushed : bool
        Whether a push of the dead output took the place of the loss, so that no error comes from it.
    inputs : Train
        Spikes of the sample.
    layers : dict of str to LayerAnswer
        By name, from the first hidden layer to the output.
    """

    sample: int
    label: int
    answer: int
    loss: float
    pushed: bool
    inputs: Train
    layers: dict[str, LayerAnswer]

    @property
    def hidden(self) -> list[LayerAnswer]:
        """The hidden layers."""
        return list(self.layers.values())[:-1]


def answer(network: Network, sample: int) -> Answer:
    """Let the network answer a training sample, where it stands if images are moved."""
    inputs, labels = network.training_set.sample(sample)
    loss = network.loss
    with torch.enable_grad():
        spikes = [inputs, *network.respond(inputs)]
        objective = Objective(network.parameters, loss, spikes, labels)
        errors = torch.autograd.grad(objective.total.sum(), [layer.time for layer in spikes[1:]])
    return Answer(
        sample=sample,
        label=int(labels),
        answer=int(loss.decode(spikes[-1].detached())),
        loss=float(objective.losses.detach()),
        pushed=objective.dead is not None and bool(objective.dead),
        inputs=_train(inputs),
        layers=dict(zip(network.layer_names, _layers(network.stages, spikes, errors), strict=True)),
    )


def _layers(stages: Sequence[Stage], spikes: Sequence[Spikes], errors: Sequence[Tensor]) -> list[LayerAnswer]:
    """What each layer did, from the spikes of input and layers, and dL/dt of the layers' spikes."""
    found: list[LayerAnswer] = []
    for k, (stage, error) in enumerate(zip(stages, errors, strict=True)):
        before, own = _train(stage.before(spikes[k])), _train(spikes[k + 1])
        weight, constants = stage.layer.synapses(), stage.layer.constants
        current = currents(before, own, weight, constants)
        factor = factors(current, constants)
        delta = whole_errors(error[0, : len(own.time)].cpu().double(), factor, own, constants)
        first = found[-1].ids.stop if found else 0
        per_neuron = spikes[k + 1].per_neuron[0].cpu().long()
        grazes = grazing(current, constants)
        maps = stage.layer.maps_out
        found.append(LayerAnswer(constants, first, maps, weight, before, own, per_neuron, factor, grazes, delta))
    return found


def _train(spikes: Spikes) -> Train:
    """Spikes of the only sample."""
    n = int(spikes.count)
    return Train(spikes.time.detach()[0, :n].cpu().double(), spikes.neuron[0, :n].cpu().long())
