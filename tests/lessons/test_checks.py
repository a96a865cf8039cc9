"""Checks of lessons: a fixed vocabulary, compared with the numbers that a page shows."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from snn_explorer.engine import Frame, ParameterError
from snn_explorer.lessons.checks import read_check
from snn_explorer.lessons.metrics import METRICS
from snn_explorer.live.driver import all_values
from snn_explorer.live.frame import BatsFrame, SuperSpikeFrame
from snn_explorer.live.systems import SYSTEMS
from snn_explorer.presets import available_presets
from snn_explorer.resources import lessons_path


def _look(key: str, values: Mapping[str, Any], n_batches: int, clock_step: float | None = None) -> Any:
    preset = available_presets()[key]
    learner = SYSTEMS[preset.system].learn(preset.task(), all_values(preset, values))
    for _ in range(n_batches):
        learner.advance()
    watch = replace(preset.watch, clock_step=clock_step)
    return learner.look(watch)(state="playing", message="", serial=0)


@pytest.fixture(scope="module")
def untrained() -> SuperSpikeFrame:
    """A network with random feedback that has learned nothing, for 1 s."""
    return _look("fig4", {"burn_in": 0, "learning": False, "feedback": "random", "n_hidden": 3}, 2)


@pytest.fixture(scope="module")
def digits() -> BatsFrame:
    """A small network after four batches of digits."""
    return _look("bats-digits", {"hidden": (16,), "n_max": (1, 30)}, 4, clock_step=2e-3)


def _with_cost(live: SuperSpikeFrame, *costs: float) -> SuperSpikeFrame:
    cost = np.array(costs, np.float32)
    return replace(live, curve_cost=cost, curve_time=np.arange(cost.size, dtype=np.float32), silent_cost=8.0)


def _with_numbers(live: Any, **numbers: float) -> Any:
    frame: Frame = live.frame
    return replace(live, frame=replace(frame, numbers={**frame.numbers, **numbers}))


class TestComparisons:
    @pytest.mark.parametrize(
        ("check", "passes"),
        [
            ("cost below 2", False), ("cost below 2.1", True), ("cost at most 2", True), ("cost at most 1.9", False),
            ("cost above 2", False), ("cost above 1.9", True), ("cost at least 2", True), ("cost at least 2.1", False),
            ("cost between 1 and 2", True), ("cost between 2 and 3", True), ("cost between 2.1 and 3", False),
            ("cost above -1e3", True), ("cost below +2e1", True),
        ],
    )  # fmt: skip
    def test_bounds_belong_to_at_least_at_most_and_between_only(
        self, untrained: SuperSpikeFrame, check: str, passes: bool
    ) -> None:
        assert read_check(check, "superspike").passes(_with_cost(untrained, 9.0, 2.0)) == passes

    @pytest.mark.parametrize("check", ["cost below 1", "cost above 1", "cost at least 0", "cost between -9 and 9"])
    def test_what_is_no_number_yet_never_passes(self, untrained: SuperSpikeFrame, check: str) -> None:
        assert not read_check(check, "superspike").passes(_with_cost(untrained))
        assert not read_check(check, "superspike").passes(_with_cost(untrained, math.nan))

    def test_spaces_and_lines_do_not_matter(self, untrained: SuperSpikeFrame) -> None:
        check = read_check("  hidden_rate   at most\n 20Hz ", "superspike")
        assert (check.name, check.unit) == ("hidden_rate", "Hz")
        assert check.passes(_with_numbers(untrained, hidden_rate_hz=20.0))
        assert not check.passes(_with_numbers(untrained, hidden_rate_hz=20.1))


class TestWords:
    def test_a_choice_is_compared(self, untrained: SuperSpikeFrame) -> None:
        assert read_check("feedback is random", "superspike").passes(untrained)
        assert not read_check("feedback is symmetric", "superspike").passes(untrained)

    def test_so_is_whether_something_is_on(self, untrained: SuperSpikeFrame) -> None:
        assert read_check("learning is false", "superspike").passes(untrained)
        assert not read_check("learning is true", "superspike").passes(untrained)

    def test_parameters_with_several_numbers_are_words(self, digits: BatsFrame) -> None:
        assert read_check("n_max is 1,30", "bats").passes(digits)
        assert not read_check("n_max is 30,30", "bats").passes(digits)

    def test_a_parameter_that_is_a_number_is_a_metric(self, untrained: SuperSpikeFrame) -> None:
        assert read_check("n_hidden between 3 and 3", "superspike").passes(untrained)
        assert read_check("weight_scale at most 0.02", "superspike").passes(untrained)
        assert not read_check("n_hidden above 3", "superspike").passes(untrained)


@pytest.mark.parametrize(
    ("check", "system", "says"),
    [
        ("fame above 1", "superspike", "no metric 'fame'"),
        ("held_out above 1", "superspike", "no metric 'held_out'"),
        ("cost above 1", "bats", "no metric 'cost'"),
        ("feedback above 1", "superspike", "no metric 'feedback'"),
        ("learning above 0", "superspike", "no metric 'learning'"),
        ("n_max above 1", "bats", "no metric 'n_max'"),
        ("cost below 1 Hz", "superspike", "cost is in no unit"),
        ("hidden_rate below 1 ms", "superspike", "hidden_rate is in Hz"),
        ("cost between 1", "superspike", "`between` has two numbers"),
        ("cost below 1 and 2", "superspike", "`between` has two numbers"),
        ("cost below 1.2.3", "superspike", "'1.2.3' is no number"),
        ("cost < 1", "superspike", "cannot be read"),
        ("cost below one", "superspike", "cannot be read"),
        ("cost", "superspike", "cannot be read"),
        ("__import__('os') above 1", "superspike", "cannot be read"),
        ("feedback is backwards", "superspike", "backwards"),
        ("colour is red", "superspike", "colour"),
    ],
)
def test_what_is_not_in_the_vocabulary_is_refused(check: str, system: str, says: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(says)):
        read_check(check, system)


class TestMetricsOfSuperSpike:
    def test_the_cost_share_is_that_of_a_silent_network(self, untrained: SuperSpikeFrame) -> None:
        assert METRICS["superspike"]["cost_share"].value(_with_cost(untrained, 2.0)) == 25
        silent = untrained.curve_cost[-1] / untrained.silent_cost
        assert METRICS["superspike"]["cost_share"].value(untrained) == pytest.approx(100 * silent)

    def test_numbers_have_the_units_that_people_read(self, untrained: SuperSpikeFrame) -> None:
        live = _with_numbers(untrained, weights_at_limit=0.25, matched=4, missing=1, extra=2, accuracy=0.5)
        values = {name: metric.value(live) for name, metric in METRICS["superspike"].items()}
        assert (values["weights_at_limit"], values["accuracy"]) == (25, 50)
        assert (values["matched"], values["missing"], values["extra"]) == (4, 1, 2)
        assert values["learning_time"] == 1

    def test_there_is_no_accuracy_where_nothing_is_told_apart(self, untrained: SuperSpikeFrame) -> None:
        assert math.isnan(METRICS["superspike"]["accuracy"].value(untrained))

    def test_learning_time_begins_at_0(self, untrained: SuperSpikeFrame) -> None:
        burning_in = replace(untrained, frame=replace(untrained.frame, time=-19.5))
        assert METRICS["superspike"]["learning_time"].value(burning_in) == 0


class TestMetricsOfBats:
    def test_shares_are_of_the_layer(self, digits: BatsFrame) -> None:
        live = _with_numbers(digits, hidden_silent=4, hidden_size=16, hidden_saturated=12, output_silent=1)
        values = {name: metric.value(live) for name, metric in METRICS["bats"].items()}
        assert (values["hidden_silent"], values["hidden_saturated"], values["output_silent"]) == (25, 75, 10)

    def test_curves_give_their_newest_value(self, digits: BatsFrame) -> None:
        values = {name: metric.value(digits) for name, metric in METRICS["bats"].items()}
        assert values["accuracy"] == pytest.approx(100 * digits.curves["accuracy"][1][-1])
        assert values["loss"] == pytest.approx(digits.curves["loss"][1][-1])
        assert 0 < values["hidden_spikes"] <= 16
        assert values["learning_time"] == 200
        assert math.isnan(values["held_out"])

    def test_without_hidden_neurons_none_of_them_is_silent(self) -> None:
        live = _look("bats-fig3", {}, 1)
        assert math.isnan(METRICS["bats"]["hidden_silent"].value(live))

    def test_the_answer_is_there_when_95_percent_of_the_right_ones_stay(self, digits: BatsFrame) -> None:
        time, share = np.array([0.1, 0.2, 0.3, 0.4], np.float32), np.array([0.79, 0.7, 0.76, 0.8], np.float32)
        value = METRICS["bats"]["answer_time"].value
        assert value(replace(digits, latency=(time, share))) == pytest.approx(300)
        assert math.isnan(value(replace(digits, latency=(time, 0 * share))))
        assert math.isnan(value(replace(digits, latency=(time[:0], share[:0]))))

    def test_a_clock_is_compared_while_it_runs(self, digits: BatsFrame) -> None:
        late, miscounted = (METRICS["bats"][name].value for name in ("clock_late", "clock_miscounted"))
        assert 0.5 < late(digits) < 4
        live = _with_numbers(digits, clock_late=2.5e-3, clock_miscounted=0.125)
        assert (late(live), miscounted(live)) == (2.5, 12.5)
        assert math.isnan(late(_look("bats-digits", {"hidden": (16,)}, 1)))


@pytest.mark.parametrize("system", METRICS)
def test_the_description_names_every_metric_with_its_unit(system: str) -> None:
    rows = re.findall(r"^\|(.*?)\|(.*?)\|", (lessons_path() / "README.md").read_text(), re.MULTILINE)
    described = {(name, unit.strip()) for names, unit in rows for name in re.findall(r"`(\w+)`", names)}
    assert {(name, metric.unit) for name, metric in METRICS[system].items()} <= described
