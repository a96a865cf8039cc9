"""Double-exponential traces: kernel alpha of the van Rossum distance and epsilon of the postsynaptic potential.

    tau_rise  dz/dt  = -z + tau_rise S(t)          (section 3.3.1)
    tau_decay dz~/dt = -z~ + z                     z~ = epsilon * S

Both kernels have the same shape, rise 5 ms and decay 10 ms; alpha is normalised to unit area. In steps of dt the
slow filter is Euler's, as in the original simulation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

TAU_RISE = 5e-3
"""Time constant of the first filter [s]."""

TAU_DECAY = 10e-3
"""Time constant of the second filter [s]."""


@dataclass(frozen=True)
class DoubleExponential:
    """Gains and decays per step of the two filters in series.

    Parameters
    ----------
    dt : float
        Time step [s].
    """

    dt: float
    tau_rise: float = TAU_RISE
    tau_decay: float = TAU_DECAY

    @property
    def rise_decay(self) -> float:
        """Factor of the fast filter per step, exp(-dt / tau_rise)."""
        return math.exp(-self.dt / self.tau_rise)

    @property
    def rise_gain(self) -> float:
        """Euler gain of the fast filter per step, where it low-passes error events."""
        return self.dt / self.tau_rise

    @property
    def decay_gain(self) -> float:
        """Euler gain of the slow filter per step."""
        return self.dt / self.tau_decay

    @property
    def eligibility_area(self) -> float:
        """Sum of lambda's response to one unit of coincidence; dividing by it gives alpha unit area."""
        return 1 / (1 - self.rise_decay)

    @property
    def error_energy(self) -> float:
        r"""Sum of e^2 after one isolated error event, in closed form from the two filters' transfer function.

        With a = 1 - rise_gain, b = 1 - decay_gain and e_n = g (a^n - b^n), g = rise_gain decay_gain / (a - b),
        the sum of squares is :math:`g^2 (a^2/(1-a^2) - 2 ab/(1-ab) + b^2/(1-b^2))`.
        """
        a, b = 1 - self.rise_gain, 1 - self.decay_gain
        gain = self.rise_gain * self.decay_gain / (a - b)
        return gain**2 * (a * a / (1 - a * a) - 2 * a * b / (1 - a * b) + b * b / (1 - b * b))

    @property
    def error_peak(self) -> float:
        """Largest e after one isolated error event, per step (see `error_energy` for e_n)."""
        a, b = 1 - self.rise_gain, 1 - self.decay_gain
        gain = self.rise_gain * self.decay_gain / (a - b)
        n = round(math.log(math.log(b) / math.log(a)) / math.log(a / b))
        return gain * (a**n - b**n)

    def presynaptic(self, arrivals: Tensor) -> Tensor:
        """Trace z~ in each step for spikes that arrive in each step, both ``(..., n_steps)``, from rest."""
        fast = lowpass(arrivals, 1.0, self.rise_decay) * self.rise_decay
        return _delayed(lowpass(_delayed(fast), self.decay_gain, 1 - self.decay_gain))

    def error(self, events: Tensor) -> Tensor:
        """Error e per step of unit area for error events in each step, both ``(..., n_steps)``, from rest."""
        fast = lowpass(events, self.rise_gain, 1 - self.rise_gain)
        return _delayed(lowpass(fast, self.decay_gain, 1 - self.decay_gain))

    def eligibility(self, coincidence: Tensor) -> Tensor:
        """Trace lambda = alpha * h of unit area in each step for coincidences h, both ``(..., n_steps)``, from rest."""
        fast = lowpass(coincidence, 1.0, self.rise_decay)
        return lowpass(fast, self.decay_gain, 1 - self.decay_gain) / self.eligibility_area


def lowpass(signal: Tensor, gain: float, decay: float) -> Tensor:
    """First-order recursion y_t = decay y_(t-1) + gain x_t from rest, exact, by doubling its reach.

    Parameters
    ----------
    signal : Tensor, shape (..., n_steps)
    gain, decay : float
    """
    y, reach = gain * signal, 1
    while reach < y.shape[-1]:
        y[..., reach:] += decay**reach * y[..., :-reach]
        reach *= 2
    return y


def _delayed(signal: Tensor) -> Tensor:
    """The signal one step later."""
    return torch.nn.functional.pad(signal[..., :-1], (1, 0))
