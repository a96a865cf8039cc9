"""How one goes through time on a page: what each learning system declares, for steps of every size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Readout(NamedTuple):
    """A trace whose value at the moment is shown: its source, of which the first signal counts, and its unit."""

    source: str
    unit: str


@dataclass(frozen=True)
class Journey:
    """How a learning system's time is gone through.

    Attributes
    ----------
    unit : str
        That of learning time, as in "t = 30.5 s".
    strides : mapping of str to str
        By what the run itself can be advanced, each with a plain explanation; the first is the smallest, one chunk or
        batch.
    spikes : tuple of str
        Sources whose x is the time of a spike in the window that is drawn.
    axis : str
        Name of the cursor on the axis of that window, see `timeline.share_time`.
    readouts : mapping of str to Readout
        Traces on that axis, by symbol (HTML).
    time_step : float or None
        Length of a time step [s]; None where there is none between two events.
    second : float
        Length of a second on that axis.
    until_now : tuple of str
        Sources with a column ``time``, on that axis: what is later than the moment that is looked at is not drawn.
    swept_axis, swept_now : str
        Name of the cursor on the axis of a pattern that is longer than the window, and the source whose first x is
        where in the pattern the window ends; "" where there is none. While that axis is as long as the window, it
        shows the same time.
    """

    unit: str
    strides: Mapping[str, str]
    spikes: tuple[str, ...]
    axis: str
    readouts: Mapping[str, Readout]
    time_step: float | None = None
    second: float = 1.0
    until_now: tuple[str, ...] = ()
    swept_axis: str = ""
    swept_now: str = ""

    @property
    def units(self) -> dict[str, str]:
        """All sizes of steps, the smallest first, with explanations."""
        within = {} if self.time_step is None else {"time step": f"time step of {1e3 * self.time_step:g} ms"}
        return {**within, "spike": "spike of any neuron shown", **self.strides}
