"""The sample that is looked at, on a clock as well: what a time step costs in exactness."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor

from snn_explorer.bats.answer import Answer
from snn_explorer.bats.clock import differences, simulate_euler
from snn_explorer.bats.layers import Weights
from snn_explorer.bats.spike_errors import Train
from snn_explorer.bats.spikes import Spikes
from snn_explorer.devices import host_array
from snn_explorer.engine import ParameterError, Raster
from snn_explorer.kernels.bats.interface import Events

FIRST_STEP: Final = 1e-3
"""Step that a clock has until somebody chooses another [s]."""


def on_a_clock(found: Answer, dt: float) -> tuple[dict[str, Raster], dict[str, float]]:
    """The whole network on a clock, by forward Euler, each layer given the clock's spikes of the layer before.

    Parameters
    ----------
    found : Answer
        What the network did, exactly.
    dt : float
        Time step [s], below tau_s.

    Returns
    -------
    rasters : dict of str to Raster
        ``hidden_clock``, of all hidden layers, and ``output_clock``.
    numbers : dict of str to float
        ``clock_late``: mean distance [s] of a spike from the exact one, over neurons with equal numbers of spikes, not
        a number without any; ``clock_miscounted``: share of the neurons that spike either way with unequal numbers.

    Raises
    ------
    ParameterError
        If the step cannot be used, or a layer is a convolution.
    """
    weights = [_matrix(layer.weight) for layer in found.layers.values()]
    spikes = _spikes(found.inputs, len(weights[0]))
    distances, active, miscounted, trains = [], 0, 0, []
    for layer, weight in zip(found.layers.values(), weights, strict=True):
        spikes = simulate_euler(spikes, weight, layer.constants, dt)
        exact = _spikes(layer.spikes, len(layer.per_neuron))
        found_here = differences(spikes, exact)
        distances.append(found_here.time)
        active, miscounted = active + found_here.active, miscounted + found_here.miscounted
        n = int(spikes.count)
        trains.append(Train(spikes.time[0, :n], spikes.neuron[0, :n].long()))
    rasters = {"output_clock": _raster(trains[-1])}
    if len(trains) > 1:
        hidden = zip(found.hidden, trains, strict=False)
        ids = torch.cat([layer.first_id + train.neuron for layer, train in hidden])
        rasters["hidden_clock"] = _raster(Train(torch.cat([train.time for train in trains[:-1]]), ids))
    return rasters, {
        "clock_late": float(torch.cat(distances).mean()),
        "clock_miscounted": miscounted / max(active, 1),
    }


def _matrix(weight: Weights) -> Tensor:
    """Weights ``(n_in, n_out)``, which a convolution has not."""
    if not isinstance(weight, Tensor):
        raise ParameterError("A network with convolutions does not run on a clock; dense layers do.")
    return weight.double()


def _spikes(train: Train, n_neurons: int) -> Spikes:
    count = torch.tensor([len(train.time)], dtype=torch.int32)
    return Spikes.of(Events(train.time[None], train.neuron.int()[None], count), n_neurons)


def _raster(train: Train) -> Raster:
    return Raster(time=host_array(train.time), neuron=host_array(train.neuron))
