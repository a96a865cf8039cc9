"""Surrogate derivatives sigma'(U): how strongly a small change of the voltage would change spiking (section 3.3.2).

The true derivative of a spike train is zero almost everywhere, so the rule uses, with h = beta (U - theta)::

    fast_sigmoid   sigma' = (1 + |h|)^-2     the paper's, from the negative side of the fast sigmoid x / (1 + |x|)
    exponential    sigma' = exp(-|h|)        the paper's other example
    none           sigma' = 1                no voltage dependence ("Symm. linear" of Fig 7)

All peak at 1, at the threshold.
"""

from __future__ import annotations

import torch
from torch import Tensor

SURROGATES = ("fast_sigmoid", "exponential", "none")
"""Names of the surrogates; backends number them in this order."""


def surrogate_derivative(
    surrogate: str, voltage: Tensor, steepness: Tensor | float, threshold: float, floor: float
) -> Tensor:
    """sigma'(U), and 0 below `floor`.

    Parameters
    ----------
    surrogate : str
        One of `SURROGATES`.
    voltage : Tensor
        Membrane voltage U [V].
    steepness : Tensor or float
        beta [1/V], to be broadcast against the voltage.
    threshold, floor : float
        theta, and the voltage below which the original simulation takes sigma' as 0 [V].
    """
    h = (steepness * (voltage - threshold)).abs()
    if surrogate == "fast_sigmoid":
        derivative = (1 + h) ** -2
    elif surrogate == "exponential":
        derivative = torch.exp(-h)
    else:
        derivative = torch.ones_like(h)
    return torch.where(voltage < floor, 0, derivative)
