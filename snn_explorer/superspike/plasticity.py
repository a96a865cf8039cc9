"""Plastic layer: neurons with their incoming weights, and the update at the end of each chunk.

    w_ij <- w_ij + r_ij int_chunk [ e_i lambda_ij - rho w_ij zeta_i ] ds,   |w_ij| <= w_max     (3.3, 3.4)

The gradient handed to the optimiser is the integrand's mean over the chunk, with sigma' peaking at 1, alpha of unit
area and e in hertz.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from snn_explorer.engine import LearningFault
from snn_explorer.kernels.superspike.interface import Events, Layer, Learned
from snn_explorer.superspike.optimisers import RMaxProp
from snn_explorer.superspike.regulariser import strength
from snn_explorer.superspike.traces import DoubleExponential

EPSILON = 1e-12
"""Added to sqrt(v) in the original simulation's units."""


class PlasticLayer:
    """Neurons of one layer, their incoming weights ``(R, n_post, n_pre)`` [V] and the optimiser of these.

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
    gamma : float
        Decay of RMaxProp's v over one chunk.
    """

    def __init__(self, name: str, neurons: Layer, weights: Tensor, traces: DoubleExponential, gamma: float) -> None:
        self.name, self.neurons = name, neurons
        # one contiguous row per presynaptic neuron, as the kernels read them
        self.weights = weights.transpose(1, 2).contiguous().transpose(1, 2)
        self._regulariser_strength = strength(traces)
        self._gradient_scale = 1 / (traces.eligibility_area * traces.dt * neurons.size.n_steps)
        eps = EPSILON * self._regulariser_strength
        self.optimiser = RMaxProp([self.weights], lr=0.0, gamma=gamma, eps=eps)
        self._weights_before = self.weights.clone()

    def integrate(self, spikes: Events) -> Events:
        """Spikes of this layer over one chunk, given those of the layer below."""
        return self.neurons.integrate(spikes, self.weights)

    def gradient(self, learned: Learned, rho: Tensor) -> Tensor:
        """Mean of the integrand over the chunk, ``(R, n_post, n_pre)``: the direction in which weights should go.

        Parameters
        ----------
        learned : Learned
            What the chunk taught.
        rho : Tensor, shape (R, 1, 1)
            Strength of the regulariser; used where `learned` has an activity.

        Raises
        ------
        LearningFault
            If it or the weights hold a value that is not a finite number.
        """
        gradient = learned.credit * self._gradient_scale
        if learned.activity is not None:
            mean = learned.activity[:, :, None] / self.neurons.size.n_steps
            gradient -= self._regulariser_strength * rho * self.weights * mean
        if not (gradient.isfinite().all() and self.weights.isfinite().all()):
            raise LearningFault(self._describe_fault())
        return gradient

    def update(self, gradient: Tensor, rate: float | Tensor, limit: float) -> None:
        """Change the weights at the end of a chunk.

        Parameters
        ----------
        gradient : Tensor, shape (R, n_post, n_pre)
        rate : float or Tensor, shape (R, 1, 1)
            r_0; with 0 only RMaxProp's v moves.
        limit : float
            Largest absolute weight [V].
        """
        self._weights_before.copy_(self.weights)
        self.weights.grad = -gradient
        self.optimiser.param_groups[0]["lr"] = rate
        self.optimiser.step()
        self.weights.clamp_(-limit, limit)

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
        """Weights, optimiser state and the neurons' state."""
        return {
            "weights": self.weights.clone(),
            "v": self.optimiser.state[self.weights].get("v", torch.zeros_like(self.weights)).clone(),
            "weights_before": self._weights_before.clone(),
            "neurons": self.neurons.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave."""
        self.weights.copy_(state["weights"])
        self._weights_before.copy_(state["weights_before"])
        v = torch.zeros_like(self.weights)
        self.optimiser.state[self.weights]["v"] = v.copy_(state["v"])
        self.neurons.load_state_dict(state["neurons"])
