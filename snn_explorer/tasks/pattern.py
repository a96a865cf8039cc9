"""Spike trains on a time grid, and the task made of two sets of them.

Inside a simulation time is counted in steps of length dt (0.1 ms in the paper, section 3): a spike at time t [s]
belongs to the step nearest to t / dt. A spike train that repeats every `period_steps` steps is *frozen*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snn_explorer.checks import check_positive, check_whole
from snn_explorer.engine import ParameterError
from snn_explorer.tasks.checks import check_group_size

DEFAULT_DT = 1e-4
"""Time step [s] of the paper and of the original simulation."""

REFRACTORY_PERIOD = 5e-3
"""How long a neuron of the paper is silent after a spike, tau_ref [s] (section 3.1)."""

MAX_STEP = np.iinfo(np.int32).max
"""The last step that a spike can have."""


@dataclass(frozen=True, eq=False)
class SpikeTrains:
    """Spikes of a group of neurons, sorted by step and then by neuron, each spike once.

    Parameters
    ----------
    step : ndarray of int, shape (n_spikes,)
        Time step of each spike, counted from 0.
    neuron : ndarray of int, shape (n_spikes,)
        The neuron that spikes, from 0 to ``n_neurons - 1``.
    n_neurons : int
        Size of the group; neurons may be silent.

    Raises
    ------
    ParameterError
        If a step or an id is out of range or not a whole number, or the two lengths differ.

    Notes
    -----
    What is given is sorted and kept as int32; a neuron that spikes twice in one step spikes once. Treat the arrays as
    read-only. They are not locked: torch warns of locked arrays, and numba compiles anew for them.
    """

    step: NDArray[np.integer]
    neuron: NDArray[np.integer]
    n_neurons: int

    def __post_init__(self) -> None:
        n_neurons = check_whole("n_neurons", self.n_neurons, minimum=1)
        step = _whole_numbers("spike steps", self.step, MAX_STEP)
        neuron = _whole_numbers("neuron ids", self.neuron, n_neurons - 1)
        if step.size != neuron.size:
            raise ParameterError(f"There are {step.size} spike steps but {neuron.size} neuron ids; each spike has one.")
        spike = np.unique(step * n_neurons + neuron)
        object.__setattr__(self, "step", (spike // n_neurons).astype(np.int32))
        object.__setattr__(self, "neuron", (spike % n_neurons).astype(np.int32))
        object.__setattr__(self, "n_neurons", n_neurons)

    @classmethod
    def from_times(cls, time: ArrayLike, neuron: ArrayLike, *, n_neurons: int, dt: float = DEFAULT_DT) -> SpikeTrains:
        """Put spikes at times [s] on the grid of steps.

        Parameters
        ----------
        time : array_like of float, shape (n_spikes,)
            Spike times [s], in any order; each is rounded to the nearest step.
        neuron : array_like of int, shape (n_spikes,)
            The neuron that spikes.
        n_neurons : int
            Size of the group.
        dt : float
            Time step [s].
        """
        dt = check_positive("dt", dt, "s")
        seconds = np.asarray(time, dtype=np.float64)
        unusable = ~((seconds >= 0) & (seconds <= MAX_STEP * dt))
        if unusable.any():
            raise ParameterError(
                f"A spike time is {seconds[unusable][0]} s; times must be finite, from 0 to {MAX_STEP * dt:g} s."
            )
        return cls(np.rint(seconds / dt).astype(np.int64), np.asarray(neuron), n_neurons)

    @property
    def n_spikes(self) -> int:
        """Number of spikes."""
        return self.step.size

    def count_short_intervals(self, shortest: int, period_steps: int) -> int:
        """Count the spikes that follow another spike of the same neuron too soon.

        Parameters
        ----------
        shortest : int
            The shortest interval that counts as long enough, in steps.
        period_steps : int
            Number of steps after which the spikes repeat, so that the first spike of a neuron follows its last one.

        Returns
        -------
        int
            Number of intervals below `shortest`.
        """
        order = np.lexsort((self.step, self.neuron))
        step, neuron = self.step[order].astype(np.int64), self.neuron[order]
        first = np.diff(neuron, prepend=-1) != 0
        before = np.roll(step, 1)
        before[first] = step[np.diff(neuron, append=-1) != 0] - period_steps
        return int(np.count_nonzero(step - before < shortest))


@dataclass(frozen=True, eq=False)
class Task:
    """Frozen input spike trains, and the target spike trains that belong to them (section 3.2).

    Parameters
    ----------
    name : str
        Short name, as typed on the command line.
    title : str
        One line that describes the task.
    inputs, targets : SpikeTrains
        What the input neurons do, and what the output neurons are to do, in one period.
    period_steps : int
        Number of steps after which inputs and targets repeat.
    dt : float
        Time step [s].

    Raises
    ------
    ParameterError
        If there is not one input spike, a spike lies outside the period, or there are more than 1024 inputs or outputs.

    Notes
    -----
    Targets that no neuron can reach are allowed: `remarks` says so.
    """

    name: str
    title: str
    inputs: SpikeTrains
    targets: SpikeTrains
    period_steps: int
    dt: float = DEFAULT_DT

    def __post_init__(self) -> None:
        check_whole("period_steps", self.period_steps, minimum=1)
        check_positive("dt", self.dt, "s")
        check_group_size("n_inputs", self.n_inputs)
        check_group_size("n_outputs", self.n_outputs)
        if self.inputs.n_spikes == 0:
            raise ParameterError(
                f"Task {self.name!r} has zero inputs: none of its {self.inputs.n_neurons} input neurons spikes; "
                "at least one input spike is needed."
            )
        self._check_inside("inputs", self.inputs)
        self._check_inside("targets", self.targets)

    def _check_inside(self, what: str, trains: SpikeTrains) -> None:
        if trains.n_spikes and trains.step[-1] >= self.period_steps:
            last = int(trains.step[-1])
            raise ParameterError(
                f"Task {self.name!r} has {what} outside the trial: a spike at step {last} ({last * self.dt:g} s), "
                f"but a trial has {self.period_steps} steps ({self.period:g} s)."
            )

    @property
    def period(self) -> float:
        """Length of one trial [s]."""
        return self.period_steps * self.dt

    @property
    def n_inputs(self) -> int:
        """Number of input neurons."""
        return self.inputs.n_neurons

    @property
    def n_outputs(self) -> int:
        """Number of output neurons."""
        return self.targets.n_neurons

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a person should know about the targets, in plain sentences; empty if there is nothing to say."""
        return tuple(remark for remark in (self._refractory_remark(), self._silence_remark()) if remark)

    def _refractory_remark(self) -> str:
        shortest = round(REFRACTORY_PERIOD / self.dt) + 1
        too_soon = self.targets.count_short_intervals(shortest, self.period_steps)
        if too_soon == 0:
            return ""
        return (
            f"{too_soon} of {self.targets.n_spikes} target spikes come less than {shortest * self.dt * 1e3:g} ms after "
            f"another spike of the same output, the shortest interval that the refractory period of "
            f"{REFRACTORY_PERIOD * 1e3:g} ms allows; a neuron cannot fire both, so the cost cannot reach zero."
        )

    def _silence_remark(self) -> str:
        silent = self.n_outputs - np.unique(self.targets.neuron).size
        if silent == 0:
            return ""
        return f"Outputs without a target spike: {silent} of {self.n_outputs}. They are to be silent."


def _whole_numbers(name: str, values: ArrayLike, largest: int) -> NDArray[np.int64]:
    array = np.asarray(values)
    if array.ndim != 1:
        raise ParameterError(f"The {name} have {array.ndim} dimensions; they must be one list.")
    if array.size == 0:
        return np.empty(0, dtype=np.int64)
    if not np.issubdtype(array.dtype, np.integer):
        raise ParameterError(f"The {name} are of type {array.dtype}; they must be whole numbers.")
    outside = (array < 0) | (array > largest)
    if outside.any():
        raise ParameterError(f"Among the {name} is {array[outside][0]}; allowed is 0 to {largest}.")
    return array.astype(np.int64)
