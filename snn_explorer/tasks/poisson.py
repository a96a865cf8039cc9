"""Tasks with frozen Poisson input, which need no files: for targets of one's own, and for equidistant ones.

As in the paper (section 3.2), n input neurons spike as independent Poisson processes, drawn once and then repeated.
The built-in task is that of Fig 2 and of the `poisson` set of the paper's benchmark: the output is to give equidistant
spikes, five in 500 ms.
"""

from __future__ import annotations

import numpy as np

from snn_explorer.checks import check_positive, check_whole
from snn_explorer.engine import ParameterError
from snn_explorer.tasks.checks import check_group_size
from snn_explorer.tasks.pattern import DEFAULT_DT, SpikeTrains, Task

DEFAULT_RATE_HZ = 5.0
"""Mean rate of an input neuron [Hz]; it is 4.6 Hz in the benchmark's `poisson` set and 5.0 Hz in `auryn`."""

MAX_INPUT_SPIKES = 500_000
"""The most input spikes that a trial may have on average."""


def frozen_poisson(
    rng: np.random.Generator | int,
    *,
    n_inputs: int = 100,
    rate_hz: float = DEFAULT_RATE_HZ,
    period: float = 0.5,
    n_targets: int = 5,
    n_outputs: int = 1,
    dt: float = DEFAULT_DT,
) -> Task:
    """Draw a task: frozen Poisson inputs and equidistant targets.

    Parameters
    ----------
    rng : numpy.random.Generator or int
        Where the inputs are drawn from, or the seed of a generator made for them. The same seed gives the same task.
    n_inputs : int
        Number of input neurons.
    rate_hz : float
        Mean rate of an input neuron [Hz].
    period : float
        Length of a trial [s].
    n_targets : int
        Target spikes of each output in a trial.
    n_outputs : int
        Number of output neurons.
    dt : float
        Time step [s].

    Raises
    ------
    ParameterError
        If a value is out of range, or the draw gave no input spike at all.
    """
    n_targets = check_whole("n_targets", n_targets, minimum=1)
    n_outputs = check_group_size("n_outputs", n_outputs)
    targets = _equidistant(n_targets, n_outputs, _period_steps(period, dt))
    return own_task(
        targets,
        name="frozen-poisson",
        title=f"Frozen Poisson input, {n_targets} equidistant target spikes",
        rng=rng,
        period=period,
        n_inputs=n_inputs,
        rate_hz=rate_hz,
        dt=dt,
    )


def own_task(
    targets: SpikeTrains,
    *,
    name: str,
    title: str,
    rng: np.random.Generator | int,
    period: float,
    n_inputs: int = 100,
    rate_hz: float = DEFAULT_RATE_HZ,
    dt: float = DEFAULT_DT,
) -> Task:
    """Draw frozen Poisson inputs for targets of one's own: a word, a picture, or spike trains from a file.

    Parameters
    ----------
    targets : SpikeTrains
        What the outputs are to do; made with the same `dt`.
    name, title : str
        Short name, and one line that describes the task.
    rng : numpy.random.Generator or int
        Where the inputs are drawn from, or the seed of a generator made for them.
    period : float
        Length of a trial [s]; targets must lie inside it.
    n_inputs : int
        Number of input neurons.
    rate_hz : float
        Mean rate of an input neuron [Hz].
    dt : float
        Time step [s].

    Raises
    ------
    ParameterError
        If a value is out of range, a target lies outside the trial, or the draw gave no input spike at all.
    """
    n_inputs = check_group_size("n_inputs", n_inputs)
    period_steps = _period_steps(period, dt)
    spikes_per_step = _spikes_per_step(rate_hz, dt)
    if n_inputs * period_steps * spikes_per_step > MAX_INPUT_SPIKES:
        raise ParameterError(
            f"{n_inputs} inputs at {rate_hz:g} Hz for {period:g} s would spike about "
            f"{n_inputs * rate_hz * period:.3g} times; at most {MAX_INPUT_SPIKES} input spikes are drawn, because more "
            "take too much memory."
        )
    return Task(
        name=name,
        title=title,
        inputs=_poisson(_generator(rng), n_inputs, spikes_per_step, period_steps),
        targets=targets,
        period_steps=period_steps,
        dt=dt,
    )


def _period_steps(period: float, dt: float) -> int:
    steps = check_positive("period", period, "s") / check_positive("dt", dt, "s")
    return check_whole("period / dt", round(steps), minimum=1)


def _spikes_per_step(rate_hz: float, dt: float) -> float:
    rate_hz = check_positive("rate_hz", rate_hz, "Hz")
    if rate_hz * dt >= 1:
        raise ParameterError(f"rate_hz is {rate_hz:g}; it must be below {1 / dt:g} Hz, one spike in every time step.")
    return rate_hz * dt


def _generator(rng: np.random.Generator | int) -> np.random.Generator:
    if isinstance(rng, np.random.Generator):
        return rng
    return np.random.default_rng(check_whole("seed", rng, minimum=0))


def _poisson(rng: np.random.Generator, n_neurons: int, spikes_per_step: float, n_steps: int) -> SpikeTrains:
    """Poisson spike trains on the grid: each (neuron, step) has a spike with the same probability, independently.

    Drawn as the number of spikes, which is binomial, and then that many different places.
    """
    n_places = n_neurons * n_steps
    place = rng.choice(n_places, size=rng.binomial(n_places, spikes_per_step), replace=False)
    return SpikeTrains(place // n_neurons, place % n_neurons, n_neurons)


def _equidistant(n_targets: int, n_outputs: int, period_steps: int) -> SpikeTrains:
    """Targets one interval apart, the first one interval after the start, as 83, 166, ... 415 ms of 500 ms.

    With several outputs, each follows the one before by the same part of an interval.
    """
    interval = period_steps // (n_targets + 1)
    if interval == 0:
        raise ParameterError(
            f"n_targets is {n_targets}, but a trial has only {period_steps} steps; fewer targets fit into it."
        )
    first = interval + np.arange(n_outputs) * interval // n_outputs
    step = first[None, :] + np.arange(n_targets)[:, None] * interval
    neuron = np.broadcast_to(np.arange(n_outputs), step.shape)
    return SpikeTrains(step.ravel(), neuron.ravel(), n_outputs)
