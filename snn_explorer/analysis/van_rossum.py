r"""How far two spike trains are apart: the van Rossum distance, and the cost of the paper made of it.

Filtered with a causal exponential, the difference of the trains S_a - S_b is a trace u that decays with tau and jumps
by +1 or -1 at a spike. With u_k right after event k, and t_(K+1) at infinity,

    D_tau^2 = (2 / tau) int u(s)^2 ds = sum_k u_k^2 (1 - exp(-2 (t_(k+1) - t_k) / tau)).

The paper's kernel alpha is the difference of two exponentials. So is its autocorrelation, and therefore

    L = 1/2 int (alpha * S_a - alpha * S_b)^2                                        (2.1)
      = (tau_decay D_decay^2 - tau_rise D_rise^2) / (4 (tau_decay^2 - tau_rise^2)).

Both are in continuous time, exact up to rounding. Spike times may be in any order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snn_explorer.analysis.checks import numbers
from snn_explorer.checks import check_positive
from snn_explorer.engine import ParameterError


def van_rossum_distance(time_a: ArrayLike, time_b: ArrayLike, tau: float) -> float:
    """Van Rossum distance of two spike trains, filtered with a causal exponential.

    Normalised so that one spike is at distance 1 from none, as in ``elephant``; van Rossum's own paper (2001) has
    1 / sqrt(2) there. For large `tau` it is the difference of the numbers of spikes, for small `tau` the square
    root of the number of spikes that do not coincide.

    Parameters
    ----------
    time_a, time_b : array_like, shape (n_spikes,)
        Spike times of the two trains [s]; a train may be empty.
    tau : float
        Time constant of the filter [s].

    Raises
    ------
    ParameterError
        If a spike time is not finite, or `tau` not above 0.
    """
    return float(np.sqrt(_squared_distance(*_difference(time_a, time_b), check_positive("tau", tau, "s"))))


def double_exponential_cost(
    time_a: ArrayLike, time_b: ArrayLike, tau_rise: float = 5e-3, tau_decay: float = 10e-3
) -> float:
    """Cost L of eq 2.1 for two spike trains, with the double-exponential kernel alpha of unit area.

    It is a squared distance, quadratic in small shifts of a spike. One isolated spike too many or too few costs
    1 / (4 (tau_rise + tau_decay)), 16.7 Hz for the paper's kernel.

    Parameters
    ----------
    time_a, time_b : array_like, shape (n_spikes,)
        Spike times of the two trains [s]; a train may be empty.
    tau_rise, tau_decay : float
        Time constants of the kernel (exp(-t / tau_decay) - exp(-t / tau_rise)) / (tau_decay - tau_rise) [s].

    Returns
    -------
    float
        L [Hz], at least 0.

    Raises
    ------
    ParameterError
        If a spike time is not finite, or the time constants are not 0 < `tau_rise` < `tau_decay`.
    """
    rise, decay = check_positive("tau_rise", tau_rise, "s"), check_positive("tau_decay", tau_decay, "s")
    if rise >= decay:
        raise ParameterError(f"tau_rise is {rise:g} s; it must be below tau_decay, {decay:g} s.")
    events = _difference(time_a, time_b)
    slow, fast = _squared_distance(*events, decay), _squared_distance(*events, rise)
    return max(decay * slow - rise * fast, 0.0) / (4 * (decay**2 - rise**2))


def _difference(time_a: ArrayLike, time_b: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times, in order, and sizes of the jumps of S_a - S_b; coincident spikes are one jump."""
    a, b = numbers("time_a", time_a), numbers("time_b", time_b)
    time, place = np.unique(np.concatenate([a, b]), return_inverse=True)
    jump = np.bincount(place, np.repeat([1.0, -1.0], [a.size, b.size]), minlength=time.size).astype(np.float64)
    return time[jump != 0], jump[jump != 0]


def _squared_distance(time: NDArray[np.float64], jump: NDArray[np.float64], tau: float) -> float:
    """D_tau^2: all its terms are positive, so that near trains lose no digits."""
    gap = np.diff(time, append=np.inf) / tau
    trace, kept, reach = jump.copy(), np.exp(-np.roll(gap, 1)), 1
    while reach < time.size:  # the recursion u_k = kept_k u_(k-1) + jump_k, by doubling its reach
        trace[reach:] += kept[reach:] * trace[:-reach]
        kept[reach:] *= kept[:-reach]
        reach *= 2
    return float(np.sum(trace**2 * -np.expm1(-2 * gap)))
