"""The spike budget of a layer: which spikes are made, and what the membrane of a neuron that has spent it does."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from snn_explorer.engine import ParameterError
from snn_explorer.kernels.superspike import BACKENDS
from snn_explorer.kernels.superspike.events import EVERY_NETWORK, Events
from snn_explorer.kernels.superspike.interface import Layer, LayerSize, SpikeBudget
from snn_explorer.superspike.neuron import LIFNeuron
from snn_explorer.superspike.timing import layer_constants
from snn_explorer.superspike.traces import DoubleExponential
from tests.kernels.backends import HostLayer, is_interpreted

NEURON, DT = LIFNeuron(), 1e-4
CONSTANTS = layer_constants("output", "paper", "symmetric", NEURON, DoubleExponential(DT))
PERIOD, ACTIVE = 2900, 1200
"""Shortest length of a trial in steps, and of its input: then the membrane has 17 time constants to come to rest."""
CHUNK = 1000


def layer_of(backend: str, n_networks: int = 1, n_pre: int = 1, n_post: int = 1, n_steps: int = CHUNK) -> Layer:
    return HostLayer(backend, LayerSize(n_networks, n_pre, n_post, n_steps), CONSTANTS, torch.float64)


def events(steps: np.ndarray, network: np.ndarray | int = EVERY_NETWORK, neuron: np.ndarray | int = 0) -> Events:
    table = np.stack(np.broadcast_arrays(steps, network, neuron, 1)).astype(np.int32)
    return Events(torch.from_numpy(table))


def within(table: np.ndarray, chunk: int) -> np.ndarray:
    """Columns whose step, in the first row, is in this chunk, with steps counted from its start."""
    mine = table[:, table[0] // CHUNK == chunk].copy()
    mine[0] -= chunk * CHUNK
    return mine


def spikes_of_trials(backend: str, n_max: int | None, onset: np.ndarray) -> np.ndarray:
    """Step, network and neuron of all spikes, sorted, of 2 networks of 3 neurons, whose input begins with each trial.

    `onset` ``(2, n_trials)`` holds the first step of each network's trials, which are at least `PERIOD` apart.
    """
    rng = np.random.default_rng(8)
    since, source = np.sort(rng.integers(0, ACTIVE, 60)), rng.integers(0, 5, 60)
    network, trial, spike = np.indices((*onset.shape, 60)).reshape(3, -1)
    inputs = np.stack([onset[network, trial] + since[spike], network, source[spike]])
    starts = np.stack([onset, np.indices(onset.shape)[0]]).reshape(2, -1)
    weights = torch.from_numpy(np.abs(rng.normal(0, 0.015, (2, 3, 5))) * np.array([0.3, 0.6, 1])[:, None])
    layer, made = layer_of(backend, 2, 5, 3), []
    for chunk in range(-(-int(onset.max() + PERIOD) // CHUNK)):
        budget = None if n_max is None else SpikeBudget(n_max, events(*within(starts, chunk)))
        spikes = layer.integrate(events(*within(inputs, chunk)), weights, budget).table.numpy()[:3].astype(np.int64)
        spikes[0] += chunk * CHUNK
        made.append(spikes)
    table = np.concatenate(made, axis=1)
    return table[:, np.lexsort(table)]


@pytest.mark.parametrize(
    ("backend", "n_max"),
    [
        (backend, n_max)
        for backend in BACKENDS
        for n_max in (1, 2, 5, 1000)
        if n_max == 2 or not is_interpreted(backend)
    ],
)
def test_in_each_trial_exactly_the_first_spikes_are_made(backend: str, n_max: int) -> None:
    """min(n_max, count without) spikes in each trial, at the same steps; trials cross chunks, each network its own."""
    n_trials = 2 if is_interpreted(backend) else 5
    onset = np.array([[0, 2900, 6000, 9111, 12200], [350, 3333, 6300, 9200, 13000]])[:, :n_trials]
    free = spikes_of_trials(backend, None, onset)
    step, network, neuron = free
    trial = (step[:, None] >= onset[network]).sum(axis=1) - 1
    train = (neuron * 2 + network) * n_trials + trial
    rank = np.arange(train.size) - np.searchsorted(train, train)
    np.testing.assert_array_equal(spikes_of_trials(backend, n_max, onset), free[:, rank < n_max])
    counts = np.bincount(train, minlength=6 * n_trials)
    assert counts.min() < 2
    assert 5 < counts.max() < 1000
    before, after = rank == 0, rank == 1
    assert (step[before][np.isin(train[before], train[after])] // CHUNK != step[after] // CHUNK).any()


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_membrane_of_a_spent_neuron_is_the_filter_of_its_current(backend: str) -> None:
    """After the clamp of its last spike U is the closed form from rest, above the threshold too, and not reset."""
    layer, weight = layer_of(backend), 2.0
    made = layer.integrate(events(np.array([0])), torch.full((1, 1, 1), weight), SpikeBudget(1, Events.empty()))
    (spike,) = made.step.tolist()
    voltage = layer.voltage(0, [0])[0].numpy()
    released = spike + CONSTANTS.refractory_steps
    leak, decay = 1 - CONSTANTS.leak, CONSTANTS.current_decay
    current = weight * decay ** (released - CONSTANTS.axonal_delay)
    n = np.arange(1, CHUNK - released)
    expected = current * CONSTANTS.leak * (leak**n - decay**n) / (leak - decay)
    np.testing.assert_allclose(voltage[released + 1 :] - NEURON.rest, expected, rtol=1e-9, atol=1e-15)
    np.testing.assert_array_equal(voltage[spike : released + 1], NEURON.rest)
    assert voltage.max() > NEURON.threshold + 0.1


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_trial_that_starts_above_the_threshold_starts_with_a_spike(backend: str) -> None:
    """Input in every step: without a budget a spike every 51 steps; with one, those that a trial still allows."""
    starts = np.array([300, 700])
    stimulus, weight = events(np.arange(CHUNK)), torch.full((1, 1, 1), 1.0)
    made = layer_of(backend).integrate(stimulus, weight, SpikeBudget(2, events(starts)))
    first = int(layer_of(backend).integrate(stimulus, weight).step[0])
    assert made.step.tolist() == [first, first + 51, 300, 351, 700, 751]


@pytest.mark.parametrize("backend", [name for name in BACKENDS if not is_interpreted(name)])
def test_a_budget_counts_from_the_chunk_in_which_it_begins_and_follows_its_value(backend: str) -> None:
    layer, weight = layer_of(backend), torch.full((1, 1, 1), 1.0)
    counts = []
    for n_max in (4, None, 4, 4, 6, 3, None, 2):
        budget = None if n_max is None else SpikeBudget(n_max, Events.empty())
        counts.append(len(layer.integrate(events(np.arange(CHUNK)), weight, budget)))
    assert counts[:1] + counts[2:6] + counts[7:] == [4, 4, 0, 2, 0, 2]
    assert min(counts[1], counts[6]) >= CHUNK // 51


def test_a_budget_of_nothing_is_refused() -> None:
    with pytest.raises(ParameterError, match="n_max is 0; a spike budget must be at least 1"):
        SpikeBudget(0, Events.empty())
