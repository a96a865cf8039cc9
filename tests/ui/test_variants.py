"""The presets and the rule's variants on the page: each can be chosen, acts in the engine, and is in the equation."""

from __future__ import annotations

import logging
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from snn_explorer.presets import available_presets
from snn_explorer.tasks import SpikingXor
from tests.ui.browser import drawn

pytestmark = pytest.mark.browser

CHOICES = [
    ("optimiser", "RMSprop", "rmsprop"),
    ("optimiser", "plain", "plain"),
    ("surrogate", "exponential", "exponential"),
    ("feedback", "random", "random"),
    ("conventions", "original code", "original"),
]
SWITCHES = [("learning", "Learning"), ("hidden_learning", "Hidden weights learn"), ("error_dependent", "an error")]
NUMBERS = [
    ("n_hidden", "Hidden units", "7", 7),
    ("weight_scale", "Initial weights", "30", 0.03),
    ("seed", "Seed", "5", 5),
    ("burn_in", "Burn-in", "2", 2.0),
    ("spike_budget", "Spike budget", "3", 3),
    ("learning_rate", "Learning rate", "0,5", 5e-4),
    ("steepness", "Surrogate steepness", "2", 2e3),
    ("rho", "Regulariser strength", "1.5", 1.5),
    ("exponent", "Regulariser exponent", "2", 2),
    ("weight_limit", "Weight limit", "80", 0.08),
    ("rate_drop_time", "Learning rate drops at", "50", 50.0),
    ("rate_drop", "Learning rate drops to", "0.3", 0.3),
]
WRONG = [
    ("Hidden units", "2000", "2000 cannot be used; a whole number from 0 to 1024 can."),
    ("Weight limit", "0", "0 mV cannot be used; a number above 0 to 10000 mV can."),
    ("Learning rate drops at", "never", "“never” is not a number; a number from 0 s can be used."),
    ("Regulariser exponent", "1.5", "1.5 cannot be used; a whole number from 0 to 8 can."),
]

TOP = """() => {
  const find = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.matches(".cell-output")) { return element }
      const found = element.shadowRoot && find(element.shadowRoot)
      if (found) { return found }
    }
  }
  return find(document).getBoundingClientRect().top
}"""


def open_all(page):
    """Open what is behind "More"."""
    for more in page.get_by_text("More", exact=True).all():
        more.click()


def engine_has(opened, name, value):
    """Wait until the engine makes frames with this value."""
    opened.wait_until(lambda: (last := opened.lab.drawing.last) and last.values[name] == pytest.approx(value))


def choose(opened, preset):
    """Choose a preset from the list, and wait until the page shows its network."""
    page, before = opened.page, opened.lab.run
    page.get_by_role("combobox", name="Preset").select_option(preset.name)
    opened.wait_until(lambda: opened.lab.run is not before and f"preset={preset.key}&" in page.url)
    opened.wait_until(lambda: opened.lab.run.task is not None and opened.lab.run.time > 1)
    opened.settle()


def test_each_preset_can_be_chosen_from_the_list_and_draws_its_frames(open_page, caplog):
    opened = open_page("?preset=poisson" if "poisson" in available_presets() else "")
    page = opened.page
    for key, preset in opened.lab.presets.items():
        # those of the other learning system lead to a page of its own
        if key == opened.lab.run.preset.key or preset.system != "superspike":
            continue
        choose(opened, preset)
        expect(page.get_by_text(preset.sentence).last).to_be_visible()
        live, task = opened.lab.drawing.last, opened.lab.run.task
        assert live.frame.matrices["output_weights"].shape[0] == task.n_outputs
        np.testing.assert_array_equal(drawn(page, "output.spikes")["x"], live.rasters["output"].time)
        if not isinstance(task, SpikingXor):
            np.testing.assert_array_equal(drawn(page, "output.targets")["x"], live.rasters["target"].time)
            for remark in task.remarks:
                expect(page.get_by_text(remark)).to_be_visible()
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_each_choice_reaches_the_engine(opened):
    open_all(opened.page)
    for name, words, value in CHOICES:
        opened.page.get_by_role("radio", name=words, exact=True).check()
        engine_has(opened, name, value)
        expect(opened.page).to_have_url(re.compile(f"{name}={value}&"))


def test_each_switch_reaches_the_engine_and_back(opened):
    open_all(opened.page)
    for name, words in SWITCHES:
        switch = opened.page.get_by_role("switch", name=words, exact=name == "learning")
        before = opened.lab.run.values[name]
        switch.click()
        engine_has(opened, name, not before)
        switch.click()
        engine_has(opened, name, before)


def test_each_number_reaches_the_engine(opened):
    open_all(opened.page)
    for name, words, text, value in NUMBERS:
        field = opened.page.get_by_role("textbox", name=words).first
        field.fill(text)
        field.press("Enter")
        engine_has(opened, name, value)
        expect(field).to_have_value(f"{float(text.replace(',', '.')):g}")


def test_what_a_number_cannot_be_is_said_below_it(opened):
    open_all(opened.page)
    before = opened.lab.run.values
    for words, text, said in WRONG:
        field = opened.page.get_by_role("textbox", name=words).first
        field.fill(text)
        field.press("Enter")
        expect(opened.page.get_by_text(said)).to_be_visible()
        expect(field).to_have_value(text)
    assert opened.lab.run.values == before


def test_with_learning_off_the_activity_goes_on_and_no_weight_changes(opened):
    opened.page.get_by_role("switch", name="Learning", exact=True).click()
    engine_has(opened, "learning", False)
    first = opened.lab.drawing.last
    opened.wait_until(lambda: opened.lab.drawing.last.frame.time > first.frame.time + 5)
    for name in ("hidden_weights", "output_weights"):
        np.testing.assert_array_equal(opened.lab.drawing.last.frame.matrices[name], first.frame.matrices[name])


def test_without_a_surrogate_its_trace_is_one_and_the_equation_has_1(opened):
    group = opened.page.get_by_role("radiogroup", name="Surrogate derivative")
    group.get_by_role("radio", name="none").check()
    engine_has(opened, "surrogate", "none")
    np.testing.assert_array_equal(opened.lab.drawing.last.frame.traces["probe_surrogate"], 1)
    expect(opened.page.get_by_role("img", name="1 in the place of σ′")).to_be_visible()
    expect(opened.page.get_by_text("σ′ is 1", exact=True)).to_be_visible()


def test_what_has_no_effect_says_why_and_can_be_set_all_the_same(opened):
    page = opened.page
    open_all(page)
    idle = [control.idle for control in opened.lab.settings.controls._controls.values()]
    assert sorted(filter(None, idle)) == ["ρ is 0"] * 2
    field = page.get_by_role("textbox", name="Hidden units")
    field.fill("0")
    field.press("Enter")
    expect(page.get_by_text("no hidden units", exact=True).filter(visible=True)).to_have_count(4)
    group = page.get_by_role("radiogroup", name="Feedback")
    expect(group).to_have_accessible_description(re.compile("^No effect now: no hidden units. How an output's error"))
    group.get_by_role("radio", name="uniform").check()
    engine_has(opened, "feedback", "uniform")


def test_a_control_explains_itself_on_focus(opened):
    slider = opened.page.get_by_role("slider", name="Surrogate steepness")
    says = opened.page.get_by_text("How sharply the surrogate derivative falls off").last
    expect(says).to_be_hidden()
    slider.focus()
    opened.page.keyboard.press("ArrowRight")
    expect(says).to_be_visible()


def test_by_keyboard_alone(opened):
    page = opened.page
    page.get_by_role("radio", name="sym").focus()
    page.keyboard.press("ArrowRight")
    engine_has(opened, "feedback", "random")
    page.keyboard.press("Tab")
    expect(page.get_by_role("switch", name="Hidden weights learn")).to_be_focused()
    page.keyboard.press(" ")
    engine_has(opened, "hidden_learning", False)
    assert opened.lab.run.state == "playing"  # the space was the switch's
    more = page.get_by_text("More", exact=True).first
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Burn-in")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_equation_follows_the_variant_and_nothing_moves(open_page, width):
    opened = open_page("?rho=1", width=width)
    top, page = opened.page.evaluate(TOP), opened.page
    changes = [("error_dependent", True), ("optimiser", "plain"), ("surrogate", "none"), ("learning", False)]
    for name, value in changes:
        opened.wish(opened.lab.settings.change, name, value)
        opened.wait_for_frames(1)
        assert page.evaluate(TOP) == top, name
    for words in ("1 in the place of σ′", "0: learning is off", "Δw: how much", "e: the error of neuron i"):
        page.get_by_role("img", name=words).focus()
        assert page.evaluate(TOP) == top, words
