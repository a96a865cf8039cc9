"""Which inputs drove an output spike: exact derivatives, that add up to 1; and when neurons of a convolution spike."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
import torch

from snn_explorer.bats.answer import answer
from snn_explorer.bats.drive import drive
from snn_explorer.bats.feature_maps import feature_maps
from snn_explorer.bats.network import Network
from snn_explorer.bats.spikes import Spikes
from snn_explorer.tasks.samples import Samples, Split
from tests.bats.tiny import network

CONV: dict[str, Any] = {
    "convolutions": "3C3-P2-4C2", "hidden": (6,), "n_max": (3, 4, 6, 8), "theta": (0.03, 0.04, 0.05, 0.06),
    "init": (-0.4, 1.0), "dead_output_push": 0.1,
}  # fmt: skip
NETS: dict[str, dict[str, Any]] = {
    "dense": {}, "two hidden layers": {"hidden": (8, 6), "n_max": (6, 6, 8), "theta": (0.03, 0.05, 0.05)},
    "no hidden layer": {"hidden": (), "n_max": (8,), "theta": (0.015,)}, "convolutions": CONV,
}  # fmt: skip


def images(side: int = 7) -> Samples:
    """Images of two classes, bright above or below, with some black pixels."""
    rng = np.random.default_rng(3)
    labels = rng.choice(2, 30)
    bright = np.arange(side)[None, :, None] // (side // 2) == labels[:, None, None]
    pixels = np.where(bright, rng.uniform(0.5, 1, (30, side, side)), rng.uniform(0, 0.4, (30, side, side)))
    pixels[rng.random(pixels.shape) < 0.2] = 0
    inputs = torch.from_numpy(pixels.reshape(30, -1).astype(np.float32))
    split = Split(inputs, torch.from_numpy(labels.astype(np.int64)))
    return Samples("halves", "Halves", side**2, 2, split, split, "pixels", (side, side))


def trained(kind: str, **more: Any) -> Network:
    net = network(images() if kind == "convolutions" else None, **{**NETS[kind], **more})
    for _ in range(2):
        net.advance()
    return net


@torch.no_grad()
def answered(net: Network, sample: int, delay: Mapping[int, float] = MappingProxyType({})) -> Spikes:
    """Outputs where some input spikes of a sample, by their place, come later."""
    inputs, _ = net.training_set.sample(sample)
    time = inputs.time.clone()
    for place, by in delay.items():
        time[0, place] += by
    return net.respond(Spikes(inputs.events._replace(time=time), inputs.n_neurons, inputs.per_neuron))[-1]


def time_of(outputs: Spikes, neuron: int, rank: int) -> float:
    return float(outputs.time[0][outputs.neuron[0] == neuron][rank])


def every_spike(net: Network, sample: int) -> list[tuple[int, int]]:
    """Outputs and ranks of all output spikes of a sample."""
    return [(j, rank) for j, n in enumerate(answered(net, sample).per_neuron[0].tolist()) for rank in range(n)]


@pytest.mark.parametrize("backend", ["reference", "numba"])
@pytest.mark.parametrize("kind", NETS)
def test_the_numbers_of_all_inputs_add_up_to_1(kind: str, backend: str) -> None:
    """All inputs later by d make every spike later by d."""
    net, n_seen, largest = trained(kind, backend=backend), 0, 0.0
    for sample in range(3):
        if any(bool(layer.grazing.any()) for layer in answer(net, sample).layers.values()):
            continue
        for spike in every_spike(net, sample):
            found = drive(net, sample, spike)
            assert found is not None
            assert (found.neuron, found.rank) == spike
            assert float(found.slope.sum()) == pytest.approx(1, abs=1e-9)
            assert found.time == time_of(answered(net, sample), *spike)
            largest, n_seen = max(largest, float(found.slope.abs().max())), n_seen + 1
    assert n_seen > 10
    assert largest > 0.15


@pytest.mark.parametrize("backend", ["reference", "numba"])
@pytest.mark.parametrize("kind", NETS)
def test_a_number_is_how_far_the_spike_moves_when_that_input_does(kind: str, backend: str) -> None:
    net, step, n_compared = trained(kind, backend=backend), 1e-8, 0
    for sample in range(3):
        spikes = every_spike(net, sample)
        for spike in (spikes[0], spikes[-1]):
            found = drive(net, sample, spike)
            assert found is not None
            for place in range(0, len(found.slope), 1 if len(found.slope) < 10 else 7):
                later, earlier = (time_of(answered(net, sample, {place: by}), *spike) for by in (step, -step))
                assert (later - earlier) / (2 * step) == pytest.approx(float(found.slope[place]), rel=1e-4, abs=1e-6)
                n_compared += float(found.slope[place]) != 0
    assert n_compared > 10


@pytest.mark.parametrize("kind", ["dense", "convolutions"])
def test_an_input_after_the_spike_has_no_part_in_it(kind: str) -> None:
    net, n_after = trained(kind, backend="numba"), 0
    for sample in range(25):
        inputs, _ = net.training_set.sample(sample)
        for spike in every_spike(net, sample):
            found = drive(net, sample, spike)
            assert found is not None
            after = inputs.time[0, : len(found.slope)] > found.time
            assert not found.slope[after].any()
            assert found.slope[~after].any()
            n_after += int(after.sum())
    assert n_after > 3


@pytest.mark.parametrize("feedback", ["random", "uniform"])
def test_it_is_exact_whatever_carries_errors_back_in_learning(feedback: str) -> None:
    net = trained("convolutions", feedback=feedback)
    before = [layer.feedback for layer in net.layers]
    assert before[1] is not None
    found = drive(net, 0, every_spike(net, 0)[0])
    assert found is not None
    assert float(found.slope.sum()) == pytest.approx(1, abs=1e-9)
    assert all(layer.feedback is feedback for layer, feedback in zip(net.layers, before, strict=True))


def test_by_default_it_is_the_first_spike_of_the_right_output_or_of_all() -> None:
    net = trained("dense")
    labels = net.training.labels[:8].tolist()
    for sample, label in enumerate(labels):
        found, outputs = drive(net, sample), answered(net, sample)
        assert found is not None
        assert int(outputs.per_neuron[0, label]) > 0
        assert (found.neuron, found.rank, found.time) == (label, 0, time_of(outputs, label, 0))
    with torch.no_grad():
        net.layers[-1].weight[:, 1] = -1.0
    for wanted in (None, (1, 0)):
        found = drive(net, labels.index(1), wanted)
        assert found is not None
        assert (found.neuron, found.rank) == (0, 0)


def test_of_an_output_with_fewer_spikes_it_is_the_last_and_of_silent_ones_there_is_none() -> None:
    net = trained("dense")
    neuron, rank = every_spike(net, 0)[-1]
    found = drive(net, 0, (neuron, rank + 5))
    assert found is not None
    assert (found.neuron, found.rank) == (neuron, rank)
    with torch.no_grad():
        net.layers[-1].weight[:] = -1.0
    assert drive(net, 0) is None
    assert drive(net, 0, (0, 0)) is None


def test_numbers_stand_at_the_inputs_that_spiked() -> None:
    net = trained("convolutions")
    found, pixels = drive(net, 2), net.training.inputs[2]
    assert found is not None
    placed = found.by_input(49)
    assert torch.equal(placed.isnan(), pixels == 0)
    assert torch.equal(placed[found.inputs], found.slope)


def test_feature_maps_hold_first_spikes_and_counts() -> None:
    net = trained("convolutions")
    found = answer(net, 1)
    maps = feature_maps(found)
    assert [*maps] == ["hidden1", "hidden2"]
    assert [each.first.shape for each in maps.values()] == [(3, 5, 5), (4, 1, 1)]
    n_spikes = 0
    for name, (first, count) in maps.items():
        layer = found.layers[name]
        _, rows, columns = layer.maps or (0, 0, 0)
        for m, y, x in np.ndindex(first.shape):
            mine = layer.spikes.of((m * rows + y) * columns + x)
            assert count[m, y, x] == len(mine)
            assert first[m, y, x] == (mine[0] if len(mine) else np.inf)
            n_spikes += len(mine)
    assert n_spikes > 30
    assert feature_maps(answer(trained("dense"), 0)) == {}
