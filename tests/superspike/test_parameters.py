"""Values from outside: read, checked, and refused with a sentence that names thing, value and what is allowed."""

from __future__ import annotations

import re
from typing import Any

import param
import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.quantities import read_values
from snn_explorer.superspike.parameters import SuperSpikeParameters


def test_text_is_read_as_the_parameters_type() -> None:
    values = read_values(
        SuperSpikeParameters, {"n_hidden": "8", "rho": "0.5", "hidden_learning": "off", "feedback": "random"}
    )
    assert values == {"n_hidden": 8, "rho": 0.5, "hidden_learning": False, "feedback": "random"}
    assert isinstance(values["n_hidden"], int)


@pytest.mark.parametrize("value", [0, 1e-3, 0.1, "0.1"])
def test_bounds_themselves_are_allowed(value: object) -> None:
    assert read_values(SuperSpikeParameters, {"learning_rate": value})["learning_rate"] == float(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"learning_rate": 0.2}, "Learning rate (learning_rate) is 0.2; allowed is a number from 0 to 0.1"),
        ({"learning_rate": "fast"}, "is 'fast', which is not a number"),
        ({"learning_rate": None}, "is None, which is not a number"),
        ({"learning_rate": float("inf")}, "is inf; allowed is a number from 0 to 0.1"),
        ({"rate_drop_time": "inf"}, "is 'inf'; allowed is a number from 0"),
        ({"weight_limit": 0}, "Weight limit (weight_limit) is 0; allowed is a number above 0 to 10"),
        ({"steepness": 0.5}, "allowed is a number from 1 to 100000 (in SI units; 1/mV x 1000)"),
        ({"seed": 1.5}, "Seed (seed) is 1.5; allowed is a whole number from 0 to"),
        ({"spike_budget": 2.5}, "Spike budget (spike_budget) is 2.5; allowed is a whole number from 0 to 10000"),
        ({"n_hidden": "-1"}, "Hidden units (n_hidden) is '-1'; allowed is a whole number from 0 to 1024"),
        ({"hidden_learning": "maybe"}, "is 'maybe'; allowed are true and false"),
        ({"feedback": "Random"}, "Feedback (feedback) is 'Random'; allowed are: symmetric, random, uniform"),
        ({"name": "me"}, "There is no parameter 'name'; there are:"),
    ],
)
def test_bad_values_are_named_with_what_is_allowed(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(message)):
        read_values(SuperSpikeParameters, values)


def test_every_parameter_explains_itself() -> None:
    """The page is built from these declarations."""
    for name in set(SuperSpikeParameters.param) - {"name"}:
        parameter = SuperSpikeParameters.param[name]
        assert parameter.label, name
        assert parameter.doc, name
        assert parameter.doc.endswith("."), name
        if isinstance(parameter, param.Number):
            assert getattr(parameter, "symbol", ""), name
            assert read_values(SuperSpikeParameters, {name: parameter.default})[name] == parameter.default
