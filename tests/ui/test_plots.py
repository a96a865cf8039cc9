"""The plots without a browser: their room, what is in them, and what is sent of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snn_explorer.presets import available_presets
from snn_explorer.views import network_drawing
from snn_explorer.views.figures import glyph
from snn_explorer.views.stream import encode
from snn_explorer.views.superspike import firing, network, rasters, spike_timing, status
from snn_explorer.views.superspike.drawing import SuperSpikeDrawing
from snn_explorer.views.superspike.gallery import GALLERY
from snn_explorer.views.superspike.layout import ROWS, Shape, arrange_figures, rows
from snn_explorer.views.superspike.parts import parts_of
from snn_explorer.views.superspike.side import VIEWS
from snn_explorer.views.superspike.stack import StackRanges, lane_ticks
from snn_explorer.views.timeline import time_ticks
from tests.ui.browser import without_ticks
from tests.ui.frames import live_frame


def shape(n_hidden=4, n_output=1, period=None, lanes=1):
    layers = {"input": 100, "output": n_output} | ({"hidden": n_hidden} if n_hidden else {})
    return Shape(layers, min(n_hidden, 4), lanes, period)


def sent(message, n_columns):
    """Length of each column of a message; -1 for what the browser has already."""
    return np.frombuffer(message, np.float32)[1 : 1 + 2 * n_columns].reshape(-1, 2)[:, 1].astype(int).tolist()


class TestRoom:
    @pytest.mark.parametrize("n_hidden", [0, 4, 32, 256])
    @pytest.mark.parametrize("n_output", [1, 2, 15, 100, 201])
    @pytest.mark.parametrize("period", [None, 1.89])
    def test_all_of_it_is_given_away_and_none_twice(self, n_hidden, n_output, period):
        room = list(rows(shape(n_hidden, n_output, period)).values())
        assert [begin for begin, _ in room] == [0, *(end for _, end in room[:-1])]
        assert room[-1][1] == ROWS
        assert min(end - begin for begin, end in room) >= 4

    def test_the_layers_stack_from_the_inputs_to_the_error(self):
        order = ["error", "output", "output_membrane", "hidden", "hidden_membrane", "input"]
        assert list(rows(shape())) == order
        assert list(rows(shape(n_hidden=0))) == [name for name in order if "hidden" not in name]

    def test_a_whole_pattern_keeps_its_rasters_together(self):
        wanted = ["output", "hidden", "input", "error", "output_membrane", "hidden_membrane"]
        assert list(rows(shape(period=3.5))) == wanted

    def test_many_outputs_get_the_most_room(self):
        room = {name: end - begin for name, (begin, end) in rows(shape(n_output=100, n_hidden=256)).items()}
        assert room["output"] >= 2 * max(height for name, height in room.items() if name != "output")

    def test_each_group_of_plots_has_one_time_axis_at_its_foot(self):
        figures = GALLERY.fresh_figures()

        def with_axis():
            return {name for name in rows(shape()) if figures[name].xaxis[0].visible}

        arrange_figures(figures, shape())
        assert with_axis() == {"input"}
        assert figures["input"].x_range.end == 0.5
        arrange_figures(figures, shape(period=1.89))
        assert with_axis() == {"input", "hidden_membrane"}
        assert {figures[name].x_range.end for name in rasters.FIGURES} == {1.89}
        assert figures["error"].x_range.end == 0.5
        arrange_figures(figures, shape(n_hidden=0, period=3.5))
        assert with_axis() == {"input", "output_membrane"}
        arrange_figures(figures, shape())
        assert with_axis() == {"input"}
        assert {figures[name].x_range.end for name in rows(shape())} == {0.5}

    def test_marks_shrink_with_the_rows_and_targets_fade(self):
        figures, sizes, alphas = GALLERY.fresh_figures(), [], []
        for n_output in (1, 15, 100, 201):
            arrange_figures(figures, shape(n_output=n_output))
            sizes.append(glyph(figures["output"], "output.spikes").size)
            alphas.append(glyph(figures["output"], "output.targets").line_alpha)
        assert sizes == sorted(sizes, reverse=True)
        assert sizes[0] == 18
        assert alphas[0] == 1
        assert alphas[-1] < 0.5

    @pytest.mark.parametrize("seconds", [0.5, 0.9, 1.0, 1.89, 2.0, 3.5, 7.3, 20.0])
    def test_time_has_some_round_ticks(self, seconds):
        ticks = time_ticks(seconds)
        assert ticks[0] == 0
        assert 4 <= len(ticks) <= 9
        assert ticks[-1] <= seconds + 1e-9
        assert seconds - ticks[-1] < ticks[1]


def test_after_a_frame_every_axis_has_ticks():
    drawing = SuperSpikeDrawing(lambda _serial: None, available_presets()["fig4"])
    drawing.side.seen = "firing"
    drawing.show(drawing.compose(live_frame(n_hidden=4)))
    assert without_ticks(drawing.figures) == []


class TestRasters:
    def columns(self, live, passed=0.5):
        layers = network_drawing.sizes(live.frame)
        return rasters.columns(live, parts_of(live), layers.get("hidden", 0), layers["output"], passed)

    def test_they_show_the_chunk_or_the_whole_pattern(self):
        for live in (live_frame(), live_frame(period=3.5)):
            columns = self.columns(live)
            wanted = live.frame.rasters if live.sweep is None else live.sweep.rasters
            for source, name in (("input.spikes", "input"), ("output.targets", "target"), ("hidden.spikes", "hidden")):
                assert np.array_equal(columns[source]["x"], wanted[name].time)
                assert np.array_equal(columns[source]["y"], wanted[name].neuron)

    def test_of_many_hidden_neurons_an_even_part_is_shown_whole(self):
        live = live_frame(n_hidden=256, n_output=100, period=3.5)
        columns, raster = self.columns(live)["hidden.spikes"], live.sweep.rasters["hidden"]
        assert set(columns["y"]) <= set(range(0, 256, 4))
        mine = raster.neuron % 4 == 0
        assert np.array_equal(columns["x"], raster.time[mine])
        assert status.texts(live)["hidden_note"] == "64 of 256 shown"

    @pytest.mark.parametrize(("passed", "shown"), [(0.5, [0.25]), (0.0, [0.25]), (2.0, []), (-30.0, [])])
    def test_a_line_is_where_the_sweep_is_unless_it_would_flicker(self, passed, shown):
        columns = self.columns(live_frame(period=3.5), passed)
        assert [columns[f"{name}.now"]["x"].tolist() for name in rasters.FIGURES] == [shown] * 3
        assert self.columns(live_frame(), passed)["input.now"]["x"].size == 0
        paused = replace(live_frame(period=3.5), state="paused")
        assert self.columns(paused, passed)["input.now"]["x"].tolist() == [0.25]

    def test_windows_are_boxes_in_the_row_of_the_output_that_should_spike(self):
        live = live_frame(n_output=2, output=(0, 1), windows=[[-0.01, 0.015, 1, 3], [0.2, 0.225, 0, 0]], accuracy=0.5)
        box = self.columns(live)["output.windows"]
        assert box["left"] == pytest.approx([-0.01, 0.2])
        assert box["right"] == pytest.approx([0.015, 0.225])
        assert np.rint((box["bottom"] + box["top"]) / 2).tolist() == [1, 0]
        assert (box["top"] - box["bottom"] < 1).all()

    @pytest.mark.parametrize(("n_output", "output", "marked"), [(1, (0,), []), (100, (50,), [50]), (2, (0, 1), [0, 1])])
    def test_the_outputs_that_are_watched_are_marked_among_others(self, n_output, output, marked):
        columns = self.columns(live_frame(n_output=n_output, output=output))
        assert columns["output.watched"]["y"].tolist() == marked
        note = status.texts(live_frame(n_output=n_output, output=output))["output_membrane_note"]
        assert note == ("of output " + ", ".join(str(i + 1) for i in marked) if marked else "of the output")


class TestMembranes:
    def test_one_alone_has_ticks_all_along(self):
        assert list(lane_ticks(1, 25.0)) == [-50, -60, -70]
        assert len(lane_ticks(1, 110.0)) < 6

    def test_several_have_their_own_rest_and_threshold(self):
        assert lane_ticks(2, 25.0) == {-60: "−60", -50: "−50", -35: "−60", -25: "−50"}
        assert lane_ticks(2, 25.0, tight=True) == {-50: "−50", -25: "−50"}
        assert lane_ticks(2, 60.0) == {-50: "−50", 10: "−50"}

    def test_two_outputs_get_a_lane_each(self):
        ranges, lanes = StackRanges(), {"output_membrane": 2, "hidden_membrane": 4}
        assert ranges.limits(lanes)["output_membrane"] == (-75, -46 + 25)
        parts = {name: np.full(9, -0.079, np.float32) for name in ("output_error", *lanes)}
        ranges.fit([parts | {"time": np.arange(9), "hidden_error": np.zeros(0, np.float32)}])
        assert ranges.limits(lanes)["output_membrane"] == (-80, -46 + 30)


class TestSpikeTiming:
    def test_right_and_wrong_spikes(self):
        live = live_frame(n_output=2, output=(0, 1), accuracy=0.5)
        columns, right = spike_timing.columns(live), live.trials.right
        assert np.array_equal(columns["timing.right"]["x"], live.trials.time[right])
        assert np.array_equal(columns["timing.wrong"]["y"], live.trials.learning_time[~right])
        assert np.array_equal(columns["timing.marks"]["x"], live.trials.marks)

    def test_it_says_what_it_shows(self):
        live = live_frame(output=(0,))
        assert "output 1" in spike_timing.note(live)
        last = live.trials.learning_time == live.trials.learning_time.max()
        assert f"last spikes at {1e3 * live.trials.time[last][0]:.1f}" in spike_timing.sentence(live)
        thinned = replace(live, trials=replace(live.trials, stride=4))
        assert "every 4th trial" in spike_timing.sentence(thinned)
        nothing = replace(live, trials=replace(live.trials, n_trials=0))
        assert "No trial" in spike_timing.sentence(nothing)
        assert "wrong output" in spike_timing.note(live_frame(n_output=2, accuracy=0.5))


class TestFiring:
    def test_the_bars_are_the_histograms(self):
        live = live_frame(n_hidden=8)
        columns = firing.columns(live.firing)
        for name, histogram, scale in zip(firing.FIGURES, live.firing.histograms(), (1, 1e3, 1), strict=True):
            there = histogram.counts > 0
            assert np.array_equal(columns[name]["top"], histogram.counts[there].astype(np.float32))
            middle = scale * (histogram.edges[:-1] + histogram.edges[1:])[there] / 2
            assert (columns[name]["left"] + columns[name]["right"]) / 2 == pytest.approx(middle, rel=1e-5)
            assert there.sum() > 1

    def test_it_says_whose_firing_it_is_and_how_they_fire(self):
        live = live_frame(n_hidden=0, n_output=3)
        assert firing.note(live) == "outputs, last 10 s"
        assert f"the outputs fire at {600 / 3 / 10:.1f} Hz" in firing.sentence(live)
        assert firing.note(live_frame()) == "hidden neurons, last 10 s"
        silent = replace(live, firing=replace(live.firing, duration=0.0))
        assert firing.sentence(silent) == "There are no spikes yet."


class TestWhatIsSent:
    def composed(self, *frames, seen="network"):
        drawing, updates = SuperSpikeDrawing(lambda _serial: None, available_presets()["fig4"]), []
        for live in frames:
            updates.append(drawing.compose(live))
            drawing.show(updates[-1])
            drawing.side.seen = seen
        return updates

    def lengths(self, update):
        names = [(source, column) for source, table in update.columns.items() for column in table]
        return dict(zip(names, sent(update.message, len(names)), strict=True))

    def test_what_is_as_it_was_is_not_sent_again(self):
        first, second = self.composed(live_frame(period=3.5), replace(live_frame(period=3.5), serial=2))
        assert min(self.lengths(first).values()) >= 0
        again = self.lengths(second)
        assert set(again.values()) == {-1}
        assert len(second.message) < len(first.message) / 50

    def test_what_changed_is_sent_whole(self):
        other = live_frame(period=3.5, serial=2)
        sweep = replace(
            other.sweep, rasters={**other.sweep.rasters, "input": live_frame(period=3.5).sweep.rasters["input"]}
        )
        _, update = self.composed(live_frame(period=3.5), replace(other, sweep=sweep))
        lengths = self.lengths(update)
        assert lengths["input.spikes", "x"] == lengths["input.spikes", "y"] == -1
        assert lengths["output.spikes", "x"] == sweep.rasters["output"].time.size
        assert lengths["error.output", "y"] == 1000

    @pytest.mark.parametrize("seen", VIEWS)
    def test_only_the_view_that_is_seen_costs_anything(self, seen):
        _, _, update = self.composed(*(live_frame(n_hidden=8, serial=serial) for serial in (1, 2, 3)), seen=seen)
        changed = {source for (source, _), length in self.lengths(update).items() if length >= 0}
        mine = {"network": "network.nodes", "timing": "timing.right", "firing": "firing_rate"}
        assert mine[seen] in changed
        for view, source in mine.items():
            assert view == seen or not any(name.startswith(source[:6]) for name in changed)

    def test_a_browser_that_begins_anew_is_sent_everything(self):
        drawing = SuperSpikeDrawing(lambda _serial: None, available_presets()["fig4"])
        drawing.compose(live_frame())
        drawing._painted(0)
        assert min(self.lengths(drawing.compose(live_frame())).values()) >= 0

    def test_a_number_that_is_missing_in_both_is_the_same(self):
        gap = {"a": {"x": np.array([1, np.nan], np.float32)}}
        copy = {"a": {"x": gap["a"]["x"].copy()}}
        assert sent(encode(1, gap, np.zeros(1, np.float32), known=copy), 1) == [-1]
        other = {"a": {"x": np.array([1, 2], np.float32)}}
        assert sent(encode(1, gap, np.zeros(1, np.float32), known=other), 1) == [2]


class TestTexts:
    @pytest.mark.parametrize(
        ("figures", "said"),
        [
            ({"accuracy": float("nan")}, "No stimulus has ended"),
            ({"accuracy": 0.3, "output_rate_hz": 0.0}, "silent"),
            ({"accuracy": 0.97}, "Nearly every answer"),
            ({"accuracy": 0.5, "extra": 4, "missing": 1}, "Too many"),
            ({"accuracy": 0.5, "extra": 1, "missing": 4}, "Some answers"),
        ],
    )
    def test_how_the_outputs_answer(self, figures, said):
        live = live_frame(n_output=2, output=(0, 1), **figures)
        assert said in status.sentence(live)
        assert "windows are answered" in status.texts(live)["output"]
        assert status.texts(live)["output_note"] == "box: spike in here"

    def test_a_whole_pattern_is_explained(self):
        assert "one pattern of 1.89 s" in status.texts(live_frame(period=1.89))["output_note"]
        assert status.texts(live_frame())["output_note"] == "○ targets"

    def test_a_large_network_says_that_not_all_of_it_is_drawn(self):
        small, large = live_frame(), live_frame(n_hidden=256, n_output=100)
        assert "strongest" not in network_drawing.note(small) + network.sentence(small)
        assert "500 strongest of 25600" in network_drawing.note(large)
        assert "500 strongest" in network.sentence(large)
        lines = network_drawing.columns(large.frame, 0.1)
        assert sum(len(lines[f"network.{sign}"]["x0"]) for sign in ("excitatory", "inhibitory")) == 1000
        paths = sum(len(lines[f"network.{sign}feedback"]["x0"]) for sign in ("", "negative_"))
        assert paths == network_drawing.MOST_PATHS
