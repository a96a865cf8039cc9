"""What every SuperSpike backend answers: one layer of neurons, advanced and taught a chunk at a time.

Weights are constant inside a chunk and spikes travel forward only, so a chunk is computed layer by
layer: :meth:`Layer.integrate` runs the neurons over all its steps, and once the errors are known
:meth:`Layer.learn` gives the chunk's weight changes. A layer carries whatever crosses the chunk's border.

The recursions of one step t, in this order, with s = spikes that arrive in step t (`axonal_delay` after
they were made), err = error events that arrive in step t, and g = the gains and decays of :class:`LayerConstants`::

    U     <- U + leak ((U_rest - U) + I)          (3.1), with the current before this step's arrivals
    spike where U > theta: U := U_rest, also for `refractory_steps` further steps; not while a spike budget is spent
    I     <- current_decay I + sum_j w_ij s_j     (3.2)
    h_ij  =  sigma'(U_i) z~_j                     Hebbian coincidence, used `eligibility_lag` steps later (.surrogates)
    l     <- l + h;  lambda <- lambda + decay_gain (l - lambda);  l <- rise_decay l
    m_ij  <- m_ij + e_i lambda_ij                 (3.3)
    z~    <- z~ + decay_gain (z - z~);  z <- rise_decay (z + s)
    e'    <- e' + rise_gain (err - e');  e <- e + decay_gain (e' - e)
    zeta  <- rate_decay (zeta + own spikes)       (3.5), before its power is taken
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from torch import Tensor

from snn_explorer.engine import ParameterError
from snn_explorer.kernels.superspike.events import Events


@dataclass(frozen=True)
class LayerConstants:
    """Discretised constants of a layer; voltages in volts, times in steps, gains and decays per step."""

    leak: float
    current_decay: float
    rest: float
    threshold: float
    refractory_steps: int
    rise_decay: float
    rise_gain: float
    decay_gain: float
    rate_decay: float
    axonal_delay: int
    error_delay: int
    eligibility_lag: int = 0
    surrogate_floor: float = float("-inf")
    product_floor: float = 0.0

    def __post_init__(self) -> None:
        if self.refractory_steps < 1:
            # a backend may tell a neuron that has just fired by its full count
            raise ParameterError(f"refractory_steps is {self.refractory_steps!r}; it must be at least 1.")


@dataclass(frozen=True, eq=False)
class SpikeBudget:
    """Most spikes of each neuron in one trial.

    A neuron that has made them is silent until the next trial starts: after the reset of its last spike its membrane
    goes on as (3.1) says, may stay above the threshold, and neither spikes nor is reset. A trial that starts while the
    membrane is above the threshold so starts with a spike.

    Parameters
    ----------
    n_max : int
        The budget, at least 1.
    starts : Events
        Steps of the chunk in which a trial starts, for one network or for all; `neuron` is 0 and `value` 1. Spikes of
        that step belong to the new trial.

    Raises
    ------
    ParameterError
        If the budget is below 1.
    """

    n_max: int
    starts: Events

    def __post_init__(self) -> None:
        if self.n_max < 1:
            raise ParameterError(f"n_max is {self.n_max!r}; a spike budget must be at least 1.")


@dataclass(frozen=True)
class Variant:
    """Variant of the rule that a chunk is taught with.

    Parameters
    ----------
    surrogate : str
        One of :data:`snn_explorer.kernels.superspike.surrogates.SURROGATES`.
    exponent : int, optional
        Exponent a of the regulariser (3.5); without it no activity is computed and zeta starts anew.
    error_dependent : bool
        Whether the regulariser's activity is zeta^a e^2 (A.5) instead of zeta^a.
    """

    surrogate: str = "fast_sigmoid"
    exponent: int | None = None
    error_dependent: bool = False


@dataclass(frozen=True)
class LayerSize:
    """Networks R, presynaptic and postsynaptic neurons, and steps in a chunk."""

    n_networks: int
    n_pre: int
    n_post: int
    n_steps: int


class Learned(NamedTuple):
    """What a chunk taught.

    `credit` is the integral m ``(R, n_post, n_pre)``, `error_power` the sum over steps of e^2 ``(R, n_post)`` and
    `activity` the sum over steps of zeta^a, or of zeta^a e^2, ``(R, n_post)``, or None where no exponent was given.
    """

    credit: Tensor
    error_power: Tensor
    activity: Tensor | None


class Layer(Protocol):
    """One layer's neurons and synapses with all their state; the same calls on every backend."""

    size: LayerSize
    constants: LayerConstants

    def integrate(self, spikes: Events, weights: Tensor, budget: SpikeBudget | None = None) -> Events:
        """Run the neurons over one chunk.

        Parameters
        ----------
        spikes : Events
            Presynaptic spikes made in this chunk, steps ``0 .. n_steps - 1``.
        weights : Tensor, shape (R, n_post, n_pre)
            Synaptic weights [V].
        budget : SpikeBudget, optional
            Limit on each neuron's spikes. Spikes are counted from the first chunk that has one, and anew after any
            that has none.

        Returns
        -------
        Events
            Spikes of this layer, sorted by network, step and neuron.
        """
        ...

    def learn(self, errors: Events, feedback: Tensor, steepness: Tensor, variant: Variant) -> Learned:
        """Integrate the three-factor product over the chunk that was integrated last.

        Parameters
        ----------
        errors : Events
            Signed error events made in this chunk by the output neurons.
        feedback : Tensor, shape (R or 1, n_errors, n_post)
            Weight of each output's error at each neuron of this layer; the identity for the output layer.
        steepness : Tensor, shape (R,)
            beta of the surrogate derivative [1/V].
        variant : Variant
            Surrogate and regulariser.
        """
        ...

    @property
    def presynaptic(self) -> Events:
        """Presynaptic spikes of the last chunk, and those before it that its traces may remember."""
        ...

    def voltage(self, network: int, neurons: Sequence[int], n_before: int = 0) -> Tensor:
        """Membrane voltage [V] over the last chunk, and up to `n_before` steps before it, ``(len(neurons), n)``.

        Given on the host.
        """
        ...

    def error(self, network: int, neurons: Sequence[int]) -> Tensor:
        """Error per step that the product used in each step of the last chunk, ``(len(neurons), n_steps)``.

        Given on the host.
        """
        ...

    def state_dict(self) -> dict[str, Tensor]:
        """All state that crosses a chunk's border."""
        ...

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take up a state that `state_dict` gave."""
        ...
