"""Heterosynaptic regulariser (section 3.3.7): hidden units that fire too much lose weight.

    dw_ij/dt = r_ij ( e_i alpha * (sigma' epsilon * S_j) - rho w_ij zeta_i )      (3.4)
    zeta_i = z_i^a,   dz_i/dt = -z_i / tau_het + S_i                              (3.5)
    zeta_i = z_i^a e_i^2                                                          (A.5), error-dependent

z counts recent spikes of the postsynaptic neuron (it is not divided by tau_het: z is about 0.1 x rate in Hz). In (A.5)
e is measured in peaks of the error that one wrong spike makes, so that rho = 1 is of the same order in both.
"""

from __future__ import annotations

from snn_explorer.superspike.traces import DoubleExponential

TAU_HET = 0.1
"""Time constant of the rate trace z [s]."""

ORIGINAL_SURROGATE_PEAK = 1000.0
"""Peak of sigma' in the original simulation, against 1 in the paper: it sets what rho = 1 means."""


def strength(traces: DoubleExponential) -> float:
    """Factor on rho that makes rho = 1 as strong as in the original simulation, about 0.2.

    There sigma' peaks at 1000 and lambda and e are sums over steps; here sigma' peaks at 1, alpha has unit area and
    e is in hertz, so the three-factor product is smaller by this factor.
    """
    return 1 / (ORIGINAL_SURROGATE_PEAK * traces.eligibility_area * traces.dt)
