"""What a run's worker holds: an engine with its history, for one thread at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from snn_explorer.devices import choose_device
from snn_explorer.engine import Watch
from snn_explorer.kernels import chosen_backend
from snn_explorer.live.frame import LiveFrame
from snn_explorer.tasks import SpikingXor, Task
from snn_explorer.tasks.samples import Samples

Learnable = Task | SpikingXor | Samples
"""What there is to learn."""


class Learner(Protocol):
    """One network, its learning curves, and what is kept of its spikes.

    Attributes
    ----------
    values : mapping of str to object
        Values that the last chunk or batch was made with.
    """

    values: Mapping[str, Any]

    @property
    def task(self) -> Learnable:
        """What is learned."""
        ...

    @property
    def time(self) -> float:
        """Learning time [s], negative in a burn-in, or samples seen."""
        ...

    def take(self, values: Mapping[str, Any]) -> None:
        """Make the next chunk or batch with these values, which differ in nothing structural."""
        ...

    def follow(self, watch: Watch) -> None:
        """Keep the history of what is watched, from now on."""
        ...

    def followed(self, watch: Watch) -> Watch:
        """The watch, changed so that it looks at what the history is kept of."""
        ...

    def advance(self) -> None:
        """Learn one chunk or batch."""
        ...

    def look(self, watch: Watch) -> Callable[..., LiveFrame]:
        """What a page draws, to be called with `state`, `message` and `serial`; looking changes nothing."""
        ...

    def state_dict(self) -> dict[str, Any]:
        """Everything that a later `load_state_dict` needs to go on to the same bits."""
        ...

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` of a learner with the same task and values gave.

        Raises
        ------
        ParameterError
            If it is the state of another network.
        """
        ...


def computed_on() -> str:
    """Device and backend of the networks that pages show: what an engine chooses where nobody says."""
    device = choose_device()
    return f"{device} · {chosen_backend('auto', device)}"
