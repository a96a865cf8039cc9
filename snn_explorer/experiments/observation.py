"""Activity of networks that have stopped learning, recorded without leaving a trace in them.

With the weights frozen and a stimulus that repeats, a deterministic network repeats its activity (Fig 6c). What is
recorded starts with a presentation of the stimulus; step 0 is that start.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from snn_explorer.engine import Watch
from snn_explorer.experiments.superspike_experiment import Observation
from snn_explorer.kernels.superspike.events import EVERY_NETWORK, Events
from snn_explorer.superspike import Network
from snn_explorer.superspike.exact_timing import timing_errors

if TYPE_CHECKING:
    from snn_explorer.experiments.ensemble import Ensemble

SETTLING = 0.5
"""Time before a recording starts [s]: long enough for the activity of the weights' last change to be over."""

TRACED_HIDDEN = 8
"""Hidden units whose membranes are recorded, at most."""


def observe(ensemble: Ensemble, wanted: Observation) -> dict[str, Tensor]:
    """Record the activity of an ensemble, which is then as it was before.

    Parameters
    ----------
    ensemble : Ensemble
    wanted : Observation

    Returns
    -------
    dict of str to Tensor
        ``shown``: the network looked at in each condition, indices on the axis R.
        ``input_spikes``, ``output_spikes``, ``target_spikes`` of those networks and ``hidden_spikes`` of all:
        rows step, neuron, network.
        ``windows`` of opportunity of those networks: rows start step, stop step, output, pattern, network.
        ``wrong``, ``(R,)``: output spikes off the targets' time steps and targets missed, in the last period.
        ``output_membrane`` and so on, if asked for, of the first network shown.
        ``learning_stops``: step at which learning is switched off.
    """
    shown = _shown(ensemble, wanted)
    n_steps, dt = ensemble.network.n_steps, ensemble.network.task.dt
    length = round((wanted.learning + wanted.frozen) / dt)
    with _put_back(ensemble.network) as network:
        offset = _steps_to_stimulus(network)
        n_learning = round((offset + wanted.learning / dt) / n_steps) if wanted.learning else 0
        recording = Recording(network, shown, wanted.traces)
        for chunk in range(math.ceil((offset + length) / n_steps)):
            network.parameters.learning = chunk < n_learning
            network.advance()
            recording.add(chunk * n_steps - offset)
    record = recording.between(0, length, network.task.period_steps)
    return {**record, "shown": torch.tensor(shown), "learning_stops": torch.tensor(n_learning * n_steps - offset)}


class Recording:
    """What some networks do, chunk by chunk.

    Parameters
    ----------
    network : Network
        The ensemble's engine.
    shown : list of int
        Networks looked at.
    traces : bool
        Whether membranes and errors of the first of them are wanted.
    """

    def __init__(self, network: Network, shown: list[int], traces: bool) -> None:
        self.network, self.shown, self.traces = network, shown, traces
        self._spikes: dict[str, list[Tensor]] = {}
        self._windows: list[Tensor] = [torch.empty(5, 0, dtype=torch.int64)]
        self._wrong: list[Tensor] = [torch.empty(2, 0, dtype=torch.int64)]
        self._traced: dict[str, list[Tensor]] = {}
        self._start = 0

    def add(self, start: int) -> None:
        """Take in the chunk that was advanced last, which began at step `start`."""
        if not self._traced and not self._spikes:
            self._start = start
        for name, events in self.network.spikes.items():
            networks = range(self.network.n_networks) if name == "hidden" else self.shown
            self._spikes.setdefault(name, []).append(_of_networks(events, networks, start))
        for r in self.shown:
            window = torch.from_numpy(self.network.supervision.windows(r).T.copy()).to(torch.int64)
            window[:2] += start
            self._windows.append(torch.cat([window, torch.full((1, window.shape[1]), r)]))
        if self.network.task.period_steps is not None:
            targets, outputs = self.network.spikes["target"], self.network.spikes["output"]
            errors = timing_errors(targets, outputs, self.network.n_networks, self.network.task.n_outputs)
            self._wrong.append(torch.stack([errors.step + start, errors.network]).long())
        if self.traces:
            watch = Watch(self.shown[0], tuple(range(TRACED_HIDDEN)), tuple(range(self.network.task.n_outputs)))
            for name, values in self.network.frame(watch).traces.items():
                if not name.startswith("probe"):
                    self._traced.setdefault(name, []).append(torch.from_numpy(values))

    def between(self, first: int, stop: int, period: int | None) -> dict[str, Tensor]:
        """All that was recorded from step `first` to `stop`; errors are counted over the last `period`."""
        record = {f"{name}_spikes": _clip(torch.cat(parts, dim=1), first, stop) for name, parts in self._spikes.items()}
        record |= {
            name: torch.cat(parts, dim=1)[:, first - self._start : stop - self._start]
            for name, parts in self._traced.items()
        }
        windows = torch.cat(self._windows, dim=1).unique(dim=1)
        record["windows"] = windows[:, (windows[0] >= first) & (windows[1] <= stop)].to(torch.int32)
        if period is not None:
            wrong = _clip(torch.cat(self._wrong, dim=1), max(first, stop - period), stop)
            record["wrong"] = torch.bincount(wrong[1], minlength=self.network.n_networks)
        return record


@contextmanager
def _put_back(network: Network) -> Iterator[Network]:
    """Let a network be advanced, and put it back as it was."""
    state, learning = network.state_dict(), network.parameters.learning
    try:
        yield network
    finally:
        network.parameters.learning = learning
        network.load_state_dict(state)


def _shown(ensemble: Ensemble, wanted: Observation) -> list[int]:
    """One network of each condition: the first, or the most accurate at the end."""
    score = ensemble.last_accuracy() if wanted.best else None
    shown: dict[int, int] = {}
    for r, member in enumerate(ensemble.members):
        before = shown.setdefault(member.condition, r)
        if score is not None and score[r] > score[before]:
            shown[member.condition] = r
    return list(shown.values())


def _steps_to_stimulus(network: Network) -> int:
    """Steps until a presentation of the stimulus begins, `SETTLING` from now or later."""
    settling, period = round(SETTLING / network.task.dt), network.task.period_steps
    if period is None:
        return settling
    elapsed = round((network.time + network.parameters.burn_in) / network.task.dt)
    return settling + -(elapsed + settling) % period


def _of_networks(events: Events, networks: range | list[int], start: int) -> Tensor:
    """Rows step, neuron, network of the events of some networks, each of which gets those that reach all."""
    rows = []
    everyone = events.select(events.network == EVERY_NETWORK)
    if len(everyone):
        repeated = torch.tensor(list(networks), dtype=torch.int32).repeat_interleave(len(everyone))
        rows.append(torch.stack([everyone.step.repeat(len(networks)), everyone.neuron.repeat(len(networks)), repeated]))
    mine = events.select(torch.isin(events.network, torch.tensor(list(networks), dtype=torch.int32)))
    rows.append(torch.stack([mine.step, mine.neuron, mine.network]))
    table = torch.cat(rows, dim=1)
    table[0] += start
    return table


def _clip(table: Tensor, first: int, stop: int) -> Tensor:
    return table[:, (table[0] >= first) & (table[0] < stop)]
