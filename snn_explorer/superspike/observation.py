"""What a page or an experiment sees of a network: rasters, membranes, errors, and one synapse's three factors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from snn_explorer.devices import host_array
from snn_explorer.engine import FloatArray, Frame, Raster, Watch
from snn_explorer.kernels.superspike.events import Events
from snn_explorer.kernels.superspike.surrogates import surrogate_derivative

if TYPE_CHECKING:
    from snn_explorer.superspike.network import Network
    from snn_explorer.superspike.plasticity import PlasticLayer

TRACE_REACH = 0.2
"""How far before the frame's window the probe synapse's traces are followed [s]; both kernels have decayed by then."""


def look(network: Network, watch: Watch) -> Frame:
    """Frame of the last chunk of `network`.

    Traces (rows as in the watch): ``hidden_membrane`` and ``output_membrane`` [V], ``hidden_error`` and
    ``output_error`` [Hz], and of the probe synapse ``probe_presynaptic`` z~, ``probe_surrogate`` sigma',
    ``probe_eligibility`` lambda, ``probe_error`` e [Hz] and ``probe_product`` e lambda [Hz].

    Numbers of the probe synapse: ``probe_weight`` w and ``probe_change`` of the last update [V], and what made it but
    for the weight limit: ``probe_rate`` r_ij [V] times ``probe_integral`` of e lambda, less ``probe_regulariser``, the
    integral of rho w zeta.

    Parameters
    ----------
    network : Network
        Engine that has advanced at least one chunk.
    watch : Watch
        Ids outside the network are left out; a probe outside it is moved to the nearest synapse.
    """
    watch = fitted(network, watch)
    layers = {} if network.hidden is None else {"hidden": (network.hidden, watch.hidden)}
    layers["output"] = (network.output, watch.output)
    traces: dict[str, FloatArray] = {}
    matrices: dict[str, FloatArray] = {}
    for name, (layer, neurons) in layers.items():
        traces[f"{name}_membrane"] = host_array(layer.neurons.voltage(watch.network, neurons))
        traces[f"{name}_error"] = host_array(layer.neurons.error(watch.network, neurons) / network.task.dt)
        matrices[f"{name}_weights"] = host_array(layer.weights[watch.network])
    if network.hidden is not None:
        matrices["feedback"] = host_array(network.feedback()[watch.network].T)
    traces |= _probe(network, layers[watch.probe_layer][0], watch)
    return Frame(
        time=network.time,
        duration=network.n_steps * network.task.dt,
        rasters={name: _raster(events, watch.network, network.task.dt) for name, events in network.spikes.items()},
        traces=traces,
        matrices=matrices,
        numbers=_numbers(network, watch),
        windows=_windows(network, watch.network),
        watch=watch,
    )


def fitted(network: Network, watch: Watch) -> Watch:
    """The watch without neurons that this network does not have."""
    n_hidden = 0 if network.hidden is None else network.hidden.neurons.size.n_post
    layer = watch.probe_layer if watch.probe_layer == "output" or n_hidden else "output"
    size = (network.hidden if layer == "hidden" and network.hidden else network.output).neurons.size
    return replace(
        watch,
        network=min(max(watch.network, 0), network.n_networks - 1),
        hidden=tuple(i for i in watch.hidden if 0 <= i < n_hidden),
        output=tuple(i for i in watch.output if 0 <= i < network.task.n_outputs),
        probe_layer=layer,
        probe_post=min(max(watch.probe_post, 0), size.n_post - 1),
        probe_pre=min(max(watch.probe_pre, 0), size.n_pre - 1),
    )


def _probe(network: Network, layer: PlasticLayer, watch: Watch) -> dict[str, FloatArray]:
    """The three factors of one synapse, computed step by step (2.5)."""
    constants, dt, n_steps = layer.neurons.constants, network.task.dt, network.n_steps
    voltage = layer.neurons.voltage(watch.network, [watch.probe_post], round(TRACE_REACH / dt))[0].double()
    n_before = len(voltage) - n_steps
    mine = layer.neurons.presynaptic.of_network(watch.network)
    arrival = mine.step[mine.neuron == watch.probe_pre].long() + constants.axonal_delay + n_before
    arrivals = torch.zeros_like(voltage)
    arrivals[arrival[(arrival >= 0) & (arrival < len(voltage))]] = 1
    presynaptic = network.traces.presynaptic(arrivals)
    beta = network.steepness_of(watch.network)
    surrogate = surrogate_derivative(
        network.parameters.surrogate, voltage, beta, constants.threshold, constants.surrogate_floor
    )
    lag = constants.eligibility_lag
    eligibility = network.traces.eligibility(surrogate * presynaptic)[n_before - lag : len(voltage) - lag]
    error = layer.neurons.error(watch.network, [watch.probe_post])[0] / dt
    return {
        "probe_presynaptic": host_array(presynaptic[None, n_before:]),
        "probe_surrogate": host_array(surrogate[None, n_before:]),
        "probe_eligibility": host_array(eligibility[None]),
        "probe_error": host_array(error[None]),
        "probe_product": host_array((error * eligibility)[None]),
    }


def _numbers(network: Network, watch: Watch) -> dict[str, float]:
    r, duration = watch.network, network.n_steps * network.task.dt
    layers = [network.output] if network.hidden is None else [network.hidden, network.output]
    limit = network.parameters.weight_limit
    at_limit = sum(int((layer.weights[r].abs() >= limit * (1 - 1e-6)).sum()) for layer in layers)
    numbers = {
        "cost": float(network.cost[r]),
        "chunk_cost": float(network.chunk_cost[r]),
        "weights_at_limit": at_limit / sum(layer.weights[r].numel() for layer in layers),
    }
    for name in ("hidden", "output"):
        if name in network.spikes:
            size = (network.output if name == "output" else layers[0]).neurons.size.n_post
            n_spikes = len(network.spikes[name].of_network(r))
            numbers[f"{name}_rate_hz"] = n_spikes / size / duration
    numbers |= _probe_numbers(network, layers[0] if watch.probe_layer == "hidden" else network.output, watch)
    if network.outcome is not None:
        numbers["accuracy"], numbers["accuracy_per_unit"] = network.accuracy[:, r].tolist()
    return numbers | network.supervision.tally(network.spikes["output"], r)


def _probe_numbers(network: Network, layer: PlasticLayer, watch: Watch) -> dict[str, float]:
    """The learning rule (3.4) with the numbers of one synapse: change = rate (integral - regulariser)."""
    duration, synapse = network.n_steps * network.task.dt, (watch.network, watch.probe_post, watch.probe_pre)
    integral, regulariser = layer.last_terms(*synapse)
    return {
        "probe_weight": float(layer.weights[synapse]),
        "probe_change": float(layer.last_change[synapse]),
        "probe_rate": network.plasticity.rate(layer, *synapse) / duration,
        "probe_integral": integral * duration,
        "probe_regulariser": regulariser * duration,
    }


def _windows(network: Network, r: int) -> FloatArray:
    windows = network.supervision.windows(r).astype(np.float32)
    return windows * np.array([network.task.dt, network.task.dt, 1, 1], dtype=np.float32)


def _raster(events: Events, network: int, dt: float) -> Raster:
    mine = events.of_network(network)
    return Raster(time=host_array(mine.step * dt), neuron=host_array(mine.neuron))
