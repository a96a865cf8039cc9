"""Many networks of two outputs that learn the same two patterns side by side, as one layer (Fig 3).

Outputs 2k and 2k + 1 of the layer belong to network k. The loss is the sum over networks, so that each weight has the
gradient that it would have in a network of its own.

A network's answer to a pattern is right if the label's output has the higher score, where the score is the spike count
or, with the first-spike loss, how early the first spike is. A tie counts as half right, as by tossing a coin; without
any output spike there is no answer, which is wrong. The authors' program differs: it takes each network's best epoch,
in which a tie, and silence of both outputs, are answers for the first output.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from snn_explorer.bats import BatsParameters, Spikes, SpikingLinear, spike_times
from snn_explorer.bats.hand_off import hand_to_spikes
from snn_explorer.devices import choose_device
from snn_explorer.engine import LearningFault
from snn_explorer.tasks import spatio_temporal

AXIS = np.linspace(0, 2.4, 13)
"""Means, and standard deviations, of the initial weights."""

N_IN, N_OUT = 4, 2


def initial_weights(seeds: Sequence[int]) -> Tensor:
    """Weights N(m, s^2) of one network for each seed, mean and standard deviation: ``(4, 2 * len(seeds) * 13 * 13)``.

    Networks are in the order of seed, mean, standard deviation.
    """
    axis = torch.from_numpy(AXIS)
    shape = len(AXIS), len(AXIS), N_OUT, N_IN
    drawn = [torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) for seed in seeds]
    weights = axis[:, None, None, None] + axis[:, None, None] * torch.stack(drawn)
    return weights.reshape(-1, N_IN).T.float()


class NetworkGrid:
    """Networks of all means and standard deviations for some seeds.

    Parameters
    ----------
    parameters : BatsParameters
        Of each network.
    seeds : sequence of int
        Of the initial weights.
    epochs : int
        Epochs there are to be; each is one batch of both patterns.
    backend : str
        Backend of the kernels.
    device : str, optional
        Where to compute, see `snn_explorer.devices.choose_device`.

    Attributes
    ----------
    layer : SpikingLinear
        The outputs of all networks.
    done, total : int
        Epochs that are over, and those there are to be.
    accuracy, unanswered, best : Tensor, shape (n_seeds, 13, 13)
        Of each network: share of right answers now, share of patterns without an answer, and the largest share of right
        answers so far, counted as in the authors' program.
    curves : Tensor, shape (2, epochs + 1, n_seeds)
        Accuracy and unanswered share after each epoch, from 0 on, mean over the grid.
    """

    def __init__(
        self, parameters: BatsParameters, seeds: Sequence[int], epochs: int, backend: str = "auto",
        device: str | None = None,
    ) -> None:  # fmt: skip
        where = choose_device(device)
        self.parameters, self._shape = parameters, (len(seeds), len(AXIS), len(AXIS))
        times, labels = spatio_temporal().train.batch(torch.arange(N_OUT))
        self._inputs, self._labels = spike_times(times.to(where)), labels.to(where)
        weights, p = initial_weights(seeds), parameters
        self.layer = SpikingLinear(
            N_IN, weights.shape[1], p.n_max[0], p.theta[0], p.tau_s, duration=p.duration, backend=backend, device=where
        )
        with torch.no_grad():
            self.layer.weight.copy_(weights)
        self._optimiser = torch.optim.SGD([self.layer.weight])
        self.done, self.total = 0, epochs
        self.best = torch.zeros(self._shape, device=where)
        self.curves = torch.full((2, epochs + 1, len(seeds)), math.nan, device=where)
        self._answer()

    @property
    def finished(self) -> bool:
        """Whether all epochs are over."""
        return self.done >= self.total

    def advance(self, slice_seconds: float) -> None:
        """Learn epoch by epoch for about `slice_seconds` of wall time, one epoch at least, or to the end.

        Raises
        ------
        LearningFault
            If a gradient is no longer a finite number; the weights are left as they are.
        """
        stop = time.monotonic() + slice_seconds
        while not self.finished:
            self._optimiser.zero_grad()
            self._losses().mean(0).sum().backward()
            gradient = self.layer.weight.grad
            if gradient is None or not bool(torch.isfinite(gradient).all()):
                raise LearningFault("A gradient is no longer a finite number; lower the learning rate.")
            self._optimiser.param_groups[0]["lr"] = self.parameters.rate(self.done)
            self._optimiser.step()
            self.done += 1
            self._answer()
            if time.monotonic() >= stop:
                break

    def state_dict(self) -> dict[str, Any]:
        """Everything needed to go on to the same bits."""
        return {
            "done": self.done,
            "weight": self.layer.weight.detach().clone(),
            "best": self.best.clone(),
            "curves": self.curves[:, : self.done + 1].clone(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave; it may be of a shorter run."""
        self.done, self.best = state["done"], state["best"].to(self.best.device, copy=True)
        self.curves[:, : self.done + 1] = state["curves"]
        with torch.no_grad():
            self.layer.weight.copy_(state["weight"])
        self._answer()

    def _answer(self) -> None:
        """Let all networks answer both patterns, and take down how well they do."""
        self._spikes = self.layer(self._inputs)
        scores = _scores(self._spikes, self.parameters.loss)
        right, silent = answers(scores, self._labels)
        self.accuracy, self.unanswered = right.mean(0).view(self._shape), silent.float().mean(0).view(self._shape)
        first = scores[..., 0] >= scores[..., 1]
        best = (first == (self._labels == 0)[:, None]).float().mean(0)
        self.best = torch.maximum(self.best, best.view(self._shape))
        self.curves[:, self.done] = torch.stack([self.accuracy, self.unanswered]).mean((2, 3))

    def _losses(self) -> Tensor:
        """Loss of each pattern and network ``(2, n)``, or summed over the networks ``(2,)``."""
        p, n_patterns = self.parameters, len(self._labels)
        if p.loss == "first_spike":
            first = self._spikes.first()
            first = first.masked_fill(torch.isinf(first), p.duration).view(n_patterns, -1, N_OUT)
            labels = self._labels[:, None].expand(first.shape[:2])
            return torch.nn.functional.cross_entropy(-first.movedim(2, 1) / p.tau_loss, labels, reduction="none")
        is_label = torch.arange(N_OUT, device=self._labels.device) == self._labels[:, None]
        target = torch.where(is_label, float(p.target_true), float(p.target_false))
        counts = self._spikes.per_neuron.view(n_patterns, -1, N_OUT)
        difference = (counts - target[:, None]).flatten(1)
        return hand_to_spikes(self._spikes, 0.5 * difference.square().sum(1), difference)


def answers(scores: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Whether networks are right about each pattern: 1, 0.5 for a tie, or 0, and whether they did not answer.

    Parameters
    ----------
    scores : Tensor, shape (B, n, 2)
        Of the outputs of n networks for B patterns; minus infinity without a spike.
    labels : Tensor of int64, shape (B,)

    Returns
    -------
    right, silent : Tensor, shape (B, n)
    """
    places = labels[:, None, None].expand(-1, scores.shape[1], 1)
    own, other = (scores.gather(2, place)[..., 0] for place in (places, 1 - places))
    silent = torch.isinf(own) & torch.isinf(other)
    return (0.5 * (own >= other) + 0.5 * (own > other)).masked_fill(silent, 0.0), silent


def _scores(spikes: Spikes, loss: str) -> Tensor:
    """Scores of the outputs ``(B, n, 2)``, minus infinity without a spike."""
    counts = spikes.per_neuron.float()
    scores = -spikes.first().detach() if loss == "first_spike" else counts.masked_fill(counts == 0, -math.inf)
    return scores.view(len(spikes), -1, N_OUT)
