"""The page in a real browser: it opens, learns, draws what the engine has, and obeys."""

from __future__ import annotations

import gc
import logging
import math
import os
import re
import weakref
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import numpy as np
import pytest
from playwright.sync_api import expect

from snn_explorer import views
from snn_explorer.live import Run
from snn_explorer.live.learner import computed_on
from snn_explorer.views.session import sessions
from tests.ui.browser import drawn

pytestmark = pytest.mark.browser


def signals(column):
    """The signals of a trace, which NaN separates."""
    parts = np.split(column, np.flatnonzero(np.isnan(column)))
    return [part[~np.isnan(part)] for part in parts if not np.isnan(part).all()]


def test_it_opens_already_learning(opened):
    first = opened.numbers()["time"]
    opened.wait_until(lambda: opened.numbers()["time"] > max(first, 0) + 5)
    expect(opened.page.get_by_text("SNN Explorer").first).to_be_visible()
    expect(opened.page.locator(".device")).to_have_text(computed_on())


def test_the_learning_curve_falls(opened):
    opened.wish(opened.lab.set_speed, None)
    opened.wait_until(lambda: opened.numbers()["time"] > 200)
    opened.settle()
    cost = drawn(opened.page, "curve.cost")["y"]
    assert cost[-1] < cost[0] / 10


def test_drawn_values_are_the_engines(shared):
    live = shared.lab.drawing.last
    frame, page = live.frame, shared.page
    for source, raster in (("input", "input"), ("hidden", "hidden"), ("output", "output")):
        columns = drawn(page, f"{source}.spikes")
        np.testing.assert_array_equal(columns["x"], frame.rasters[raster].time)
        np.testing.assert_array_equal(columns["y"], frame.rasters[raster].neuron)
    np.testing.assert_array_equal(drawn(page, "output.targets")["x"], frame.rasters["target"].time)
    np.testing.assert_array_equal(drawn(page, "error.output")["y"], frame.traces["output_error"][0])
    voltage = frame.traces["output_membrane"][0] * 1e3
    np.testing.assert_allclose(drawn(page, "output_membrane.trace")["y"], voltage, rtol=1e-6)
    np.testing.assert_array_equal(drawn(page, "curve.cost")["x"], live.curve_time)
    np.testing.assert_allclose(drawn(page, "curve.cost")["y"], np.maximum(live.curve_cost, 0.01), rtol=1e-6)


def test_hidden_membranes_and_fed_back_errors_are_the_engines(shared):
    frame, page = shared.lab.drawing.last.frame, shared.page
    wanted = frame.traces["hidden_membrane"] * 1e3
    lanes = signals(drawn(page, "hidden_membrane.trace")["y"])
    for place, (lane, voltage) in enumerate(zip(lanes, wanted, strict=True)):
        offset = lane - voltage
        np.testing.assert_allclose(offset, offset[0], atol=1e-3)
        assert offset[0] == pytest.approx(place * (lanes[1] - wanted[1])[0], abs=1e-3)
    errors = frame.traces["hidden_error"]
    factor = shared.numbers()["feedback_magnification"]
    for shown, error in zip(signals(drawn(page, "error.hidden")["y"]), errors, strict=True):
        np.testing.assert_allclose(shown, error * factor, rtol=1e-4, atol=1e-6)


def test_numbers_and_weights_are_the_engines(shared):
    frame = shared.lab.drawing.last.frame
    shown = shared.numbers()
    assert shown["time"] == pytest.approx(frame.time)
    for name in ("cost", "hidden_rate_hz", "output_rate_hz", "matched", "missing", "extra"):
        assert shown[name] == pytest.approx(frame.numbers[name], rel=1e-6)
    assert shown["probe_weight"] == pytest.approx(1e3 * frame.numbers["probe_weight"], rel=1e-6)
    lines = [drawn(shared.page, f"network.{sign}") for sign in ("excitatory", "inhibitory")]
    positive = sum(int((frame.matrices[name] > 0).sum()) for name in ("hidden_weights", "output_weights"))
    total = sum(frame.matrices[name].size for name in ("hidden_weights", "output_weights"))
    assert [len(columns["x0"]) for columns in lines] == [positive, total - positive]


def test_the_feedback_control_reaches_the_engine(opened):
    opened.page.get_by_role("radio", name="random").check()
    opened.wait_until(lambda: opened.lab.drawing.last.values["feedback"] == "random")
    opened.page.get_by_role("radio", name="uniform").check()
    opened.wait_until(lambda: opened.lab.drawing.last.values["feedback"] == "uniform")
    opened.settle()
    output = drawn(opened.page, "error.output")["y"]
    factor = opened.numbers()["feedback_magnification"]
    expect(opened.page.locator("[data-number=feedback_magnification]")).to_have_text(f"{factor:g}")
    for error in signals(drawn(opened.page, "error.hidden")["y"]):
        # the hidden units hear of it one time step later
        np.testing.assert_allclose(np.abs(error).max(), np.abs(factor * output).max(), rtol=0.05)
        assert np.corrcoef(error, output)[0, 1] > 0.99


def test_the_regulariser_control_reaches_the_engine(opened):
    slider = opened.page.get_by_role("slider", name="Regulariser strength")
    slider.focus()
    for _ in range(20):
        opened.page.keyboard.press("ArrowRight")
    opened.wait_until(lambda: opened.lab.drawing.last.values["rho"] == pytest.approx(0.5))
    opened.wait_until(lambda: "rho=0.5" in opened.page.url)


def test_a_value_can_be_typed_and_a_wrong_one_is_kept_and_explained(opened):
    field = opened.page.get_by_role("textbox", name="Learning rate")
    field.fill("2,5")
    field.press("Enter")
    opened.wait_until(lambda: opened.lab.run.values["learning_rate"] == pytest.approx(2.5e-3))
    field.fill("5000")
    field.press("Enter")
    expect(opened.page.get_by_text("5000 mV cannot be used; a number from 0 to 100 mV can.")).to_be_visible()
    expect(field).to_have_value("5000")
    opened.wait_for_frames()
    expect(field).to_have_value("5000")
    assert opened.lab.run.values["learning_rate"] == pytest.approx(2.5e-3)


def test_pause_stops_and_step_advances_one_chunk(opened):
    page = opened.page
    page.get_by_role("button", name="Play or pause").click()
    opened.wait_until(lambda: opened.lab.run.state == "paused")
    opened.settle()
    before = opened.numbers()["time"]
    page.wait_for_timeout(500)
    assert opened.numbers()["time"] == before
    page.get_by_role("button", name="Advance by one chunk").click()
    opened.wait_until(lambda: opened.numbers()["time"] == pytest.approx(before + 0.5))
    page.wait_for_timeout(500)
    assert opened.numbers()["time"] == pytest.approx(before + 0.5)


def test_reset_gives_the_same_curve_again(opened):
    def curve():
        opened.settle()
        columns = drawn(opened.page, "curve.cost")
        return dict(zip(columns["x"].tolist(), columns["y"].tolist(), strict=True))

    opened.wait_until(lambda: opened.numbers()["time"] > 10)
    first = curve()
    opened.page.get_by_role("button", name="Start anew").click()
    opened.wait_until(lambda: opened.numbers()["time"] < 0)
    opened.lab.run.play()
    opened.wait_until(lambda: opened.numbers()["time"] > 10)
    second = curve()
    common = [time for time in first if time in second and time < 10]
    assert len(common) > 5
    assert [first[time] for time in common] == [second[time] for time in common]


def test_tapping_the_network_chooses_a_synapse(opened):
    opened.settle()
    opened.page.get_by_role("img", name=re.compile("^Network")).click(position={"x": 100, "y": 130})
    watch = opened.wait_until(lambda: (w := opened.lab.drawing.last.frame.watch).probe_layer == "hidden" and w)
    expect(opened.page.get_by_label("Presynaptic neuron")).to_have_value(str(watch.probe_pre + 1))


def test_choosing_a_synapse_by_numbers(opened):
    opened.page.get_by_label("Layer of the synapse").select_option("hidden")
    field = opened.page.get_by_label("Presynaptic neuron")
    field.fill("7")
    field.press("Enter")
    opened.wait_until(lambda: opened.lab.drawing.last.frame.watch.probe_pre == 6)
    assert opened.lab.drawing.last.frame.watch.probe_layer == "hidden"


def test_another_preset_starts_another_network(opened):
    opened.page.keyboard.press("2")
    opened.wait_until(lambda: opened.lab.run.preset.key == "fig2")
    opened.wait_until(lambda: "hidden_weights" not in opened.lab.drawing.last.frame.matrices)
    opened.wait_until(lambda: "preset=fig2" in opened.page.url)
    expect(opened.page.get_by_role("img", name="Hidden membranes")).to_be_hidden()
    opened.page.keyboard.press("3")
    opened.wait_until(lambda: "hidden_weights" in opened.lab.drawing.last.frame.matrices)
    expect(opened.page.get_by_role("img", name="Hidden membranes")).to_be_visible()


def test_weights_that_are_no_numbers_are_a_plain_sentence_and_reset_mends_it(opened):
    opened.lab.run._driver._learner.network.output.weights[:] = float("nan")
    expect(opened.page.get_by_role("alert").filter(has_text="set")).to_be_visible()
    assert opened.lab.run.state == "faulted"
    opened.page.get_by_role("button", name="Start anew").click()
    opened.wait_until(lambda: opened.lab.run.state == "playing")
    opened.wait_for_frames()
    expect(opened.page.get_by_role("alert").filter(has_text="set")).to_be_hidden()


def test_the_theme_reaches_the_plots(opened):
    ink = """() => Bokeh.documents.flatMap(doc => [...doc.all_models])
      .find(one => one.type === "GlyphRenderer" && one.name === "input.spikes").glyph.line_color.value"""
    light = opened.page.evaluate(ink)
    opened.page.get_by_role("button", name="Toggle theme").click()
    opened.wait_until(lambda: opened.page.evaluate(ink) != light)


def test_a_closed_page_leaves_nothing_behind(opened):
    lab = opened.lab
    opened.page.goto("about:blank")
    opened.wait_until(lambda: lab not in sessions.open and lab.run.closed)
    # news that were on their way then
    lab.client.run = Run(lab.run.preset)
    lab.client.painted(0)
    lab.client.step(math.inf, 0.0)
    assert lab.client._told[0] == "paused"


@pytest.fixture
def no_logging():
    """Pytest keeps every log record until a test ends, and a record what it is about."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("no_logging")
def test_what_a_closed_page_had_is_freed(open_page):
    opened = open_page()
    lab = weakref.ref(opened.lab)
    opened.lab = None
    opened.page.goto("about:blank")
    opened.wait_until(lambda: gc.collect() >= 0 and lab() is None)


def test_screenshot_for_the_readme(open_page, tmp_path):
    """Goes to docs/ only when SNN_EXPLORER_SCREENSHOT is set, so that a test run changes no file of the project."""
    opened = open_page()
    hint = opened.page.get_by_role("button", name="Close this hint").first
    while hint.count():
        hint.click()
    opened.page.mouse.move(551, 450)  # the cursor through all plots, at the first target
    opened.wait_until(lambda: opened.numbers()["time"] > 33)
    docs = Path(__file__).parents[2] / "docs"
    folder = docs if "SNN_EXPLORER_SCREENSHOT" in os.environ else tmp_path
    opened.page.screenshot(path=folder / "screenshot.png")
    n_bytes = (folder / "screenshot.png").stat().st_size
    assert n_bytes > 0.5 * (docs / "screenshot.png").stat().st_size, "much simpler than the one in the README"


def test_each_module_of_the_page_is_fetched_once_as_it_is_and_named_by_its_content(opened):
    loaded = opened.page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    ours = [urlsplit(address) for address in loaded if ".mjs" in address]
    files = {file.name: file for file in Path(views.__file__).parent.rglob("*.mjs")}
    names = [Path(address.path).name for address in ours]
    assert len(names) == len(set(names)) > 10
    assert sum("panel-material-ui.bundle.js" in address for address in loaded) == 1
    for address in ours:
        content = files[Path(address.path).name].read_bytes()
        assert address.query == f"v={sha256(content).hexdigest()[:12]}"
        with urlopen(address.geturl()) as answer:
            assert answer.read() == content
