"""RMaxProp, the per-parameter learning rate of section 3.3.6.

    v_ij <- max(gamma v_ij, g_ij^2),   r_ij = r_0 / sqrt(v_ij),   w_ij <- w_ij + r_ij g_ij

v is an upper estimate of the gradient's second moment, so no update exceeds r_0. Like RMSprop it forgets on the time
scale tau_rms, gamma = exp(-Delta / tau_rms); unlike RMSprop it takes a maximum instead of a mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from snn_explorer.engine import ParameterError

TAU_RMS = 30.0
"""Time constant of v [s]."""

GAMMA = math.exp(-0.5 / TAU_RMS)
"""Decay of v over one update interval of 0.5 s."""


class RMaxProp(torch.optim.Optimizer):
    """Divide every gradient by a decaying maximum of its own size.

    Parameters
    ----------
    params : iterable of Tensor or of dict
        Tensors to optimise, or groups of them as `torch.optim` has them.
    lr : float or Tensor
        r_0, the largest step; a tensor is broadcast against the parameters (one value per network: ``(R, 1, 1)``).
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
                raise ParameterError(f"RMaxProp's {name} is {value!r}; allowed is a number from 0 to {high:g}.")
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
                v = state["v"]
                torch.maximum(v.mul_(group["gamma"]), weights.grad**2, out=v)
                weights.sub_(group["lr"] * weights.grad / (v.sqrt().add_(group["eps"])))
        return loss
