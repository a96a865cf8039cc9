"""A SuperSpike network with its history, for one thread at a time: what a run's worker holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from snn_explorer.engine import Frame, ParameterError, Watch
from snn_explorer.live.curve import Curve
from snn_explorer.live.fitting import check_fits
from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.live.history import SpikeHistory
from snn_explorer.saved_state import check_parts
from snn_explorer.superspike.network import Network
from snn_explorer.superspike.parameters import STRUCTURAL, SuperSpikeParameters
from snn_explorer.tasks import SpikingXor, Task


class SuperSpikeLearner:
    """One network, its learning curve, and what is kept of its spikes.

    Parameters
    ----------
    task : Task or SpikingXor
        What to learn.
    values : mapping of str to object
        Values of all `SuperSpikeParameters`.

    Attributes
    ----------
    values : mapping of str to object
        Values that the last chunk was made with.
    network : Network
    curve : Curve
        Moving average of the cost over learning time, from 0 on.
    history : SpikeHistory
        What pages show of the spikes before the last chunk.
    silent_cost : float
        Cost of a network whose outputs never spike.
    """

    def __init__(self, task: Task | SpikingXor, values: Mapping[str, Any]) -> None:
        self.values = values
        self.network = Network(task, SuperSpikeParameters(**values))
        self.curve, self.history = Curve(), SpikeHistory(self.network)
        self.silent_cost = self.network.silent_cost

    @property
    def task(self) -> Task | SpikingXor:
        """What is learned."""
        return self.network.task

    @property
    def time(self) -> float:
        """Learning time [s], negative in the burn-in."""
        return self.network.time

    def take(self, values: Mapping[str, Any]) -> None:
        """Make the next chunk with these values, which differ in nothing structural."""
        if values is not self.values:
            self.network.parameters.param.update(**values)
            self.values = values

    def follow(self, watch: Watch) -> None:
        """Keep the spike times of the output that is watched, from now on."""
        self.history.follow(self.fitted(watch).output[0])

    def followed(self, watch: Watch) -> Watch:
        """The watch, but for the output, which is the one whose spike times are kept."""
        kept = self.history.output
        return watch if self.fitted(watch).output[0] == kept else replace(watch, output=(kept,))

    def advance(self) -> None:
        """Simulate and learn one chunk."""
        self.network.advance()
        self.history.add(self.network)
        if self.time >= 0:
            self.curve.add(self.time, float(self.network.cost[0]))

    def fitted(self, watch: Watch) -> Watch:
        """The watch with outputs that are there, or the last one if none of them is."""
        n_outputs = self.network.task.n_outputs
        there = tuple(output for output in watch.output if output < n_outputs)
        return replace(watch, output=there or (n_outputs - 1,))

    def look(self, watch: Watch) -> Callable[..., SuperSpikeFrame]:
        """See `snn_explorer.live.learner.Learner.look`."""
        curve_time, curve_cost = self.curve.arrays()
        return partial(
            SuperSpikeFrame,
            frame=self._frame(watch),
            values=self.values,
            curve_time=curve_time,
            curve_cost=curve_cost,
            silent_cost=self.silent_cost,
            trials=self.history.trials(),
            firing=self.history.firing(),
            sweep=self.history.sweep(),
        )

    def _frame(self, watch: Watch) -> Frame:
        """Frame of the last chunk.

        Before the first chunk there is nothing to look at: the chunk to come is simulated, and taken back.
        """
        watch = self.fitted(watch)
        if self.network.spikes:
            return self.network.frame(watch)
        before, time = self.network.state_dict(), self.time
        try:
            return replace(self.network.frame(watch), time=time)
        finally:
            self.network.load_state_dict(before)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a later `load_state_dict` needs to go on to the same bits."""
        parts = {"network": self.network, "curve": self.curve, "history": self.history}
        return {name: part.state_dict() for name, part in parts.items()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` of a learner with the same task and values gave.

        Raises
        ------
        ParameterError
            If it is the state of another network, or of none.
        """
        check_parts("the learner", state, ("network", "curve", "history"))
        own, given = _sizes(self.network.state_dict()), _sizes(state["network"])
        if own != given:
            raise ParameterError(f"The saved run does not fit: its weights are {given}, but this network's {own}.")
        check_fits(self.network, state)
        self.network.load_state_dict(state["network"])
        self.curve.load_state_dict(state["curve"], self.time)
        self.history.load_state_dict(state["history"])


def first_time(values: Mapping[str, Any]) -> float:
    """Learning time of a new network [s]."""
    return -float(values["burn_in"])


def needs_new_network(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a network with the values `before` cannot just go on with those `after`."""
    changed = {name for name in after if after[name] != before[name]}
    # the original simulation's delays depend on the kind of feedback
    return bool(changed & set(STRUCTURAL)) or (after["conventions"] == "original" and "feedback" in changed)


def _sizes(state: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """Shape of each layer's weights in a state of a network."""
    return {name: tuple(layer["weights"].shape) for name, layer in state["layers"].items()}
