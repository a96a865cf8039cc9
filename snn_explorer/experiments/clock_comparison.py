"""One trained network, event by event and on clocks of many time steps: spike times, spike counts and what each costs.

The same weights, input spikes and precision (float64) go to all. Simulations are timed in turn, a few times each, in
processor time, and the shortest time counts, so that other work on the machine disturbs the ratios least.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

import torch
import xarray as xr
from torch import Tensor

from snn_explorer.bats import BatsParameters, Spikes, time_to_first_spike
from snn_explorer.bats.clock import METHODS, differences
from snn_explorer.engine import ParameterError
from snn_explorer.experiments.learner import Learner
from snn_explorer.tasks import Samples

STEPS = (*(float(f"{k}e-{n}") for n in range(3, 7) for k in (10, 5, 2)), 1e-6)
"""Time steps dt [s], from 10 ms to 1 us."""

N_SAMPLES = 50
"""Test samples that are simulated."""

REPEATS = 3
"""How often each simulation is timed."""

GREY_LEVELS = 16
"""Steps between black and white in the digits."""

EVENTS = "event-based"

VARIABLES = {
    "time_error": ("s", "distance of a spike from its event-based counterpart, mean over neurons of equal counts"),
    "largest_time_error": ("s", "the largest such distance"),
    "miscount_share": ("1", "share of active neurons whose spike count differs from the event-based one"),
    "changed_share": ("1", "share of samples with another answer than the event-based one"),
    "seconds_per_sample": ("s", "processor time of a sample through all layers"),
    "event_seconds_per_sample": ("s", "that of the event-based simulation, measured in turn with this one"),
}
"""What is measured at each time step: unit and meaning."""


def dithered(pixels: Tensor, seed: int = 0) -> Tensor:
    """Pixels in float64 with noise of up to half a grey level, so that spike times are as arbitrary as a sensor's.

    Black stays black. Without noise all input spikes would fall on 17 times, which some clocks have among their points.
    """
    noise = torch.rand(pixels.shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) - 0.5
    smallest = 0.1 / GREY_LEVELS
    return torch.where(pixels > 0, (pixels.double() + noise / GREY_LEVELS).clamp(smallest, 1), 0.0)


class ClockComparison:
    """A network that is trained, and then simulated in all ways.

    Parameters
    ----------
    samples : Samples
        Pixels.
    parameters : BatsParameters
    epochs : int
        Epochs of training.
    backend : str
        Backend of the event-based simulation.

    Attributes
    ----------
    learner : Learner
        The network in training.
    measured : list of list of float
        Values of `VARIABLES` of each method and time step so far, the methods in turn from the longest step on.
    """

    def __init__(self, samples: Samples, parameters: BatsParameters, epochs: int, backend: str) -> None:
        self.learner = Learner(samples, parameters, epochs, backend, "cpu")
        self._encoding_time = parameters.encoding_time
        self.measured: list[list[float]] = []

    @property
    def done(self) -> int:
        """Batches that were learned, and simulations that were measured."""
        return self.learner.done + len(self.measured)

    @property
    def total(self) -> int:
        """Batches to learn, and simulations to measure."""
        return self.learner.total + len(METHODS) * len(STEPS)

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.done >= self.total

    def advance(self, slice_seconds: float) -> None:
        """Go on for about `slice_seconds` of wall time, one batch or simulation at least, or to the end."""
        stop = time.monotonic() + slice_seconds
        if not self.learner.finished:
            self.learner.advance(slice_seconds)
        elif self.learner.test is None:
            self.learner.look_at_test()
        while self.learner.test is not None and not self.finished:
            step, method = divmod(len(self.measured), len(METHODS))
            self.measured.append(self._measure(list(METHODS)[method], STEPS[step]))
            if time.monotonic() >= stop:
                break

    def inputs(self) -> Spikes:
        """Spikes of the test samples that are simulated."""
        test = self.learner.network.samples.test
        pixels, _ = test.batch(torch.arange(min(N_SAMPLES, len(test))))
        return time_to_first_spike(dithered(pixels), self._encoding_time)

    def by_events(self, inputs: Spikes) -> list[Spikes]:
        """Spikes of each layer, exactly."""
        answers = []
        for layer in self.learner.network.layers:
            fired = layer.backend.forward(inputs.events, layer.weight.detach().double(), layer.constants)
            inputs = Spikes(fired.events, layer.n_out, fired.per_neuron, layer.constants.n_max)
            answers.append(inputs)
        return answers

    def on_clock(self, inputs: Spikes, method: str, dt: float) -> list[Spikes]:
        """Spikes of each layer by one of `METHODS` with time steps of `dt` [s]."""
        answers = []
        for layer in self.learner.network.layers:
            inputs = METHODS[method](inputs, layer.weight.detach().double(), layer.constants, dt)
            answers.append(inputs)
        return answers

    def dataset(self) -> xr.Dataset:
        """What was measured, with the dimensions condition and dt, and the training."""
        n = len(METHODS)
        values = torch.full((n, len(STEPS), len(VARIABLES)), math.nan, dtype=torch.float64)
        for k, row in enumerate(self.measured):
            values[k % n, k // n] = torch.tensor(row, dtype=torch.float64)
        data = self.learner.dataset().assign_coords(
            condition=list(METHODS), dt=("dt", list(STEPS), {"units": "s", "long_name": "time step"})
        )
        for k, (name, (unit, meaning)) in enumerate(VARIABLES.items()):
            data[name] = (("condition", "dt"), values[..., k].numpy(), {"units": unit, "long_name": meaning})
        return data

    def state_dict(self) -> dict[str, Any]:
        """Everything needed to go on."""
        return {"done": self.done, "learner": self.learner.state_dict(), "measured": [list(m) for m in self.measured]}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave; what was measured with less training is dropped.

        Raises
        ------
        ParameterError
            If the network of the state has learned more than this one is to.
        """
        if state["learner"]["done"] > self.learner.total:
            wanted = self.learner.total
            raise ParameterError(f"The network has already learned {state['learner']['done']} batches, not {wanted}.")
        self.learner.load_state_dict(state["learner"])
        self.measured = [list(values) for values in state["measured"]] if self.learner.finished else []
        if self.learner.finished:
            self.learner.look_at_test()

    def _measure(self, method: str, dt: float) -> list[float]:
        """Values of `VARIABLES`."""
        inputs = self.inputs()
        exact, clocked, seconds = [], [], []
        for _ in range(REPEATS):
            exact, event_seconds = _timed(lambda: self.by_events(inputs))
            clocked, clock_seconds = _timed(lambda: self.on_clock(inputs, method, dt))
            seconds.append((clock_seconds / len(inputs), event_seconds / len(inputs)))
        found = [differences(a, b) for a, b in zip(clocked, exact, strict=True)]
        distance = torch.cat([each.time for each in found])
        decode = self.learner.network.loss.decode
        changed = decode(clocked[-1]) != decode(exact[-1])
        return [
            float(distance.mean()),
            float(distance.max()) if len(distance) else math.nan,
            sum(each.miscounted for each in found) / max(sum(each.active for each in found), 1),
            float(changed.double().mean()),
            *(min(column) for column in zip(*seconds, strict=True)),
        ]


def _timed(simulate: Callable[[], list[Spikes]]) -> tuple[list[Spikes], float]:
    """Spikes of each layer, and the processor time that took [s]."""
    start = time.process_time()
    spikes = simulate()
    return spikes, time.process_time() - start
