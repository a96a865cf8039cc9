"""The address leads back to the very same run: every parameter of both systems, to the last bit."""

from __future__ import annotations

from urllib.parse import parse_qsl

import numpy as np
import param
import pytest

from snn_explorer.live import Run
from snn_explorer.live.driver import all_values
from snn_explorer.live.systems import SYSTEMS
from snn_explorer.presets import available_presets
from snn_explorer.presets.own_target import word_to_learn
from snn_explorer.quantities import Notation, Numbers
from snn_explorer.views import address

ODD = 1.0123456789012345
"""A factor that leaves no number short."""


def odd(parameter):
    """A value that is neither the default nor short to write."""
    if isinstance(parameter, param.Boolean):
        return not parameter.default
    if isinstance(parameter, param.Selector):
        return parameter.objects[-1]
    if isinstance(parameter, Notation):
        return "12C5-P2-3C4"
    if isinstance(parameter, Numbers):
        return tuple(odd(parameter.each) for _ in range(parameter.length[1]))
    if isinstance(parameter, param.Integer):
        return parameter.default + 1
    low, high = parameter.bounds
    value = parameter.default * ODD if parameter.default else low + 1 / 3
    return value if high is None or value < high else (parameter.default or high) / ODD


def back(preset, values, speed=None):
    """What an address asks for that was written of these."""
    query = address.write(preset, values, speed, projector=False)
    return query, address.read(dict(parse_qsl(query[1:], keep_blank_values=True)), available_presets())


@pytest.mark.parametrize("key", ["fig4", "bats-digits"])
def test_every_parameter_comes_back_as_it_was(key):
    preset = available_presets()[key]
    declared = SYSTEMS[preset.system].parameters.param
    values = {name: odd(declared[name]) for name in declared if name != "name"}
    assert sum(values[name] != declared[name].default for name in values) >= len(values) - 3
    _, asked = back(preset, values, speed=10 * ODD)
    assert (asked.preset, asked.values, asked.speed, asked.faults) == (key, values, 10 * ODD, [])


def curve(preset, values):
    """Learning curve of a few chunks or batches."""
    run = Run(preset, values)
    for _ in range(20):
        run.step()
        run.work(0.0)
    live = run.snapshot().live
    run.close()
    return live.curve_cost if preset.system == "superspike" else live.curves["loss"][1]


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("fig4", {"learning_rate": 1e-3 * ODD, "seed": 5, "n_hidden": 3, "burn_in": 0.0}),
        ("bats-digits", {"learning_rate": 0.01 * ODD, "seed": 5, "theta": (0.05 * ODD, 0.3), "hidden": (40,)}),
    ],
)
def test_what_it_leads_to_learns_to_the_same_bits(key, values):
    preset = available_presets()[key]
    _, asked = back(preset, all_values(preset, values))
    wanted = curve(preset, values)
    assert len(np.unique(wanted)) > 5
    assert np.array_equal(curve(available_presets()[asked.preset], asked.values), wanted)


def test_a_word_comes_back_with_the_length_of_its_trials():
    preset = word_to_learn("Hi & <3", 30, 1.2345)
    _, asked = back(preset, all_values(preset, {}))
    assert asked.own.query == preset.query == {"word": "Hi & <3", "outputs": "30", "seconds": "1.2345"}


def test_an_address_leads_to_what_it_was_written_of_and_to_nothing_else():
    preset = available_presets()["fig4"]
    query, _ = back(preset, all_values(preset, {}))
    pairs = dict(parse_qsl(query[1:], keep_blank_values=True))
    assert address.leads_to(pairs | {"theme": "dark"}, query)
    assert not address.leads_to(pairs | {"seed": "2"}, query)
    assert not address.leads_to({"preset": "fig4"}, query)
