"""The spike budget in the engine: what a trial is for each kind of task, and that everything else stays as it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from snn_explorer.superspike import Network, SuperSpikeParameters
from snn_explorer.tasks import SpikeTrains, SpikingXor, Task

N_STEPS = 3000
"""Steps of a chunk: neither a multiple nor a part of the period below."""


def early_pattern() -> Task:
    """A period of 440 ms with input in its first 150 ms: every trial begins at rest, to 13 digits."""
    rng = np.random.default_rng(2)
    inputs = SpikeTrains(rng.integers(0, 1500, 120), rng.integers(0, 20, 120), 20)
    return Task("early", "Early input", inputs, SpikeTrains(np.array([700]), np.array([0]), 2), 4400)


def network_of(task: Task | SpikingXor, networks: Any = ({},), **values: Any) -> Network:
    given = {"n_hidden": 6, "weight_scale": 0.12, "burn_in": 0.0, "learning": False} | values
    return Network(task, SuperSpikeParameters(**given), networks, update_interval=0.3, dtype=torch.float64)


def spikes_of(network: Network, layer: str, n_chunks: int, n_max: int) -> np.ndarray:
    """Step, network and neuron of each spike of a run with this budget; steps count from the simulation's start."""
    network.parameters.spike_budget, found = n_max, []
    for chunk in range(n_chunks):
        network.advance()
        table = network.spikes[layer].table.numpy()[:3].astype(np.int64)
        table[0] += chunk * N_STEPS
        found.append(table)
    table = np.concatenate(found, axis=1)
    return table[:, np.lexsort(table)]


def ranks(spikes: np.ndarray, onsets: list[np.ndarray]) -> np.ndarray:
    """How many spikes each neuron had made before each spike, since the last of its network's onsets."""
    step, network, neuron = spikes
    trial = np.array([np.searchsorted(onsets[r], t, side="right") for t, r in zip(step, network, strict=True)])
    train = (neuron * len(onsets) + network) * (1 + max(map(len, onsets))) + trial
    return np.arange(train.size) - np.searchsorted(train, train)


@pytest.mark.parametrize("n_max", [1, 3])
@pytest.mark.parametrize(("layer", "n_hidden"), [("hidden", 6), ("output", 0)])
def test_a_trial_is_a_period_of_the_pattern(layer: str, n_hidden: int, n_max: int) -> None:
    """Neurons on the input, which does not depend on the budget, make the first n_max spikes of every period."""
    task, networks = early_pattern(), [{"seed": 1}, {"seed": 2}]
    free, limited = (spikes_of(network_of(task, networks, n_hidden=n_hidden), layer, 9, n) for n in (0, n_max))
    rank = ranks(free, [np.arange(0, 9 * N_STEPS, 4400)] * 2)
    np.testing.assert_array_equal(limited, free[:, rank < n_max])
    assert rank.max() > 3
    assert set(limited[0] // 4400) == set(range(7))


@pytest.mark.parametrize("n_max", [1, 2])
def test_a_trial_of_spiking_xor_lasts_from_one_stimulus_to_the_next(n_max: int) -> None:
    """Each network has its own stimuli; without background its neurons are at rest when one begins."""
    task = SpikingXor(background_hz=0.0, interval=(0.25, 0.35))
    seeds = (3, 4)
    onsets = [task.segment(seed, 0).onset for seed in seeds]
    networks = [{"seed": seed} for seed in seeds]
    free, limited = (
        spikes_of(network_of(task, networks, weight_scale=0.4, weight_limit=1.0), "hidden", 20, n) for n in (0, n_max)
    )
    rank = ranks(free, onsets)
    np.testing.assert_array_equal(limited, free[:, rank < n_max])
    assert rank.max() > 2
    assert set(limited[1]) == {0, 1}


def test_a_budget_that_nobody_reaches_changes_nothing() -> None:
    """Learning goes on to the same bits as without a budget."""
    free, limited = (network_of(early_pattern(), learning=True, spike_budget=n) for n in (0, 1000))
    for _ in range(6):
        free.advance()
        limited.advance()
        assert torch.equal(free.output.weights, limited.output.weights)
    assert len(free.spikes["hidden"]) > 0


def test_a_changed_budget_acts_at_the_next_chunk() -> None:
    network = network_of(early_pattern(), spike_budget=1)
    network.advance()
    network.advance()
    limited = len(network.spikes["hidden"])
    network.parameters.spike_budget = 0
    counts = []
    for _ in range(22):  # the pattern and the chunk meet again after 22 chunks
        network.advance()
        counts.append(len(network.spikes["hidden"]))
    assert counts[-1] > limited > 0


@pytest.mark.parametrize("task", [early_pattern(), SpikingXor()], ids=["pattern", "xor"])
def test_a_run_resumed_within_a_trial_ends_in_the_same_bits(task: Task | SpikingXor) -> None:
    values = {"learning": True, "spike_budget": 2, "feedback": "random", "rho": 1.0, "weight_scale": 0.3}
    whole, first, resumed = (network_of(task, [{"seed": 1}, {"seed": 2}], **values) for _ in range(3))
    for _ in range(6):
        whole.advance()
    for _ in range(3):
        first.advance()
    state = first.state_dict()
    assert state["layers"]["hidden"]["neurons"]["trial_spikes"].any()
    resumed.load_state_dict(state)
    for _ in range(3):
        resumed.advance()
    assert torch.equal(whole.output.weights, resumed.output.weights)
    assert torch.equal(whole.spikes["hidden"].table, resumed.spikes["hidden"].table)
    assert torch.equal(whole.cost, resumed.cost)
