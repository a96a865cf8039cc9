"""What a run's spikes were: the last pattern as a whole, the timing over trials, and the last seconds of firing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from snn_explorer.engine import FloatArray, Raster
from snn_explorer.kernels.superspike.events import Events
from snn_explorer.live.frame import Firing, Sweep, Trials
from snn_explorer.live.recent import RecentSpikes, Spikes
from snn_explorer.live.trials import TrialSpikes
from snn_explorer.superspike.network import Network
from snn_explorer.tasks import SpikingXor, Task

LONGEST_SWEEP: Final = 20.0
"""Patterns up to this length [s] are shown as a whole."""

FEW_NEURONS: Final = 32
"""A layer with fewer neurons needs more time for a histogram."""

FIRING_SECONDS: Final = {"many": 5.0, "few": 20.0}
"""How far the firing of many or few neurons is looked back [s]."""


class SpikeHistory:
    """Takes the spikes of every chunk of a network, for as long as there is something to show of them.

    Parameters
    ----------
    network : Network
        An ensemble of one.

    Attributes
    ----------
    output : int
        Output whose spike times are kept over trials; where the stimulus does not repeat, all outputs are.
    """

    def __init__(self, network: Network) -> None:
        task, n_hidden = network.task, network.parameters.n_hidden
        self._task, self._dt = task, task.dt
        self._burn_in = round(network.parameters.burn_in / task.dt)
        self._layer, self._n_neurons = ("hidden", n_hidden) if n_hidden else ("output", task.n_outputs)
        back = FIRING_SECONDS["few" if self._n_neurons < FEW_NEURONS else "many"]
        self._firing_steps = round(back / task.dt)
        self._swept = task.period_steps is not None and network.n_steps < task.period_steps <= LONGEST_SWEEP / task.dt
        self._recent = RecentSpikes(max(self._firing_steps, task.period_steps or 0 if self._swept else 0))
        self.output = 0
        self._trials = TrialSpikes(_trial_steps(task))

    def follow(self, output: int) -> None:
        """Keep the spike times of this output from now on."""
        if output != self.output:
            self.output = output
            if isinstance(self._task, Task):
                self._trials.restart()

    def add(self, network: Network) -> None:
        """Take in the chunk that the network advanced last."""
        stop = self._burn_in + round(network.time / self._dt)
        start = stop - network.n_steps
        layers = {name: _spikes(network.spikes[name], start) for name in ("hidden", "output") if name in network.spikes}
        self._recent.add(start, stop, layers)
        if stop > self._burn_in:
            self._trials.add(*self._begun(network, start, stop), self._followed(layers["output"]))

    def sweep(self) -> Sweep | None:
        """The last period as a whole; None where the pattern is no longer than a chunk, or does not repeat."""
        if not (self._swept and isinstance(self._task, Task)):
            return None
        task, period = self._task, self._task.period_steps
        rasters = {name: self._raster(self._recent.last(name, period), period) for name in ("hidden", "output")}
        rasters["input"] = self._raster(Spikes(task.inputs.step, task.inputs.neuron), period)
        rasters["target"] = self._raster(Spikes(task.targets.step, task.targets.neuron), period)
        # the end of a pattern is its last moment, not the first of the next
        now = (self._recent.stop - 1) % period + 1 if self._recent.stop else 0
        return Sweep(task.period, now * self._dt, rasters)

    def trials(self) -> Trials:
        """Spike times over trials."""
        since, onset, right = self._trials.spikes()
        task, marks = self._task, np.empty(0)
        if isinstance(task, Task):
            marks = task.targets.step[task.targets.neuron == self.output]
        else:
            marks = np.array([task.window_steps])
        return Trials(
            time=self._seconds(since),
            learning_time=self._seconds(onset - self._burn_in),
            right=right,
            length=self._trials.length * self._dt,
            marks=self._seconds(marks),
            output=self.output if isinstance(task, Task) else None,
            n_trials=self._trials.count,
            stride=self._trials.stride,
        )

    def firing(self) -> Firing:
        """Spikes of the hidden layer, or of the outputs where there is none, in the last seconds."""
        step, neuron = self._recent.last(self._layer, self._firing_steps)
        n_steps = min(self._recent.n_steps, self._firing_steps)
        begin = self._recent.stop - n_steps
        raster = Raster(self._seconds(step - begin), neuron.astype(np.float32))
        return Firing(self._layer, self._n_neurons, n_steps * self._dt, raster)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a later `load_state_dict` needs to go on with the same history."""
        return {"output": self.output, "recent": self._recent.state_dict(), "trials": self._trials.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave."""
        self.output = int(state["output"])
        self._recent.load_state_dict(state["recent"])
        self._trials.load_state_dict(state["trials"])

    def _begun(self, network: Network, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
        """First step of each trial that began in the chunk while the network learns, and the neuron wanted in it."""
        if isinstance(self._task, Task):
            period = self._task.period_steps
            onset = np.arange(-(-start // period) * period, stop, period)
            wanted = np.full(onset.size, self.output)
        else:
            windows = network.supervision.windows(0)
            onset, wanted = windows[:, 0] + start, windows[:, 2]
        begun = (onset >= max(start, self._burn_in)) & (onset < stop)
        return onset[begun], wanted[begun]

    def _followed(self, outputs: Spikes) -> Spikes:
        if not isinstance(self._task, Task):
            return outputs
        mine = outputs.neuron == self.output
        return Spikes(outputs.step[mine], outputs.neuron[mine])

    def _raster(self, spikes: Spikes, period: int) -> Raster:
        return Raster(self._seconds(spikes.step % period), spikes.neuron.astype(np.float32))

    def _seconds(self, steps: np.ndarray) -> FloatArray:
        return (steps * self._dt).astype(np.float32)


def _trial_steps(task: Task | SpikingXor) -> int:
    """Length of a trial; where it varies, that of the shortest."""
    if isinstance(task, Task):
        return task.period_steps
    return round((task.stimulus + task.interval[0]) / task.dt)


def _spikes(events: Events, start: int) -> Spikes:
    """Spikes of a chunk of the only network."""
    step, _, neuron, _ = events.table.numpy()
    return Spikes(step.astype(np.int64) + start, neuron.copy())
