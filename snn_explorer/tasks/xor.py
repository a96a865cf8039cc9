"""Spiking exclusive-or (Fig 5): four patterns of two classes among noise, to be told apart by who spikes in time.

Three disjoint sets of input neurons have fixed random firing times in a window of 10 ms. Set 0 is part of every
pattern and is the time reference; sets 1 and 2 are the two bits of the patterns 0 to 3. The output that should
spike is bit 1 XOR bit 2, at any time in the *window of opportunity*, which begins with the stimulus and outlasts it
by 15 ms. Patterns come in random order at random intervals, in which all inputs fire stochastically at 4 Hz.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from snn_explorer.checks import check_positive, check_whole
from snn_explorer.engine import ParameterError
from snn_explorer.tasks.checks import check_group_size
from snn_explorer.tasks.pattern import DEFAULT_DT

SEGMENT = 60.0
"""Length of the stretches in which the stimulus is drawn [s]; no window of opportunity crosses their borders."""

N_SETS = 3


@dataclass(frozen=True, eq=False)
class Presentation:
    """One segment of the stimulus, steps counted from its start.

    Attributes
    ----------
    step, neuron : ndarray of int32, shape (n_spikes,)
        Input spikes, sorted by step.
    onset, pattern : ndarray of int32, shape (n_trials,)
        Start of each stimulus and which of the four patterns it is, in the order of time.
    """

    step: NDArray[np.int32]
    neuron: NDArray[np.int32]
    onset: NDArray[np.int32]
    pattern: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class SpikingXor:
    """The task; every network of an ensemble has a stimulus of its own, which is a function of its seed and of time.

    Parameters
    ----------
    rng : numpy.random.Generator or int
        Where the fixed firing times are drawn from, or a seed.
    n_inputs : int
        Input neurons; the three sets are equally large, what is left over only fires at random.
    stimulus : float
        Length of a stimulus [s].
    slack : float
        Time by which the window of opportunity outlasts the stimulus [s].
    interval : tuple of float
        Shortest and longest time from the end of a stimulus to the next [s].
    background_hz : float
        Rate of each input between stimuli [Hz]; may be 0.
    dt : float
        Time step [s].

    Raises
    ------
    ParameterError
        If a value is out of range, or a window of opportunity could reach into the next stimulus.
    """

    rng: np.random.Generator | int = 0
    n_inputs: int = 100
    stimulus: float = 10e-3
    slack: float = 15e-3
    interval: tuple[float, float] = (50e-3, 200e-3)
    background_hz: float = 4.0
    dt: float = DEFAULT_DT
    name: str = "spiking-xor"
    title: str = "Spiking exclusive-or of noisy inputs"
    n_outputs: int = field(default=2, init=False)
    remarks: tuple[str, ...] = field(default=(), init=False)
    offset: NDArray[np.int32] = field(init=False)
    """Step of each neuron's spike after the onset of a stimulus that it takes part in, ``(3 set_size,)``."""

    def __post_init__(self) -> None:
        check_whole("n_inputs", check_group_size("n_inputs", self.n_inputs), minimum=N_SETS)
        for name, value in (("dt", self.dt), ("stimulus", self.stimulus), ("slack", self.slack)):
            check_positive(name, value, "s")
        if not 0 <= self.background_hz < 1 / self.dt:
            raise ParameterError(
                f"background_hz is {self.background_hz!r}; it must be from 0 to below {1 / self.dt:g} Hz."
            )
        shortest, longest = self.interval
        if not self.slack <= shortest <= longest < SEGMENT / 10:
            raise ParameterError(
                f"interval is {self.interval!r}; it must be two times from {self.slack:g} s, when the window of "
                f"opportunity closes, to {SEGMENT / 10:g} s, the shorter first."
            )
        rng = self.rng if isinstance(self.rng, np.random.Generator) else np.random.default_rng(self.rng)
        offset = rng.integers(0, self._steps(self.stimulus), N_SETS * self.set_size)
        object.__setattr__(self, "offset", offset.astype(np.int32))

    @property
    def set_size(self) -> int:
        """Neurons in each of the three sets: set k has the ids from ``k set_size`` on."""
        return self.n_inputs // N_SETS

    @property
    def period_steps(self) -> None:
        """The stimulus does not repeat."""
        return

    @property
    def window_steps(self) -> int:
        """Length of a window of opportunity in steps."""
        return self._steps(self.stimulus + self.slack)

    @property
    def segment_steps(self) -> int:
        """Length of a segment in steps."""
        return self._steps(SEGMENT)

    @property
    def windows_per_second(self) -> float:
        """Mean number of stimuli per second [Hz]."""
        return 1 / (self.stimulus + sum(self.interval) / 2)

    def label(self, pattern: NDArray[np.int32]) -> NDArray[np.int32]:
        """Output that should spike for each pattern: bit 1 XOR bit 2."""
        return (pattern & 1) ^ (pattern >> 1)

    def segment(self, seed: int, index: int) -> Presentation:
        """Draw one segment; the same seed and index give the same again.

        Parameters
        ----------
        seed : int
            The network's seed.
        index : int
            Number of the segment, from 0.
        """
        rng = np.random.default_rng([seed, index])
        shortest, longest = (self._steps(time) for time in self.interval)
        length = self._steps(self.stimulus)
        gap = rng.integers(shortest, longest + 1, self.segment_steps // (shortest + length) + 1)
        onset = np.cumsum(gap + length) - length
        onset = onset[onset + self.window_steps <= self.segment_steps]
        pattern = rng.integers(0, 4, onset.size)
        step, neuron = self._background(rng, onset)
        stimulus_step, stimulus_neuron = self._stimuli(onset, pattern)
        step, neuron = np.concatenate([step, stimulus_step]), np.concatenate([neuron, stimulus_neuron])
        order = np.lexsort((neuron, step))
        columns = (step[order], neuron[order], onset, pattern)
        return Presentation(*(column.astype(np.int32) for column in columns))

    def _stimuli(self, onset: NDArray, pattern: NDArray) -> tuple[NDArray, NDArray]:
        """Spikes of the sets that take part in each stimulus."""
        takes_part = np.stack([np.ones_like(pattern), pattern & 1, pattern >> 1], axis=1).astype(bool)
        trial, neuron = np.nonzero(np.repeat(takes_part, self.set_size, axis=1))
        return onset[trial] + self.offset[neuron], neuron

    def _background(self, rng: np.random.Generator, onset: NDArray) -> tuple[NDArray, NDArray]:
        """Poisson spikes of all inputs on the grid, outside the stimuli."""
        n_places = self.segment_steps * self.n_inputs
        place = rng.choice(n_places, rng.binomial(n_places, self.background_hz * self.dt), replace=False)
        step, neuron = np.divmod(place, self.n_inputs)
        latest = np.searchsorted(onset, step, side="right") - 1
        since = step - np.where(latest >= 0, onset[latest], -self.segment_steps)
        between = since >= self._steps(self.stimulus)
        return step[between], neuron[between]

    def _steps(self, seconds: float) -> int:
        return round(seconds / self.dt)
