"""What `bench bats` compares is the same problem: input on the clock, the rivals' dynamics, the wanted spikes."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from snn_explorer.bats import BatsParameters, Network, Spikes
from snn_explorer.benchmarks import bats_rivals
from snn_explorer.benchmarks.bats_memory import kept_bytes
from snn_explorer.benchmarks.bats_network import batch, parameters, random_samples
from snn_explorer.benchmarks.bats_rivals import INSTALL, STEPS, ClockBased, binned, installed_rivals, missing_rivals
from snn_explorer.benchmarks.bats_scaling import find_threshold
from snn_explorer.kernels.bats.interface import Events

SAMPLES = random_samples(60, 20, 250)


def test_spikes_on_the_clock_are_counted_in_the_step_that_holds_them():
    infinity = math.inf
    events = Events(
        torch.tensor([[0.0, 0.24, 0.25, 1.0], [0.6, infinity, infinity, infinity]]),
        torch.tensor([[2, 1, 1, 0], [2, 0, 0, 0]], dtype=torch.int32),
        torch.tensor([4, 1], dtype=torch.int32),
    )
    grid = binned(Spikes.of(events, 3), 1.0, 4)
    expected = torch.zeros(4, 2, 3)
    expected[0, 0, 2] = expected[0, 0, 1] = expected[1, 0, 1] = expected[3, 0, 0] = expected[2, 1, 2] = 1.0
    torch.testing.assert_close(grid, expected)


@pytest.mark.parametrize("wanted", [10.0, 300.0])
def test_the_threshold_found_gives_the_wanted_spikes(wanted):
    p = parameters(80)
    layer, inputs = Network(SAMPLES, p).layers[0], batch(SAMPLES, 0, p)[0]
    p.theta, p.n_max = (find_threshold(layer, inputs, wanted), 1.3), (1000, 30)
    (hidden, _) = Network(SAMPLES, p).respond(inputs)
    assert float(hidden.count.double().mean()) == pytest.approx(wanted, rel=0.01)


def test_what_is_kept_holds_the_events_of_all_layers_and_a_record_of_each():
    network = Network(SAMPLES, parameters(80))
    inputs = batch(SAMPLES, 0, network.parameters)[0]
    layers = [inputs, *network.respond(inputs)]
    events = sum(part.nbytes for layer in layers for part in layer.events)
    spikes = sum(int(layer.count.sum()) for layer in layers[1:])
    # of each spike its neuron and its slope at least
    assert kept_bytes(network, inputs) >= events + 8 * spikes


def test_a_rival_gives_each_neuron_of_a_convolution_what_its_synapses_carry():
    values = {"convolutions": "P2-3C3-P2-4C2", "hidden": (), "n_max": (1, 3, 10), "theta": (0.04, 0.8, 0.3)}
    network = Network(replace(random_samples(256, 50, 50), image_shape=(16, 16)), BatsParameters(**values))
    assert [layer.n_out for layer in network.layers] == [108, 16, 10]
    for stage, size in zip(network.stages, (256, 108, 16), strict=True):
        spikes = torch.randint(0, 3, (2, size)).float()
        weight = bats_rivals._transposed(stage.layer.weight.detach())
        found = bats_rivals._currents(stage)(spikes, weight)
        for pool in stage.before:
            maps, rows, columns = pool.maps_out
            spikes = spikes.view(2, maps, rows, 2, columns, 2).sum((3, 5)).flatten(1)
        pre, post = torch.arange(stage.layer.n_in)[:, None], torch.arange(stage.layer.n_out)
        torch.testing.assert_close(found, spikes @ stage.layer.synapses()[pre, post])


def test_a_rival_that_is_not_installed_is_named_with_the_way_to_get_it(monkeypatch):
    monkeypatch.setattr(bats_rivals, "find_spec", lambda name: None)
    assert installed_rivals() == []
    assert [sentence.split(": ", 1)[1] for sentence in missing_rivals()] == list(INSTALL.values())
    assert all(name in sentence for name, sentence in zip(INSTALL, missing_rivals(), strict=True))


@pytest.mark.parametrize("module", list(INSTALL))
def test_a_rival_without_spikes_follows_equation_1(module):
    """u(t) = eps(t - t_i) w, up to the rival's time step."""
    pytest.importorskip(module, reason=f"{module} is not installed: {INSTALL[module]}")
    p = parameters(1)
    network = Network(SAMPLES, p)
    p.theta = (1000.0, 1000.0)
    rival = ClockBased(module, network, SAMPLES)
    weight, state = 0.7 * p.duration / STEPS if module == "snntorch" else 0.7 * 2 * p.tau_s, None
    for step in range(STEPS):
        _, state = rival._cells[0](torch.full((1, 1), weight if step == 0 else 0.0), state)
    tau, t = 2 * p.tau_s, p.duration
    exact = 0.7 * tau * (math.exp(-t / tau) - math.exp(-t / p.tau_s))
    u = state[1] if module == "snntorch" else state.v
    assert float(u.detach()) == pytest.approx(exact, rel=0.02)
