"""Classification in windows of opportunity: the second class of output errors (section 3.3.3, Fig 5).

Each stimulus opens a window in which one output, its label, should spike at least once:

    e_i = -alpha * S_err      at once, for a spike of another output or outside any window
    e_i = +alpha * S_miss     at the end of a window in which the label did not spike

Right spikes make no error, however many and whenever in the window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from snn_explorer.kernels.superspike.events import Events
from snn_explorer.superspike.traces import DoubleExponential
from snn_explorer.tasks import SpikingXor


@dataclass(frozen=True)
class Outcome:
    """Answers in the windows that closed in one chunk, summed for each network, all of shape ``(R,)``.

    Attributes
    ----------
    n : Tensor
        Windows that closed.
    strict : Tensor
        Windows in which the label spiked and no other output did.
    per_unit : Tensor
        Outputs that did right (the label spiked, the others did not), as a share of all outputs; chance is 0.5.
    missed : Tensor
        Windows in which the label did not spike.
    wrong : Tensor
        Spikes of other outputs, or outside any window.
    """

    n: Tensor
    strict: Tensor
    per_unit: Tensor
    missed: Tensor
    wrong: Tensor


class Classification:
    """Shows each network its own stimuli, drawn from its seed, and judges in which windows its outputs spike.

    Implements :class:`snn_explorer.superspike.supervision.Supervision`. All steps in here count from the start of the
    simulation; a window is a row network, first step, step after the last, label, pattern. A trial lasts from the onset
    of a stimulus to the onset of the next.
    """

    def __init__(self, task: SpikingXor, seeds: Sequence[int]) -> None:
        self.task, self._seeds = task, tuple(seeds)
        self._start = self._stop = self._shown = 0
        self._segments: dict[int, tuple[NDArray, NDArray]] = {}
        self._windows = np.empty((5, 0), np.int64)
        self._recent = np.empty((3, 0), np.int64)
        self._outcome: Outcome | None = None

    @property
    def trial_starts(self) -> Events:
        """Steps of the chunk shown last in which a network's window opens."""
        network, onset = self._windows[:2, (self._windows[1] >= self._start) & (self._windows[1] < self._stop)]
        return Events.of(torch.from_numpy(onset - self._start), torch.from_numpy(network), 0)

    @property
    def outcome(self) -> Outcome | None:
        """Answers given in the chunk that was judged last."""
        return self._outcome

    def show(self, start: int, stop: int) -> tuple[Events, Events]:
        """Input spikes of the chunk; the targets are windows, not spikes."""
        length = self.task.segment_steps
        first, last = self._shown // length, (stop - 1) // length
        drawn = [self._segment(index) for index in range(first, last + 1)]
        self._segments = {index: self._segments[index] for index in range(first, last + 1)}
        # of the table's own type, or the whole segment would be converted for every chunk
        bounds = np.array([self._shown, stop], dtype=np.int32)
        spikes = [table[:, slice(*np.searchsorted(table[0], bounds))] for table, _ in drawn]
        step, network, neuron = torch.from_numpy(np.concatenate(spikes, axis=1).astype(np.int32))
        windows = np.concatenate([windows for _, windows in drawn], axis=1)
        windows = windows[:, (windows[2] > start) & (windows[1] < stop)]
        self._windows = windows[:, np.lexsort((windows[1], windows[0]))]
        self._start, self._stop, self._shown = start, stop, stop
        return Events.of(step - start, network, neuron), Events.empty()

    def judge(self, outputs: Events) -> Events:
        """Error events of the chunk, sorted by step, network and neuron."""
        made = outputs.table.numpy().astype(np.int64)
        spikes = np.concatenate([self._recent, np.stack([made[0] + self._start, made[1], made[2]])], axis=1)
        self._recent = spikes[:, spikes[0] >= self._stop - self.task.window_steps]
        at = self._window_of(spikes)
        right = (at >= 0) & (self._windows[3, at] == spikes[2]) if self._windows.size else np.zeros(at.shape, bool)
        wrong = spikes[:, ~right & (spikes[0] >= self._start)]
        answered, misled = np.zeros((2, self._windows.shape[1]), bool)
        answered[at[right]] = True
        misled[at[(at >= 0) & ~right]] = True
        closed = (self._windows[2] > self._start) & (self._windows[2] <= self._stop)
        missed = self._windows[:, closed & ~answered]
        self._outcome = self._summed(closed, answered, misled, wrong)
        events = np.concatenate([wrong, np.stack([missed[2] - 1, missed[0], missed[3]])], axis=1)
        sign = np.repeat([-1, 1], [wrong.shape[1], missed.shape[1]])
        order = np.lexsort((events[2], events[1], events[0]))
        table = np.stack([events[0] - self._start, events[1], events[2], sign])[:, order]
        return Events(torch.from_numpy(table.astype(np.int32)))

    def tally(self, outputs: Events, network: int) -> dict[str, float]:
        """Windows that closed, those in which the label spiked, those in which it did not, and wrong spikes."""
        if self._outcome is None:
            return dict.fromkeys(("matched", "targets", "missing", "extra"), 0.0)
        n, missed, wrong = (
            float(count[network]) for count in (self._outcome.n, self._outcome.missed, self._outcome.wrong)
        )
        return {"matched": n - missed, "targets": n, "missing": missed, "extra": wrong}

    def windows(self, network: int) -> NDArray:
        """Windows in the chunk shown last, ``(n, 4)``: start and stop step from its start, label, pattern."""
        mine = self._windows[1:, self._windows[0] == network]
        return (mine - np.array([self._start, self._start, 0, 0])[:, None]).T

    def silent_cost(self, traces: DoubleExponential) -> float:
        """Cost of a network whose outputs never spike: one isolated error event for each window."""
        return self.task.windows_per_second / self.task.n_outputs

    def state_dict(self) -> dict[str, Any]:
        """How far the stimulus was shown, and output spikes in windows that may still be open."""
        return {"shown": self._shown, "recent": torch.from_numpy(self._recent.copy())}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave."""
        self._shown, self._recent = state["shown"], state["recent"].numpy().copy()
        self._outcome = None

    def _segment(self, index: int) -> tuple[NDArray, NDArray]:
        """Input spikes (step, network, neuron), sorted by step, and windows of all networks in one segment."""
        if index not in self._segments:
            begin, spikes, windows = index * self.task.segment_steps, [], []
            for network, seed in enumerate(self._seeds):
                drawn = self.task.segment(seed, index)
                spikes.append(np.stack([drawn.step + begin, np.full_like(drawn.step, network), drawn.neuron]))
                onset = drawn.onset + begin
                label = self.task.label(drawn.pattern)
                row = (np.full_like(onset, network), onset, onset + self.task.window_steps, label, drawn.pattern)
                windows.append(np.stack(row).astype(np.int64))
            table = np.concatenate(spikes, axis=1)
            order = np.argsort(table[0], kind="stable")
            self._segments[index] = table[:, order], np.concatenate(windows, axis=1)
        return self._segments[index]

    def _window_of(self, spikes: NDArray) -> NDArray:
        """Index of the chunk's window that each spike falls into, or -1; windows are sorted by network and step."""
        network, begin, end = self._windows[:3]
        if not begin.size:
            return np.full(spikes.shape[1], -1)
        scale = self._stop + 1
        at = np.searchsorted(network * scale + begin, spikes[1] * scale + spikes[0], side="right") - 1
        inside = (at >= 0) & (network[at] == spikes[1]) & (spikes[0] < end[at])
        return np.where(inside, at, -1)

    def _summed(self, closed: NDArray, answered: NDArray, misled: NDArray, wrong: NDArray) -> Outcome:
        """Counts for each network."""
        n_networks, n_outputs = len(self._seeds), self.task.n_outputs

        def count(network: NDArray) -> Tensor:
            return torch.from_numpy(np.bincount(network, minlength=n_networks)).float()

        network = self._windows[0]
        n, hit, fooled = (count(network[closed & which]) for which in (True, answered, misled))
        # each window has one label; with two outputs the other is the only one that could have misled
        per_unit = (hit + (n_outputs - 1) * (n - fooled)) / n_outputs
        return Outcome(n, count(network[closed & answered & ~misled]), per_unit, n - hit, count(wrong[1]))
