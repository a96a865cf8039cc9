"""Leaky integrate-and-fire neuron with current-based synapses (section 3.1, table 1).

    tau_mem dU/dt = (U_rest - U) + I               (3.1)
    dI/dt = -I / tau_syn + sum_j w_ij S_j          (3.2)

U > theta makes a spike; U is then clamped at U_rest for tau_ref. Spikes reach other neurons 0.8 ms later. Currents
and weights are in volts (unit resistance), so a weight of 0.1 V moves U by 25 mV at most.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class LIFNeuron:
    """Parameters of table 1; voltages in volts, times in seconds."""

    rest: float = -60e-3
    threshold: float = -50e-3
    tau_mem: float = 10e-3
    tau_syn: float = 5e-3
    tau_ref: float = 5e-3
    axonal_delay: float = 0.8e-3

    def leak(self, dt: float) -> float:
        """Fraction of the distance to rest covered in a step (Euler)."""
        return dt / self.tau_mem

    def current_decay(self, dt: float) -> float:
        """Factor of the synaptic current per step."""
        return math.exp(-dt / self.tau_syn)

    def postsynaptic_potential(self, t: float) -> float:
        r"""Response of U to a unit weight, at time t [s] after the spike's arrival, in continuous time.

        :math:`\epsilon(t) = \frac{\tau_{syn}}{\tau_{mem} - \tau_{syn}} (e^{-t/\tau_{mem}} - e^{-t/\tau_{syn}})`
        """
        scale = self.tau_syn / (self.tau_mem - self.tau_syn)
        return scale * (math.exp(-t / self.tau_mem) - math.exp(-t / self.tau_syn))
