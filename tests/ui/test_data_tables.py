"""The tables of the plots: every source has one, and it says what the engine has."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from bokeh.models import GlyphRenderer, Text
from playwright.sync_api import expect

from snn_explorer.views.network_drawing import MOST_LINES
from snn_explorer.views.superspike.gallery import GALLERY
from snn_explorer.views.superspike.labels import LABELS
from snn_explorer.views.superspike.side import FIGURES, VIEWS
from snn_explorer.views.superspike.tables import NOT_IN_TABLES, TABLES
from snn_explorer.views.tables import MOST_ROWS

READ = """table => ({
  note: table.caption.querySelector("small").textContent,
  heads: Array.from(table.tHead.rows[0].cells, cell => cell.textContent),
  scopes: Array.from(table.querySelectorAll("th"), cell => cell.scope),
  rows: Array.from(table.tBodies[0].rows, row => Array.from(row.cells, cell => cell.textContent)),
})"""


def test_everything_that_is_drawn_is_in_a_table_of_its_figure_or_marks_what_a_table_says():
    for name, figure in GALLERY.fresh_figures().items():
        drawn = {
            one.name
            for one in figure.renderers
            if isinstance(one, GlyphRenderer) and not isinstance(one.glyph, Text) and one.name not in NOT_IN_TABLES
        }
        assert {table.source for table in TABLES[name]} == drawn, name


@pytest.mark.parametrize("name", TABLES)
def test_tables_name_columns_that_are_drawn_or_places_of_the_dots(name):
    fields = {"x", "y", "x0", "y0", "x1", "y1", "left", "right", "bottom", "top", "line_width"}
    for table in TABLES[name]:
        for column in table.columns:
            assert column.words
            assert set(column.drawn) <= fields


def texts(page, caption):
    """The table whose caption begins so."""
    return page.get_by_role("table", name=re.compile(f"^{caption}")).evaluate(READ)


def numbers(read):
    """Its cells as numbers."""
    return np.array([[float(cell.replace("−", "-")) for cell in row] for row in read["rows"]])


def open_data(page, words):
    """Open the tables of a plot as a person without a pointer does."""
    page.get_by_role("button", name=f"Data of {words}").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name=f"Data of {words}")).to_be_visible()


def close_data(page):
    """Close them."""
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.browser
class TestTables:
    def test_spikes_and_traces_are_the_engines(self, opened):
        opened.wait_until(lambda: opened.numbers()["time"] > 3)
        opened.settle()
        page, frame = opened.page, opened.lab.drawing.last.frame
        open_data(page, "input spikes")
        read, raster = texts(page, "Input spikes"), frame.rasters["input"]
        order = np.argsort(raster.time, kind="stable")[:MOST_ROWS]
        assert read["heads"] == ["time [s]", "input"]
        assert set(read["scopes"]) == {"col", "row"}
        assert numbers(read)[:, 0] == pytest.approx(raster.time[order], abs=6e-6)
        assert sorted(numbers(read)[:, 1]) == sorted(raster.neuron[order] + 1)
        close_data(page)
        open_data(page, "hidden membranes")
        read = texts(page, "Membranes")
        assert read["heads"] == ["time [s]", *(f"hidden neuron {n} [mV]" for n in (1, 2, 3, 4))]
        membranes = 1e3 * frame.traces["hidden_membrane"]
        n_samples, one_in = membranes.shape[1], math.ceil(membranes.shape[1] / MOST_ROWS)
        shown = membranes[:, ::one_in]
        left_out = n_samples - shown.shape[1]
        assert read["note"] == f"{shown.shape[1]} of {n_samples} rows, one in {one_in}; {left_out} are left out."
        np.testing.assert_allclose(numbers(read)[:, 1:].T, shown, atol=6e-4)
        close_data(page)
        open_data(page, "error")
        error = numbers(texts(page, "Errors fed back"))[:, 1:].T
        wanted = frame.traces["hidden_error"][:, ::one_in]
        # once every target is met, nothing is left of the errors but what the filter still remembers
        np.testing.assert_allclose(error, wanted, atol=max(1e-4 * np.abs(wanted).max(), 1e-6))

    def test_weights_and_the_probe_are_the_engines_the_strongest_first(self, opened):
        opened.wait_until(lambda: opened.numbers()["time"] > 3)
        opened.settle()
        page, frame = opened.page, opened.lab.drawing.last.frame
        open_data(page, "network")
        sizes = []
        for caption, sign in (("Excitatory weights", 1), ("Inhibitory weights", -1)):
            read = texts(page, caption)
            weights = np.array([float(row[2].replace("−", "-")) for row in read["rows"]])
            assert (sign * weights > 0).all()
            assert (np.diff(np.abs(weights)) <= 0).all()
            for (pre, post, _), weight in zip(read["rows"], weights, strict=True):
                (layer, i), (_, j) = (name.split() for name in (post, pre))
                assert weight == pytest.approx(
                    1e3 * frame.matrices[f"{layer}_weights"][int(i) - 1, int(j) - 1], abs=2e-3
                )
            sizes.append(len(weights))
        assert sum(sizes) == 404
        assert texts(page, "The synapse that is watched")["rows"] == [["hidden 1", "output 1"]]
        close_data(page)
        open_data(page, "synapse")
        for name, caption in (("surrogate", "Surrogate"), ("error", "Error e"), ("product", "E · λ")):
            trace = frame.traces[f"probe_{name}"][0]
            wanted = trace[:: math.ceil(len(trace) / MOST_ROWS)]
            found = numbers(texts(page, caption))[:, 1]
            np.testing.assert_allclose(found, wanted, atol=2e-4 * max(np.abs(wanted).max(), 0.1))

    def test_a_large_network_says_how_much_is_left_out(self, open_page):
        opened = open_page("?preset=fig6&n_hidden=256&speed=100")
        page = opened.page
        opened.wait_until(lambda: opened.numbers()["time"] > 2)
        open_data(page, "network")
        # of two layers so many are drawn each, so of one kind there are more than a table has rows
        both = [texts(page, caption) for caption in ("Excitatory weights", "Inhibitory weights")]
        read = max(both, key=lambda each: len(each["rows"]))
        assert len(read["rows"]) == MOST_ROWS < MOST_LINES
        assert re.fullmatch(rf"The strongest {MOST_ROWS} of \d+ rows; \d+ are left out\.", read["note"])

    def test_every_plot_has_a_table_and_a_sentence(self, opened):
        opened.wish(opened.lab.set_speed, None)
        opened.wait_until(lambda: opened.numbers()["time"] > 30)
        page = opened.page
        beside = {name for names in FIGURES.values() for name in names}
        for name in [name for name in LABELS if name not in beside]:
            open_data(page, LABELS[name].in_a_sentence)
            expect(page.get_by_role("table").first).to_be_visible()
            expect(page.locator(f"p.reader[data-text={name}]")).to_have_text(re.compile(r"\w.*\.$"))
            close_data(page)
        for view, title in VIEWS.items():
            page.get_by_role("tab", name=title).click()
            expect(page.locator(f"p.reader[data-text={view}]")).to_have_text(re.compile(r"\w.*\.$"))
            page.get_by_role("button", name=f"Data of {title.lower()}").click()
            expect(page.get_by_role("table")).not_to_have_count(0)
            assert page.get_by_role("table").count() >= len(FIGURES[view])
            close_data(page)

    def test_histograms_and_the_curve_are_the_engines_and_are_renewed(self, opened):
        opened.wish(opened.lab.set_speed, 20.0)
        opened.wait_until(lambda: opened.numbers()["time"] > 30)
        page = opened.page
        page.get_by_role("tab", name="Firing").click()
        opened.wait_for_frames()
        opened.settle()
        live = opened.lab.drawing.last
        page.get_by_role("button", name="Data of firing").focus()
        page.keyboard.press("Enter")
        rate = live.firing.histograms()[0]
        middle, there = (rate.edges[:-1] + rate.edges[1:]) / 2, rate.counts > 0
        np.testing.assert_allclose(numbers(texts(page, "Firing rates")).T, [middle[there], rate.counts[there]])
        close_data(page)
        open_data(page, "learning curve")
        first = numbers(texts(page, "Cost of this run"))
        stride = -(-live.curve_time.size // MOST_ROWS)
        np.testing.assert_allclose(first[:, 0], live.curve_time[::stride], atol=6e-3)
        np.testing.assert_allclose(first[:, 1], np.maximum(live.curve_cost[::stride], 0.01), atol=6e-4)
        opened.wish(opened.lab.step, "chunk")
        opened.wait_until(lambda: opened.lab.drawing.last.curve_time.size > live.curve_time.size)
        opened.settle()
        page.get_by_role("button", name="Renew").click()
        assert f"{opened.lab.drawing.last.curve_time.size} rows" in texts(page, "Cost of this run")["note"]
        page.get_by_role("button", name="Close", exact=True).click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_role("button", name="Data of learning curve")).to_be_focused()
