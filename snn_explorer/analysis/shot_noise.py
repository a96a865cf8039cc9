r"""Moments of a trace driven by Poisson spikes: what the regulariser does on average (appendix A).

    dz/dt = -z / tau + S(t),    z jumps by 1 at a spike                              (3.5)

For a Poisson train of rate nu, z is shot noise with cumulants kappa_n = nu int exp(-n s / tau) ds = nu tau / n, and
<z^4> = kappa_4 + 4 kappa_3 kappa_1 + 3 kappa_2^2 + 6 kappa_2 kappa_1^2 + kappa_1^4, which is eq A.4.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snn_explorer.checks import check_positive
from snn_explorer.engine import ParameterError


def poisson_fourth_moment(rate_hz: ArrayLike, tau: float) -> np.float64 | NDArray[np.float64]:
    """Mean of z^4 over time for a Poisson spike train, the right side of eq A.4.

    Parameters
    ----------
    rate_hz : array_like, any shape
        Rate nu of the train [Hz], at least 0.
    tau : float
        Time constant of z [s], tau_het in the paper.

    Returns
    -------
    float or ndarray, shape of `rate_hz`

    Raises
    ------
    ParameterError
        If a rate is negative or not finite, or `tau` not above 0.
    """
    rate = np.asarray(rate_hz, dtype=np.float64)
    wrong = rate[~(np.isfinite(rate) & (rate >= 0))]
    if wrong.size:
        raise ParameterError(f"rate_hz has a value of {wrong[0]:g}; it must be a finite number of at least 0 [Hz].")
    x = rate * check_positive("tau", tau, "s")
    return x * (3 + 25 * x + 36 * x**2 + 12 * x**3) / 12
