"""Random spike trains, with the edge cases that statistics of spike trains have."""

from __future__ import annotations

import numpy as np
import pytest

DURATION = 4.0


@pytest.fixture
def trains() -> list[np.ndarray]:
    """200 trains in `DURATION` seconds: empty, of one, two and many spikes, regular, irregular and bursting."""
    rng = np.random.default_rng(2)
    drawn = [np.sort(rng.uniform(0, DURATION, rng.poisson(rate * DURATION))) for rate in np.linspace(0, 80, 190)]
    bursts = np.sort((rng.uniform(0, 3.9, 20)[:, None] + rng.exponential(5e-3, (20, 6))).ravel())
    regular = np.arange(1, 40) * 0.1
    single = [np.array([rng.uniform(0, DURATION)]) for _ in range(4)]
    pairs = [np.sort(rng.uniform(0, DURATION, 2)) for _ in range(2)]
    return [np.array([]), *single, *pairs, bursts, regular, np.array([0.0, DURATION]), *drawn]


@pytest.fixture
def shuffled(trains: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """All those trains as one list of times and neurons, in no order."""
    time = np.concatenate(trains)
    neuron = np.repeat(np.arange(len(trains)), [train.size for train in trains])
    order = np.random.default_rng(3).permutation(time.size)
    return time[order], neuron[order]
