"""A pinned run: what is said about it, and how it stays on the page."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import expect

from snn_explorer.presets import available_presets
from snn_explorer.views.superspike.reference import NOTHING, Reference
from tests.ui.browser import drawn, shown_range
from tests.ui.frames import live_frame

PRESET = available_presets()["fig4"]


def run(cost, rate, seconds=10.0, **values):
    """A frame whose cost falls evenly from 10 to `cost`."""
    time = np.linspace(0, seconds, 11, dtype=np.float32)
    curve = np.linspace(10, cost, 11, dtype=np.float32)
    live = live_frame(hidden_rate_hz=rate)
    return replace(live, curve_time=time, curve_cost=curve, values={**PRESET.values, "seed": 1, "rho": 0.0, **values})


def test_costs_are_compared_after_the_same_learning_time():
    """At 10 s the pinned run, which came to 2 in 20 s, was at 6."""
    pinned = Reference.of(run(2.0, 96.0, seconds=20.0, feedback="random"), PRESET)
    few, sentence = pinned.compare(run(4.0, 7.0, feedback="symmetric"), PRESET)
    assert few == "cost 4 against 6, 7 against 96 Hz (random feedback)"
    assert sentence == (
        "After 10 s the cost is 4; the pinned run, random feedback, had 6. Hidden neurons fire at 7 against 96 Hz."
    )


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({}, "same settings"),
        ({"seed": 3}, "seed 1"),
        ({"learning_rate": 2e-3}, "learning rate 1 mV"),
        ({"learning": False}, "learning on"),
        ({"rho": 2.0, "seed": 5}, "seed 1, 1 more"),
    ],
    ids=str,
)
def test_it_is_named_by_what_it_had_that_this_run_has_not(changed, name):
    pinned = Reference.of(run(2.0, 5.0, learning_rate=1e-3, learning=True), PRESET)
    few, _ = pinned.compare(run(2.0, 5.0, **{"learning_rate": 1e-3, "learning": True, **changed}), PRESET)
    assert few.endswith(f"({name})")


def test_another_preset_is_named_by_its_title_and_rates_only_where_both_have_one():
    other = available_presets()["fig2"]
    live = run(4.0, 5.0)
    del live.frame.numbers["hidden_rate_hz"]
    few, sentence = Reference.of(run(2.0, 5.0), PRESET).compare(live, other)
    assert few == f"cost 4 against 2 ({PRESET.title})"
    assert "Hz" not in sentence
    nothing = replace(live, curve_time=live.curve_time[:0], curve_cost=live.curve_cost[:0])
    assert Reference.of(run(2.0, 5.0), PRESET).compare(nothing, other)[0] == f"pinned: {PRESET.title}"


@pytest.mark.browser
def test_a_pinned_curve_stays_while_other_settings_learn(opened):
    page = opened.page
    note = page.locator("[data-text=curve_note]")
    expect(note).to_have_text(NOTHING)
    before = page.get_by_role("img", name="Learning curve").bounding_box()
    opened.wait_until(lambda: opened.numbers()["time"] > 12)
    opened.settle()
    page.keyboard.press("c")
    kept = drawn(page, "curve.cost")
    opened.wait_until(lambda: drawn(page, "curve.reference")["x"].size == kept["x"].size)
    for column, values in kept.items():
        np.testing.assert_array_equal(drawn(page, "curve.reference")[column], values)
    opened.wish(opened.lab.settings.change, "seed", 7)
    page.keyboard.press(" ")
    opened.wait_until(lambda: opened.numbers()["time"] > 3)
    np.testing.assert_array_equal(drawn(page, "curve.reference")["y"], kept["y"])
    assert shown_range(page, "curve")[1] >= kept["x"][-1]
    expect(note).to_contain_text("(seed 1)")
    assert page.get_by_role("img", name="Learning curve").bounding_box() == before
    page.get_by_role("button", name=re.compile("^Unpin")).click()
    opened.wait_until(lambda: drawn(page, "curve.reference")["x"].size == 0)
    expect(page.get_by_role("button", name=re.compile("^Pin"))).to_be_visible()
    expect(note).to_have_text(NOTHING)
