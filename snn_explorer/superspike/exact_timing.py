"""Exact spike timing on a frozen pattern: the first class of output errors (section 3.3.3).

    e_i = alpha * (S^_i - S_i)

The difference of two spike trains is a set of events: +1 where a target spike is missing, -1 where an output spike
is wrong, nothing where both fall in the same step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from snn_explorer.kernels.superspike.events import EVERY_NETWORK, Events
from snn_explorer.superspike.traces import DoubleExponential
from snn_explorer.tasks import SpikeTrains, Task

MATCH_WINDOW = 1e-3
"""An output spike within this time [s] of a target spike is counted as its match."""


class ExactTiming:
    """Shows a frozen pattern again and again, the same to all networks of an ensemble.

    Implements :class:`snn_explorer.superspike.supervision.Supervision`. A trial is one period of the pattern.
    """

    outcome = None

    def __init__(self, task: Task, n_networks: int) -> None:
        self.task, self._n_networks = task, n_networks
        self._shown = 0
        self._kept: dict[tuple[int, int], tuple[Events, Events]] = {}
        self._targets = Events.empty()
        self._chunk = (0, 0)

    def show(self, start: int, stop: int) -> tuple[Events, Events]:
        """Input and target spikes of a chunk; both wrap with the task's own period."""
        phase = (self._shown % self.task.period_steps, start - self._shown)
        if phase not in self._kept:
            self._kept[phase] = (
                self._between(self.task.inputs, start, stop),
                self._between(self.task.targets, start, stop),
            )
        self._shown, self._chunk = stop, (start, stop)
        inputs, self._targets = self._kept[phase]
        return inputs, self._targets

    @property
    def trial_starts(self) -> Events:
        """Steps of the chunk shown last in which the pattern begins."""
        start, stop = self._chunk
        period = self.task.period_steps
        first = -(-start // period) * period
        return Events.of(torch.from_numpy(np.arange(first, stop, period) - start), EVERY_NETWORK, 0)

    def judge(self, outputs: Events) -> Events:
        """Events of S^ - S in the chunk."""
        return timing_errors(self._targets, outputs, self._n_networks, self.task.n_outputs)

    def tally(self, outputs: Events, network: int) -> dict[str, float]:
        """Target spikes that an output spike meets within `MATCH_WINDOW`, each output spike meeting one at most."""
        window = round(MATCH_WINDOW / self.task.dt)
        target, output = self._targets.of_network(network), outputs.of_network(network)
        matched = 0
        for neuron in range(self.task.n_outputs):
            wanted = np.sort(target.step[target.neuron == neuron].numpy())
            made = np.sort(output.step[output.neuron == neuron].numpy())
            i = j = 0
            while i < len(wanted) and j < len(made):
                apart = int(made[j]) - int(wanted[i])
                matched += abs(apart) <= window
                i, j = i + (apart >= -window), j + (apart <= window)
        n_targets, n_outputs = len(target), len(output)
        return {"matched": matched, "targets": n_targets, "missing": n_targets - matched, "extra": n_outputs - matched}

    def windows(self, network: int) -> np.ndarray:
        """None: every spike has its own time."""
        return np.empty((0, 4))

    def silent_cost(self, traces: DoubleExponential) -> float:
        """Cost of a network whose outputs never spike: every target spike of the repeating pattern is missing."""
        task = self.task
        warm_up = round(10 * traces.tau_decay / task.dt)
        step = torch.from_numpy(task.targets.step).long() + warm_up
        wrapped = step[:, None] - task.period_steps * torch.arange(0, warm_up // task.period_steps + 2)
        events = torch.zeros(task.n_outputs, warm_up + task.period_steps, dtype=torch.float64)
        neuron = torch.from_numpy(task.targets.neuron).long()[:, None].expand_as(wrapped)
        shown = (wrapped >= 0) & (wrapped < events.shape[1])
        events[neuron[shown], wrapped[shown]] = 1
        energy = traces.error(events)[:, warm_up:].square().sum(dim=1).mean()
        return float(energy) / (traces.error_energy * task.period)

    def state_dict(self) -> dict[str, Any]:
        """How far the pattern was shown."""
        return {"shown": self._shown}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave."""
        self._shown = state["shown"]

    def _between(self, trains: SpikeTrains, start: int, stop: int) -> Events:
        """Spikes of a frozen pattern from the last step shown until `stop`, counted from `start`."""
        period = self.task.period_steps
        repeats = torch.arange(self._shown // period, (stop - 1) // period + 1, dtype=torch.int32) * period
        step = (torch.from_numpy(trains.step) + repeats[:, None]).reshape(-1)
        neuron = torch.from_numpy(trains.neuron).repeat(len(repeats))
        inside = (step >= self._shown) & (step < stop)
        return Events.of(step[inside] - start, EVERY_NETWORK, neuron[inside])


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
        Signed errors.
    """
    return outputs.subtracted_from(targets, n_networks, n_outputs)
