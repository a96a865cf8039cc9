"""Errors of the output neurons for exact spike timing, and the cost made of them.

    e_i = alpha * (S^_i - S_i)                     (section 3.3.3)
    L   = 1/2 int e_i^2                            (2.1)

The difference of two spike trains is a set of events: +1 where a target spike is missing, -1 where an output spike
is wrong, nothing where both fall in the same step. The cost is shown in units of one isolated wrong or missing
spike per second and output.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from snn_explorer.kernels.superspike.interface import Events
from snn_explorer.superspike.traces import DoubleExponential
from snn_explorer.tasks.pattern import Task

COST_TAU = 10.0
"""Time constant of the reported moving average [s] (section 3.3.3)."""


def timing_errors(targets: Events, outputs: Events, n_networks: int, n_outputs: int) -> Events:
    """Events of S^ - S; a target and an output spike in the same step cancel.

    Parameters
    ----------
    targets : Events
        Target spikes, each once, the same for every network.
    outputs : Events
        Output spikes of all networks, each once.
    n_networks, n_outputs : int
        Size of the ensemble and of the output layer.

    Returns
    -------
    Events
        Signed errors, sorted by step, network and neuron.
    """
    target, output = targets.table.numpy().astype(np.int64), outputs.table.numpy().astype(np.int64)
    wanted = ((target[0] * n_networks + np.arange(n_networks)[:, None]) * n_outputs + target[2]).reshape(-1)
    made = (output[0] * n_networks + output[1]) * n_outputs + output[2]
    place = np.concatenate([wanted, made])
    order = np.argsort(place)
    place = place[order]
    same = np.zeros(place.size + 1, bool)
    same[1:-1] = place[1:] == place[:-1]
    wrong = ~(same[1:] | same[:-1])
    row, neuron = np.divmod(place[wrong], n_outputs)
    step, network = np.divmod(row, n_networks)
    sign = np.where(order[wrong] < wanted.size, 1, -1)
    return Events(torch.from_numpy(np.stack([step, network, neuron, sign]).astype(np.int32)))


def silent_cost(task: Task, traces: DoubleExponential) -> float:
    """Cost of a network whose outputs never spike: every target spike of the repeating pattern is missing."""
    warm_up = round(10 * traces.tau_decay / task.dt)
    step = torch.from_numpy(task.targets.step).long() + warm_up
    wrapped = step[:, None] - task.period_steps * torch.arange(0, warm_up // task.period_steps + 2)
    events = torch.zeros(task.targets.n_neurons, warm_up + task.period_steps, dtype=torch.float64)
    neuron = torch.from_numpy(task.targets.neuron).long()[:, None].expand_as(wrapped)
    shown = (wrapped >= 0) & (wrapped < events.shape[1])
    events[neuron[shown], wrapped[shown]] = 1
    energy = traces.error(events)[:, warm_up:].square().sum(dim=1).mean()
    return float(energy) / (traces.error_energy * task.period)


@dataclass
class MovingAverage:
    """Exponential moving average with start-up correction, one value per network.

    Attributes
    ----------
    total : Tensor, shape (R,)
        Weighted sum so far.
    weight : float
        Sum of the weights so far, 1 in the long run.
    """

    total: Tensor
    weight: float = 0.0

    def add(self, value: Tensor, duration: float, tau: float = COST_TAU) -> None:
        """Take in a value that held for `duration` [s]."""
        keep = math.exp(-duration / tau)
        self.total = keep * self.total + (1 - keep) * value
        self.weight = keep * self.weight + (1 - keep)

    @property
    def value(self) -> Tensor:
        """The average, shape ``(R,)``; not a number before the first value."""
        return self.total / self.weight if self.weight else torch.full_like(self.total, math.nan)
