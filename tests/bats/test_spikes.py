"""Spikes from outside: what is counted, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from snn_explorer.bats.spikes import Spikes
from snn_explorer.engine import ParameterError
from snn_explorer.kernels.bats.interface import Events
from tests.bats.made_spikes import made

TWO_SAMPLES: dict[str, Any] = {
    "time": [[0.1, 0.1, 0.3], [0.2, math.inf, math.inf]],
    "neuron": [[2, 0, 2], [1, 0, 0]],
    "count": [3, 1],
}


def spikes_of(*, n_neurons: Any = 3, time_dtype=torch.float32, id_dtype=torch.int32, **changed: Any) -> Spikes:
    values = {**TWO_SAMPLES, **changed}
    time, neuron = torch.tensor(values["time"], dtype=time_dtype), torch.tensor(values["neuron"], dtype=id_dtype)
    return Spikes.of(Events(time, neuron, torch.tensor(values["count"], dtype=id_dtype)), n_neurons)


def test_spikes_are_counted_by_neuron() -> None:
    spikes = spikes_of()
    assert len(spikes) == 2
    assert spikes.per_neuron.tolist() == [[1, 0, 2], [0, 1, 0]]
    assert spikes.n_silent.tolist() == [1, 2]
    assert spikes.n_saturated.tolist() == [0, 0]  # no budget


def test_first_spikes_hand_their_gradient_to_the_first_spike_of_each_neuron() -> None:
    """Three neurons; the second sample has no spikes, so all of its rows are padding."""
    spikes = made([[(0.1, 2), (0.2, 0), (0.3, 2), (0.4, 0)], []], n_neurons=3)
    first = spikes.first()
    assert first.tolist() == [[0.2, math.inf, 0.1], [math.inf] * 3]
    (gradient,) = torch.autograd.grad(5 * first[0, 0] + 7 * first[0, 2], spikes.time)
    assert gradient.tolist() == [[7, 5, 0, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"time": [[0.1, -0.5, 0.3], [0.2, math.inf, math.inf]]}, r"A spike time is -0\.5; it must be a finite n"),
        ({"time": [[0.1, math.nan, 0.3], [0.2, math.inf, math.inf]]}, "A spike time is nan; it must be a finite n"),
        ({"time": [[0.1, 0.2, math.inf], [0.2, math.inf, math.inf]]}, "A spike time is inf; it must be a finite n"),
        ({"time": [[0.25, 0.5, 0.75], [1.0, 0.5, math.inf]], "count": [3, 2]},
         r"of sample 1 go back from 1\.0 to 0\.5; they must not decrease"),
        ({"time": [[0.1, 0.1, 0.3], [0.2, 0.5, math.inf]]},
         r"Sample 1 has 1 spikes, and behind them the time 0\.5 of neuron 0; there it must be infinite, of neuron 0"),
        ({"neuron": [[2, 0, 2], [1, 0, 1]]}, "behind them the time inf of neuron 1; there it must be infinite, of neu"),
        ({"neuron": [[2, 3, 2], [1, 0, 0]]}, "A spike's neuron is 3; allowed are 0 to 2"),
        ({"neuron": [[2, -1, 2], [1, 0, 0]]}, "A spike's neuron is -1; allowed are 0 to 2"),
        ({"count": [4, 1]}, "A spike count is 4; allowed are 0 to 3"),
        ({"count": [3, -1]}, "A spike count is -1; allowed are 0 to 3"),
        ({"count": [3, 1, 0]}, r"\(2, 3\), \(2, 3\) and \(3,\); they must be \(B, E\), \(B, E\) and \(B,\)"),
        ({"time": [0.1], "neuron": [0]}, r"have the shape \(1,\); it must be \(samples, spikes\), with at least one"),
        ({"time": [], "neuron": [], "count": []}, r"have the shape \(0,\); it must be \(samples, spikes\), with at "),
        ({"time_dtype": torch.int64, "time": [[0, 1, 2], [0, 1, 2]]}, "are torch.int64, torch.int32, torch.int32"),
        ({"time_dtype": torch.float16}, "are torch.float16, torch.int32, torch.int32; they must be torch.float32 or"),
        ({"id_dtype": torch.int64}, "are torch.float32, torch.int64, torch.int64; they must be torch.float32 or torch"),
        ({"n_neurons": 0}, "n_neurons is 0; it must be a whole number of at least 1"),
    ],
)  # fmt: skip
def test_spikes_that_are_none_are_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        spikes_of(**changed)
