"""Spikes of the last seconds: exactly those, whatever the chunks were."""

from __future__ import annotations

import numpy as np
import pytest

from snn_explorer.live.recent import RecentSpikes, Spikes

CHUNK = 5000


def filled(n_chunks, reach=18900, first=0):
    """A store, and all spikes that were ever put into it."""
    rng = np.random.default_rng(n_chunks)
    recent, steps, neurons = RecentSpikes(reach), [], []
    for start in range(first, first + n_chunks * CHUNK, CHUNK):
        step = start + np.sort(rng.choice(CHUNK, 40, replace=False))
        neuron = rng.integers(0, 9, 40).astype(np.int32)
        recent.add(start, start + CHUNK, {"hidden": Spikes(step, neuron), "output": Spikes(step[:3], neuron[:3])})
        steps.append(step)
        neurons.append(neuron)
    return recent, np.concatenate([np.empty(0, int), *steps]), np.concatenate([np.empty(0, int), *neurons])


@pytest.mark.parametrize("n_chunks", [0, 1, 3, 4, 50])
@pytest.mark.parametrize("n_steps", [700, 5000, 18900, 10**6])
def test_the_last_spikes_are_exactly_those(n_chunks, n_steps):
    recent, step, neuron = filled(n_chunks)
    late = step >= n_chunks * CHUNK - min(n_steps, 18900)
    found = recent.last("hidden", n_steps)
    assert np.array_equal(found.step, step[late])
    assert np.array_equal(found.neuron, neuron[late])
    assert recent.n_steps == min(n_chunks * CHUNK, 18900)


def test_a_layer_that_never_spiked_has_no_spikes():
    recent, _, _ = filled(2)
    assert recent.last("nowhere", 1000).step.size == 0


def test_memory_does_not_grow():
    sizes = [sum(len(table[0]) for table in filled(n)[0].state_dict()["layers"].values()) for n in (10, 200)]
    assert max(sizes) <= 4 * 43


def test_a_run_that_begins_late_has_no_spikes_from_before():
    recent, _, _ = filled(1, first=1)
    assert (recent.start, recent.stop, recent.n_steps) == (1, CHUNK + 1, CHUNK)


@pytest.mark.parametrize("n_chunks", [0, 2, 11])
def test_a_restored_store_goes_on_as_if_nothing_had_happened(n_chunks):
    recent, _, _ = filled(n_chunks)
    restored = RecentSpikes(recent.reach)
    restored.load_state_dict(recent.state_dict())
    for k in range(n_chunks, n_chunks + 6):
        for each in (recent, restored):
            spikes = Spikes(np.arange(k * CHUNK, (k + 1) * CHUNK, 100), np.zeros(50, np.int32))
            each.add(k * CHUNK, (k + 1) * CHUNK, {"hidden": spikes})
        for layer in ("hidden", "output"):
            one, other = recent.last(layer, 12345), restored.last(layer, 12345)
            assert np.array_equal(one.step, other.step)
            assert np.array_equal(one.neuron, other.neuron)
        assert recent.n_steps == restored.n_steps
