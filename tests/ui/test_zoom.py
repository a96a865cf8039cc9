"""Seeing a part of the time axis of a SuperSpike page closer; see `test_bats_page` for that of BATS."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bokeh.models import Text

from snn_explorer.presets import available_presets
from snn_explorer.superspike.network import Network
from snn_explorer.superspike.parameters import SuperSpikeParameters
from snn_explorer.tasks.pattern import DEFAULT_DT
from snn_explorer.views.superspike import rasters, stack
from snn_explorer.views.superspike.gallery import GALLERY
from snn_explorer.views.superspike.layout import FIRST_SHAPE, arrange_figures
from snn_explorer.views.zoom import LEAST, Part, Zoom
from tests.ui.browser import canvas, drawn, shown_range
from tests.ui.conftest import wait_until

FRAME = """names => ({time: snn_explorer.shown.numbers.time, tables: Object.fromEntries(names.map(name =>
  [name, Object.fromEntries(Object.entries(snn_explorer.shown.tables.get(name)).map(([k, v]) => [k, [...v]]))]))})"""


SHADE = """Bokeh.documents.flatMap(doc => [...doc.all_models])
  .filter(one => one.type === "BoxAnnotation" && one.visible && one.name === null).length"""


def drag(page, name, begin, end):
    """Drag over a plot from one part of its width to another."""
    at = canvas(page, name)

    def shaded_to(part):
        page.mouse.move(at["x"] + part * at["width"], at["y"] + at["height"] / 2)
        return page.evaluate(SHADE)

    shaded_to(begin)
    page.mouse.down()
    wait_until(lambda: shaded_to((begin + end) / 2) and shaded_to(end), page)
    page.mouse.up()


@pytest.mark.browser
def test_every_time_step_of_a_part_is_drawn_while_the_run_plays_and_when_it_is_paused(open_page):
    """Everything is compared with a network of the same seed that nobody looks at."""
    opened = open_page("?preset=fig4&burn_in=0")
    page, lab = opened.page, opened.lab
    opened.wait_until(lambda: opened.numbers()["time"] > 2)
    assert len(drawn(page, "error.output")["x"]) == 1000
    drag(page, "hidden_membrane", 0.4, 0.5)
    opened.wait_until(lambda: lab.zoom.window == pytest.approx((0.2, 0.25), abs=0.005))
    start, end = lab.zoom.window
    for name in ("error", "input", "output", "probe"):
        opened.wait_until(lambda name=name: shown_range(page, name) == [start, end])
    assert {words.x.value for words in lab.drawing.figures["probe"].select(Text)} == {end}
    steps = np.arange(np.floor(start / DEFAULT_DT), np.ceil(end / DEFAULT_DT) + 1)
    opened.wait_until(lambda: len(drawn(page, "error.output")["x"]) == len(steps))
    preset = available_presets()["fig4"]
    network = Network(preset.task(), SuperSpikeParameters(**{**preset.values, "burn_in": 0}))
    seen = page.evaluate(FRAME, ["error.output", "probe_error"])
    assert lab.run.state == "playing"
    while network.time < seen["time"] - 0.01:
        network.advance()
    inside = steps.astype(int)
    expected = network.frame(lab.run.watch)
    for source in seen["tables"]:
        np.testing.assert_allclose(seen["tables"][source]["x"], steps * DEFAULT_DT, rtol=1e-6)
    error = np.array(seen["tables"]["error.output"]["y"], np.float32)
    np.testing.assert_array_equal(error, expected.traces["output_error"][0, inside])

    opened.settle()
    while network.time < lab.run.time - 0.01:
        network.advance()
    expected = network.frame(lab.run.watch)
    np.testing.assert_array_equal(drawn(page, "error.output")["y"], expected.traces["output_error"][0])
    step_on = """document.dispatchEvent(new CustomEvent("snn-explorer-step", {detail: {unit: "time step", by: 1}}))"""
    page.evaluate(step_on)  # goes through what is seen
    first = np.ceil(start / DEFAULT_DT - 1e-6) * DEFAULT_DT
    opened.wait_until(lambda: page.evaluate("snn_explorer.moment") == pytest.approx(first))
    page.keyboard.press("Escape")
    page.keyboard.press("-")
    wider = pytest.approx([start - (end - start) / 2, end + (end - start) / 2])
    opened.wait_until(lambda: shown_range(page, "error") == shown_range(page, "input") == wider)
    at = canvas(page, "input")
    page.mouse.dblclick(at["x"] + 0.5 * at["width"], at["y"] + 3)
    opened.wait_until(lambda: shown_range(page, "error") == shown_range(page, "input") == [0, 0.5])

    page.keyboard.press("b")
    opened.wait_until(lambda: lab.beside.pair and page.evaluate("snn_explorer.shown.tables.has('b:error.output')"))
    drag(page, "b:error", 0.6, 0.8)
    opened.wait_until(lambda: shown_range(page, "error") == pytest.approx([0.3, 0.4], abs=0.01))
    opened.wait_until(lambda: shown_range(page, "b:input") == shown_range(page, "error"))
    page.keyboard.press("2")
    opened.wait_until(lambda: shown_range(page, "error") == shown_range(page, "b:input") == [0, 0.5])


class TestZoom:
    @pytest.fixture
    def figures(self):
        return GALLERY.fresh_figures()

    @pytest.fixture
    def zoom(self, figures):
        axes = [[figures[name] for name in names] for names in (stack.FIGURES, rasters.FIGURES)]
        return Zoom(axes, lambda: None, second=1.0)

    def test_axes_of_the_same_time_go_together(self, figures, zoom):
        figures["output"].x_range.update(start=0.1, end=0.3)
        assert zoom.parts == (Part(0.1, 0.3, 0.5), Part(0.1, 0.3, 0.5))
        assert zoom.window == (0.1, 0.3)
        zoom.by(0.5)
        assert zoom.window == pytest.approx((0.15, 0.25))
        zoom.by(10)
        assert (zoom.window, zoom.parts[1]) == (None, Part(0, 0.5, 0.5))

    def test_a_pattern_longer_than_the_chunk_has_a_part_of_its_own(self, figures, zoom):
        figures["error"].x_range.update(start=0.1, end=0.3)
        arrange_figures(figures, replace(FIRST_SHAPE, period=2.0))
        assert zoom.parts == (Part(0.1, 0.3, 0.5), Part(0, 2.0, 2.0))
        figures["input"].x_range.update(start=1.0, end=1.5)
        arrange_figures(figures, replace(FIRST_SHAPE, period=2.0, hidden_lanes=2))
        assert zoom.parts == (Part(0.1, 0.3, 0.5), Part(1.0, 1.5, 2.0))
        kept = zoom.parts
        zoom.show_all()
        assert zoom.parts == (Part(0, 0.5, 0.5), Part(0, 2.0, 2.0))
        zoom.show(kept)
        assert zoom.parts == kept

    def test_keys_end_at_a_part_that_can_still_be_drawn(self, zoom):
        for _ in range(100):
            zoom.by(0.5)
        start, end = zoom.window
        assert end - start == pytest.approx(LEAST * 0.5)
