"""Drawings as target spikes: rows of a picture are outputs, its columns are time, its ink is spikes.

The top row is the output with the highest id, so that a drawing stands upright in a raster plot. Where there is ink,
an output spikes once in every *interval* (50 ms: 20 Hz, much like the paper's pattern of 100 outputs). Neighbouring
outputs take turns: output i looks at the drawing, and spikes if it finds ink, at the times

    t_ic = (c + (phi_i + 1/2) / 5) interval,   c = 0, 1, 2, ...,   phi_i = 2 i mod 5.

So each output fires regularly, but five neighbours together see five times as many columns as one of them alone, and
thin strokes stay readable. Grey is drawn by ordered dithering: ink between 0 and 1 makes a spike where it is above a
threshold that depends on i and c only, and a grey area has that share of its possible spikes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snn_explorer.checks import check_positive
from snn_explorer.engine import ParameterError
from snn_explorer.tasks.checks import check_group_size
from snn_explorer.tasks.pattern import DEFAULT_DT, SpikeTrains

DEFAULT_PERIOD = 3.5
"""Length of a drawing [s], as of the paper's pattern of 100 outputs."""

DEFAULT_INTERVAL = 50e-3
"""Time between two spikes of an output where there is ink [s]; many times the refractory period of 5 ms."""

MAX_INTERVALS = 1000
"""The most spikes that an output may have in a drawing."""

PHASES = 5
_PHASE_STRIDE = 2
# Bayer's matrix: any part of the thresholds, in order, is spread evenly
_THRESHOLD = (np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) + 0.5) / 16


@dataclass(frozen=True)
class DrawingGrid:
    """Where the outputs look at a drawing.

    Parameters
    ----------
    n_outputs : int
        Number of outputs, the rows.
    period : float
        Length of the drawing [s].
    interval : float
        Shortest time between two spikes of an output [s]; it is stretched so that a whole number fits into the period.
    dt : float
        Time step [s].

    Raises
    ------
    ParameterError
        If a value is out of range.
    """

    n_outputs: int = 100
    period: float = DEFAULT_PERIOD
    interval: float = DEFAULT_INTERVAL
    dt: float = DEFAULT_DT

    def __post_init__(self) -> None:
        check_group_size("n_outputs", self.n_outputs)
        period, interval = check_positive("period", self.period, "s"), check_positive("interval", self.interval, "s")
        dt = check_positive("dt", self.dt, "s")
        if not dt <= interval <= period:
            raise ParameterError(
                f"interval is {interval:g} s; it must be from {dt:g} s, one time step, to {period:g} s, the period."
            )
        if period / interval > MAX_INTERVALS + 0.5:
            raise ParameterError(
                f"period is {period:g} s, {period / interval:.0f} intervals of {interval:g} s; at most {MAX_INTERVALS} "
                "are allowed, because a longer drawing is more than a screen can show. A longer interval helps."
            )

    @property
    def n_intervals(self) -> int:
        """The most spikes that an output can have."""
        return max(1, int(self.period / self.interval + 1e-9))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns that a drawing is brought to; a column is a fifth of an interval."""
        return self.n_outputs, self.n_intervals * PHASES

    def spikes(self, ink: NDArray[np.floating]) -> SpikeTrains:
        """Turn ink into spikes.

        Parameters
        ----------
        ink : ndarray of float, shape `shape`
            From 0, paper, to 1, ink; the first row is the top.

        Returns
        -------
        SpikeTrains
            Spikes of the outputs.
        """
        output = np.arange(self.n_outputs)[::-1][:, None]
        interval = np.arange(self.n_intervals)
        column = interval * PHASES + output * _PHASE_STRIDE % PHASES
        threshold = _THRESHOLD[output % 4, interval % 4]
        row, chosen = np.nonzero(np.take_along_axis(ink, column, axis=1) > threshold)
        period_steps = round(self.period / self.dt)
        step = (2 * column[row, chosen] + 1) * period_steps // (2 * self.shape[1])
        return SpikeTrains(step, output[row, 0], self.n_outputs)
