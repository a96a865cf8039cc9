"""Clock-based rivals of BATS: the same network with surrogate gradients, in snnTorch and in Norse, where installed.

They get the same weights and the same input spikes, each in its time step of 2 ms, and the same loss of the output
spike counts. Layers are stepped together, as in both libraries' tutorials; one layer after the other was slower.
snnTorch's `Synaptic` follows equation (1) with soft reset; Norse's `LIFCell` resets to 0. Neither has a spike budget.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import torch
from torch import Tensor, nn

from snn_explorer.bats import BatsParameters, Network, Spikes
from snn_explorer.bats.building import Stage
from snn_explorer.bats.convolution import SpikingConv2d
from snn_explorer.bats.pooling import SpikingPool2d
from snn_explorer.bats.spikes import there
from snn_explorer.benchmarks.bats_network import BATCHES, batch
from snn_explorer.tasks import Samples

STEPS = 100
"""Time steps of a sample."""

INSTALL = {"snntorch": 'pip install "snn-explorer[bench]"', "norse": "pip install --no-deps norse nir nirtorch"}
"""Modules of the rivals, and how to get each without another torch."""


def missing_rivals() -> list[str]:
    """A sentence for each rival that is not installed."""
    return [
        f"Not compared with {module}, which is not installed: {command}"
        for module, command in INSTALL.items()
        if find_spec(module) is None
    ]


def installed_rivals() -> list[str]:
    """Modules of the rivals that are installed."""
    return [module for module in INSTALL if find_spec(module) is not None]


class ClockBased:
    """A rival, a `snn_explorer.benchmarks.bats_network.Contestant`.

    Parameters
    ----------
    module : str
        A name from `INSTALL`.
    network : Network
        Whose weights and constants the rival takes over.
    samples : Samples
    """

    def __init__(self, module: str, network: Network, samples: Samples) -> None:
        library, p = import_module(module), network.parameters
        make, scale = {"snntorch": (_snntorch_cell, p.duration / STEPS), "norse": (_norse_cell, 2 * p.tau_s)}[module]
        self.name = f"{module} {library.__version__}, {STEPS} steps"
        self.hidden_spikes = 0.0
        self._weights = [nn.Parameter(_transposed(layer.weight.detach()).mul(scale)) for layer in network.layers]
        self._currents = [_currents(stage) for stage in network.stages]
        self._cells = [make(theta, p) for theta in p.theta]
        self._batches = [_binned_batch(samples, k, p) for k in range(BATCHES)]
        self._optimiser = torch.optim.Adam(self._weights, p.learning_rate * scale, fused=True)
        self._learned = 0

    def loss(self, k: int) -> Tensor:
        """See `Contestant`."""
        inputs, target = self._batches[k % BATCHES]
        self._optimiser.zero_grad()
        states: list[Any] = [None] * len(self._cells)
        n_hidden, counts = torch.zeros(()), torch.zeros_like(target)
        for spikes in inputs:
            for layer, (weight, cell) in enumerate(zip(self._weights, self._cells, strict=True)):
                spikes, states[layer] = cell(self._currents[layer](spikes, weight), states[layer])
                if layer < len(states) - 1:
                    n_hidden += spikes.detach().sum()
            counts = counts + spikes
        self.hidden_spikes = float(n_hidden) / len(target)
        return 0.5 * (counts - target).square().sum(1).mean()

    def learn(self) -> None:
        """See `Contestant`."""
        self.loss(self._learned).backward()
        self._optimiser.step()
        self._learned += 1


def _transposed(weight: Tensor) -> Tensor:
    """Weights of a layer as torch's functions take them."""
    return (weight.T if weight.ndim == 2 else weight.permute(3, 0, 1, 2)).contiguous()


def _currents(stage: Stage) -> Callable[[Tensor, Tensor], Tensor]:
    """What a layer's neurons get in a time step, from the spikes before it ``(B, n)`` and the layer's weights."""
    pools, layer = [pool for pool in stage.before if isinstance(pool, SpikingPool2d)], stage.layer

    def currents(spikes: Tensor, weight: Tensor) -> Tensor:
        for pool in pools:
            maps = spikes.unflatten(1, pool.maps_in)
            spikes = (nn.functional.avg_pool2d(maps, pool.size) * pool.size**2).flatten(1)
        if not isinstance(layer, SpikingConv2d):
            return nn.functional.linear(spikes, weight)
        windows = layer.windows
        maps = spikes.unflatten(1, windows.maps)
        return nn.functional.conv2d(maps, weight, stride=windows.stride, padding=windows.padding).flatten(1)

    return currents


def binned(spikes: Spikes, duration: float, n_steps: int) -> Tensor:
    """Spikes on a clock, ``(n_steps, B, n_neurons)``: how many each neuron has in each step of `duration` [s]."""
    sample, place = there(spikes.events).nonzero(as_tuple=True)
    step = (spikes.time.detach()[sample, place] / duration * n_steps).long().clamp_(max=n_steps - 1)
    grid = torch.zeros(n_steps, len(spikes), spikes.n_neurons)
    one = torch.ones(len(step))
    return grid.index_put_((step, sample, spikes.neuron[sample, place].long()), one, accumulate=True)


def _binned_batch(samples: Samples, k: int, p: BatsParameters) -> tuple[Tensor, Tensor]:
    """Input of a batch on the clock, and the spike counts wanted of the outputs."""
    spikes, labels = batch(samples, k, p)
    target = torch.full((len(labels), samples.n_classes), p.target_false)
    return binned(spikes, p.duration, STEPS), target.scatter_(1, labels[:, None], p.target_true)


Cell = Callable[[Tensor, Any], tuple[Tensor, Any]]
"""One time step of a layer: current and state (None at first) to spikes and state."""


def _snntorch_cell(theta: float, p: BatsParameters) -> Cell:
    """With the weights scaled by the time step, mem is u of equation (1)."""
    dt = p.duration / STEPS
    synaptic = import_module("snntorch").Synaptic
    neurons = synaptic(alpha=math.exp(-dt / p.tau_s), beta=math.exp(-dt / (2 * p.tau_s)), threshold=theta)

    def step(current: Tensor, state: Any) -> tuple[Tensor, Any]:
        spikes, *state = neurons(current, *(neurons.reset_mem() if state is None else state))
        return spikes, state

    return step


def _norse_cell(theta: float, p: BatsParameters) -> Cell:
    """With the weights scaled by tau, v is u of equation (1), up to the reset."""
    norse = import_module("norse.torch")
    rates = {"tau_syn_inv": 1 / p.tau_s, "tau_mem_inv": 1 / (2 * p.tau_s), "v_th": theta}
    constants = norse.LIFParameters(**{name: torch.tensor(value) for name, value in rates.items()})
    return norse.LIFCell(p=constants, dt=p.duration / STEPS)
