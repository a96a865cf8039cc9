"""What networks are shown and how their output is judged: the seam between the engine and its tasks.

The paper has two classes of output errors (section 3.3.3), one for each kind of task: exact spike timing on a frozen
pattern, and classification in windows of opportunity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from snn_explorer.kernels.superspike.events import Events
from snn_explorer.superspike.classification import Classification, Outcome
from snn_explorer.superspike.exact_timing import ExactTiming
from snn_explorer.superspike.traces import DoubleExponential
from snn_explorer.tasks import SpikingXor, Task


class Supervision(Protocol):
    """Shows one chunk after the other and judges what the outputs made of it."""

    def show(self, start: int, stop: int) -> tuple[Events, Events]:
        """Input spikes and target spikes of a chunk from step `start` to `stop`, counted from its start.

        Chunks must follow each other; what was not shown before the first is carried into it.
        """
        ...

    def judge(self, outputs: Events) -> Events:
        """Error events of the chunk that was shown last, given the output spikes made in it."""
        ...

    @property
    def trial_starts(self) -> Events:
        """Steps of the chunk shown last in which a trial starts: an event of value 1 from source 0 for each."""
        ...

    @property
    def outcome(self) -> Outcome | None:
        """Answers given in the chunk that was judged last, where the task is one of classification."""
        ...

    def tally(self, outputs: Events, network: int) -> dict[str, float]:
        """What one network matched, missed and made too many, in the chunk that was judged last, by name."""
        ...

    def windows(self, network: int) -> np.ndarray:
        """Windows of opportunity in the chunk shown last, ``(n, 4)``: start and stop step, output, pattern."""
        ...

    def silent_cost(self, traces: DoubleExponential) -> float:
        """Cost of a network whose outputs never spike."""
        ...

    def state_dict(self) -> dict[str, Any]:
        """Everything needed to go on with the same stimulus and errors."""
        ...

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave."""
        ...


def supervision(task: Task | SpikingXor, seeds: Sequence[int]) -> Supervision:
    """Supervision of an ensemble on a task, one seed for each network."""
    if isinstance(task, SpikingXor):
        return Classification(task, seeds)
    return ExactTiming(task, len(seeds))
