"""The rule of one synapse with its numbers: change = rate (integral of e lambda - regulariser), for every variant."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from snn_explorer.engine import Frame, Watch
from snn_explorer.superspike import Network, SuperSpikeParameters
from snn_explorer.superspike.optimisers import OPTIMISERS
from snn_explorer.tasks import SpikeTrains, Task, frozen_poisson

TASK = frozen_poisson(np.random.default_rng(3), n_inputs=30, rate_hz=20, n_outputs=2)


def advanced(chunks: int = 3, task: Task = TASK, **values: Any) -> Network:
    parameters = SuperSpikeParameters(**({"weight_scale": 0.2, "burn_in": 0.0} | values))
    network = Network(task, parameters, backend="numba", dtype=torch.float64)
    for _ in range(chunks):
        network.advance()
    return network


def frames(network: Network) -> list[Frame]:
    """Frames of some synapses of both layers."""
    hidden = [Watch(probe_layer="hidden", probe_post=i, probe_pre=j) for i in range(4) for j in (0, 7, 29)]
    output = [Watch(probe_layer="output", probe_post=k, probe_pre=i) for k in range(2) for i in range(4)]
    return [network.frame(watch) for watch in hidden + output]


def step(frame: Frame) -> float:
    """What the rule asks for, before the limit on weights."""
    n = frame.numbers
    return n["probe_rate"] * (n["probe_integral"] - n["probe_regulariser"])


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize(
    "regulariser", [{"rho": 0.0}, {"rho": 2.0}, {"rho": 2.0, "exponent": 2, "error_dependent": True}], ids=str
)
def test_the_change_is_the_rate_times_what_is_in_the_brackets(optimiser: str, regulariser: dict[str, Any]) -> None:
    seen = frames(advanced(optimiser=optimiser, learning_rate=1e-5, weight_limit=1.0, **regulariser))
    changes = np.array([frame.numbers["probe_change"] for frame in seen])
    np.testing.assert_allclose(changes, [step(frame) for frame in seen], rtol=1e-9, atol=1e-16)
    assert np.count_nonzero(changes) > len(seen) / 2
    pulled = [frame.numbers["probe_regulariser"] != 0 for frame in seen]
    # outputs have no regulariser
    assert any(pulled[:12]) == (regulariser["rho"] > 0)
    assert not any(pulled[12:])


def test_the_integral_is_that_of_the_traces_that_are_drawn() -> None:
    for frame in frames(advanced(rho=2.0)):
        drawn = float(frame.traces["probe_product"].mean()) * frame.duration
        assert frame.numbers["probe_integral"] == pytest.approx(drawn, rel=1e-3, abs=1e-9)


def test_at_the_limit_the_weight_goes_no_further_than_the_rule_asks() -> None:
    limit = 0.03
    seen = frames(advanced(chunks=12, learning_rate=0.02, weight_limit=limit))
    stopped = [frame for frame in seen if abs(step(frame) - frame.numbers["probe_change"]) > 1e-9]
    assert stopped
    for frame in stopped:
        assert abs(frame.numbers["probe_weight"]) == pytest.approx(limit)
        assert abs(frame.numbers["probe_change"]) < abs(step(frame))


@pytest.mark.parametrize("values", [{"learning": False}, {"burn_in": 100.0}], ids=str)
def test_where_nothing_is_learned_the_rate_is_zero_but_the_integral_is_there(values: dict[str, Any]) -> None:
    seen = frames(advanced(**values))
    assert {frame.numbers["probe_rate"] for frame in seen} == {0.0}
    assert {frame.numbers["probe_change"] for frame in seen} == {0.0}
    assert any(frame.numbers["probe_integral"] for frame in seen)


def test_hidden_weights_that_do_not_learn_have_no_rate() -> None:
    seen = frames(advanced(hidden_learning=False))
    assert {frame.numbers["probe_rate"] for frame in seen[:12]} == {0.0}
    assert all(frame.numbers["probe_rate"] > 0 for frame in seen[12:] if frame.numbers["probe_integral"])


def test_learning_that_is_switched_off_has_no_rate_any_more() -> None:
    network = advanced()
    assert any(frame.numbers["probe_rate"] for frame in frames(network))
    network.parameters.learning = False  # type: ignore[assignment]
    network.advance()
    assert {frame.numbers["probe_rate"] for frame in frames(network)} == {0.0}


def test_a_rate_that_no_gradient_has_set_is_no_number() -> None:
    quiet = SpikeTrains(np.array([100]), np.array([0]), 30)
    for frame in frames(advanced(task=replace(TASK, inputs=quiet)))[:12]:
        numbers = frame.numbers
        assert math.isnan(numbers["probe_rate"]) == (frame.watch.probe_pre != 0)
        if frame.watch.probe_pre != 0:
            assert numbers["probe_change"] == numbers["probe_integral"] == 0
