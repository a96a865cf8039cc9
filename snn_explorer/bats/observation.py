"""What a page or an experiment sees of a network: one sample's spikes, membranes, errors, and a synapse's numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from snn_explorer.bats.answer import Answer, LayerAnswer, answer
from snn_explorer.bats.clocked import on_a_clock
from snn_explorer.bats.convolution import SpikingConv2d
from snn_explorer.bats.drive import drive
from snn_explorer.bats.layers import SpikingLinear
from snn_explorer.bats.membrane import Moments, membranes, moments
from snn_explorer.bats.spike_errors import Train, weight_slopes
from snn_explorer.devices import host_array
from snn_explorer.engine import FloatArray, Frame, Raster, Watch

if TYPE_CHECKING:
    from snn_explorer.bats.network import Network


def look(network: Network, watch: Watch) -> Frame:
    """Frame of one training sample, as `network` answers it with its present weights; nothing is changed.

    The frame's time is that of `network`, samples seen; its duration is the simulated time [s]. Hidden neurons are
    counted through all hidden layers from the input on. Without hidden layers there are no rasters, traces and feedback
    of hidden neurons.

    Traces: on the moments ``membrane_time`` [s], in which each spike of a watched neuron stands twice, before and after
    its reset, ``hidden_membrane`` and ``output_membrane`` u / theta (rows as in the watch); for each spike of a raster,
    ``hidden_delta`` and ``output_delta``, the whole error of the spike [1/s]; of the probe synapse i -> j
    ``probe_pre_time`` and ``probe_post_time`` [s], ``probe_delta`` [1/s], ``probe_factor`` r_k [s^2], and
    ``probe_slope`` dt_k/dw [s^2], a row for each spike k of j and a column for each spike of i.

    Matrices: ``NAME_weights`` for each of ``network.layer_names``, for a convolution a row for each filter with one
    window's weights, map by map and row by row; ``feedback`` from the outputs to the last hidden layer; ``image``, the
    sample's numbers, and in the same shape ``drive``, dt_k/dt_i of the chosen output spike k by the spike of each
    input, not a number for an input without a spike (see `snn_explorer.bats.drive`).

    Numbers: ``loss``, ``label`` and ``answer`` (-1 if there is none) of the ``sample``, of ``n_samples``; ``pushed``, 1
    where the push of the dead output takes the place of the errors of the loss; ``batch_loss`` and ``accuracy``, means
    over the epoch so far; ``epoch`` and ``batch``, epochs and batches done; for each layer, of this sample,
    ``NAME_spikes``, ``NAME_silent`` and ``NAME_saturated`` neurons, ``NAME_size``, ``NAME_inputs`` (neurons that it
    sees, after pooling) and ``NAME_budget``; for a convolution also ``NAME_maps``, ``NAME_rows``, ``NAME_columns`` and
    ``NAME_window``, rows of one window; ``drive_neuron``, ``drive_rank`` and ``drive_time`` [s] of the chosen output
    spike and ``drive_sum`` of its numbers (-1 and not a number where all outputs are silent); ``probe_weight`` [1/s],
    ``probe_gradient``, dL/dw of this sample, and ``probe_slope_floor``, 1 where a spike of the probe's neuron only
    grazes the threshold.

    Where the watch names a step of a clock, also what `snn_explorer.bats.clocked.on_a_clock` gives.

    Parameters
    ----------
    network : Network
    watch : Watch
        Ids outside the network are left out, and a clock whose step is not below tau_s or of a network with
        convolutions; a probe outside the network, or of neurons that no synapse joins, is moved to the nearest synapse.
    """
    watch = fitted(network, watch)
    found = answer(network, _sample(network, watch))
    rasters, traces = _spikes(found)
    clocked, clock_numbers = ({}, {}) if watch.clock_step is None else on_a_clock(found, watch.clock_step)
    probe, probe_numbers = _probe(found.layers[watch.probe_layer], watch)
    driven, drive_numbers = _drive(network, found.sample, watch)
    return Frame(
        time=network.time,
        duration=found.layers["output"].constants.duration,
        rasters=rasters | clocked,
        traces=traces | _membranes(found, watch) | probe,
        matrices=_matrices(network, found) | driven,
        numbers=_numbers(network, found) | drive_numbers | probe_numbers | clock_numbers,
        watch=watch,
    )


def fitted(network: Network, watch: Watch) -> Watch:
    """The watch without neurons, samples, times and steps of a clock that this network does not have."""
    n_hidden = sum(layer.n_out for layer in network.layers[:-1])
    layers = dict(zip(network.layer_names, network.layers, strict=True))
    probe_layer = watch.probe_layer if watch.probe_layer in layers else "output"
    probe, constants, step = layers[probe_layer], layers["output"].constants, watch.clock_step
    dense = all(isinstance(layer, SpikingLinear) for layer in network.layers)
    spike = watch.output_spike
    post = min(max(watch.probe_post, 0), probe.n_out - 1)
    return replace(
        watch,
        network=0,
        hidden=tuple(i for i in watch.hidden if 0 <= i < n_hidden),
        output=tuple(i for i in watch.output if 0 <= i < network.samples.n_classes),
        probe_layer=probe_layer,
        probe_post=post,
        probe_pre=probe.nearest_seen(min(max(watch.probe_pre, 0), probe.n_in - 1), post),
        sample=None if watch.sample is None else min(max(watch.sample, 0), len(network.training) - 1),
        window=_inside(watch.window, constants.duration),
        clock_step=step if dense and step is not None and step < constants.tau_s else None,
        output_spike=spike if spike and 0 <= spike[0] < network.samples.n_classes and spike[1] >= 0 else None,
    )


def _inside(window: tuple[float, float] | None, duration: float) -> tuple[float, float] | None:
    """The part of a window that is simulated; None, which is all, where there is no such part."""
    if window is None:
        return None
    start, stop = max(window[0], 0.0), min(window[1], duration)
    return (start, stop) if start < stop else None


def _sample(network: Network, watch: Watch) -> int:
    """The training sample that is looked at."""
    if watch.sample is not None:
        return watch.sample
    return int(network.training_set.rows(network.batches - 1)[0]) if network.batches else 0


def _spikes(found: Answer) -> tuple[dict[str, Raster], dict[str, FloatArray]]:
    """Rasters, and the errors of their spikes."""
    output = found.layers["output"]
    rasters = {"input": _raster(found.inputs), "output": _raster(output.spikes)}
    traces = {"output_delta": host_array(output.delta[None])}
    if found.hidden:
        time, order = torch.cat([layer.spikes.time for layer in found.hidden]).sort(stable=True)
        ids = torch.cat([layer.first_id + layer.spikes.neuron for layer in found.hidden])
        rasters["hidden"] = _raster(Train(time, ids[order]))
        traces["hidden_delta"] = host_array(torch.cat([layer.delta for layer in found.hidden])[order][None])
    return rasters, traces


def _membranes(found: Answer, watch: Watch) -> dict[str, FloatArray]:
    """Membranes of the watched neurons, and the moments that they are given at."""
    output = found.layers["output"]
    mine = [(layer, [i - layer.first_id for i in watch.hidden if i in layer.ids]) for layer in found.hidden]
    when = moments(
        watch.window or (0.0, output.constants.duration),
        [layer.spikes.of(i) for layer, neurons in [*mine, (output, watch.output)] for i in neurons],
    )
    traces = {
        "membrane_time": host_array(when.time[None]),
        "output_membrane": host_array(_membrane(when, output, watch.output)),
    }
    if found.hidden:
        rows = torch.cat([_membrane(when, layer, neurons) for layer, neurons in mine])
        place = [layer.first_id + i for layer, neurons in mine for i in neurons]
        traces["hidden_membrane"] = host_array(rows[[place.index(i) for i in watch.hidden]])
    return traces


def _membrane(when: Moments, layer: LayerAnswer, neurons: Sequence[int]) -> Tensor:
    return membranes(when, layer.presynaptic, layer.spikes, layer.weight, neurons, layer.constants)


def _probe(layer: LayerAnswer, watch: Watch) -> tuple[dict[str, FloatArray], dict[str, float]]:
    """What the probe synapse saw, spike by spike, and the gradient of its weight (12)."""
    post = layer.spikes.neuron == watch.probe_post
    before, own = layer.presynaptic.of(watch.probe_pre), layer.spikes.time[post]
    delta, factor = layer.delta[post], layer.factor[post]
    slope = weight_slopes(before, own, factor, layer.constants)
    rows = {"probe_pre_time": before, "probe_post_time": own, "probe_delta": delta, "probe_factor": factor}
    numbers = {
        "probe_weight": float(layer.weight[torch.tensor(watch.probe_pre), torch.tensor(watch.probe_post)]),
        "probe_gradient": float(delta @ slope.sum(1)),
        "probe_slope_floor": float(layer.grazing[post].any()),
    }
    return {name: host_array(row[None]) for name, row in rows.items()} | {"probe_slope": host_array(slope)}, numbers


def _drive(network: Network, sample: int, watch: Watch) -> tuple[dict[str, FloatArray], dict[str, float]]:
    """What drove the chosen output spike, and which one that is."""
    found, n_in, shape = drive(network, sample, watch.output_spike), network.samples.n_in, network.samples.image_shape
    slope = torch.full((n_in,), torch.nan) if found is None else found.by_input(n_in)
    numbers = {"neuron": -1.0, "rank": -1.0, "time": math.nan, "sum": math.nan}
    if found is not None:
        numbers = {"neuron": found.neuron, "rank": found.rank, "time": found.time, "sum": float(found.slope.sum())}
    return {"drive": host_array(slope.reshape(shape or (1, n_in)))}, {f"drive_{k}": v for k, v in numbers.items()}


def _matrices(network: Network, found: Answer) -> dict[str, FloatArray]:
    named = zip(network.layer_names, network.layers, strict=True)
    matrices = {f"{name}_weights": host_array(layer.weight.flatten(0, -2).T) for name, layer in named}
    if found.hidden:
        output = network.layers[-1]
        matrices["feedback"] = host_array(output.weight if output.feedback is None else output.feedback)
    values = network.training.batch(torch.tensor([found.sample]))[0]
    return matrices | {"image": host_array(values.reshape(network.samples.image_shape or values.shape))}


def _numbers(network: Network, found: Answer) -> dict[str, float]:
    progress = network.progress
    numbers: dict[str, float] = {
        "loss": found.loss,
        "label": found.label,
        "answer": found.answer,
        "sample": found.sample,
        "n_samples": len(network.training),
        "pushed": float(found.pushed),
        "batch_loss": progress.loss,
        "accuracy": progress.accuracy,
        "epoch": network.epoch,
        "batch": network.batches,
    }
    for name, layer in found.layers.items():
        numbers[f"{name}_spikes"] = len(layer.spikes.time)
        numbers[f"{name}_silent"] = int((layer.per_neuron == 0).sum())
        numbers[f"{name}_saturated"] = int((layer.per_neuron == layer.constants.n_max).sum())
        numbers[f"{name}_size"] = len(layer.per_neuron)
        numbers[f"{name}_budget"] = layer.constants.n_max
    for name, layer in zip(network.layer_names, network.layers, strict=True):
        numbers[f"{name}_inputs"] = layer.n_in
        if isinstance(layer, SpikingConv2d):
            sizes = zip(("maps", "rows", "columns", "window"), (*layer.maps_out, layer.windows.size), strict=True)
            numbers |= {f"{name}_{what}": size for what, size in sizes}
    return numbers


def _raster(spikes: Train) -> Raster:
    return Raster(time=host_array(spikes.time), neuron=host_array(spikes.neuron))
