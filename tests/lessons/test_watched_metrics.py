"""What checks ask of the watched neuron and synapse, against values that are known without a simulation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from snn_explorer.lessons.metrics import METRICS
from snn_explorer.live.driver import all_values
from snn_explorer.live.frame import LiveFrame
from snn_explorer.live.superspike import SuperSpikeLearner
from snn_explorer.presets import available_presets
from snn_explorer.tasks import frozen_poisson

Look = Callable[..., LiveFrame]


@pytest.fixture
def look() -> Look:
    """Frame of preset fig2 after its first chunk."""
    preset = available_presets()["fig2"]

    def after_a_chunk(**values: Any) -> LiveFrame:
        learner = SuperSpikeLearner(frozen_poisson(1), all_values(preset, {"burn_in": 0.0, **values}))
        learner.advance()
        return learner.look(preset.watch)(state="playing", message="", serial=0)

    return after_a_chunk


def metric(name: str, live: LiveFrame) -> float:
    return METRICS["superspike"][name].value(live)


def test_without_weights_the_voltage_stays_at_rest(look: Look) -> None:
    assert metric("highest_voltage", look(weight_scale=0.0)) == pytest.approx(-60.0, abs=1e-4)


def test_the_voltage_is_never_seen_above_the_threshold(look: Look) -> None:
    assert metric("highest_voltage", look(weight_scale=1.0)) == pytest.approx(-50.0, abs=0.5)
    assert metric("highest_voltage", look(weight_scale=1.0)) <= -50.0


def test_the_error_of_a_missing_spike_is_the_largest_of_the_kernel(look: Look) -> None:
    # targets stand far apart, so that each is smoothed by itself: the double exponential of 5 and 10 ms, of unit area,
    # is (exp(-t / 10 ms) - exp(-t / 5 ms)) / 5 ms, which has its peak 1 / (4 * 5 ms) = 50 Hz at t = 10 ms * ln 2
    assert metric("largest_error", look(weight_scale=0.0)) == pytest.approx(50.0, rel=0.02)


def test_the_first_change_with_rmaxprop_is_the_learning_rate(look: Look) -> None:
    assert metric("weight_change", look(learning_rate=2e-3)) == pytest.approx(2.0, rel=1e-4)
    assert metric("weight_change", look(learning=False)) == 0.0


def test_a_narrow_exponential_surrogate_leaves_no_eligibility_to_a_silent_neuron(look: Look) -> None:
    assert metric("eligibility", look()) > 1e-3
    assert metric("eligibility", look(surrogate="exponential", steepness=1e4)) < 1e-12
