"""The same neurons on a clock: forward Euler, and exact integration between the points of a time grid.

With v = u / tau and the threshold c = theta / tau, equation (1) is

    dv/dt = (g - v) / tau,    dg/dt = -g / tau_s + sum_i w_i delta(t - t_i)

and one time step dt, with D = exp(-dt / tau), goes from v and g to

    forward Euler:      v + (dt / tau) (g - v)       (1 - dt / tau_s) g
    exact propagator:   D v + D (1 - D) g            D^2 g

Both know of spikes at grid points only: an input spike acts from the first grid point at or after it, and a neuron
whose v has reached c at a grid point spikes there, once, and c is subtracted. So even the exact propagator is late by
up to one step with every spike, and misses a peak between two grid points.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from snn_explorer.bats.spikes import Spikes
from snn_explorer.checks import check_positive
from snn_explorer.devices import CPU
from snn_explorer.engine import ParameterError
from snn_explorer.kernels.bats.interface import Events, LayerConstants

SAME = 1e-6
"""A time that is this share of a step behind a grid point still counts as on it: rounding, not lateness."""


def simulate_euler(spikes: Spikes, weight: Tensor, constants: LayerConstants, dt: float) -> Spikes:
    """Spikes of a layer by forward Euler.

    Parameters
    ----------
    spikes : Spikes
        Of the presynaptic neurons, in float64: float32 cannot tell a microsecond's steps apart for long.
    weight : Tensor of float64, shape (n_pre, n_post)
    constants : LayerConstants
        With a finite duration.
    dt : float
        Time step [s], below tau_s.

    Returns
    -------
    Spikes
        At grid points.

    Raises
    ------
    ParameterError
        If a value cannot be used.
    """
    check_positive("dt", dt, "s")
    if dt >= constants.tau_s:
        raise ParameterError(f"dt is {dt!r}; forward Euler needs one below tau_s, {constants.tau_s!r} [s].")
    share = dt / constants.tau
    return _simulate(spikes, weight, constants, dt, (1 - share, share, 1 - 2 * share))


def simulate_exact_propagator(spikes: Spikes, weight: Tensor, constants: LayerConstants, dt: float) -> Spikes:
    """Spikes of a layer by the exact propagator from grid point to grid point.

    Parameters
    ----------
    spikes, weight, constants
        See `simulate_euler`.
    dt : float
        Time step [s].

    Returns
    -------
    Spikes
        At grid points.

    Raises
    ------
    ParameterError
        If a value cannot be used.
    """
    check_positive("dt", dt, "s")
    lost = -math.expm1(-dt / constants.tau)
    kept = math.exp(-dt / constants.tau)
    return _simulate(spikes, weight, constants, dt, (kept, kept * lost, kept**2))


METHODS = {"Euler": simulate_euler, "exact propagator": simulate_exact_propagator}
"""Both by the names that people read."""


class Differences(NamedTuple):
    """How spikes differ from other spikes of the same neurons.

    Attributes
    ----------
    time : Tensor, shape (n,)
        Distance [s] of each spike from its counterpart, the first to the first and so on, over all neurons and samples
        with equal numbers of spikes.
    active, miscounted : int
        Pairs of a neuron and a sample with a spike on either side, and those of them with unequal numbers of spikes.
    """

    time: Tensor
    active: int
    miscounted: int


def differences(spikes: Spikes, others: Spikes) -> Differences:
    """Compare spikes of one layer for the same samples, simulated in two ways."""
    same = spikes.per_neuron == others.per_neuron
    active = (spikes.per_neuron > 0) | (others.per_neuron > 0)
    distance = (_by_neuron(spikes, same) - _by_neuron(others, same)).abs()
    return Differences(distance, int(active.sum()), int((~same).sum()))


def _by_neuron(spikes: Spikes, wanted: Tensor) -> Tensor:
    """Spike times of the wanted pairs of sample and neuron ``(B, n_neurons)``, pair after pair."""
    there = torch.isfinite(spikes.time)
    sample = there.nonzero()[:, 0]
    pair = sample * spikes.n_neurons + spikes.neuron[there].long()
    pair, order = pair.sort(stable=True)
    return spikes.time[there][order][wanted.flatten()[pair]]


def _simulate(
    spikes: Spikes, weight: Tensor, constants: LayerConstants, dt: float, step: tuple[float, float, float]
) -> Spikes:
    """Spikes of a layer that is advanced by the factors `step`, see `snn_explorer.kernels.bats.clock.simulate`."""
    from snn_explorer.kernels.bats import clock

    _check(spikes, weight, constants)
    n_steps = math.floor(constants.duration / dt + SAME)
    n_samples, n_post = len(spikes), weight.shape[1]
    time, neuron, count = (tensor.detach().numpy() for tensor in spikes.events)
    arrival = np.ceil(np.where(np.isfinite(time), time, 0.0) / dt - SAME).astype(np.int64)
    spike_step = np.zeros((n_samples, n_post * constants.n_max), np.int64)
    spike_neuron = np.zeros(spike_step.shape, np.int32)
    per_neuron = np.zeros((n_samples, n_post), np.int32)
    clock.simulate(
        arrival, neuron, count, weight.detach().contiguous().numpy(), step, constants.c, constants.n_max, n_steps,
        spike_step, spike_neuron, per_neuron,
    )  # fmt: skip
    number = per_neuron.sum(1, dtype=np.int32)
    columns = np.arange(number.max(initial=0))
    times = np.where(columns < number[:, None], spike_step[:, : len(columns)] * dt, np.inf)
    neurons = np.ascontiguousarray(spike_neuron[:, : len(columns)])
    events = Events(*(torch.from_numpy(array) for array in (times, neurons, number)))
    return Spikes(events, n_post, torch.from_numpy(per_neuron), constants.n_max)


def _check(spikes: Spikes, weight: Tensor, constants: LayerConstants) -> None:
    for name, tensor in (("spikes", spikes.time), ("weights", weight)):
        if tensor.device != CPU:
            raise ParameterError(f"The {name} are on the device {str(tensor.device)!r}; clocks run on 'cpu' only.")
    if spikes.time.dtype != torch.float64 or weight.dtype != torch.float64:
        raise ParameterError(
            f"The spike times are {spikes.time.dtype} and the weights {weight.dtype}; on a clock both must be "
            "torch.float64."
        )
    if weight.ndim != 2 or len(weight) != spikes.n_neurons:
        raise ParameterError(
            f"The weights have the shape {tuple(weight.shape)}; it must be ({spikes.n_neurons}, n_post), one row for "
            "each presynaptic neuron."
        )
    if not math.isfinite(constants.duration):
        raise ParameterError(f"duration is {constants.duration!r}; on a clock it must be a finite number [s].")
