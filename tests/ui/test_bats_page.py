"""The page of BATS in a real browser: it draws what the engine has, and obeys."""

from __future__ import annotations

import re

import numpy as np
import pytest
from bokeh.models import Text
from playwright.sync_api import expect

from snn_explorer.bats import Network
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.engine import Frame
from snn_explorer.presets import available_presets
from snn_explorer.views.bats.parts import MS
from snn_explorer.views.session import sessions
from tests.ui.browser import canvas, drawn, shown_range
from tests.ui.conftest import Opened, wait_until

pytestmark = pytest.mark.browser

TWO_LAYERS = "?preset=bats-digits&hidden=24,16&n_max=30,30,30&theta=0.06,0.06,0.3&speed=max"


@pytest.fixture
def bats(open_page) -> Opened:
    """The page of the digits."""
    return open_page("?preset=bats-digits")


def seen(opened: Opened) -> Frame:
    """The newest frame, which the browser shows."""
    opened.settle()
    return opened.lab.drawing.last.frame


def tap(opened: Opened, name: str, x: float, y: float) -> None:
    """Tap a point of a plot, in its data's units."""
    at, across, up = (
        canvas(opened.page, name),
        shown_range(opened.page, name),
        shown_range(opened.page, name, "y_range"),
    )
    opened.page.mouse.click(
        at["x"] + at["width"] * (x - across[0]) / (across[1] - across[0]),
        at["y"] + at["height"] * (up[1] - y) / (up[1] - up[0]),
    )


def test_drawn_values_are_the_engines_bit_by_bit(bats):
    bats.wait_until(lambda: bats.numbers()["time"] > 200)
    frame, page = seen(bats), bats.page
    for name, raster in frame.rasters.items():
        spikes = drawn(page, f"{name}.spikes")
        np.testing.assert_array_equal(spikes["x"], raster.time * MS)
        np.testing.assert_array_equal(spikes["y"], raster.neuron)
    np.testing.assert_array_equal(drawn(page, "error.output")["y1"], frame.traces["output_delta"][0])
    trace = drawn(page, "output_membrane.trace")
    np.testing.assert_array_equal(trace["x"], frame.traces["membrane_time"][0] * MS)
    np.testing.assert_array_equal(trace["y"], frame.traces["output_membrane"][0])
    live = bats.lab.drawing.last
    for name, scale in (("accuracy", 100), ("loss", 1)):
        time, value = live.curves[name]
        np.testing.assert_array_equal(drawn(page, f"{name}.training")["x"], time / np.float32(live.samples_per_epoch))
        np.testing.assert_array_equal(drawn(page, f"{name}.training")["y"], value * np.float32(scale))
    assert bats.numbers()["probe_gradient"] == np.float32(frame.numbers["probe_gradient"])


def test_a_spike_a_sample_and_a_part_of_the_time_axis_can_be_looked_at(bats):
    """Everything is compared with a network of the same seed that nobody looks at."""
    page, lab = bats.page, bats.lab
    bats.wait_until(lambda: bats.numbers()["time"] > 500)
    frame = seen(bats)
    raster = frame.rasters["output"]
    k = len(raster.time) // 2
    tap(bats, "output", 1e3 * float(raster.time[k]), float(raster.neuron[k]))
    neuron = int(raster.neuron[k])
    bats.wait_until(lambda: lab.drawing.last.frame.watch.probe_post == neuron)
    bats.wait_until(
        lambda: np.float32(frame.traces["output_delta"][0][k]) == np.float32(bats.numbers()["moment_delta"])
    )
    page.keyboard.press("n")
    bats.wait_until(lambda: lab.drawing.last.frame.numbers["sample"] == 1)
    at = canvas(bats.page, "hidden_membrane")
    page.mouse.move(at["x"] + 0.25 * at["width"], at["y"] + 20)
    page.mouse.down()
    page.mouse.move(at["x"] + 0.4 * at["width"], at["y"] + 25, steps=4)
    page.mouse.move(at["x"] + 0.5 * at["width"], at["y"] + 30, steps=4)
    page.mouse.up()
    bats.wait_until(lambda: lab.zoom.window is not None)
    start, end = shown_range(page, "output")
    assert [start, end] == pytest.approx([50, 100], abs=1)
    bats.wait_until(lambda: lab.drawing.last.frame.watch.window == lab.zoom.window)
    assert {words.x.value for words in lab.drawing.figures["probe"].select(Text)} == {end}
    bats.settle()
    preset = available_presets()["bats-digits"]
    network = Network(preset.task(), BatsParameters(**preset.values))
    while network.time < lab.run.time:
        network.advance()
    expected = network.frame(lab.run.watch)
    assert expected.watch.window == pytest.approx((start / 1e3, end / 1e3))
    trace = drawn(page, "output_membrane.trace")
    np.testing.assert_array_equal(trace["x"], expected.traces["membrane_time"][0] * MS)
    np.testing.assert_array_equal(trace["y"], expected.traces["output_membrane"][0])
    assert start - 0.01 <= trace["x"].min() < trace["x"].max() <= end + 0.01
    assert len(trace["x"]) > 100
    page.keyboard.press("-")
    bats.wait_until(lambda: shown_range(page, "error") == pytest.approx([start - 25, end + 25], abs=1))
    page.mouse.dblclick(at["x"] + 0.5 * at["width"], at["y"] + 20)
    bats.wait_until(lambda: shown_range(page, "output") == [0, 200])
    bats.wait_until(lambda: lab.drawing.last.frame.watch.window is None)


def test_presets_lead_to_their_view_and_to_the_other_learning_system_and_back(open_page):
    opened = open_page("?preset=bats-clock&theme=dark")
    page, lab = opened.page, opened.lab
    tab = page.get_by_role("tab", name="Clock")
    expect(tab).to_have_attribute("aria-selected", "true")
    frame = seen(opened)
    clocked = frame.rasters["output_clock"].time
    assert frame.watch.clock_step == 1e-3
    np.testing.assert_array_equal(drawn(page, "clock.clocked")["x"][-len(clocked) :], clocked * MS)
    field = page.get_by_role("textbox", name="Step of the clock")
    field.fill("10")
    field.press("Enter")
    opened.wait_until(lambda: lab.drawing.last.frame.watch.clock_step == 1e-2)
    opened.settle()
    late = drawn(page, "clock.clocked")["x"]
    assert len(late) > 10
    np.testing.assert_allclose(late / 10, np.rint(late / 10), atol=1e-4)
    lab.choose("bats-fig4")
    expect(page.get_by_role("tab", name="Budget")).to_have_attribute("aria-selected", "true")
    opened.wait_until(lambda: lab.drawing.last.values["n_max"] == (30, 30) and lab.run.watch.clock_step is None)
    before = set(sessions.open)
    lab.choose("fig4")
    (other,) = wait_until(lambda: set(sessions.open) - before, page)
    page.wait_for_function("window.snn_explorer?.numbers !== undefined")
    assert (other.run.preset.key, "theme=dark" in page.url) == ("fig4", True)
    before = set(sessions.open)
    other.choose("bats-fig3")
    (back,) = wait_until(lambda: set(sessions.open) - before, page)
    page.wait_for_function("window.snn_explorer?.numbers !== undefined")
    assert back.run.preset.key == "bats-fig3"
    wait_until(lambda: back.drawing.last is not None, page)
    assert back.drawing.last.frame.watch.output == (0,)


def test_a_budget_of_one_starts_anew_and_no_neuron_spikes_twice(bats):
    page, lab = bats.page, bats.lab
    bats.wait_until(lambda: bats.numbers()["time"] > 100)
    for layer in ("hidden", "output"):
        field = page.get_by_role("textbox", name=f"Spike budget, {layer}")
        field.fill("1")
        field.press("Enter")
    bats.wait_until(lambda: lab.drawing.last.values["n_max"] == (1, 1))
    assert lab.run.time < 1e4
    frame = seen(bats)
    assert np.bincount(frame.rasters["hidden"].neuron.astype(int)).max() == 1
    assert bats.numbers()["hidden_saturated"] == pytest.approx(100 * len(frame.rasters["hidden"].time) / 128)
    assert "n_max=1,1&" in page.url
    before = set(sessions.open)
    page.reload()
    (again,) = wait_until(lambda: set(sessions.open) - before, page)
    assert again.run.values == lab.run.values
    assert again.notice.html == ""


def test_two_hidden_layers_are_watched_by_their_own_numbers(open_page):
    opened = open_page(TWO_LAYERS)
    opened.wait_until(lambda: opened.numbers()["time"] > 100)
    frame = seen(opened)
    row = int(frame.rasters["hidden"].neuron.max())
    assert row >= 24
    tap(opened, "hidden", 100, row)
    opened.wait_until(lambda: opened.lab.drawing.last.frame.watch.probe_layer == "hidden2")
    watch = opened.lab.drawing.last.frame.watch
    assert (watch.probe_post, watch.hidden[-1]) == (row - 24, row)
    options = opened.page.get_by_label("Layer of the synapse").locator("option")
    expect(options).to_have_text(["input → hidden1", "hidden1 → hidden2", "hidden2 → output"])


def test_a_phone_shows_everything_in_its_width(open_page):
    opened = open_page("?preset=bats-yinyang", width=390, height=844)
    page = opened.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in ("Spike errors", "Output spikes", "Hidden spikes", "Input spikes", "Sample", "Accuracy", "Synapse"):
        plot = page.get_by_role("img", name=re.compile(f"^{name}")).last
        plot.scroll_into_view_if_needed()
        box = plot.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["height"] > 60, (name, box)
