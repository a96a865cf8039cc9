"""Frozen Poisson input with equidistant target spikes: the built-in task, which needs no files.

As in Fig 2 of the paper and in the `poisson` set of its benchmark: n input neurons spike as independent Poisson
processes, drawn once and then repeated (section 3.2), and the output is to give equidistant spikes, five in 500 ms.
"""

from __future__ import annotations

import numpy as np

from snn_explorer.engine import ParameterError
from snn_explorer.tasks.checks import check_positive, check_whole
from snn_explorer.tasks.pattern import DEFAULT_DT, SpikeTrains, Task


def frozen_poisson(
    rng: np.random.Generator | int,
    *,
    n_inputs: int = 100,
    rate_hz: float = 5.0,
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
        Mean rate of an input neuron [Hz]. The benchmark's 232 spikes of 100 neurons in 0.5 s are 4.6 Hz.
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
    n_inputs = check_whole("n_inputs", n_inputs, minimum=1)
    n_targets = check_whole("n_targets", n_targets, minimum=1)
    n_outputs = check_whole("n_outputs", n_outputs, minimum=1)
    dt = check_positive("dt", dt, "s")
    rate_hz = check_positive("rate_hz", rate_hz, "Hz")
    if rate_hz * dt >= 1:
        raise ParameterError(f"rate_hz is {rate_hz:g}; it must be below {1 / dt:g} Hz, one spike in every time step.")
    period_steps = check_whole("period / dt", round(check_positive("period", period, "s") / dt), minimum=1)
    return Task(
        name="frozen-poisson",
        title=f"Frozen Poisson input, {n_targets} equidistant target spikes",
        inputs=_poisson(_generator(rng), n_inputs, rate_hz * dt, period_steps),
        targets=_equidistant(n_targets, n_outputs, period_steps),
        period_steps=period_steps,
        dt=dt,
    )


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
