"""A preset: a task, and parameter values to start from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from snn_explorer.engine import Watch
from snn_explorer.tasks import SpikingXor, Task
from snn_explorer.tasks.samples import Samples

PREFIX: Final = "preset-"
"""What the command line puts before the key of a preset."""


@dataclass(frozen=True)
class Preset:
    """A task, and parameter values to start from.

    Parameters
    ----------
    key : str
        Short name, as in a URL.
    title : str
        Name for people.
    sentence : str
        What to see, in one sentence.
    task : callable
        Makes the task.
    figure : str
        Where it is in the paper, "" if it is not.
    system : str
        The learning system, ``"superspike"`` or ``"bats"``.
    values : mapping of str to object
        Values of the system's parameters that differ from the defaults.
    speed : float
        Learning time per second to start with: seconds or samples, as the engine counts.
    watch : Watch
        Neurons and synapse to look at first.
    view : str
        The view beside the plots to open first, "" for the first one.
    query : mapping of str to str
        What an address says beside the key, to lead to this very task.
    """

    key: str
    title: str
    sentence: str
    task: Callable[[], Task | SpikingXor | Samples]
    figure: str = ""
    system: str = "superspike"
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    speed: float = 10.0
    watch: Watch = field(default_factory=Watch)
    view: str = ""
    query: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def experiment(self) -> str:
        """Name as an experiment on the command line."""
        return f"{PREFIX}{self.key}"

    @property
    def name(self) -> str:
        """Title with the figure, as in a list to choose from."""
        return f"{self.figure}: {self.title}" if self.figure else self.title
