"""What every BATS backend answers: one layer of spiking neurons on sorted events, forward and backward.

The model is the CuBa LIF neuron with tau = 2 tau_s and soft reset (Bacho & Chu 2022, equation 1). Between events a
neuron is known by its current g and by b = g + v, where v = u / tau; c = theta / tau (10). A time d later, with
D = exp(-d / tau)::

    b <- b D,  g <- g D^2,  v = b - g                   (3)-(5)
    a presynaptic spike of neuron i:  b <- b + w_i,  g <- g + w_i
    an own spike, where v = c from below:  b <- b - c, which leaves v = 0

With the time origin at the latest event, g and b are the paper's a and b of (8) and (9). The neuron spikes before
the next event iff v >= c there, or b < 2g and b > 2gD and b^2 >= 4gc, at a time d = -tau ln Y, where
Y = (b + sqrt(b^2 - 4gc)) / (2g) is (7). A neuron is silent once it has spent its budget of `n_max` spikes.

Backward, with delta_k the whole error of spike k (12), (17) and the origin at the spike, f and h of (14) are both
r_k = tau / (g_k - c). One sweep from the last event to the first carries two adjoints of each neuron::

    F <- F D^2,  H <- H D                                between events
    at an own spike k:  delta_k = dL/dt_k + (c / tau) H,  F <- F + r_k delta_k,  H <- H + r_k delta_k
    at a presynaptic spike of neuron i at t:  dL/dw_i += F - H,  dL/dt += sum_j w_ij (F_j / tau_s - H_j / tau)

Where neurons share their weights (a convolution), each of P receptive fields of a sample is worked on like a sample of
its own, by the F neurons that see it; see `snn_explorer.kernels.bats.receptive_fields`. Neuron f of field p has the id
f P + p in the layer. A dense layer has one field.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from torch import Tensor

from snn_explorer.checks import check_positive, check_whole
from snn_explorer.engine import ParameterError

if TYPE_CHECKING:
    from snn_explorer.kernels.bats.receptive_fields import Fields, Windows

SLOPE_FLOOR = 1e-6
"""Least g_k - c, as a share of c: a membrane that only grazes the threshold has no gradient."""


class Events(NamedTuple):
    """Spikes of one layer for each sample of a batch, in the order of time.

    Attributes
    ----------
    time : Tensor, shape (B, E)
        Spike times [s], not decreasing along a row; infinite from ``count`` on.
    neuron : Tensor of int32, shape (B, E)
        Who spiked; 0 from ``count`` on.
    count : Tensor of int32, shape (B,)
        Spikes of each sample.
    """

    time: Tensor
    neuron: Tensor
    count: Tensor  # type: ignore[override]


@dataclass(frozen=True)
class LayerConstants:
    """Constants of a layer.

    Parameters
    ----------
    tau_s : float
        Synaptic time constant [s]; the membrane's is twice as long.
    theta : float
        Threshold, and what a spike subtracts.
    n_max : int
        Spikes that a neuron may give for each sample.
    duration : float
        Simulated time [s], possibly infinite; later spikes neither arrive nor occur.

    Raises
    ------
    ParameterError
        If a value cannot be used.
    """

    tau_s: float
    theta: float
    n_max: int
    duration: float = math.inf

    def __post_init__(self) -> None:
        check_positive("tau_s", self.tau_s, "s")
        check_positive("theta", self.theta, "threshold")
        check_whole("n_max", self.n_max, minimum=1)
        if not self.duration > 0:
            raise ParameterError(f"duration is {self.duration!r}; it must be above 0 [s], or infinite.")

    @property
    def tau(self) -> float:
        """Membrane time constant [s]."""
        return 2 * self.tau_s

    @property
    def c(self) -> float:
        """Threshold of v = u / tau, equation (10) [1/s]."""
        return self.theta / self.tau


class Fired(NamedTuple):
    """What a layer did.

    Attributes
    ----------
    events : Events
        Its spikes, those at the same time in the order of neurons; the length of a row is the largest count of the
        batch.
    per_neuron : Tensor of int32, shape (B, n_post * n_fields)
        Spikes of each neuron.
    record : object
        What the same backend's `backward` needs, and nobody else reads.
    """

    events: Events
    per_neuron: Tensor
    record: Any


def by_neuron(table: Tensor, n_fields: int) -> Tensor:
    """Numbers of the neurons of all fields ``(B * P, F)`` in the order of their ids in the layer ``(B, F * P)``."""
    return table.unflatten(0, (-1, n_fields)).transpose(1, 2).flatten(1)


class Gradients(NamedTuple):
    """Gradient of the loss: `weight` ``(n_pre, n_post)``, and `time` ``(B, E)`` [1/s] of presynaptic spikes or None."""

    weight: Tensor
    time: Tensor | None


class Backend(Protocol):
    """A module with these three functions."""

    def fields(self, events: Events, windows: Windows) -> Fields:
        """What each receptive field of each sample sees, see `snn_explorer.kernels.bats.receptive_fields`."""
        ...

    def forward(self, events: Events, weight: Tensor, constants: LayerConstants, n_fields: int = 1) -> Fired:
        """Spikes of the layer.

        Parameters
        ----------
        events : Events
            Presynaptic spikes; of each field, row after row, where a sample has several.
        weight : Tensor, shape (n_pre, n_post)
            Row i is what a spike of presynaptic neuron i adds to the currents; its dtype is that of all times.
        constants : LayerConstants
        n_fields : int
            Receptive fields P of a sample.
        """
        ...

    def backward(
        self, fired: Fired, events: Events, weight: Tensor, feedback: Tensor, error: Tensor, *, wants_time: bool
    ) -> Gradients:
        """Gradients of one forward pass.

        Parameters
        ----------
        fired, events, weight
            What `forward` gave and was given.
        feedback : Tensor, shape (n_pre, n_post)
            Weights that carry the error back (19): `weight` itself for the exact gradient.
        error : Tensor, shape (B, S)
            dL/dt of each spike in ``fired.events``, without the paths through the neuron's own later spikes.
        wants_time : bool
            Whether dL/dt of the presynaptic spikes is wanted.
        """
        ...
