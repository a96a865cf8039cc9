"""One sample of a whole network on a clock: how it comes to the exact spikes, and what it says of the distance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from snn_explorer.bats.answer import Answer, answer
from snn_explorer.bats.clock import differences, simulate_euler
from snn_explorer.bats.clocked import on_a_clock
from snn_explorer.bats.network import Network
from snn_explorer.bats.spikes import Spikes
from snn_explorer.engine import ParameterError, Raster, Watch
from snn_explorer.kernels.bats.interface import Events
from tests.bats.tiny import network

DEEP = {"hidden": (8, 7), "n_max": (6, 6, 8), "theta": (0.03, 0.03, 0.06)}
SHALLOW = {"hidden": (), "n_max": (8,), "theta": (0.06,), "init": (0.0, 3.0)}


def learned(**values: object) -> Network:
    """A network after some batches."""
    net = network(**values)
    for _ in range(5):
        net.advance()
    return net


def events(raster: Raster) -> list[tuple[float, int]]:
    """Spikes by neuron, then time."""
    return sorted(zip(raster.time.tolist(), raster.neuron.astype(int).tolist(), strict=True), key=lambda it: it[::-1])


def exactly(found: Answer) -> dict[str, list[tuple[float, int]]]:
    """What the network did, as `on_a_clock` names it."""
    hidden = [(t, layer.first_id + i) for layer in found.hidden for t, i in _pairs(layer)]
    output = _pairs(found.layers["output"])
    named = {"hidden_clock": hidden, "output_clock": output} if found.hidden else {"output_clock": output}
    return {name: sorted(spikes, key=lambda it: it[::-1]) for name, spikes in named.items()}


def _pairs(layer) -> list[tuple[float, int]]:
    return list(zip(layer.spikes.time.tolist(), layer.spikes.neuron.tolist(), strict=True))


@pytest.mark.parametrize("values", [{}, DEEP, SHALLOW])
def test_with_shorter_steps_it_comes_to_the_exact_spikes_of_every_layer(values: dict) -> None:
    found = answer(learned(**values), 3)
    exact, late = exactly(found), []
    for dt in (2e-4, 2e-5, 4e-6):
        rasters, numbers = on_a_clock(found, dt)
        assert set(rasters) == set(exact)
        late.append(numbers["clock_late"])
    assert late[0] > 3 * late[1] > 6 * late[2] > 0
    assert numbers["clock_miscounted"] == 0
    for name, spikes in exact.items():
        clocked = events(rasters[name])
        assert len(clocked) > 3
        assert [i for _, i in clocked] == [i for _, i in spikes]
        np.testing.assert_allclose([t for t, _ in clocked], [t for t, _ in spikes], atol=3e-4)


def test_each_layer_is_given_the_clocks_spikes_of_the_layer_before() -> None:
    found, dt = answer(learned(**DEEP), 2), 2e-2
    rasters, numbers = on_a_clock(found, dt)
    time, neuron = found.inputs
    count = torch.tensor([len(time)], dtype=torch.int32)
    spikes, clocked, distances = Spikes.of(Events(time[None], neuron.int()[None], count), 6), [], []
    for layer in found.layers.values():
        spikes = simulate_euler(spikes, layer.weight.double(), layer.constants, dt)
        mine = zip(spikes.time[0].tolist(), spikes.neuron[0].tolist(), strict=True)
        clocked.append([(float(np.float32(t)), i + layer.first_id) for t, i in mine if np.isfinite(t)])
        n = torch.tensor([len(layer.spikes.time)], dtype=torch.int32)
        exact = Events(layer.spikes.time[None], layer.spikes.neuron.int()[None], n)
        distances.append(differences(spikes, Spikes.of(exact, len(layer.per_neuron))))
    assert events(rasters["hidden_clock"]) == sorted(clocked[0] + clocked[1], key=lambda it: it[::-1])
    assert {i for _, i in clocked[1]} <= set(range(8, 15))
    first = found.layers["output"].first_id
    assert events(rasters["output_clock"]) == sorted(((t, i - first) for t, i in clocked[2]), key=lambda it: it[::-1])
    assert numbers["clock_late"] == pytest.approx(float(torch.cat([each.time for each in distances]).mean()))
    miscounted, active = sum(each.miscounted for each in distances), sum(each.active for each in distances)
    assert numbers["clock_miscounted"] == miscounted / active > 0


def test_without_any_spike_there_is_no_distance() -> None:
    found = answer(network(theta=(900.0, 900.0)), 0)
    rasters, numbers = on_a_clock(found, 1e-3)
    assert [len(raster.time) for raster in rasters.values()] == [0, 0]
    assert np.isnan(numbers["clock_late"])
    assert numbers["clock_miscounted"] == 0


@pytest.mark.parametrize("dt", [0.13, 0.2, 0.0, -1.0, float("nan")])
def test_a_step_that_euler_cannot_take_is_refused(dt: float) -> None:
    with pytest.raises(ParameterError, match="dt is"):
        on_a_clock(answer(network(), 0), dt)


@pytest.mark.parametrize(("step", "seen"), [(None, None), (0.129, 0.129), (0.13, None), (1.0, None)])
def test_who_looks_gets_no_clock_that_cannot_be(step: float | None, seen: float | None) -> None:
    frame = network().frame(replace(Watch(sample=0), clock_step=step))
    assert frame.watch.clock_step == seen
    assert ("output_clock" in frame.rasters) == ("clock_late" in frame.numbers) == (seen is not None)
