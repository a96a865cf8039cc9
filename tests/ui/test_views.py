"""Large networks, whole patterns, windows and the views behind tabs, in a real browser."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from snn_explorer.views.superspike.rasters import hidden_rows
from tests.ui.browser import drawn, shown_range

pytestmark = pytest.mark.browser

TABS = ("Network", "Spike timing", "Firing")
PLOTS = {"Network": "Network", "Spike timing": "Spike timing", "Firing": "Firing rates"}


def tab(page, name):
    return page.get_by_role("tab", name=name)


def plot(page, name):
    return page.get_by_role("img", name=re.compile(f"^{name}"))


def only_seen(page, name):
    """Wait until this view is seen, and no other."""
    for other in TABS:
        expect(tab(page, other)).to_have_attribute("aria-selected", str(other == name).lower())
        if other == name:
            expect(plot(page, PLOTS[other])).to_be_visible()
        else:
            expect(plot(page, PLOTS[other])).to_be_hidden()


def boxes(page):
    """Where the plots are that never go away."""
    names = ("Learning curve", "Synapse", "Error", "Input spikes")
    return [plot(page, name).bounding_box() for name in names]


def test_tabs_are_switched_by_mouse_and_nothing_moves(shared):
    page = shared.page
    only_seen(page, "Network")
    before = boxes(page)
    for name in (*TABS[1:], TABS[0]):
        tab(page, name).click()
        only_seen(page, name)
        assert boxes(page) == before


def test_tabs_are_switched_by_keys_that_do_not_step_the_run(shared):
    page = shared.page
    time = shared.lab.run.time
    tab(page, "Network").focus()
    for key, name in (
        ("ArrowRight", "Spike timing"),
        ("ArrowRight", "Firing"),
        ("ArrowRight", "Network"),
        ("ArrowLeft", "Firing"),
        ("End", "Firing"),
        ("Home", "Network"),
    ):
        page.keyboard.press(key)
        only_seen(page, name)
        expect(tab(page, name)).to_be_focused()
    assert shared.lab.run.time == time
    assert shared.lab.run.state == "paused"


def test_spike_timing_is_the_engines_also_when_opened_while_paused(opened):
    opened.wish(opened.lab.set_speed, None)
    opened.wait_until(lambda: opened.numbers()["time"] > 60)
    opened.settle()
    page = opened.page
    assert drawn(page, "timing.right")["x"].size == 0
    tab(page, "Spike timing").click()
    opened.wait_until(lambda: drawn(page, "timing.right")["x"].size)
    trials = opened.lab.drawing.last.trials
    columns = drawn(page, "timing.right")
    np.testing.assert_array_equal(columns["x"], trials.time)
    np.testing.assert_array_equal(columns["y"], trials.learning_time)
    np.testing.assert_array_equal(drawn(page, "timing.marks")["x"], trials.marks)
    low, high = shown_range(page, "timing", "y_range")
    assert low == 0 < trials.learning_time.max() <= high
    expect(page.get_by_text("spikes of output 1, one row a trial")).to_be_visible()
    expect(page.get_by_text(re.compile(f"^{trials.n_trials} trials, of which every"))).to_be_attached()


def test_histograms_are_the_engines(opened):
    opened.wish(opened.lab.set_speed, None)
    opened.wait_until(lambda: opened.numbers()["time"] > 30)
    page = opened.page
    tab(page, "Firing").click()
    opened.wait_until(lambda: drawn(page, "firing_rate")["top"].size)
    opened.settle()
    firing = opened.lab.drawing.last.firing
    assert firing.duration == 20
    for name, histogram in zip(("rate", "interval", "variation"), firing.histograms(), strict=True):
        columns = drawn(page, f"firing_{name}")
        np.testing.assert_array_equal(columns["top"], histogram.counts[histogram.counts > 0])
        assert shown_range(page, f"firing_{name}", "y_range")[1] >= columns["top"].max()
    assert drawn(page, "firing_rate")["top"].sum() == 4
    expect(page.get_by_text("hidden neurons, last 20 s")).to_be_visible()


def test_a_view_that_is_not_seen_is_left_as_it_was(opened):
    page = opened.page
    tab(page, "Spike timing").click()
    opened.wait_for_frames()
    nodes = drawn(page, "network.nodes")["size"]
    timing = drawn(page, "timing.right")["x"].size
    opened.wait_until(lambda: drawn(page, "timing.right")["x"].size > timing)
    np.testing.assert_array_equal(drawn(page, "network.nodes")["size"], nodes)
    tab(page, "Network").click()
    opened.wait_until(lambda: not np.array_equal(drawn(page, "network.nodes")["size"], nodes))


def test_a_large_network_shows_its_whole_pattern(open_page):
    opened = open_page("?preset=fig6&n_hidden=256&speed=100")
    page = opened.page
    opened.wait_until(lambda: opened.numbers()["time"] > 5)
    opened.settle()
    live = opened.lab.drawing.last
    length = live.sweep.period
    assert shown_range(page, "output") == shown_range(page, "input") == [0, length]
    assert shown_range(page, "error") == [0, 0.5]
    for source, name in (("input.spikes", "input"), ("output.spikes", "output"), ("output.targets", "target")):
        columns, raster = drawn(page, source), live.sweep.rasters[name]
        np.testing.assert_array_equal(columns["x"], raster.time)
        np.testing.assert_array_equal(columns["y"], raster.neuron)
        assert raster.time.max() > 0.9 * length
    hidden = drawn(page, "hidden.spikes")
    assert set(hidden["y"]) <= set(hidden_rows(256))
    assert drawn(page, "output.now")["x"] == pytest.approx([live.sweep.now])
    assert len(drawn(page, "network.excitatory")["x0"]) + len(drawn(page, "network.inhibitory")["x0"]) == 1000
    heights = {name: plot(page, name).bounding_box()["height"] for name in ("Output spikes", "Hidden spikes", "Error")}
    assert heights["Output spikes"] > 2 * max(heights["Hidden spikes"], heights["Error"])
    expect(page.get_by_text(f"one pattern of {length:.3g} s, line: now")).to_be_visible()
    expect(page.get_by_text("64 of 256 shown")).to_be_visible()
    expect(page.get_by_text("500 strongest").first).to_be_visible()


def test_a_small_network_after_a_large_one_has_the_page_it_always_had(open_page):
    opened = open_page()
    before = boxes(opened.page)
    opened.wish(opened.lab.choose, "fig6")
    opened.wait_until(lambda: opened.lab.drawing.last.sweep is not None)
    opened.wait_until(lambda: shown_range(opened.page, "output")[1] > 0.5)
    opened.wish(opened.lab.choose, "fig4")
    opened.wait_until(lambda: opened.lab.drawing.last.sweep is None)
    opened.wait_until(lambda: shown_range(opened.page, "output") == [0, 0.5])
    opened.wait_until(lambda: boxes(opened.page) == before)


def test_tapping_a_row_watches_that_output(open_page):
    opened = open_page("?preset=fig6&speed=100")
    page, first = opened.page, opened.lab.run.watch.output
    opened.wait_until(lambda: opened.lab.drawing.last.frame.watch.output == first)
    box = plot(page, "Output spikes").bounding_box()
    plot(page, "Output spikes").click(position={"x": box["width"] / 2, "y": box["height"] / 4})
    (output,) = opened.wait_until(lambda: (w := opened.lab.drawing.last.frame.watch.output) != first and w)
    assert output == pytest.approx(75, abs=4)
    opened.wait_until(lambda: drawn(page, "output.watched")["y"].tolist() == [output])
    expect(page.get_by_text(f"of output {output + 1}")).to_be_visible()
    tab(page, "Spike timing").click()
    expect(page.get_by_text(f"spikes of output {output + 1}, one row a trial")).to_be_visible()


def test_choosing_a_synapse_onto_another_output_watches_it(open_page):
    opened = open_page("?preset=fig6")
    field = opened.page.get_by_label("Postsynaptic neuron")
    field.fill("33")
    field.press("Enter")
    opened.wait_until(lambda: opened.lab.drawing.last.frame.watch.output == (32,))
    assert opened.lab.drawing.last.frame.watch.probe_post == 32


def test_a_classification_shows_windows_and_right_answers(open_page):
    opened = open_page("?preset=fig5&speed=max")
    page = opened.page
    opened.wait_until(lambda: opened.numbers()["time"] > 20)
    tab(page, "Spike timing").click()
    opened.wait_until(lambda: drawn(page, "timing.right")["x"].size)
    opened.settle()
    live = opened.lab.drawing.last
    box = drawn(page, "output.windows")
    np.testing.assert_array_equal(box["left"], live.frame.windows[:, 0])
    np.testing.assert_array_equal(box["right"], live.frame.windows[:, 1])
    np.testing.assert_allclose((box["bottom"] + box["top"]) / 2, live.frame.windows[:, 2], atol=1e-6)
    assert len(live.frame.windows) >= 2
    assert live.frame.watch.output == (0, 1)
    lanes = drawn(page, "output_membrane.trace")["y"].reshape(2, -1)[:, :-1]
    offset = lanes - 1e3 * live.frame.traces["output_membrane"]
    np.testing.assert_allclose(offset[0], 0, atol=1e-3)
    np.testing.assert_allclose(offset[1], offset[1, 0], atol=1e-3)
    assert offset[1, 0] >= 25
    expect(page.get_by_text("right answers")).to_be_visible()
    assert opened.numbers()["accuracy"] == pytest.approx(100 * live.frame.numbers["accuracy"], rel=1e-5)
    right = live.trials.right
    np.testing.assert_array_equal(drawn(page, "timing.right")["x"], live.trials.time[right])
    np.testing.assert_array_equal(drawn(page, "timing.wrong")["x"], live.trials.time[~right])
    assert shown_range(page, "timing") == pytest.approx([0, 0.06])


def test_a_pattern_says_nothing_of_right_answers(opened):
    expect(opened.page.get_by_text("matched").first).to_be_visible()
    expect(opened.page.get_by_text("right answers")).to_be_hidden()


def test_one_cursor_runs_through_all_plots_unless_their_times_differ(open_page):
    places = """() => {
      const spans = Bokeh.documents.flatMap(doc => [...doc.all_models]).filter(one => one.type === "Span")
      return ["cursor", "pattern_cursor"].map(name => spans.find(one => one.name === name).location)
    }"""
    opened = open_page()
    page = opened.page
    opened.settle()

    def point(name):
        box = plot(page, name).bounding_box()
        page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + box["height"] / 2)
        page.wait_for_timeout(200)
        return page.evaluate(places)

    for name in ("Error", "Input spikes"):
        first, second = point(name)
        assert first == second == pytest.approx(0.34, abs=0.05)
    opened.wish(opened.lab.choose, "fig6")
    opened.wait_until(lambda: shown_range(page, "output")[1] > 0.5)
    opened.settle()
    in_chunk, _ = point("Error")
    _, in_pattern = point("Input spikes")
    assert in_chunk == pytest.approx(0.34, abs=0.05)
    assert in_pattern == pytest.approx(0.68 * opened.lab.drawing.last.sweep.period, rel=0.1)


def test_a_phone_has_the_same_tabs(open_page):
    opened = open_page("?preset=fig6", width=390, height=844)
    page = opened.page
    expect(plot(page, "Output spikes")).to_be_in_viewport()
    for name in TABS:
        tab(page, name).scroll_into_view_if_needed()
        tab(page, name).click()
        only_seen(page, name)
        box = plot(page, PLOTS[name]).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
