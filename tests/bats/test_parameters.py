"""Values from outside are read and checked, layers must have their numbers, and the learning rate has its schedule."""

from __future__ import annotations

import re
from typing import Any

import pytest

from snn_explorer.bats.parameters import STRUCTURAL, BatsParameters
from snn_explorer.engine import ParameterError
from snn_explorer.quantities import read_values


def test_text_is_read_as_the_parameters_type() -> None:
    read = read_values(
        BatsParameters, {"hidden": "300, 100", "n_max": "5,5,20", "theta": "0.13,0.45,7e-1", "loss": "first_spike"}
    )
    assert read == {"hidden": (300, 100), "n_max": (5, 5, 20), "theta": (0.13, 0.45, 0.7), "loss": "first_spike"}
    assert all(isinstance(number, int) for number in read["hidden"] + read["n_max"])


@pytest.mark.parametrize(("value", "expected"), [("", ()), ("30", (30,)), (30, (30,)), ([4, 5], (4, 5))])
def test_tuples_come_in_several_forms(value: object, expected: tuple[int, ...]) -> None:
    assert read_values(BatsParameters, {"hidden": value})["hidden"] == expected


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"n_max": "0,30"}, "Spike budget (n_max) is '0'; allowed is a whole number from 1 to 1000"),
        ({"n_max": "1.5"}, "Spike budget (n_max) is '1.5'; allowed is a whole number"),
        ({"n_max": ""}, "Spike budget (n_max) is ''; allowed are 1 to 5 numbers"),
        ({"theta": "0.1,zero"}, "Threshold (theta) is 'zero', which is not a number; allowed is a number above 0"),
        ({"theta": "nan"}, "Threshold (theta) is 'nan'; allowed is a number above 0"),
        ({"init": "1"}, "Initial weights (init) is '1'; allowed are 2 numbers, with commas between them"),
        ({"hidden": "1,2,3,4,5"}, "Hidden neurons (hidden) is '1,2,3,4,5'; allowed are 0 to 4 numbers"),
        ({"duration": 0}, "Simulated time (duration) is 0; allowed is a number from 0.001"),
        ({"batch_size": 0}, "Batch size (batch_size) is 0; allowed is a whole number from 1"),
        ({"learning_rate": "inf"}, "Learning rate (learning_rate) is 'inf'; allowed is a number from 0"),
        ({"loss": "mse"}, "Loss (loss) is 'mse'; allowed are: count, first_spike"),
        ({"width": 3}, "There is no parameter 'width'; there are:"),
    ],
)
def test_bad_values_are_named_with_what_is_allowed(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(message)):
        read_values(BatsParameters, values)


@pytest.mark.parametrize("values", [{"hidden": 3}, {"n_max": (0,)}, {"init": (1.0,)}, {"theta": (0.0, 1.0)}])
def test_a_declared_tuple_refuses_what_it_cannot_hold(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must be|allowed"):
        BatsParameters(**values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"hidden": (10, 10)}, "Spike budget (n_max) is (30, 30); with the hidden layers (10, 10) it must hold 3 "),
        ({"theta": (0.1,)}, "Threshold (theta) is (0.1,); with the hidden layers (128,) it must hold 2 numbers"),
        ({"init": (1.0, -1.0)}, "Initial weights (init) is (1.0, -1.0); the smaller number must come first"),
    ],
)
def test_values_must_fit_each_other(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(message)):
        BatsParameters(**values).check()


def test_the_learning_rate_halves_and_stops_at_its_floor() -> None:
    p = BatsParameters(learning_rate=0.0005, rate_decay=0.5, decay_every=10, min_rate=0.0001)
    assert [p.rate(epoch) for epoch in (0, 9, 10, 19, 20, 30, 99)] == pytest.approx(
        [0.0005, 0.0005, 0.00025, 0.00025, 0.000125, 0.0001, 0.0001]
    )


def test_a_floor_above_the_learning_rate_does_not_raise_it() -> None:
    assert BatsParameters(learning_rate=0.001, min_rate=0.01).rate(500) == 0.001


def test_every_parameter_explains_itself() -> None:
    for name in set(BatsParameters.param) - {"name"}:
        parameter = BatsParameters.param[name]
        assert parameter.label, name
        assert parameter.doc.endswith("."), name
        assert read_values(BatsParameters, {name: parameter.default})[name] == parameter.default
    assert set(STRUCTURAL) <= set(BatsParameters.param)
