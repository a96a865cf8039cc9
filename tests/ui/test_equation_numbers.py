"""Why did this weight change? The numbers below the rule are the engine's, whatever was tapped."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from playwright.sync_api import expect

from snn_explorer.engine import Raster, Watch
from snn_explorer.presets import available_presets
from snn_explorer.views import network_drawing
from snn_explorer.views.picking import nearest_spike, picked
from snn_explorer.views.superspike.drawing import SuperSpikeDrawing
from snn_explorer.views.superspike.watching import Watching
from snn_explorer.views.superspike.why import FACTORS, Question, Why, in_chunk, on_rasters
from snn_explorer.views.synapse import synapse_at
from tests.ui.frames import N_SAMPLES, live_frame


def asked(live, question):
    """What is answered to a question about a frame: numbers and words."""
    why = Why()
    why.question = question
    why.look(live)
    return why.numbers(live.frame), why.sentence(live)


class TestWhy:
    def test_of_the_chunk_the_numbers_are_the_rules(self):
        live = live_frame()
        shown, _ = asked(live, Question())
        assert shown == {"chunk_rate": 100.0, "chunk_integral": 0.015, "chunk_regulariser": 0.005}
        rule = shown["chunk_rate"] * (shown["chunk_integral"] - shown["chunk_regulariser"])
        assert rule == pytest.approx(1e3 * live.frame.numbers["probe_change"])

    def test_of_a_moment_they_are_the_factors_at_that_time(self):
        live = live_frame()
        shown, _ = asked(live, Question(0.2))
        step = round(0.2 / 0.5 * N_SAMPLES)
        assert shown == {f"moment_{name}": live.frame.traces[f"probe_{name}"][0, step] for name in FACTORS}

    def test_a_moment_of_a_long_pattern_is_taken_when_the_chunk_has_it_and_kept(self):
        live = live_frame(period=2.0, now=0.25)  # the chunk is from 1.75 to 0.25
        assert in_chunk(live, 1.85) == pytest.approx(0.1)
        assert in_chunk(live, 0.05) == pytest.approx(0.3)
        assert in_chunk(live, 1.0) is None
        assert on_rasters(live, 0.3) == pytest.approx(0.05)
        why = Why()
        why.question = Question(0.05)
        why.look(replace(live, sweep=replace(live.sweep, now=1.25)))
        assert why.numbers(live.frame) == {}
        assert "not come to this moment" in why.sentence(live)
        why.look(live)
        taken = why.numbers(live.frame)
        assert taken["moment_error"] == live.frame.traces["probe_error"][0, 3000]
        why.look(replace(live_frame(period=2.0, serial=2), sweep=replace(live.sweep, now=1.25)))
        assert why.numbers(live.frame) == taken
        other = live_frame(period=2.0, now=1.25, serial=3)
        why.look(replace(other, frame=replace(other.frame, watch=replace(other.frame.watch, probe_pre=2))))
        assert why.numbers(live.frame) == {}, "another synapse has other factors"

    @pytest.mark.parametrize(
        ("figures", "said"),
        [
            (
                {},
                "adds up to +0.015, less the regulariser's +0.005; times the rate of 100 mV it changes the weight",
            ),
            ({"probe_rate": 0.0}, "but nothing is learned now"),
            ({"probe_rate": np.nan}, "have not met yet"),
            ({"probe_weight": 0.1, "probe_change": 0.0}, "which would be +1 mV; the weight limit of 100 mV stops it"),
        ],
    )
    def test_the_chunk_in_words(self, figures, said):
        live = live_frame(**figures)
        assert said in asked(live, Question())[1]
        assert "hidden 1 → output 1" in asked(live, Question())[1]

    @pytest.mark.parametrize(
        ("at", "said"),
        [
            ({"error": 20, "eligibility": 0.5, "product": 10}, "+20 Hz × 0.5 = +10 Hz, which strengthens hidden 1"),
            ({"error": -20, "eligibility": 0.5, "product": -10}, "which weakens hidden 1 → output 1"),
            ({"eligibility": 0.5}, "eligible (0.5), but there is no error"),
            ({"error": 20, "presynaptic": 1}, "not eligible, as σ′ is small"),
            ({"error": 20, "surrogate": 1}, "not eligible, as hidden 1 did not spike just before"),
        ],
    )
    def test_a_moment_in_words(self, at, said):
        live = live_frame()
        for name in FACTORS:
            trace = live.frame.traces[f"probe_{name}"]
            trace[:] = 1
            trace[0, 1000] = at.get(name, 0)
        sentence = asked(live, Question(0.1, ("output", 0)))[1]
        assert sentence.startswith("At 100 ms, as output 1 spikes: ")
        assert said in sentence

    def test_without_a_question_there_is_nothing_to_say(self):
        assert asked(live_frame(), None)[1] == ""


class TestPicking:
    frame = live_frame(4).frame

    @pytest.mark.parametrize(
        ("x", "y", "found"),
        [
            (0.125, 1.0, ("hidden", 0, None)),
            (0.87, 1.05, ("hidden", 3, None)),
            (0.5, 1.95, ("output", 0, None)),
            (0.005, 0.02, ("input", 0, None)),
            (0.3125, 1.5, ("output", 0, 0)),
            (0.5 * (0.005 + 0.125), 0.5, ("hidden", 0, 0)),
        ],
    )
    def test_a_neuron_or_the_line_that_is_nearest(self, x, y, found):
        assert picked(self.frame, x, y) == found

    def test_a_spike_is_hit_in_its_row_and_near_its_time(self):
        raster = Raster(np.array([0.1, 0.2, 0.201], np.float32), np.array([0, 0, 3], np.float32))
        assert nearest_spike(raster, 0.105, 0.4, 0.5, 6) == (0, pytest.approx(0.1))
        assert nearest_spike(raster, 0.2, 2.8, 0.5, 6) == (3, pytest.approx(0.201))
        assert nearest_spike(raster, 0.15, 0, 0.5, 6) is None
        assert nearest_spike(raster, 0.1, 2, 0.5, 6) is None
        assert nearest_spike(Raster(raster.time[:0], raster.neuron[:0]), 0.1, 0, 0.5, 6) is None

    def test_a_neuron_is_watched_with_its_strongest_synapse_unless_one_is_watched(self):
        frame = replace(self.frame, watch=Watch(probe_layer="output", probe_post=0, probe_pre=2))
        assert synapse_at(frame, "output", 0) == ("output", 0, 2)
        strongest = np.abs(frame.matrices["hidden_weights"]).argmax(axis=1)
        assert synapse_at(frame, "hidden", 3) == ("hidden", 3, strongest[3])
        post = np.abs(frame.matrices["hidden_weights"][:, 7]).argmax()
        assert synapse_at(frame, "input", 7) == ("hidden", post, 7)
        onto = replace(frame, watch=Watch(probe_layer="hidden", probe_post=1, probe_pre=0))
        assert synapse_at(onto, "input", 7) == ("hidden", 1, 7)


class TestWatching:
    def watching(self, live, watch):
        drawing = SuperSpikeDrawing(lambda _serial: None, available_presets()["fig4"])
        drawing.show(drawing.compose(live))
        run = SimpleNamespace(watch=watch)
        return drawing, run, Watching(drawing, lambda: run.watch, lambda new: setattr(run, "watch", new))

    def test_a_hidden_neuron_gets_the_lane_that_was_filled_longest_ago(self):
        _, run, watching = self.watching(live_frame(n_hidden=12), Watch())
        seen = []
        for neuron in (7, 2, 9, 5):
            watching.neuron("hidden", neuron)
            seen.append(run.watch.hidden)
            assert (run.watch.probe_layer, run.watch.probe_post) == ("hidden", neuron)
        assert seen == [(7, 1, 2, 3), (7, 1, 2, 3), (7, 9, 2, 3), (7, 9, 5, 3)]

    def test_a_moment_beyond_the_axis_is_its_end(self):
        drawing, _, watching = self.watching(live_frame(), Watch())
        watching.moment(3.0)
        assert drawing.why.question == Question(0.5)
        watching.moment(None)
        assert drawing.why.question == Question()
        watching.forget()
        assert drawing.why.question is None


class TestFeedbackIsDrawnAsItIs:
    def paths(self, weights):
        frame = live_frame().frame
        columns = network_drawing.columns(replace(frame, matrices=frame.matrices | {"feedback": weights}), 0.1)
        return columns["network.feedback"], columns["network.negative_feedback"]

    def test_sign_and_strength(self):
        positive, negative = self.paths(np.array([[2.0], [-1.0], [0.5], [-0.1]], np.float32))
        assert sorted(positive["x1"] - 0.015) == pytest.approx([0.125, 0.625])
        assert sorted(negative["x1"] - 0.015) == pytest.approx([0.375, 0.875])
        assert max(positive["line_width"]) > max(negative["line_width"]) > min(negative["line_width"])

    def test_equal_weights_are_equal_and_none_are_not_there(self):
        positive, negative = self.paths(np.ones((4, 1), np.float32))
        assert len(set(positive["line_width"])) == 1
        assert len(positive["x0"]) == 4
        assert len(negative["x0"]) == 0
        assert [len(paths["x0"]) for paths in self.paths(np.zeros((4, 1), np.float32))] == [0, 0]

    def test_neurons_whose_membranes_are_drawn_have_rings_among_others(self):
        frame = live_frame(n_hidden=12).frame
        rings = network_drawing.columns(frame, 0.1)["network.watched"]
        assert rings["x"] == pytest.approx((np.arange(4) + 0.5) / 12)
        assert network_drawing.columns(live_frame().frame, 0.1)["network.watched"]["x"].size == 0


def plot(page, name):
    return page.get_by_role("img", name=re.compile(f"^{name}"))


def shown(page, name):
    """The number below the rule, as a person reads it."""
    place = page.locator(f".equation [data-number={name}]")
    text = place.inner_text().replace("−", "-").replace("·10", "e")
    return float(text.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))


def click_at(opened, name, x_part, y_part):
    """Click a plot at parts of its axes' lengths, from the left and from the top."""
    figure = {"Output spikes": "output", "Network": "network"}[name]
    x, y, width, height = opened.page.evaluate(
        """name => { const one = Bokeh.documents.flatMap(doc => [...doc.all_models])
          .find(one => one.type === "Figure" && one.name === name)
          const {bbox} = Bokeh.index.find_one(one).frame; return [bbox.x, bbox.y, bbox.width, bbox.height] }""",
        figure,
    )
    plot(opened.page, name).click(position={"x": x + width * x_part, "y": y + height * y_part})


@pytest.mark.browser
class TestInTheBrowser:
    def test_a_tapped_synapse_puts_its_numbers_into_the_rule_and_they_add_up(self, open_page):
        opened = open_page("?rho=1")
        page = opened.page
        opened.wait_until(lambda: opened.numbers()["time"] > 5)
        opened.settle()
        click_at(opened, "Network", 0.45, 0.7)
        opened.wait_until(lambda: opened.lab.drawing.last.frame.watch.probe_layer == "hidden")
        expect(page.locator("[data-caption]")).to_have_text(re.compile("^Synapse input [0-9]+ → hidden [0-9]"))
        n = opened.lab.drawing.last.frame.numbers
        opened.wait_until(lambda: opened.numbers()["chunk_integral"] == pytest.approx(n["probe_integral"], rel=1e-5))
        assert shown(page, "probe_change") == pytest.approx(1e3 * n["probe_change"], rel=6e-3, abs=1e-4)
        assert shown(page, "chunk_rate") == pytest.approx(1e3 * n["probe_rate"], rel=6e-3)
        assert shown(page, "chunk_integral") == pytest.approx(n["probe_integral"], rel=6e-3)
        step = n["probe_rate"] * (n["probe_integral"] - n["probe_regulariser"])
        assert n["probe_change"] == pytest.approx(step, rel=1e-3, abs=1e-8)
        before = plot(page, "Error\\.").bounding_box()
        page.get_by_role("button", name="Back to what there is to see").click()
        expect(page.locator("[data-caption]")).to_have_text(opened.lab.run.preset.sentence)
        assert plot(page, "Error\\.").bounding_box() == before, "an answer takes no room of the plots"

    def test_a_tapped_spike_puts_the_factors_at_its_time_into_the_rule(self, opened):
        page = opened.page
        opened.wait_until(lambda: len(opened.lab.drawing.last.frame.rasters["output"].time) > 2)
        opened.settle()
        time = float(opened.lab.drawing.last.frame.rasters["output"].time[1])
        click_at(opened, "Output spikes", time / 0.5, 0.5)
        expect(page.locator("[data-caption]")).to_have_text(
            re.compile(f"^At {1e3 * time:.0f} ms, as output 1 spikes: ")
        )
        frame = opened.lab.drawing.last.frame
        step = round(time / 0.5 * N_SAMPLES)
        for name in ("error", "eligibility", "surrogate", "presynaptic"):
            wanted = frame.traces[f"probe_{name}"][0, step]
            assert shown(page, f"moment_{name}") == pytest.approx(wanted, rel=6e-3, abs=1e-9)
        assert opened.lab.drawing.figures["error"].select_one({"name": "moment"}).location == pytest.approx(time)
        expect(page.get_by_label("Moment of the rule")).to_have_value(f"{1e3 * time:.1f}".removesuffix(".0"))

    def test_a_moment_is_chosen_by_keys_and_an_empty_field_is_the_whole_chunk(self, opened):
        page = opened.page
        field = page.get_by_label("Moment of the rule")
        field.fill("120")
        field.press("Enter")
        expect(page.locator("[data-caption]")).to_have_text(re.compile("^At 120 ms: "))
        expect(page.locator(".equation [data-only=moment_surrogate]")).to_be_visible()
        expect(page.locator(".equation [data-only=chunk_rate]")).to_be_hidden()
        field.fill("")
        field.press("Enter")
        expect(page.locator("[data-caption]")).to_have_text(re.compile("^Synapse hidden 1 → output 1"))
        expect(page.locator(".equation [data-only=moment_surrogate]")).to_be_hidden()
        expect(page.locator(".equation [data-only=chunk_integral]")).to_be_visible()

    def test_a_tapped_neuron_is_watched(self, open_page):
        opened = open_page("?n_hidden=12&speed=1")
        page = opened.page
        # the seventh of twelve, halfway up
        click_at(opened, "Network", (6.5 / 12 + 0.04) / 1.08, 0.5)
        opened.wait_until(lambda: 6 in opened.lab.drawing.last.frame.watch.hidden)
        assert opened.lab.drawing.last.frame.watch.probe_post == 6
        expect(page.get_by_text("of 4, 3, 2, 7")).to_be_visible()

    def test_on_a_phone_the_rule_and_its_numbers_stay_inside(self, open_page):
        opened = open_page(width=390, height=844)
        for one in opened.page.locator(".rule > span, .group > span").all():
            box = one.bounding_box()
            assert box is None or (box["x"] >= 0 and box["x"] + box["width"] <= 390)
