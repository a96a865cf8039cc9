"""Two runs side by side in a real browser: in step, on the same axes, and gone without a trace."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

from snn_explorer.live import scheduler
from snn_explorer.live.packing import thinned
from snn_explorer.presets import available_presets
from snn_explorer.views import address, theme
from snn_explorer.views.differences import Measure, compared, named
from snn_explorer.views.session import sessions
from snn_explorer.views.superspike.drawing import SuperSpikeDrawing
from snn_explorer.views.superspike.gallery import TIMED
from snn_explorer.views.superspike.layout import Shape
from tests.ui.browser import drawn, shown_range
from tests.ui.frames import live_frame

PRESETS = available_presets()
SOURCES = (
    "error.output", "error.hidden", "output.spikes", "output.targets", "output_membrane.trace", "hidden.spikes",
    "hidden_membrane.trace", "hidden_membrane.threshold", "input.spikes",
)  # fmt: skip

COLOUR = """name => {
  const all = Bokeh.documents.flatMap(doc => [...doc.all_models])
  const figure = all.find(one => one.type === "Figure" && one.name === name)
  return figure.renderers.find(one => one.name === "error.output").glyph.line_color.value
}"""

LOCATION = """name => {
  const all = Bokeh.documents.flatMap(doc => [...doc.all_models])
  const figure = all.find(one => one.type === "Figure" && one.name === name)
  const tool = figure.toolbar.tools.find(one => one.type === "CrosshairTool")
  return [tool.overlay.id, tool.overlay.location]
}"""


@pytest.fixture
def settled(open_page):
    """Open two runs, let them learn, pause them, and wait until the browser shows their last frames."""

    def opening(query="", seconds=3.0, **size):
        opened = open_page(f"?beside=1&speed=max{query}", **size)
        settle(opened, seconds)
        return opened

    return opening


def settle(opened, seconds):
    pair = opened.lab.beside.pair
    opened.wait_until(lambda: pair.first.time >= seconds)
    opened.lab.run.pause()
    opened.wait_until(lambda: pair.first.time == pair.second.time and pair.state == "paused")
    opened.wait_until(lambda: [live.frame.time for live in opened.lab.drawing.lives] == [pair.first.time] * 2)
    opened.wait_until(lambda: opened.numbers()["time"] == np.float32(pair.first.time))


class TestWords:
    """What is said about both."""

    def test_numbers_are_told_of_both_with_their_units(self):
        now = [Measure("cost", "4.3"), Measure("hidden rate", "96", "Hz"), Measure("accuracy", "3", "%")]
        then = [Measure("cost", "0.5"), Measure("hidden rate", "7", "Hz")]
        assert compared(now, then) == "cost 4.3 against 0.5, hidden rate 96 Hz against 7 Hz"

    def test_as_many_parameters_are_named_as_there_is_room_for(self):
        preset, other = PRESETS["fig4"], {"rho": 0.0, "seed": 1, "learning": True, "feedback": "symmetric"}
        values = {"rho": 2.0, "seed": 5, "learning": False, "feedback": "random"}
        assert named(preset, values, preset, other, most=2).endswith(", seed 5, 2 more")
        assert named(preset, values, preset, other, most=4).endswith(", seed 5, learning off, random feedback")
        assert named(preset, values, preset, values, most=2) == "same settings"

    def test_costs_are_those_after_the_same_learning_time(self):
        drawing = SuperSpikeDrawing(lambda _serial: None, PRESETS["fig4"])
        first = replace(
            live_frame(hidden_rate_hz=7.4),
            curve_time=np.array([0, 10, 20], np.float32),
            curve_cost=np.array([10, 6, 0], np.float32),
        )
        second = live_frame(hidden_rate_hz=96.0)  # it has learned for 10 s
        values = second.values | {"feedback": "random"}
        second = replace(second, curve_cost=np.array([10, 5, 4.25], np.float32), values=values)
        drawing.open_twins()
        update = drawing.compose((first, second))
        assert update.texts is not None
        assert update.texts["versus"] == ("B, random feedback: cost 4.2 against 6, hidden rate 96 Hz against 7 Hz.")
        assert (update.texts["head_a"], update.texts["head_b"]) == ("symmetric feedback", "random feedback")


class TestFigures:
    """What both are drawn on."""

    def test_ranges_fit_both_runs(self):
        drawing = SuperSpikeDrawing(lambda _serial: None, PRESETS["fig4"])
        drawing.open_twins()
        small, large = live_frame(4), live_frame(8)
        large.frame.traces["output_error"][:] *= np.float32(1e3)
        largest = float(np.abs(large.frame.traces["output_error"]).max())
        drawing.show(drawing.compose((small, large)))
        for name in TIMED:
            assert drawing.twins[name].y_range is drawing.figures[name].y_range
            assert drawing.twins[name].x_range is drawing.figures[name].x_range
        assert drawing.figures["error"].y_range.end > largest
        assert drawing.figures["hidden"].y_range.end > 7
        assert drawing.figures["hidden"].yaxis[0].major_label_overrides == {0: "1", 7: "8"}
        assert drawing.twins["hidden"].yaxis[0].major_label_overrides == {0: "1", 7: "8"}

    def test_errors_fed_back_are_magnified_alike(self):
        drawing = SuperSpikeDrawing(lambda _serial: None, PRESETS["fig4"])
        small, large = live_frame(4), live_frame(4)
        large.frame.traces["hidden_error"][:] *= np.float32(50)
        columns = drawing.compose((small, large)).columns
        for source, live in (("error.hidden", small), ("b:error.hidden", large)):
            shown = columns[source]["y"]
            wanted = thinned(live.frame.traces["hidden_error"], 1000).reshape(-1)
            factor = shown[~np.isnan(shown)] / wanted
            np.testing.assert_allclose(factor, factor[0], rtol=1e-4)
            assert np.abs(shown[~np.isnan(shown)]).max() <= 110
        assert drawing.compose(small).columns.keys() == {name for name in columns if not name.startswith("b:")}

    def test_the_shape_has_room_for_the_larger_network(self):
        alone, with_hidden = live_frame(0), live_frame(6)
        shape = Shape.of(alone, with_hidden)
        assert shape.layers == {"input": 100, "hidden": 6, "output": 1}
        assert list(shape.layers) == ["input", "hidden", "output"]
        assert (shape.hidden_lanes, shape.output_lanes) == (4, 1)


class TestAddress:
    """The link to both."""

    def test_it_holds_what_differs(self):
        preset = PRESETS["fig4"]
        values = dict(preset.values) | {"seed": 3, "feedback": "random", "rho": 0.5}
        second = values | {"feedback": "uniform", "rho": 1.0}
        query = address.write(preset, values, 10.0, projector=False, second=second)
        read = {name: found[0] for name, found in parse_qs(query[1:]).items()}
        assert {name: text for name, text in read.items() if name.startswith("b.")} == {
            "b.feedback": "uniform", "b.rho": "1.0",
        }  # fmt: skip
        asked = address.read(read, PRESETS)
        assert (asked.beside, asked.second, asked.faults) == (True, {"feedback": "uniform", "rho": 1.0}, [])
        assert asked.values["rho"] == 0.5

    def test_one_run_has_none_of_it(self):
        query = address.write(PRESETS["fig4"], {"seed": 1}, 10.0, projector=False)
        assert "beside" not in query
        assert not address.read({"preset": "fig4"}, PRESETS).beside

    def test_what_cannot_be_used_is_named(self):
        asked = address.read({"beside": "1", "b.feedback": "sideways", "b.seed": "2"}, PRESETS)
        (fault,) = asked.faults
        assert "sideways" in fault
        assert asked.second == {"seed": 2}


@pytest.mark.browser
def test_the_same_settings_draw_the_same_bits(settled):
    opened = settled()
    for source in SOURCES:
        first, second = drawn(opened.page, source), drawn(opened.page, f"b:{source}")
        assert first["x"].size > 0
        for column, values in first.items():
            np.testing.assert_array_equal(values, second[column], err_msg=f"{source}/{column}")
    cost, beside = drawn(opened.page, "curve.cost"), drawn(opened.page, "curve.beside")
    np.testing.assert_array_equal(cost["y"], beside["y"])
    expect(opened.page.locator("[data-text=head_b]")).to_have_text("same settings")


@pytest.mark.browser
def test_a_change_acts_on_b_and_the_sentence_tells_both_engines_numbers(open_page):
    opened = open_page("?speed=max")
    page = opened.page
    opened.settle()
    page.get_by_role("button", name=re.compile("^Side by side")).first.click()
    expect(page.get_by_role("radio", name="B", exact=True)).to_be_checked()
    page.get_by_role("radio", name="random").click()
    pair = opened.wait_until(lambda: opened.lab.beside.pair)
    opened.wait_until(lambda: pair.second.values["feedback"] == "random")
    assert pair.first.values["feedback"] == "symmetric"
    opened.wait_until(lambda: pair.first.time == pair.second.time < 0)
    opened.lab.run.play()
    settle(opened, 15.0)
    first, second = opened.lab.drawing.lives
    numbers = [(live.frame.numbers["cost"], live.frame.numbers["hidden_rate_hz"]) for live in (first, second)]
    (cost_a, rate_a), (cost_b, rate_b) = numbers
    assert (cost_a, rate_a) != (cost_b, rate_b)
    expect(page.locator("[data-text=versus]")).to_have_text(
        f"B, random feedback: cost {cost_b:.2g} against {cost_a:.2g}, hidden rate {rate_b:.0f} Hz against "
        f"{rate_a:.0f} Hz."
    )
    for source, live in (("output.spikes", first), ("b:output.spikes", second)):
        np.testing.assert_array_equal(drawn(page, source)["x"], live.frame.rasters["output"].time)
    for source, live in (("error.output", first), ("b:error.output", second)):
        np.testing.assert_array_equal(drawn(page, source)["y"], live.frame.traces["output_error"][0])
    np.testing.assert_allclose(drawn(page, "curve.beside")["y"], np.maximum(second.curve_cost, 0.01), rtol=1e-6)
    assert opened.numbers()["cost"] == np.float32(cost_b)


@pytest.mark.browser
def test_the_drawer_shows_and_changes_the_run_that_is_chosen(settled):
    opened = settled("&b.feedback=random")
    page, pair = opened.page, opened.lab.beside.pair
    feedback = page.get_by_role("radiogroup", name="Feedback")
    expect(page.get_by_role("radio", name="random")).to_be_checked()
    expect(feedback).to_have_accessible_description(re.compile("^A has sym"))
    page.get_by_role("radio", name="A", exact=True).click()
    expect(page.get_by_role("radio", name="sym")).to_be_checked()
    expect(feedback).to_have_accessible_description(re.compile("^B has random"))
    expect(page.locator("[data-text=whose]").first).to_have_text("A")
    page.get_by_role("radio", name="uniform").click()
    opened.wait_until(lambda: pair.first.values["feedback"] == "uniform")
    assert pair.second.values["feedback"] == "random"
    page.get_by_role("radio", name="random").click()
    expect(feedback).not_to_have_accessible_description(re.compile("has"))


@pytest.mark.browser
def test_a_link_restores_both_on_the_same_axes_with_one_cursor(settled):
    opened = settled("&b.feedback=random&b.n_hidden=9&rho=0.5")
    page, pair = opened.page, opened.lab.beside.pair
    assert (pair.first.values["feedback"], pair.second.values["feedback"]) == ("symmetric", "random")
    assert (pair.first.values["n_hidden"], pair.second.values["n_hidden"]) == (4, 9)
    assert pair.first.values["rho"] == pair.second.values["rho"] == 0.5
    opened.wait_until(lambda: "b.n_hidden=9" in page.url)
    query = parse_qs(urlsplit(page.url).query)
    assert query["beside"] == ["1"]
    assert {name for name in query if name.startswith("b.")} == {"b.feedback", "b.n_hidden"}
    for name in TIMED:
        for axis in ("x_range", "y_range"):
            assert shown_range(page, name, axis) == shown_range(page, f"b:{name}", axis)
    assert shown_range(page, "hidden", "y_range")[1] > 8
    box = page.get_by_role("img", name=re.compile("^Run B, error")).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    opened.wait_until(lambda: page.evaluate(LOCATION, "b:error")[1] is not None)
    shared, place = page.evaluate(LOCATION, "b:error")
    assert page.evaluate(LOCATION, "error") == [shared, place]
    assert 0.1 < place < 0.4


@pytest.mark.browser
def test_reset_and_presets_are_for_both(settled):
    opened = settled("&b.seed=4")
    pair = opened.lab.beside.pair
    opened.page.keyboard.press("r")
    opened.wait_until(lambda: pair.first.time == pair.second.time < 0)
    opened.wish(opened.lab.choose, "fig2")
    other = opened.wait_until(lambda: opened.lab.beside.pair is not pair and opened.lab.beside.pair)
    assert pair.first.closed
    assert pair.second.closed
    assert other.first.preset.key == other.second.preset.key == "fig2"
    assert other.first.values == other.second.values
    opened.wait_until(lambda: opened.lab.drawing.lives[-1].frame.time > 1)
    first, second = opened.lab.drawing.lives
    assert first.frame.time == second.frame.time


@pytest.mark.browser
def test_ending_it_leaves_the_first_run_and_nothing_else(open_page):
    opened = open_page("?speed=max")
    page, lab = opened.page, opened.lab
    opened.wait_for_frames()
    before, models = scheduler().runs, len(lab.document.models)
    page.keyboard.press("b")
    pair = opened.wait_until(lambda: lab.beside.pair)
    assert pair in scheduler().runs
    opened.wait_until(lambda: len(lab.drawing.lives) == 2 and lab.run.time > 2)
    assert len(lab.document.models) > models
    reached = lab.run.time
    page.get_by_role("button", name=re.compile("^End B")).first.click()
    opened.wait_until(lambda: lab.beside.pair is None)
    assert pair.second.closed
    assert scheduler().runs == before == (lab.run,)
    opened.wait_until(lambda: len(lab.drawing.lives) == 1 and lab.drawing.last.frame.time > reached)
    opened.wait_until(lambda: len(lab.document.models) == models)
    expect(page.get_by_role("img", name=re.compile("^Run B"))).to_have_count(0)
    expect(page.get_by_role("radio", name="B", exact=True)).to_be_hidden()
    assert drawn(page, "curve.beside")["x"].size == 0
    opened.wait_until(lambda: "beside" not in page.url)


@pytest.mark.browser
def test_what_is_taken_away_is_of_the_run_whose_settings_are_shown(settled):
    opened = settled("&preset=fig4&burn_in=0&b.feedback=random")
    page = opened.page
    page.keyboard.press("t")
    dialog = page.get_by_role("dialog", name="Take away")
    expect(dialog.get_by_label("Command", exact=True)).to_contain_text("--set feedback=random")
    choice = dialog.get_by_label("Which figure")
    spikes = {}
    for stack in ("all plots over time", "all plots over time, run B"):
        choice.select_option(label=stack)
        with page.expect_download() as caught:
            dialog.get_by_role("button", name="SVG", exact=True).click()
        spikes[caught.value.suggested_filename] = caught.value.path().read_text()
    assert list(spikes) == [f"snn-explorer-fig4-seed1-{stack}.svg" for stack in ("stack", "stack_b")]
    one, other = (svg.count("<path") for svg in spikes.values())
    assert one > 100
    assert other > 100
    assert len(set(spikes.values())) == 2
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("radio", name="A", exact=True).click()
    opened.wait_until(lambda: opened.lab.drawing.chosen == 0)
    page.keyboard.press("t")
    command = dialog.get_by_label("Command", exact=True)
    expect(command).to_contain_text("preset-fig4")
    expect(command).not_to_contain_text("feedback")


@pytest.mark.browser
def test_the_session_ends_both(settled):
    opened = settled()
    pair = opened.lab.beside.pair
    sessions.close()
    assert pair.first.closed
    assert pair.second.closed
    assert scheduler().runs == ()


@pytest.mark.browser
def test_on_a_phone_b_is_below_a_in_the_same_colours_and_nothing_overflows(settled):
    opened = settled("&b.feedback=random&theme=dark", width=390, height=844)
    page = opened.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    outputs = [page.get_by_role("img", name=re.compile(name)) for name in ("^Output spikes", "^Run B, output spikes")]
    first, second = (output.bounding_box() for output in outputs)
    assert second["y"] >= first["y"] + first["height"]
    assert (second["x"], second["width"]) == (first["x"], first["width"])
    assert second["x"] + second["width"] <= 390
    for name in ("error", "b:error"):
        assert page.evaluate(COLOUR, name) == theme.SHADES["dark"]["error"]


@pytest.mark.browser
def test_two_bats_runs_answer_the_same_sample_and_their_accuracies_and_spikes_are_told(settled):
    opened = settled("&preset=bats-feedback&b.n_max=1,1", 1000)
    page, (first, second) = opened.page, opened.lab.drawing.lives
    assert first.frame.numbers["sample"] == second.frame.numbers["sample"]
    np.testing.assert_array_equal(drawn(page, "input.spikes")["x"], drawn(page, "b:input.spikes")["x"])
    for source, live in (("output.spikes", first), ("b:output.spikes", second)):
        np.testing.assert_allclose(drawn(page, source)["x"], 1e3 * live.frame.rasters["output"].time, rtol=1e-6)
    assert np.bincount(second.frame.rasters["output"].neuron.astype(int)).max() == 1
    for source, live in (("accuracy.training", first), ("accuracy.beside", second)):
        np.testing.assert_allclose(drawn(page, source)["y"], 100 * live.curves["accuracy"][1], rtol=1e-6)
    now = [
        {name: float(value[-1]) for name, (_, value) in live.curves.items() if value.size} for live in (first, second)
    ]
    (right_a, spikes_a), (right_b, spikes_b) = ((100 * one["accuracy"], one["hidden"] + one["output"]) for one in now)
    assert spikes_b < spikes_a
    expect(page.locator("[data-text=versus]")).to_have_text(
        f"B, spike budget 1, 1: right answers {right_b:.0f} % against {right_a:.0f} %, spikes a sample {spikes_b:.0f} "
        f"against {spikes_a:.0f}."
    )
    page.get_by_role("button", name="Data of run B, output spikes").focus()
    page.keyboard.press("Enter")
    rows = page.get_by_role("table", name=re.compile("^Output spikes")).get_by_role("row")
    expect(rows).to_have_count(1 + len(second.frame.rasters["output"].time))


@pytest.mark.browser
def test_each_run_has_changes_of_its_own_to_take_back(settled):
    opened = settled("&b.feedback=random")
    page, pair = opened.page, opened.lab.beside.pair
    undo = page.get_by_role("button", name=re.compile("^Undo"))
    page.get_by_role("radio", name="uniform").click()
    opened.wait_until(lambda: pair.second.values["feedback"] == "uniform")
    page.get_by_role("radio", name="A", exact=True).click()
    expect(page.get_by_role("radio", name="sym")).to_be_checked()
    expect(undo).to_be_disabled()
    page.get_by_role("radio", name="B", exact=True).click()
    expect(undo).to_be_enabled()
    page.keyboard.press("Control+z")
    opened.wait_until(lambda: pair.second.values["feedback"] == "random")
    expect(page.get_by_role("radio", name="random")).to_be_checked()
    assert pair.first.values["feedback"] == "symmetric"
    expect(undo).to_be_disabled()


@pytest.mark.browser
def test_an_earlier_frame_of_both_is_drawn_and_none_outlives_the_second_run(settled):
    opened = settled("&b.feedback=random")
    page = opened.page
    page.keyboard.press("ArrowRight")
    opened.wait_until(lambda: page.evaluate("snn_explorer.minute.frames.length > 1"))
    page.keyboard.press(",")
    opened.wait_until(lambda: page.evaluate("snn_explorer.shown !== snn_explorer.minute.newest"))
    for source in ("output.spikes", "b:output.spikes"):
        kept = page.evaluate("name => Array.from(snn_explorer.shown.tables.get(name).x)", source)
        np.testing.assert_array_equal(drawn(page, source)["x"], np.array(kept, np.float32))
    page.keyboard.press("b")
    opened.wait_until(lambda: len(opened.lab.drawing.lives) == 1)
    opened.wait_until(lambda: not page.evaluate("snn_explorer.shown.tables.has('b:output.spikes')"))
    kept = page.evaluate("snn_explorer.minute.frames.map(frame => frame.tables.has('b:output.spikes'))")
    assert kept
    assert not any(kept)
