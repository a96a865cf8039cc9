"""A BATS network with its history, for one thread at a time: what a run's worker holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from snn_explorer.bats import Network
from snn_explorer.bats.learning_curves import CURVES, HELD_OUT, LearningCurves, highest
from snn_explorer.bats.observation import fitted
from snn_explorer.bats.parameters import STRUCTURAL, BatsParameters
from snn_explorer.engine import Watch
from snn_explorer.live.curve import Curve
from snn_explorer.live.frame import BatsFrame
from snn_explorer.live.latency import LatencyCurve
from snn_explorer.saved_state import check_parts, refuse
from snn_explorer.tasks.samples import Samples


class BatsLearner:
    """One network, its learning curves, and how soon it answers.

    Parameters
    ----------
    samples : Samples
        What to learn.
    values : mapping of str to object
        Values of all `BatsParameters`.

    Attributes
    ----------
    values : mapping of str to object
        Values that the last batch was made with.
    network : Network
    """

    def __init__(self, samples: Samples, values: Mapping[str, Any]) -> None:
        self.values = values
        self.network = Network(samples, BatsParameters(**values))
        self._learning = LearningCurves(self.network)
        self._curves = {name: Curve() for name in CURVES}
        self._latency = LatencyCurve(float(values["duration"]))
        self._watch, self._probe_change = Watch(), 0.0

    @property
    def task(self) -> Samples:
        """What is learned."""
        return self.network.samples

    @property
    def time(self) -> float:
        """Samples learned from."""
        return self.network.time

    def take(self, values: Mapping[str, Any]) -> None:
        """Make the next batch with these values, which differ in nothing structural."""
        if values is not self.values:
            self.network.parameters.param.update(**values)
            self.values = values

    def follow(self, watch: Watch) -> None:
        """Take down from now on how much the weight of the probe synapse changes."""
        self._watch = fitted(self.network, watch)

    def followed(self, watch: Watch) -> Watch:
        """The watch as it is: the history is the same whatever is watched."""
        return watch

    def advance(self) -> None:
        """Learn one batch."""
        network, before = self.network, self._probe_weight()
        network.advance()
        self._probe_change = self._probe_weight() - before
        for name, value in self._learning.points().items():
            self._curves[name].add(self.time, value)
        self._latency.add(network.spikes[-1], network.labels, first=network.parameters.loss == "first_spike")

    def look(self, watch: Watch) -> Callable[..., BatsFrame]:
        """See `snn_explorer.live.learner.Learner.look`."""
        frame = self.network.frame(watch)
        same = frame.watch.synapse == self._watch.synapse
        frame.numbers["probe_change"] = self._probe_change if same else float("nan")
        return partial(
            BatsFrame,
            frame=frame,
            values=self.values,
            curves={name: curve.arrays() for name, curve in self._curves.items()},
            latency=self._latency.arrays(),
            samples=self.task,
            samples_per_epoch=len(self.network.training),
        )

    def state_dict(self) -> dict[str, Any]:
        """Everything that a later `load_state_dict` needs to go on to the same bits."""
        return {
            "network": self.network.state_dict(),
            "means": self._learning.state_dict(),
            "curves": {name: curve.state_dict() for name, curve in self._curves.items()},
            "latency": self._latency.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` of a learner with the same task and values gave.

        Raises
        ------
        ParameterError
            If it is the state of another network, or of none.
        """
        check_parts("the learner", state, ("network", "means", "curves", "latency"))
        self.network.load_state_dict(state["network"])
        check_parts("the list of curves", state["curves"], CURVES)
        for name, curve in self._curves.items():
            n_points, end = self._points_of(name)
            curve.load_state_dict(state["curves"][name], end, f"the curve {name}", highest(name))
            if curve.count != n_points:
                refuse(f"the curve {name} has {curve.count} points; after {self.network.batches} batches it must have "
                       f"{n_points}")  # fmt: skip
        self._latency.load_state_dict(state["latency"])
        self._learning.load_state_dict(state["means"])

    def _points_of(self, name: str) -> tuple[int, float]:
        """How many points a curve has by now, and the samples learned from at the last of them."""
        network = self.network
        if name != HELD_OUT:
            return network.batches, self.time
        n_epochs = network.batches // network.batches_per_epoch if len(network.validation) else 0
        return n_epochs, float(n_epochs * len(network.training))

    def _probe_weight(self) -> float:
        layer = self.network.layers[self.network.layer_names.index(self._watch.probe_layer)]
        return layer.weight_between(self._watch.probe_pre, self._watch.probe_post)


def needs_new_network(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a network with the values `before` cannot just go on with those `after`."""
    return any(after[name] != before[name] for name in STRUCTURAL)


def first_time(values: Mapping[str, Any]) -> float:
    """A new network has seen no sample."""
    return 0.0
