"""What the outputs should do, and how far they are from it: losses, and the answers read from the spikes.

Spike count:   L = 1/2 sum_j (y_j - n_j)^2 (11), y_j the target count; its error is handed to the spikes.
First spike:   L = -ln softmax_y(-t_j / tau_loss), t_j the output's first spike (Goeltz et al. 2021).
Spike time:    L = 1/2 sum_j ((t_j - target_j) / tau_loss)^2, t_j the output's n-th spike.

Each loss gives one value for each sample, so that the mean over a batch stays with the training.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from snn_explorer.bats.hand_off import hand_to_spikes
from snn_explorer.bats.readout import earliest, most_spikes, spike_time
from snn_explorer.bats.spikes import Spikes
from snn_explorer.checks import check_positive, check_whole
from snn_explorer.engine import ParameterError


class Loss(Protocol):
    """A loss of output spikes, and the way to read an answer that goes with it."""

    def __call__(self, spikes: Spikes, target: Tensor, /) -> Tensor:
        """Loss of each sample ``(B,)``; gradients flow to the times of the output spikes."""
        ...

    def decode(self, spikes: Spikes, until: float | None = None) -> Tensor:
        """Answer of each sample ``(B,)`` from spikes up to `until` [s]; -1 without any."""
        ...


@dataclass(frozen=True)
class SpikeCountLoss:
    """Distance of the spike counts from their targets (11); the output with most spikes is the answer.

    Parameters
    ----------
    target_true, target_false : float
        Spikes wanted of the label's output and of each other one.

    Raises
    ------
    ParameterError
        If a target is negative or not a finite number.
    """

    target_true: float = 15.0
    target_false: float = 3.0

    def __post_init__(self) -> None:
        for name in ("target_true", "target_false"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise ParameterError(f"{name} is {value!r}; it must be a finite number of at least 0 [spikes].")

    def __call__(self, spikes: Spikes, labels: Tensor) -> Tensor:
        """Loss of each sample ``(B,)`` for the labels ``(B,)``."""
        check_labels(labels, spikes)
        target = torch.full_like(spikes.per_neuron, float(self.target_false), dtype=spikes.time.dtype)
        target.scatter_(1, labels[:, None], float(self.target_true))
        difference = spikes.per_neuron - target
        return hand_to_spikes(spikes, 0.5 * difference.square().sum(1), difference)

    def decode(self, spikes: Spikes, until: float | None = None) -> Tensor:
        """The output with most spikes up to `until` [s], the lowest id among equals, ``(B,)``; -1 without a spike."""
        return most_spikes(spikes, until)


@dataclass(frozen=True)
class FirstSpikeLoss:
    """Cross-entropy of first-spike times; the output that spikes first is the answer.

    A silent output counts as one that spikes at `duration`, and gets no gradient.

    Parameters
    ----------
    tau_loss : float
        How far apart [s] first spikes should be.
    duration : float
        Simulated time [s].

    Raises
    ------
    ParameterError
        If a time is not a finite number above 0.
    """

    tau_loss: float
    duration: float

    def __post_init__(self) -> None:
        check_positive("tau_loss", self.tau_loss, "s")
        check_positive("duration", self.duration, "s")

    def __call__(self, spikes: Spikes, labels: Tensor) -> Tensor:
        """Loss of each sample ``(B,)`` for the labels ``(B,)``."""
        check_labels(labels, spikes)
        first = _or_duration(spikes.first(), self.duration)
        return torch.nn.functional.cross_entropy(-first / self.tau_loss, labels, reduction="none")

    def decode(self, spikes: Spikes, until: float | None = None) -> Tensor:
        """The output that spikes first, if that is up to `until` [s], ``(B,)``; -1 without a spike."""
        return earliest(spikes, until)


@dataclass(frozen=True)
class SpikeTimeLoss:
    """Distance of each output's n-th spike from a wanted time; the output whose n-th spike is first is the answer.

    A missing spike counts as one at `duration`, and gets no gradient.

    Parameters
    ----------
    tau_loss : float
        Unit [s] of the distance: one spike that is off by tau_loss gives a loss of 1/2.
    duration : float
        Simulated time [s].
    nth : int
        Which spike of each output, from 1.

    Raises
    ------
    ParameterError
        If a value cannot be used.
    """

    tau_loss: float
    duration: float
    nth: int = 1

    def __post_init__(self) -> None:
        check_positive("tau_loss", self.tau_loss, "s")
        check_positive("duration", self.duration, "s")
        check_whole("nth", self.nth, minimum=1)

    def __call__(self, spikes: Spikes, wanted: Tensor) -> Tensor:
        """Loss of each sample ``(B,)`` for wanted times [s] ``(B, n_out)``, infinite where none is wanted."""
        if wanted.shape != spikes.per_neuron.shape:
            raise ParameterError(
                f"The wanted spike times have the shape {tuple(wanted.shape)}; it must be that of samples and outputs, "
                f"{tuple(spikes.per_neuron.shape)}."
            )
        wrong = wanted[~(wanted >= 0)]
        if len(wrong):
            raise ParameterError(f"A wanted spike time is {float(wrong[0])!r}; it must be at least 0 [s], or infinite "
                                 "where no spike is wanted.")  # fmt: skip
        time = _or_duration(spike_time(spikes, self.nth), self.duration)
        distance = (time - wanted).masked_fill(torch.isinf(wanted), 0.0) / self.tau_loss
        return 0.5 * distance.square().sum(1)

    def decode(self, spikes: Spikes, until: float | None = None) -> Tensor:
        """The output whose n-th spike is first, if that is up to `until` [s], ``(B,)``; -1 without such a spike."""
        return earliest(spikes, until, self.nth)


def check_labels(labels: Tensor, spikes: Spikes) -> None:
    """Raise a `ParameterError` where labels ``(B,)`` do not fit the output spikes."""
    if labels.shape != (len(spikes),) or labels.dtype != torch.int64:
        raise ParameterError(
            f"The labels have the shape {tuple(labels.shape)} and the type {labels.dtype}; they must be int64 of shape "
            f"({len(spikes)},), one for each sample."
        )
    low, high = torch.stack(labels.aminmax()).tolist()
    if low < 0 or high >= spikes.n_neurons:
        raise ParameterError(f"A label is {low if low < 0 else high}; allowed are 0 to {spikes.n_neurons - 1}.")


def _or_duration(time: Tensor, duration: float) -> Tensor:
    return time.masked_fill(torch.isinf(time), duration)
