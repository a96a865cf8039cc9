"""Per-parameter learning rates (section 3.3.6, Fig 1): w_ij <- w_ij + r_ij g_ij.

    RMaxProp   v_ij <- max(gamma v_ij, g_ij^2)                    r_ij = r_0 / sqrt(v_ij)
    RMSprop    v_ij <- gamma v_ij + (1 - gamma) g_ij^2            r_ij = r_0 / sqrt(v_ij)
    plain                                                        r_ij = r_0 / GRADIENT_UNIT

v estimates the gradient's second moment and forgets on the time scale tau_rms, gamma = exp(-Delta / tau_rms).
RMaxProp's is an upper estimate, so that no update exceeds r_0.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from snn_explorer.engine import ParameterError

TAU_RMS = 30.0
"""Time constant of v [s]."""

GAMMA = math.exp(-0.5 / TAU_RMS)
"""Decay of v over one update interval of 0.5 s."""

GRADIENT_UNIT = 3e-3
"""Gradient [Hz] that the plain rate turns into a weight change of r_0. The paper leaves its scale open: with this one
the best r_0 for Fig 1's task is about the same, 1e-3, for all three."""


class PerParameterRate(torch.optim.Optimizer):
    """Scale every parameter's gradient by its own history.

    Parameters
    ----------
    params : iterable of Tensor or of dict
        Tensors to optimise, or groups of them as `torch.optim` has them.
    lr : float or Tensor
        r_0; a tensor is broadcast against the parameters (one value per network: ``(R, 1, 1)``).
    gamma : float
        Decay of v per step, from 0 to 1.
    eps : float
        Added to sqrt(v).

    Raises
    ------
    ParameterError
        If `gamma` is outside [0, 1] or `eps` or a number `lr` is negative.
    """

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[dict[str, Any]],
        lr: float | Tensor = 1e-3,
        gamma: float = GAMMA,
        eps: float = 1e-12,
    ) -> None:
        for name, value, high in (("lr", lr, math.inf), ("gamma", gamma, 1.0), ("eps", eps, math.inf)):
            if not isinstance(value, Tensor) and not 0 <= value <= high:
                kind = type(self).__name__
                raise ParameterError(f"{kind}'s {name} is {value!r}; allowed is a number from 0 to {high:g}.")
        super().__init__(params, {"lr": lr, "gamma": gamma, "eps": eps})

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:  # type: ignore[override]
        """Take one step against the gradients of the parameters."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for weights in group["params"]:
                if weights.grad is None:
                    continue
                state = self.state[weights]
                if not state:
                    state["v"] = torch.zeros_like(weights)
                self._follow(state["v"], weights.grad, group["gamma"])
                weights.sub_(group["lr"] * weights.grad / self._scale(state["v"], group["eps"]))
        return loss

    def rate(self, weights: Tensor, index: tuple[int, ...]) -> float:
        """Rate r_ij with which one parameter followed its gradient in the last step.

        Parameters
        ----------
        weights : Tensor
            One of the tensors that are optimised.
        index : tuple of int
            Where in it the parameter is.

        Returns
        -------
        float
            0 before the first step; NaN where a rate is the inverse of gradients that were all zero so far.
        """
        (group,) = (group for group in self.param_groups if any(weights is one for one in group["params"]))
        if not self.state[weights]:
            return 0.0
        v, rate = self.state[weights]["v"][index], group["lr"]
        if isinstance(rate, Tensor):
            rate = rate.expand_as(weights)[index]
        if rate == 0:
            return 0.0
        known = self._scale(v, 0.0) > 0
        return float(rate / self._scale(v, group["eps"])) if known else math.nan

    @abstractmethod
    def _follow(self, v: Tensor, gradient: Tensor, gamma: float) -> None:
        """Take the gradient into `v`, in place."""

    @abstractmethod
    def _scale(self, v: Tensor, eps: float) -> Tensor | float:
        """What a gradient is divided by."""


class ByPastGradients(PerParameterRate):
    """Divide every gradient by the root of v."""

    def _scale(self, v: Tensor, eps: float) -> Tensor:
        return v.sqrt().add_(eps)


class RMaxProp(ByPastGradients):
    """Divide every gradient by a decaying maximum of its own size."""

    def _follow(self, v: Tensor, gradient: Tensor, gamma: float) -> None:
        torch.maximum(v.mul_(gamma), gradient**2, out=v)


class RMSprop(ByPastGradients):
    """Divide every gradient by its own root mean square (Hinton, 2012); unlike torch's, with a rate per network."""

    def _follow(self, v: Tensor, gradient: Tensor, gamma: float) -> None:
        v.mul_(gamma).addcmul_(gradient, gradient, value=1 - gamma)


class Plain(PerParameterRate):
    """The same rate for every parameter: a step is `lr` for a gradient of `GRADIENT_UNIT`."""

    def _follow(self, v: Tensor, gradient: Tensor, gamma: float) -> None:
        """Past gradients do not matter."""

    def _scale(self, v: Tensor, eps: float) -> float:
        return GRADIENT_UNIT


OPTIMISERS: dict[str, type[PerParameterRate]] = {"rmaxprop": RMaxProp, "rmsprop": RMSprop, "plain": Plain}
"""Per-parameter rates by name."""
