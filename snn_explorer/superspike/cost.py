"""The cost of output errors, and how it is reported.

    L = 1/2 int e_i^2                              (2.1)

The cost is shown in units of one isolated wrong or missing spike per second and output.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

COST_TAU = 10.0
"""Time constant of the reported moving average [s] (section 3.3.3)."""


@dataclass
class MovingAverage:
    """Exponential moving average with start-up correction, of one value per network or several.

    Attributes
    ----------
    total : Tensor, shape (..., R)
        Weighted sum so far.
    weight : float
        Sum of the weights so far, 1 in the long run.
    """

    total: Tensor
    weight: float = 0.0

    def add(self, value: Tensor, duration: float, tau: float = COST_TAU) -> None:
        """Take in a value that held for `duration` [s]."""
        keep = math.exp(-duration / tau)
        self.total = keep * self.total + (1 - keep) * value
        self.weight = keep * self.weight + (1 - keep)

    def state_dict(self) -> dict[str, Any]:
        """The arguments that make an equal average."""
        return {"total": self.total.clone(), "weight": self.weight}

    @property
    def value(self) -> Tensor:
        """The average, shape ``(..., R)``; not a number before the first value."""
        return self.total / self.weight if self.weight else torch.full_like(self.total, math.nan)
