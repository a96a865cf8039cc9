"""What a BATS page draws and says, without a browser: against the frame that it draws."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pytest

from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.engine import ParameterError, Watch
from snn_explorer.live import Run
from snn_explorer.live.driver import all_values
from snn_explorer.live.frame import BatsFrame
from snn_explorer.presets import Preset, available_presets
from snn_explorer.views import address
from snn_explorer.views.bats import budget, clock, curves, latency, network, picture, probe, sample, stack, status
from snn_explorer.views.bats.control_set import CONTROL_SET, GROUPS, WORDS, idle, part
from snn_explorer.views.bats.drawing import NUMBERS, BatsDrawing
from snn_explorer.views.bats.layout import ROWS, arrange_figures, rows
from snn_explorer.views.bats.parts import MS, Shape
from snn_explorer.views.bats.reference import Reference
from snn_explorer.views.control import Quantity
from snn_explorer.views.controls import Controls
from snn_explorer.views.network_drawing import ids, sizes
from snn_explorer.views.picking import nearest_synapse
from snn_explorer.views.scales import CALM, Settling
from tests.bats.tiny import TINY, separable
from tests.ui.browser import without_ticks

SAMPLES = separable()
TINY_PRESET = Preset("tiny", "Tiny", "Two halves.", lambda: SAMPLES, system="bats", values=TINY, watch=Watch(sample=3))
DEEP = {"hidden": (8, 6), "n_max": (2, 6, 8), "theta": (0.02, 0.03, 0.06)}
SHALLOW = {"hidden": (), "n_max": (8,), "theta": (0.06,), "init": (0.0, 3.0)}
MATTERS: dict[str, dict[str, Any]] = {"one hidden layer": {}, "two": DEEP, "none": SHALLOW}


def frame_of(preset: Preset, batches: int, watch: Watch | None = None, **values: Any) -> BatsFrame:
    """A frame of a run of a preset after so many batches."""
    with closing(Run(preset, values)) as run:
        run.speed = None
        run.look(watch or run.watch)
        run.play()
        for _ in range(batches):
            run.work(0)
        run.pause()
        run.request_frame()
        run.work(0)
        live = run.take_frame()
        assert isinstance(live, BatsFrame)
        return live


@pytest.fixture(scope="module", params=MATTERS)
def live(request: pytest.FixtureRequest) -> BatsFrame:
    """A frame with everything that can be looked at, of networks of every depth."""
    watch = Watch(hidden=(0, 3, 7), output=(1,), sample=3, probe_post=1, clock_step=1e-3)
    return frame_of(TINY_PRESET, 20, watch, **MATTERS[request.param])


@pytest.fixture(scope="module")
def deep() -> BatsFrame:
    return frame_of(TINY_PRESET, 20, Watch(sample=3, clock_step=1e-3), **DEEP)


@pytest.fixture
def drawing() -> BatsDrawing:
    return BatsDrawing(lambda _serial: None, TINY_PRESET)


def ranges_of(live: BatsFrame) -> stack.Ranges:
    """Ranges that have seen the frame."""
    ranges = stack.Ranges()
    ranges.fit([live.frame])
    return ranges


class TestStack:
    def test_spikes_are_the_frames(self, live: BatsFrame) -> None:
        columns = stack.columns(live.frame, Shape.of(live.frame), ranges_of(live))
        for name, raster in live.frame.rasters.items():
            if not name.endswith("_clock"):
                np.testing.assert_array_equal(columns[f"{name}.spikes"]["x"], raster.time * MS)
                np.testing.assert_array_equal(columns[f"{name}.spikes"]["y"], raster.neuron)

    def test_stems_are_the_errors_of_the_spikes_they_stand_on(self, live: BatsFrame) -> None:
        ranges = ranges_of(live)
        columns, delta = stack.columns(live.frame, Shape.of(live.frame), ranges), live.frame.traces["output_delta"][0]
        np.testing.assert_array_equal(columns["error.output"]["x0"], live.frame.rasters["output"].time * MS)
        np.testing.assert_array_equal(columns["error.output"]["y1"], delta)
        heights = columns["output.delta"]["y1"] - columns["output.delta"]["y0"]
        within = np.clip(delta / (stack.FULL * ranges.delta), -1, 1)
        np.testing.assert_allclose(heights, stack.STEM * within, atol=1e-5)
        if "hidden_delta" in live.frame.traces:
            larger = ranges.magnification
            drawn = columns["error.hidden"]["y1"]
            np.testing.assert_allclose(drawn, live.frame.traces["hidden_delta"][0] * larger, rtol=1e-6)
            assert np.abs(drawn).max() <= ranges.delta

    def test_membranes_are_the_frames_each_in_its_lane_below_its_threshold(self, live: BatsFrame) -> None:
        ranges = ranges_of(live)
        columns = stack.columns(live.frame, Shape.of(live.frame), ranges)
        for name in stack.MEMBRANES:
            membranes = live.frame.traces.get(name, np.zeros((0, 0)))
            drawn = columns[f"{name}.trace"]["y"]
            parts = np.split(drawn, np.flatnonzero(np.isnan(drawn)))
            parts = [part[~np.isnan(part)] for part in parts if not np.isnan(part).all()]
            assert len(parts) == len(membranes)
            for lane, (mine, membrane) in enumerate(zip(parts, membranes, strict=True)):
                np.testing.assert_allclose(mine, membrane + lane * ranges.lane(name), atol=1e-5)

    def test_rows_of_two_hidden_layers_are_apart(self, deep: BatsFrame, live: BatsFrame) -> None:
        columns = stack.columns(deep.frame, Shape.of(deep.frame), ranges_of(deep))
        np.testing.assert_array_equal(columns["hidden.border"]["y"], [7.5, 7.5])
        if len(sizes(live.frame)) < 4:
            assert not stack.columns(live.frame, Shape.of(live.frame), ranges_of(live))["hidden.border"]["y"].size

    def test_room_is_given_away_once(self, live: BatsFrame) -> None:
        room = list(rows(Shape.of(live.frame)).values())
        assert [begin for begin, _ in room] == [0, *(end for _, end in room[:-1])]
        assert room[-1][1] == ROWS

    def test_another_lane_leaves_the_zoom_and_another_duration_does_not(self, drawing: BatsDrawing) -> None:
        shape, shown = Shape({"input": 4, "output": 2}, 0, 1, 200.0), drawing.figures["input"].x_range
        arrange_figures(drawing.figures, shape, ("a", "b"))
        shown.update(start=50, end=60)
        arrange_figures(drawing.figures, replace(shape, output_lanes=2), ("a", "b"))
        assert (shown.start, shown.end) == (50, 60)
        arrange_figures(drawing.figures, replace(shape, duration=300.0), ("a", "b"))
        assert (shown.start, shown.end) == (0, 300)
        assert drawing.figures["output"].yaxis[0].major_label_overrides == {0.0: "a", 1.0: "b"}


def test_after_a_frame_every_axis_has_ticks(deep: BatsFrame, drawing: BatsDrawing) -> None:
    drawing.side.seen = "sample"
    drawing.show(drawing.compose(deep))
    assert without_ticks(drawing.figures) == []


class TestSettling:
    def test_it_grows_at_once_and_shrinks_in_a_round_step_after_long_calm(self) -> None:
        scale = Settling(5.0)
        assert [scale.fit(90.0), scale.value] == [True, 100.0]
        for _ in range(CALM - 1):
            scale.fit(12.0)
        assert scale.value == 100
        scale.fit(1.0)
        assert scale.value == 20

    def test_one_large_value_in_between_keeps_it(self) -> None:
        scale = Settling(5.0)
        scale.fit(90.0)
        for i in range(3 * CALM):
            scale.fit(40.0 if i % (CALM - 1) == 0 else 1.0)
        assert scale.value == 100

    def test_it_never_falls_below_its_start_and_takes_no_number_that_is_none(self) -> None:
        scale = Settling(5.0)
        scale.fit(8.0)
        for value in (0.0, float("nan"), *[0.0] * CALM):
            scale.fit(value)
        assert scale.value == 5

    def test_errors_start_anew_with_another_sample(self, drawing: BatsDrawing, live: BatsFrame) -> None:
        drawing.last = live
        numbers, traces = live.frame.numbers, live.frame.traces
        large = replace(live.frame, traces=traces | {"output_delta": 1000 * traces["output_delta"]})
        drawing.compose(replace(live, frame=large))
        wide = drawing._ranges.delta
        drawing.compose(live)
        assert drawing._ranges.delta == wide > 100
        drawing.compose(replace(live, frame=replace(live.frame, numbers=numbers | {"sample": 4.0})))
        assert drawing._ranges.delta < wide / 100


class TestBudget:
    def test_bars_count_the_neurons_and_the_spent_ones_by_their_own_layers_budget(self, live: BatsFrame) -> None:
        n, columns = live.frame.numbers, budget.columns(live)
        layers = list(sizes(live.frame))[1:]
        for kind in ("hidden", "output"):
            mine = [name for name in layers if name.startswith(kind)]
            height = {each: columns[f"{kind}_budget.{each}"]["top"].sum() for each in ("silent", "used", "saturated")}
            assert height["silent"] == sum(n[f"{name}_silent"] for name in mine)
            assert height["saturated"] == sum(n[f"{name}_saturated"] for name in mine)
            assert sum(height.values()) == sum(n[f"{name}_size"] for name in mine)
            given = sum(((bar["left"] + 0.4) * bar["top"]).sum() for bar in (
                columns[f"{kind}_budget.{each}"] for each in height))  # fmt: skip
            assert given == pytest.approx(sum(n[f"{name}_spikes"] for name in mine), abs=1e-3)

    def test_the_axis_goes_as_far_as_the_largest_budget(self, drawing: BatsDrawing, deep: BatsFrame) -> None:
        drawing.show(drawing.compose(deep))
        assert drawing.figures["hidden_budget"].x_range.end == 6.6
        assert drawing.figures["output_budget"].x_range.end == 8.6

    def test_the_sentence_says_how_many(self, live: BatsFrame) -> None:
        n, said = live.frame.numbers, budget.sentence(live)
        assert f"Of 2 outputs {n['output_silent']:.0f} are silent and {n['output_saturated']:.0f} have spent" in said
        assert ("hidden neurons" in said) == (len(sizes(live.frame)) > 2)


class TestNetwork:
    def test_layers_are_counted_through_and_the_nearest_synapse_within_its_layer(self, deep: BatsFrame) -> None:
        assert sizes(deep.frame) == {"input": 6, "hidden1": 8, "hidden2": 6, "output": 2}
        assert ids(sizes(deep.frame)) == {"hidden1": range(8), "hidden2": range(8, 14)}
        lines = network.columns(deep)
        assert {round(float(y), 3) for y in lines["network.nodes"]["y"]} == {0, 0.667, 1.333, 2}
        assert nearest_synapse(deep.frame, 0.99, 1.32) == ("hidden2", 5, 7)
        counts = np.bincount(deep.frame.rasters["hidden"].neuron.astype(int), minlength=14)
        largest = lines["network.nodes"]["size"][6:20]
        np.testing.assert_allclose(largest, 6 + 10 * np.minimum(counts / 10, 1))

    def test_errors_go_back_to_the_last_hidden_layer_only(self, live: BatsFrame) -> None:
        drawn, n = network.columns(live), list(sizes(live.frame).values())
        paths = [drawn["network.feedback"], drawn["network.negative_feedback"]]
        assert sum(len(each["x0"]) for each in paths) == (n[-1] * n[-2] if len(n) > 2 else 0)
        if len(n) == 4:
            np.testing.assert_allclose(np.concatenate([each["y1"] for each in paths]), 4 / 3, rtol=1e-6)


class TestSample:
    def test_counts_and_first_spikes_are_those_of_the_outputs(self, live: BatsFrame) -> None:
        output = live.frame.rasters["output"]
        counts = np.bincount(output.neuron.astype(int), minlength=2)
        np.testing.assert_array_equal(sample.columns(live)["answer.bars"]["x1"], counts)
        np.testing.assert_array_equal(sample.columns(live)["answer.wanted"]["x"], np.where(
            np.arange(2) == live.frame.numbers["label"], 5, 1))  # fmt: skip
        first = replace(live, values={**live.values, "loss": "first_spike"})
        expected = [output.time[output.neuron == i].min() * MS for i in range(2) if counts[i]]
        np.testing.assert_array_equal(sample.columns(first)["answer.bars"]["x1"], expected)
        assert not sample.columns(first)["answer.wanted"]["x"].size

    def test_pixels_are_boxes_from_the_top_left_the_brighter_the_darker(self) -> None:
        live = frame_of(available_presets()["bats-digits"], 0)
        boxes, image = picture.columns(live)["image.pixels"], live.samples.train.inputs[0].reshape(8, 8)
        for k, (left, top) in enumerate(zip(boxes["left"].astype(int), -boxes["top"].astype(int), strict=True)):
            assert boxes["fill_alpha"][k] == pytest.approx(float(live.frame.matrices["image"][top, left]))
        np.testing.assert_allclose(boxes["fill_alpha"] > 0, image.ravel() > 0)

    def test_what_is_no_image_is_a_ring_among_the_other_samples(self) -> None:
        live = frame_of(available_presets()["bats-yinyang"], 0, Watch(sample=7))
        columns, times = picture.columns(live), live.samples.train.inputs[: picture.MOST_POINTS, :2].numpy()
        assert picture.words(live.samples) == "; ring: inputs 1, 2"
        place = (times - times.min(0)) / np.ptp(times, axis=0)
        boxes = columns["image.pixels"]
        np.testing.assert_allclose((boxes["left"] + boxes["right"]) / 2, place[:, 0], atol=1e-5)
        np.testing.assert_allclose((boxes["bottom"] + boxes["top"]) / 2, place[:, 1], atol=1e-5)
        assert len(set(boxes["fill_alpha"].tolist())) == 3
        mine = live.frame.matrices["image"][0, :2]
        here = (mine - times.min(0)) / np.ptp(times, axis=0)
        np.testing.assert_allclose([columns["image.here"]["x"][0], columns["image.here"]["y"][0]], here, atol=1e-5)

    def test_of_two_patterns_the_two_spikes_that_differ_are_drawn(self) -> None:
        live = frame_of(available_presets()["bats-fig3"], 0, Watch(sample=1))
        columns = picture.columns(live)
        assert picture.words(live.samples) == "; ring: inputs 3, 4"
        assert (columns["image.here"]["x"].tolist(), columns["image.here"]["y"].tolist()) == ([1], [0])


class TestClock:
    def test_both_rasters_are_drawn_in_the_same_rows(self, live: BatsFrame) -> None:
        columns, shape = clock.columns(live), Shape.of(live.frame)
        n_hidden = shape.layers.get("hidden", 0)
        for source, kind in (("exact", ""), ("clocked", "_clock")):
            drawn = columns[f"clock.{source}"]
            hidden, output = (live.frame.rasters.get(f"{name}{kind}") for name in ("hidden", "output"))
            n = 0 if hidden is None else len(hidden.time)
            assert (n > 0) == (n_hidden > 0)
            if hidden is not None:
                np.testing.assert_array_equal(drawn["y"][:n], hidden.neuron)
            np.testing.assert_array_equal(drawn["x"][n:], output.time * MS)
            assert n_hidden == 0 or drawn["y"][n:].min() > n_hidden

    def test_it_says_how_far_off_it_is(self, live: BatsFrame) -> None:
        n = live.frame.numbers
        assert f"{n['clock_miscounted']:.0%} of the neurons miscounted" in clock.note(live)
        assert "with steps of 1 ms" in clock.sentence(live)
        without = replace(live, frame=replace(live.frame, watch=replace(live.frame.watch, clock_step=None)))
        assert "must be below τₛ" in clock.note(without)


class TestCurvesAndLatency:
    def test_curves_are_over_epochs(self, live: BatsFrame) -> None:
        columns = curves.columns([live], None)
        time, accuracy = live.curves["accuracy"]
        np.testing.assert_allclose(columns["accuracy.training"]["x"], time / 54, rtol=1e-6)
        np.testing.assert_allclose(columns["accuracy.training"]["y"], 100 * accuracy, rtol=1e-6)
        assert len(columns["accuracy.held_out"]["x"]) == 3
        assert not columns["accuracy.reference"]["x"].size
        np.testing.assert_array_equal(columns["loss.training"]["y"], live.curves["loss"][1])

    def test_the_answer_is_there_from_when_on_it_stays(self, live: BatsFrame) -> None:
        time, share = np.arange(1, 7, dtype=np.float32), np.array([0, 0.8, 0.79, 0.5, 0.78, 0.8], np.float32)
        assert latency.soon_enough(time, share) == 5
        assert latency.soon_enough(time, 0 * share) is None
        assert latency.soon_enough(time[:0], share[:0]) is None
        assert latency.columns(replace(live, latency=(time, share)))["latency.soon"]["x"].tolist() == [5000]

    def test_a_pinned_run_stays_and_is_compared_after_as_many_epochs(self, drawing: BatsDrawing) -> None:
        short, long = frame_of(TINY_PRESET, 6), frame_of(TINY_PRESET, 18, learning_rate=0.001)
        drawing.show(drawing.compose(short))
        drawing.pin_or_unpin()
        assert isinstance(drawing.reference, Reference)
        columns = drawing.compose(long).columns
        np.testing.assert_array_equal(columns["loss.reference"]["y"], short.curves["loss"][1])
        few, sentence = drawing.reference.compare(long, TINY_PRESET)
        then = short.curves["accuracy"][1][-1]
        assert f"against {then:.1%}" in few
        assert "learning rate 0.02" in few
        assert sentence.startswith("After 1.0 epochs")
        drawing.pin_or_unpin()
        assert drawing.reference is None


class TestProbe:
    def test_products_add_up_to_the_gradient(self, live: BatsFrame) -> None:
        values = probe.values(live.frame)
        total = values["product"].sum()
        assert total == pytest.approx(live.frame.numbers["probe_gradient"], rel=1e-4, abs=1e-7)
        np.testing.assert_allclose(values["product"], values["moved"] / 1e3 * values["delta"], rtol=1e-5)

    def test_the_spike_asked_about_is_the_closest_and_its_factors_give_its_part(self, live: BatsFrame) -> None:
        when = live.frame.traces["probe_post_time"][0]
        k = len(when) // 2
        found = probe.at_spike(live.frame, float(when[k]) + 1e-7)
        product = found["moment_delta"] * found["moment_factor"] * found["moment_kernel"]
        assert product == pytest.approx(probe.values(live.frame)["product"][k], rel=1e-4, abs=1e-9)
        assert probe.at_spike(live.frame, None) == {}


class TestWords:
    @pytest.mark.parametrize(
        ("numbers", "said"),
        [
            ({"answer": 1.0, "label": 1.0, "pushed": 0.0}, "Answered right; spike errors move the weights."),
            ({"answer": 0.0, "label": 1.0, "pushed": 0.0}, "Answered wrong; spike errors move the weights."),
            ({"answer": -1.0, "label": 1.0, "pushed": 0.0}, "All outputs are silent: no spike, no gradient."),
            ({"answer": 0.0, "label": 1.0, "pushed": 1.0}, "The right output is silent: its weights are pushed up."),
        ],
    )
    def test_the_status_is_one_plain_sentence(self, live: BatsFrame, numbers: dict[str, float], said: str) -> None:
        accuracy = {"accuracy": (np.ones(1, np.float32), np.full(1, 0.5, np.float32))}
        frame = replace(live.frame, numbers=live.frame.numbers | numbers)
        now = replace(live, frame=frame, curves={**live.curves, **accuracy}, state="playing", message="")
        assert status.sentence(now) == said
        assert status.sentence(replace(now, state="paused")) == f"Paused. {said}"
        assert status.sentence(replace(now, message="It broke.")) == "It broke."

    def test_every_plot_of_the_network_has_a_sentence(self, drawing: BatsDrawing, live: BatsFrame) -> None:
        texts = drawing.compose(live).texts
        assert texts is not None
        assert set(rows(Shape.of(live.frame))) - {"output_membrane", "hidden_membrane"} <= set(texts)
        assert texts["output_membrane_note"] == "of output 1"
        assert texts["sample_note"].startswith("sample 4 of 54; ")
        assert texts["output"].startswith(f"{len(live.frame.rasters['output'].time)} output spikes")

    def test_numbers_are_in_the_units_of_the_page(self, drawing: BatsDrawing, live: BatsFrame) -> None:
        update = drawing.compose(live)
        values = np.frombuffer(update.message, np.float32)[-len(NUMBERS) :]
        page, n = dict(zip(NUMBERS, values.tolist(), strict=True)), live.frame.numbers
        assert page["accuracy"] == pytest.approx(100 * live.curves["accuracy"][1][-1])
        assert page["epoch"] == pytest.approx(live.frame.time / 54)
        layers = [name for name in sizes(live.frame) if name.startswith("hidden")]
        silent, size = (sum(n[f"{name}_{what}"] for name in layers) for what in ("silent", "size"))
        if layers:
            assert page["hidden_silent"] == pytest.approx(100 * silent / size)
        else:
            assert np.isnan([page["hidden_silent"], page["hidden"], page["hidden_magnification"]]).all()


class TestControls:
    def controls(self, **values: Any) -> tuple[Controls, list[tuple[str, Any]], dict[str, Any]]:
        changes: list[tuple[str, Any]] = []
        controls = Controls(
            CONTROL_SET, all_values(TINY_PRESET, values), lambda name, value, _gesture: changes.append((name, value))
        )
        return controls, changes, controls._controls

    def test_every_parameter_has_one_control_and_every_option_a_word(self) -> None:
        names = [name for always, more in GROUPS.values() for name in (*always, *more)]
        assert sorted(names) == sorted(name for name in BatsParameters.param if name != "name")
        for name, words in WORDS.items():
            assert list(words) == BatsParameters.param[name].objects

    def test_a_tuple_has_a_control_for_each_number_with_the_layers_name(self) -> None:
        shown = self.controls(**DEEP)[2]
        labels = {key: control.label for key, control in shown.items() if key.startswith(("n_max", "hidden", "init"))}
        assert labels == {
            "n_max.0": "Spike budget, hidden 1", "n_max.1": "Spike budget, hidden 2", "n_max.2": "Spike budget, output",
            "hidden.0": "Hidden neurons, layer 1", "hidden.1": "Hidden neurons, layer 2",
            "init.0": "Initial weights, from", "init.1": "Initial weights, to",
        }  # fmt: skip
        assert [part("n_max", 0, 1), part("n_max", 0, 2), part("hidden", 0, 1)] == ["output", "hidden", ""]

    def test_convolutions_have_a_control_where_there_are_some_and_as_many_of_them_as_there_are_budgets(self) -> None:
        assert "convolutions" not in self.controls()[2]
        values = {"convolutions": "8C3-P2", "hidden": (), "n_max": (3, 30), "theta": (0.03, 0.3)}
        _, changes, shown = self.controls(**values)
        wish: Callable[[Any], Any] = shown["convolutions"]._take
        for wrong, why in (("4C3-4C3", "There are 2 convolutions in this; it must be 1"), ("", "0 convolutions"),
                           ("8C", "parts such as 15C5")):  # fmt: skip
            with pytest.raises(ParameterError, match=why):
                wish(wrong)
        assert wish("P2-12C2") == "P2-12C2"
        assert changes == [("convolutions", "P2-12C2")]
        assert not {"feedback", "rho"} & set(idle(all_values(TINY_PRESET, {**values, "rho": 1.0})))

    def test_changing_one_number_leaves_the_others_and_another_number_of_layers_makes_other_controls(self) -> None:
        controls, changes, shown = self.controls(**DEEP)
        wish: Callable[[Any], Any] = shown["n_max.1"]._take
        wish("1")
        wish = shown["n_max.0"]._take
        wish("4")
        assert changes == [("n_max", (2, 1, 8)), ("n_max", (4, 1, 8))]
        with pytest.raises(ParameterError, match=r"1\.5 cannot be used; a whole number from 1 to 1000 can"):
            wish("1.5")
        assert len(changes) == 2
        controls.show_values(all_values(TINY_PRESET, SHALLOW))
        assert [key for key in controls._controls if key.startswith(("n_max", "hidden"))] == ["n_max.0"]
        assert isinstance(controls._controls["n_max.0"], Quantity)
        assert controls._controls["n_max.0"].value == 8

    @pytest.mark.parametrize(
        ("changed", "names", "why"),
        [
            ({}, {"tau_loss"}, "numbers of spikes count"),
            ({"loss": "first_spike"}, {"target_true", "target_false"}, "first spikes count"),
            ({"rho": 0.0}, {"rate_limit"}, "ρ is 0"),
            ({"elastic_strength": 0.0}, {"elastic_width"}, "α is 0"),
            ({"rate_decay": 1.0}, {"decay_every", "min_rate"}, "the rate does not decay"),
            (SHALLOW, {"feedback", "rho", "rate_limit"}, "no hidden units"),
        ],
    )
    def test_what_has_no_effect_says_why(self, changed: dict[str, Any], names: set[str], why: str) -> None:
        found = idle(all_values(TINY_PRESET, {"rho": 1.0, **changed}))
        assert names <= set(found)
        assert why in {found[name] for name in names}


@pytest.mark.parametrize("values", [{}, {"hidden": (64, 32), "n_max": (1, 2, 3), "theta": (0.06, 0.07, 0.3)}, SHALLOW])
def test_an_address_leads_back_to_numbers_of_every_layer(values: dict[str, Any]) -> None:
    presets = available_presets()
    wanted = all_values(presets["bats-digits"], values)
    query = address.write(presets["bats-digits"], wanted, 500.0, projector=False)
    given = {name: texts[-1] for name, texts in parse_qs(query[1:], keep_blank_values=True).items()}
    asked = address.read(given, presets)
    assert asked.faults == []
    assert all_values(presets[asked.preset], asked.values) == wanted
