"""Plastic layers: neurons with their incoming weights, and the update at the end of each chunk.

    w_ij <- w_ij + r_ij int_chunk [ e_i lambda_ij - rho w_ij zeta_i ] ds,   |w_ij| <= w_max     (3.3, 3.4)

The gradient handed to the optimiser is the integrand's mean over the chunk, with sigma' peaking at 1, alpha of unit
area and e in hertz.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from snn_explorer.devices import LateReading
from snn_explorer.engine import LearningFault
from snn_explorer.kernels.superspike.events import Events
from snn_explorer.kernels.superspike.interface import Layer, Learned, SpikeBudget
from snn_explorer.superspike.optimisers import OPTIMISERS, RMaxProp
from snn_explorer.superspike.regulariser import strength
from snn_explorer.superspike.traces import DoubleExponential

EPSILON = 1e-12
"""Added to sqrt(v) in the original simulation's units."""


class PlasticLayer:
    """Neurons of one layer and their incoming weights ``(R, n_post, n_pre)`` [V].

    Parameters
    ----------
    name : str
        ``"hidden"`` or ``"output"``, for messages.
    neurons : Layer
        The layer on some backend.
    weights : Tensor, shape (R, n_post, n_pre)
        Initial weights [V].
    traces : DoubleExponential
        Kernels alpha and epsilon.

    Attributes
    ----------
    asynchronous : bool
        Whether the host runs ahead of the device, and looks for faults a chunk late so that neither waits.
    """

    def __init__(self, name: str, neurons: Layer, weights: Tensor, traces: DoubleExponential) -> None:
        self.name, self.neurons = name, neurons
        # one contiguous row per presynaptic neuron, as the kernels read them
        self.weights = weights.transpose(1, 2).contiguous().transpose(1, 2)
        self._regulariser_strength, self._error_peak = strength(traces), traces.error_peak
        self._gradient_scale = 1 / (traces.eligibility_area * traces.dt * neurons.size.n_steps)
        self._weights_before = self.weights.clone()
        self._gradient = self._pull = torch.zeros_like(self.weights[:, :, :1])
        self.asynchronous = weights.device.type == "cuda"
        self._was_finite: LateReading | None = None

    def integrate(self, spikes: Events, budget: SpikeBudget | None = None) -> Events:
        """Spikes of this layer over one chunk, given those of the layer below and the limit on its own."""
        return self.neurons.integrate(spikes, self.weights, budget)

    def gradient(self, learned: Learned, rho: Tensor, error_dependent: bool = False) -> Tensor:
        """Mean of the integrand over the chunk, ``(R, n_post, n_pre)``: the direction in which weights should go.

        Parameters
        ----------
        learned : Learned
            What the chunk taught.
        rho : Tensor, shape (R, 1, 1)
            Strength of the regulariser; used where `learned` has an activity.
        error_dependent : bool
            Whether that activity has the error's square in it (A.5).

        Raises
        ------
        LearningFault
            If it or the weights hold a value that is not a finite number; an `asynchronous` layer gives 0 instead, and
            raises in the next chunk, or in `look_back`.
        """
        gradient = learned.credit * self._gradient_scale
        self._pull = torch.zeros_like(gradient[:, :, :1])
        if learned.activity is not None:
            mean = learned.activity[:, :, None] / self.neurons.size.n_steps
            factor = self._regulariser_strength / (self._error_peak**2 if error_dependent else 1)
            self._pull = factor * rho * mean
            gradient -= self._pull * self.weights
        # one sum finds any value that is not finite
        finite = torch.isfinite(gradient.sum() + self.weights.sum())
        if self.asynchronous:
            gradient = torch.where(finite, gradient, 0)
            self.look_back()
            self._was_finite = LateReading(finite)
        elif not finite:
            raise LearningFault(self._describe_fault())
        self._gradient = gradient
        return gradient

    def look_back(self) -> None:
        """Raise the `LearningFault` of the last chunk where nobody has looked for one yet; waits until it is known."""
        if self._was_finite is not None and not self._was_finite.read():
            raise LearningFault(self._describe_fault())

    def last_terms(self, network: int, post: int, pre: int) -> tuple[float, float]:
        """The integrand's two terms for one synapse, means over the last chunk [Hz]: e lambda, and rho w zeta."""
        regulariser = float(self._pull[network, post, 0] * self._weights_before[network, post, pre])
        return float(self._gradient[network, post, pre]) + regulariser, regulariser

    def remember_weights(self) -> None:
        """Keep the weights as they are now, for `last_change`."""
        self._weights_before.copy_(self.weights)

    @property
    def last_change(self) -> Tensor:
        """Change of the weights in the last update, ``(R, n_post, n_pre)`` [V]."""
        return self.weights - self._weights_before

    def _describe_fault(self) -> str:
        lost = int((~self.weights.isfinite()).sum())
        if lost:
            what = f"{lost} of {self.weights.numel()} weights of the {self.name} layer are not numbers any more"
        else:
            what = f"the gradient of the {self.name} layer grew beyond the numbers the computer can hold"
        return (
            f"Learning paused: {what}. The last update was not made. Lower the learning rate or the regulariser "
            "strength and reset, or load a saved run."
        )

    def state_dict(self) -> dict[str, Any]:
        """Weights and the neurons' state."""
        return {
            "weights": self.weights.clone(),
            "weights_before": self._weights_before.clone(),
            "neurons": self.neurons.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave."""
        self._was_finite = None  # of the state that was before
        self.weights.copy_(state["weights"])
        self._weights_before.copy_(state["weights_before"])
        self.neurons.load_state_dict(state["neurons"])


class Plasticity:
    """One optimiser for the weights of several layers, which then stay within their limit.

    Parameters
    ----------
    layers : sequence of PlasticLayer
    gamma : float
        Decay of the optimiser's v over one chunk.
    traces : DoubleExponential
        Kernels alpha and epsilon.
    """

    def __init__(self, layers: Sequence[PlasticLayer], gamma: float, traces: DoubleExponential) -> None:
        self.layers = layers
        groups = [{"params": [layer.weights]} for layer in layers]
        self.optimiser = RMaxProp(groups, lr=0.0, gamma=gamma, eps=EPSILON * strength(traces))

    def choose(self, optimiser: str) -> None:
        """Go on with this one of `OPTIMISERS`, which takes over the v of the one before."""
        kind, before = OPTIMISERS[optimiser], self.optimiser
        if type(before) is not kind:
            self.optimiser = kind(before.param_groups, **before.defaults)
            self.optimiser.state = before.state

    def update(self, gradients: Sequence[Tensor], rates: Sequence[float | Tensor], limit: float) -> None:
        """Change the weights of all layers at the end of a chunk.

        Parameters
        ----------
        gradients : sequence of Tensor, shape (R, n_post, n_pre)
            Direction in which each layer's weights should go.
        rates : sequence of float or Tensor, shape (R, 1, 1)
            r_0 of each layer; with 0 only the optimiser's v moves.
        limit : float
            Largest absolute weight [V].
        """
        groups = self.optimiser.param_groups
        for layer, group, gradient, rate in zip(self.layers, groups, gradients, rates, strict=True):
            layer.remember_weights()
            layer.weights.grad = -gradient
            group["lr"] = rate
        self.optimiser.step()
        for layer in self.layers:
            layer.weights.clamp_(-limit, limit)

    def rest(self) -> None:
        """Let a chunk pass without learning: weights and the optimiser's v stay as they are."""
        for layer, group in zip(self.layers, self.optimiser.param_groups, strict=True):
            layer.remember_weights()
            group["lr"] = 0.0

    def rate(self, layer: PlasticLayer, network: int, post: int, pre: int) -> float:
        """Rate r_ij [V/Hz] with which one synapse followed its gradient in the last chunk; see `PerParameterRate`."""
        return self.optimiser.rate(layer.weights, (network, post, pre))

    def state_dict(self) -> dict[str, Tensor]:
        """The optimiser's v of each layer; empty before the first update."""
        state = self.optimiser.state
        return {layer.name: state[layer.weights]["v"].clone() for layer in self.layers if state[layer.weights]}

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take up a state that `state_dict` gave."""
        for layer in self.layers:
            kept = {"v": torch.zeros_like(layer.weights).copy_(state[layer.name])} if layer.name in state else {}
            self.optimiser.state[layer.weights] = kept
