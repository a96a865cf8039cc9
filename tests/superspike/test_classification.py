"""Errors of classification against a plain search through all windows and spikes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from snn_explorer.kernels.superspike.events import Events
from snn_explorer.superspike import Network, SuperSpikeParameters
from snn_explorer.superspike.classification import Classification
from snn_explorer.superspike.traces import DoubleExponential
from snn_explorer.tasks import SpikingXor

TASK = SpikingXor(interval=(15e-3, 45e-3))
SEEDS = (4, 9)
CHUNK = 317
"""Steps in a chunk: windows of 250 steps lie across most borders."""


def all_windows(last: int) -> list[tuple[int, int, int, int]]:
    """Network, first step, step after the last, and label of every window up to step `last`."""
    found = []
    for network, seed in enumerate(SEEDS):
        for index in range(last // TASK.segment_steps + 1):
            drawn = TASK.segment(seed, index)
            for onset, pattern in zip(drawn.onset.tolist(), drawn.pattern.tolist(), strict=True):
                begin = onset + index * TASK.segment_steps
                found.append((network, begin, begin + 250, {0: 0, 1: 1, 2: 1, 3: 0}[pattern]))
    return found


def random_spikes(first: int, last: int) -> list[tuple[int, int, int]]:
    """Step, network and neuron; as many as there are windows, so that all kinds of answers occur."""
    rng = np.random.default_rng(7)
    n = 2 * (last - first) // 300
    columns = (rng.integers(first, last, n), rng.integers(0, 2, n), rng.integers(0, 2, n))
    return sorted({tuple(int(value) for value in row) for row in zip(*columns, strict=True)})


def expected_errors(spikes: list[tuple[int, int, int]], first: int, last: int) -> set[tuple[int, int, int, int]]:
    windows = [window for window in all_windows(last) if first <= window[1] < last]
    errors = set()
    for step, network, neuron in spikes:
        inside = [label for r, begin, end, label in windows if r == network and begin <= step < end]
        if inside != [neuron]:
            errors.add((step, network, neuron, -1))
    for network, begin, end, label in windows:
        answered = any(r == network and begin <= step < end and i == label for step, r, i in spikes)
        if not answered and end <= last:
            errors.add((end - 1, network, label, 1))
    return errors


@pytest.mark.parametrize("start_chunk", [0, TASK.segment_steps // CHUNK - 20], ids=["start", "across segments"])
def test_errors_are_those_of_a_search_through_all_windows(start_chunk: int) -> None:
    supervision = Classification(TASK, SEEDS)
    first, last = start_chunk * CHUNK, (start_chunk + 60) * CHUNK
    supervision.load_state_dict({"shown": first, "recent": torch.empty(3, 0, dtype=torch.int64)})
    spikes, found, n_windows = random_spikes(first, last), set(), 0
    for start in range(first, last, CHUNK):
        supervision.show(start, start + CHUNK)
        mine = torch.tensor([s for s in spikes if start <= s[0] < start + CHUNK]).reshape(-1, 3)
        errors = supervision.judge(Events.of(mine[:, 0] - start, mine[:, 1], mine[:, 2]))
        found |= {(step + start, *rest) for step, *rest in errors.table.T.tolist()}
        outcome = supervision.outcome
        assert outcome is not None
        n_windows += int(outcome.n.sum())
        assert bool((outcome.strict <= outcome.n - outcome.missed).all())
        assert bool((outcome.per_unit <= outcome.n).all())
    # a window that was open at the start has been forgotten with the spikes before it
    wanted = {error for error in expected_errors(spikes, first, last) if error[0] >= first + 250}
    found = {error for error in found if error[0] >= first + 250}
    assert found == wanted
    assert {sign for *_, sign in found} == {-1, 1}
    assert n_windows > 60


@pytest.mark.parametrize(
    ("spikes", "strict", "per_unit"),
    [("right", 1, 1), ("none", 0, 0.5), ("both", 0, 0.5), ("wrong", 0, 0)],
)
def test_strict_and_per_unit_answers(spikes: str, strict: float, per_unit: float) -> None:
    supervision = Classification(TASK, SEEDS[:1])
    onset, pattern = (column.astype(int) for column in (TASK.segment(4, 0).onset, TASK.segment(4, 0).pattern))
    label = TASK.label(pattern)
    neurons = {"right": [label], "none": [], "both": [label, 1 - label], "wrong": [1 - label]}[spikes]
    supervision.show(0, 30_000)
    step = np.concatenate([onset + 30 for _ in neurons]) if neurons else np.empty(0, int)
    neuron = np.concatenate(neurons) if neurons else np.empty(0, int)
    keep = torch.from_numpy(step < 30_000)
    supervision.judge(Events.of(torch.from_numpy(step)[keep], 0, torch.from_numpy(neuron)[keep]))
    outcome = supervision.outcome
    assert outcome is not None
    assert float(outcome.n) == np.sum(onset + 250 <= 30_000)
    assert float(outcome.strict / outcome.n) == pytest.approx(strict)
    assert float(outcome.per_unit / outcome.n) == pytest.approx(per_unit)


def test_silent_cost_is_that_of_a_silent_network() -> None:
    parameters = SuperSpikeParameters(weight_scale=0.0, burn_in=0.0, learning=False)
    network = Network(SpikingXor(), parameters, [{"seed": seed} for seed in range(20)])
    costs = []
    for _ in range(40):
        network.advance()
        costs.append(network.chunk_cost)
    mean = float(torch.stack(costs).mean())
    assert network.silent_cost == Classification(SpikingXor(), SEEDS).silent_cost(DoubleExponential(1e-4))
    assert mean == pytest.approx(network.silent_cost, rel=0.03)
    assert network.accuracy[0].max() == 0
    torch.testing.assert_close(network.accuracy[1], torch.full((20,), 0.5))


def test_a_resumed_run_and_a_network_alone_see_the_same_stimulus() -> None:
    values = {"weight_scale": 0.3, "burn_in": 0.0}
    whole = Network(TASK, SuperSpikeParameters(**values), [{"seed": 4}, {"seed": 9}])
    first = Network(TASK, SuperSpikeParameters(**values), [{"seed": 9}])
    resumed = Network(TASK, SuperSpikeParameters(**values), [{"seed": 9}])
    for _ in range(6):
        whole.advance()
    for _ in range(3):
        first.advance()
    resumed.load_state_dict(first.state_dict())
    for _ in range(3):
        first.advance()
        resumed.advance()
    assert torch.equal(first.output.weights, resumed.output.weights)
    torch.testing.assert_close(first.output.weights[0], whole.output.weights[1], rtol=0, atol=1e-7)
    assert torch.equal(first.accuracy, resumed.accuracy)
    assert len(first.spikes["output"])
