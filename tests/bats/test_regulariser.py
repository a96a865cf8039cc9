"""The rate regulariser: its value, its sign, and what it does to a network."""

from __future__ import annotations

import torch

from snn_explorer.bats.regulariser import rate_penalty
from tests.bats.made_spikes import made
from tests.bats.tiny import network

SAMPLES = [[(0.1, 0), (0.2, 0), (0.3, 0), (0.4, 1)], [(0.1, 1), (0.2, 1)]]


def test_the_penalty_is_quadratic_above_the_limit() -> None:
    penalty = rate_penalty([made(SAMPLES, 2)], rho=3.0, limit=1.0)
    assert penalty.tolist() == [0.5 * 3 * 2**2, 0.5 * 3 * 1**2]


def test_the_penalties_of_layers_add_up() -> None:
    both = rate_penalty([made(SAMPLES, 2), made([[(0.1, 0)], [(0.1, 0), (0.2, 0)]], 1)], rho=2.0, limit=1.0)
    assert both.tolist() == [4.0, 1.0 + 1.0]


def test_spikes_of_busy_neurons_are_moved_later() -> None:
    spikes = made(SAMPLES, 2)
    (slope,) = torch.autograd.grad(rate_penalty([spikes], rho=3.0, limit=1.0).sum(), spikes.time)
    # descent adds -slope to the times; padding and neurons within the limit are left alone
    assert slope.tolist() == [[-6, -6, -6, 0], [-3, -3, 0, 0]]


def test_a_regularised_network_spikes_less_and_still_learns() -> None:
    options = {"backend": "auto", "dtype": torch.float32}
    plain, held = network(**options), network(**options, rho=0.5, rate_limit=1.0)
    for net in (plain, held):
        while net.epoch < 15:
            net.advance()
    free, limited = (net.evaluate(net.samples.test) for net in (plain, held))
    assert limited.spikes_per_sample[0] < 0.8 * free.spikes_per_sample[0]
    assert limited.accuracy > 0.9
