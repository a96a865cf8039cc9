"""A network of spiking layers that learns to classify: the engine.

One call of :meth:`Network.advance` is one batch: encode, layer by layer forward, loss, exact gradients backward
through every spike, one step of the optimiser. The gradient is the mean over the batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from snn_explorer.bats import evaluation, observation
from snn_explorer.bats.building import build_stages, layer_names
from snn_explorer.bats.encoding import encode
from snn_explorer.bats.feedback import Feedback
from snn_explorer.bats.fitting import check_fits
from snn_explorer.bats.losses import Loss
from snn_explorer.bats.objective import Objective, loss_of
from snn_explorer.bats.optimisers import check_gradients, copied_state, make_optimiser
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.bats.progress import EpochMeans, Progress
from snn_explorer.bats.spikes import Spikes
from snn_explorer.bats.training_set import TrainingSet
from snn_explorer.devices import choose_device, host_copy
from snn_explorer.engine import Frame, ParameterError, Watch
from snn_explorer.kernels import chosen_backend
from snn_explorer.tasks.samples import Samples, Split

BLOCK = 200
"""Samples that are answered at a time, which bounds the memory needed."""


class Network:
    """Spiking layers, trained on labelled samples.

    Parameters
    ----------
    samples : Samples
        What to classify.
    parameters : BatsParameters, optional
        Read at every batch, so a changed value acts from the next batch on (those in
        `snn_explorer.bats.parameters.STRUCTURAL` only when the network is made).
    backend : str
        See `snn_explorer.kernels.bats.BACKENDS`.
    device : str or torch.device, optional
        See `snn_explorer.devices.choose_device`.
    dtype : torch.dtype
        float32 or float64.

    Raises
    ------
    ParameterError
        If a value cannot be used, or the values do not fit each other or the samples.

    Attributes
    ----------
    device : torch.device
        Where the weights and the encoded training samples are, and all is computed.
    backend : str
        Name of the backend in use.
    stages : list of Stage
        Layers with the pooling before them, from the first hidden layer to the output.
    layers : list of SpikingLayer
        Their layers of neurons.
    optimiser : torch.optim.Optimizer
        What changes their weights.
    training_set : TrainingSet
        The training samples as they are learned from.
    training, validation : Split
        The training samples, and those of the training set that are held out.
    batches : int
        Batches learned since the start.
    spikes : list of Spikes
        Spikes of the last batch: input, hidden layers, output; empty before any.
    labels, losses : Tensor, shape (B,)
        Labels of the last batch, and the loss of each sample; empty before any.
    """

    def __init__(
        self, samples: Samples, parameters: BatsParameters | None = None, *, backend: str = "auto",
        device: str | torch.device | None = None, dtype: torch.dtype = torch.float32,
    ) -> None:  # fmt: skip
        self.samples, self.dtype, self.device = samples, dtype, choose_device(device)
        self.backend = chosen_backend(backend, self.device)
        self.parameters = p = BatsParameters() if parameters is None else parameters
        p.check()
        self._encoding_time = p.encoding_time
        self.training_set = TrainingSet(samples, p, dtype, self.device)
        self.training, self.validation = self.training_set.split, self.training_set.held_out
        self._build()
        self.batches = 0
        self.spikes: list[Spikes] = []
        self.labels, self.losses = torch.empty(0, dtype=torch.int64), torch.empty(0)
        self._means = EpochMeans(self.device)

    @property
    def layer_names(self) -> tuple[str, ...]:
        """Names of the layers, see `snn_explorer.bats.building.layer_names`."""
        return layer_names(len(self.layers))

    @property
    def batches_per_epoch(self) -> int:
        """Batches in which every training sample is seen once; the last one may be smaller."""
        return self.training_set.batches_per_epoch

    @property
    def time(self) -> float:
        """Training samples seen since the start, each as often as it was learned from."""
        return float(self.training_set.n_seen(self.batches))

    @property
    def epoch(self) -> float:
        """Epochs done, with the part of the current one."""
        return self.batches / self.batches_per_epoch

    @property
    def progress(self) -> Progress:
        """Means over the current epoch so far, each sample as it was answered before it was learned from."""
        return self._means.progress

    @property
    def n_silent(self) -> tuple[float, ...]:
        """Neurons without a spike, mean over the samples of the last batch, for each layer from the first hidden."""
        return tuple(float(layer.n_silent.double().mean()) for layer in self.spikes[1:])

    @property
    def n_saturated(self) -> tuple[float, ...]:
        """Neurons that spent their spike budget, mean over the samples of the last batch, for each such layer."""
        return tuple(float(layer.n_saturated.double().mean()) for layer in self.spikes[1:])

    @property
    def loss(self) -> Loss:
        """The loss, with its constants as they are now."""
        return loss_of(self.parameters, self.layers[-1].constants.duration)

    def advance(self) -> None:
        """Learn one batch.

        Raises
        ------
        LearningFault
            If a gradient is no longer a finite number; the weights are left as they are.
        ParameterError
            If images are to move or to be deformed, and the samples are none.
        """
        p, loss = self.parameters, self.loss
        epoch, batch = divmod(self.batches, self.batches_per_epoch)
        inputs, labels = self.training_set.batch(self.batches)
        self._feedback.choose(p.feedback)
        spikes = [inputs, *self.respond(inputs)]
        objective = Objective(p, loss, spikes, labels)
        self.optimiser.zero_grad()
        objective.backward(self.stages[-1])
        check_gradients(self._weights)
        self.optimiser.param_groups[0]["lr"] = p.rate(epoch)
        self.optimiser.step()
        self.spikes, self.labels = [layer.detached() for layer in spikes], labels
        self.losses = objective.losses.detach()
        if batch == 0:
            self._means.clear()
        self._means.add(self.losses, loss.decode(self.spikes[-1]) == labels)
        self.batches += 1

    def frame(self, watch: Watch) -> Frame:
        """Look at one training sample, as the network answers it now."""
        self._feedback.choose(self.parameters.feedback)
        return observation.look(self, watch)

    def respond(self, inputs: Spikes) -> list[Spikes]:
        """Spikes of each layer, from the first hidden one to the output."""
        answers, spikes = [], inputs
        for stage in self.stages:
            spikes = stage(spikes)
            answers.append(spikes)
        return answers

    @torch.no_grad()
    def responses(self, split: Split) -> Iterator[tuple[list[Spikes], Tensor]]:
        """Spikes of each layer and labels for all samples of a split, block after block, without learning."""
        for rows in torch.arange(len(split)).split(BLOCK):
            values, labels = split.batch(rows)
            inputs = encode(values.to(self.device, self.dtype), self.samples.kind, self._encoding_time)
            yield self.respond(inputs), labels.to(self.device)

    def evaluate(self, split: Split, until: float | None = None) -> evaluation.Evaluation:
        """Accuracy, loss and activity on a split.

        Parameters
        ----------
        split : Split
            For example `validation`, or ``samples.test`` at the end.
        until : float, optional
            Read only output spikes up to this time [s].

        Raises
        ------
        ParameterError
            If the split is empty, or `until` is negative or not a number.
        """
        if not len(split):
            raise ParameterError("The split to evaluate has 0 samples; it must have at least 1.")
        if until is not None and not until >= 0:
            raise ParameterError(f"until is {until!r}; it must be at least 0 [s].")
        return evaluation.evaluate(self.responses(split), self.loss, until)

    @torch.no_grad()
    def take_weights(self, weights: Sequence[Tensor]) -> None:
        """Take the weights of each layer from elsewhere, in the shapes that it has.

        Raises
        ------
        ParameterError
            If they have other shapes.
        """
        given = [tuple(weight.shape) for weight in weights]
        shapes = [tuple(layer.weight.shape) for layer in self.layers]
        if given != shapes:
            raise ParameterError(f"The saved weights have the shapes {given}; those of this network are {shapes}.")
        for layer, weight in zip(self.layers, weights, strict=True):
            layer.weight.copy_(weight)

    def state_dict(self) -> dict[str, Any]:
        """Everything needed to go on to the same bits, in tensors of the host, numbers and dicts of these."""
        return {
            "weights": {str(k): host_copy(layer.weight.detach()) for k, layer in enumerate(self.layers)},
            "optimiser": copied_state(self.optimiser.state_dict()["state"]),
            "batches": self.batches,
            "sums": self._means.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` of a network of the same parameters gave, on whichever device.

        Raises
        ------
        ParameterError
            If it cannot be the state of this network; nothing is changed.
        """
        check_fits(self, state)
        self.take_weights([state["weights"][str(k)] for k in range(len(self.layers))])
        groups = self.optimiser.state_dict()["param_groups"]
        self.optimiser.load_state_dict({"state": copied_state(state["optimiser"]), "param_groups": groups})
        self._means.load_state_dict(state["sums"])
        self.batches, self.spikes = state["batches"], []

    def _build(self) -> None:
        """Draw weights and feedback from the seed, and make the layers and the optimiser."""
        p, generator = self.parameters, torch.Generator().manual_seed(self.parameters.seed)
        self.stages = build_stages(
            self.samples, p, generator, backend=self.backend, device=self.device, dtype=self.dtype
        )
        self.layers = [stage.layer for stage in self.stages]
        self._feedback = Feedback(self.layers, generator)
        self._weights = [layer.weight for layer in self.layers]
        self.optimiser = make_optimiser(p.optimiser, self._weights, p.learning_rate)
