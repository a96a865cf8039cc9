"""One BATS network in training, and the record of what it did in each epoch.

Learners know nothing of each other, so that any number of them can learn side by side on threads.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray

from snn_explorer.bats import BatsParameters, Evaluation, Network
from snn_explorer.tasks import Samples

ANSWERS = {
    "accuracy": ("1", "share of samples answered right"),
    "loss": ("1", "mean loss of a sample"),
}
"""What is recorded of the answers: unit and meaning."""

ACTIVITY = {
    "spikes_per_sample": ("spikes", "mean number of spikes of the layer for a sample"),
    "active_share": ("1", "mean share of neurons that spike for a sample"),
    "silent_share": ("1", "share of neurons that spike for no sample at all"),
    "saturated_share": ("1", "mean share of neurons that spend their spike budget for a sample"),
}
"""What is recorded of each layer: unit and meaning."""

CURVES = {
    **{f"training_{name}": name for name in ANSWERS},
    **{f"validation_{name}": name for name in ANSWERS},
    **{name: name for name in ACTIVITY},
}
"""What is recorded in each epoch: accuracy and loss in training, each sample as answered before it was learned from,
and on the held-out samples after the epoch; activity on these."""


class Learner:
    """One network of one condition.

    Parameters
    ----------
    samples : Samples
    parameters : BatsParameters
    length : int
        Epochs there are to be.
    backend : str
        Backend of the kernels.
    device : str, optional
        Where to compute, see `snn_explorer.devices.choose_device`.

    Attributes
    ----------
    network : Network
        The engine.
    done, total : int
        Batches that were learned, and those there are to be.
    epochs : int
        Epochs that there are to be, the last one whole or not.
    curves : dict of str to Tensor, shape (epochs,) or (epochs, n_layers)
        See `CURVES`; not a number where an epoch is not over.
    test : Evaluation, optional
        On the test set, once `look_at_test` was called.
    seconds : float
        Time in `Network.advance` so far [s].
    """

    def __init__(
        self, samples: Samples, parameters: BatsParameters, length: int, backend: str, device: str | None = None
    ) -> None:
        self.network = Network(samples, parameters, backend=backend, device=device)
        self.total = self._n_batches(length)
        self.epochs = epochs = math.ceil(self.total / self.network.batches_per_epoch)
        shapes = {name: (epochs, len(self.network.layers)) if name in ACTIVITY else (epochs,) for name in CURVES}
        self.curves = {name: torch.full(shape, torch.nan, dtype=torch.float64) for name, shape in shapes.items()}
        self.test: Evaluation | None = None
        self.done, self.seconds = 0, 0.0

    @property
    def finished(self) -> bool:
        """Whether all batches were learned."""
        return self.done >= self.total

    @property
    def epochs_done(self) -> int:
        """Epochs that are over."""
        return self.done // self.network.batches_per_epoch

    def advance(self, slice_seconds: float) -> None:
        """Learn batch by batch for about `slice_seconds` of wall time, one batch at least, or to the end.

        Raises
        ------
        LearningFault
            If learning cannot go on.
        """
        stop = time.monotonic() + slice_seconds
        while not self.finished:
            start = time.perf_counter()
            self.network.advance()
            self.seconds += time.perf_counter() - start
            self.done += 1
            self._record()
            if time.monotonic() >= stop:
                break

    def look_at_test(self) -> None:
        """Evaluate the network on the test set, as it is now."""
        self.test = self.network.evaluate(self.network.samples.test)

    def dataset(self) -> xr.Dataset:
        """All that was recorded, with the dimensions epoch and layer."""
        data = xr.Dataset(coords={"layer": layer_names(len(self.network.layers)), "epoch": range(1, self.epochs + 1)})
        data.epoch.attrs = {"units": "1", "long_name": "epochs of training that are over"}
        for name, values in self.curves.items():
            data[name] = _variable(CURVES[name], values, "epoch")
        if self.test is not None:
            for name in (*ANSWERS, *ACTIVITY):
                data[f"test_{name}"] = _variable(name, getattr(self.test, name))
        learned = self.done * len(self.network.training) / self.network.batches_per_epoch
        units = {"units": "1/s", "long_name": "samples learned from, in one second of training"}
        data["samples_per_second"] = ((), learned / self.seconds if self.seconds else float("nan"), units)
        data["neurons"] = ("layer", [layer.n_out for layer in self.network.layers], {"units": "1"})
        return data

    def state_dict(self) -> dict[str, Any]:
        """Everything needed to go on to the same bits."""
        return {
            "network": self.network.state_dict(),
            "curves": {name: values[: self.epochs_done].clone() for name, values in self.curves.items()},
            "done": self.done,
            "seconds": self.seconds,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave; it may be of a shorter run."""
        self.network.load_state_dict(state["network"])
        self.done, self.seconds = state["done"], state["seconds"]
        for name, values in state["curves"].items():
            self.curves[name][: len(values)] = values

    def _n_batches(self, length: int) -> int:
        """Batches in a length of learning."""
        return length * self.network.batches_per_epoch

    def _record(self) -> None:
        """Take down what is to be kept of the batch that was learned just now."""
        if self.done % self.network.batches_per_epoch == 0:
            self._record_epoch(self.epochs_done - 1)

    def _record_epoch(self, epoch: int) -> None:
        """Take down an epoch that is over, counted from 0; the held-out samples are looked at where there are any."""
        network = self.network
        seen = network.evaluate(network.validation) if len(network.validation) else None
        for name, values in self.curves.items():
            source = network.progress if name.startswith("training") else seen
            if source is not None:
                values[epoch] = torch.tensor(getattr(source, CURVES[name]), dtype=torch.float64)


def layer_names(n_layers: int) -> list[str]:
    """Names of the layers from the first hidden one to the output."""
    if n_layers <= 2:
        return ["hidden", "output"][-n_layers:]
    return [*(f"hidden {k}" for k in range(1, n_layers)), "output"]


def _variable(name: str, values: Any, *dims: str) -> tuple[tuple[str, ...], NDArray[np.float64], dict[str, str]]:
    """What is recorded under a name as xarray takes it, with `dims` and, for activity, the layer."""
    unit, meaning = {**ANSWERS, **ACTIVITY}[name]
    layer = ("layer",) if name in ACTIVITY else ()
    return (*dims, *layer), np.asarray(values, np.float64), {"units": unit, "long_name": meaning}
