"""The page's parts without a browser: addresses, controls, scales, sentences, messages, the dispatcher."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from bokeh.core.serialization import Serializer
from bokeh.models import Text

from snn_explorer.engine import ParameterError
from snn_explorer.live import Run
from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.presets import available_presets
from snn_explorer.superspike.parameters import SuperSpikeParameters
from snn_explorer.views import address, scales
from snn_explorer.views.bats import gallery as bats_gallery
from snn_explorer.views.bats import probe as bats_probe
from snn_explorer.views.columns import Traces
from snn_explorer.views.controls import from_page, to_page
from snn_explorer.views.dispatcher import PATIENCE, Client, Dispatcher
from snn_explorer.views.network_drawing import sizes
from snn_explorer.views.picking import nearest_synapse
from snn_explorer.views.stream import encode, names_of
from snn_explorer.views.superspike import probe as superspike_probe
from snn_explorer.views.superspike import status
from snn_explorer.views.superspike.drawing import NUMBERS, SuperSpikeDrawing
from snn_explorer.views.superspike.gallery import GALLERY
from snn_explorer.views.superspike.stack import feedback_magnification
from snn_explorer.views.transport import SECONDS, nearest
from tests.ui.frames import live_frame


class TestAddress:
    presets = available_presets()

    def test_what_is_written_is_read_again(self):
        values = {"seed": 7, "learning_rate": 2e-4, "hidden_learning": False, "feedback": "uniform"}
        query = address.write(self.presets["fig2"], values, None, projector=True)
        pairs = dict(pair.split("=") for pair in query[1:].split("&"))
        asked = address.read(pairs, self.presets)
        assert (asked.preset, asked.values, asked.speed, asked.projector) == ("fig2", values, None, True)
        assert asked.faults == []

    @pytest.mark.parametrize(
        ("name", "text", "said"),
        [
            ("preset", "fig99", "fig99"),
            ("rho", "much", "not a number"),
            ("rho", "-1", "from 0"),
            ("seed", "1.5", "whole"),
            ("speed", "0", "above 0"),
            ("speed", "fast", "'fast'"),
            ("colour", "red", "'colour'"),
        ],
    )
    def test_each_fault_is_said_and_nothing_else_is_lost(self, name, text, said):
        asked = address.read({"n_hidden": "8", name: text}, self.presets)
        (fault,) = asked.faults
        assert said in fault
        assert asked.values == {"n_hidden": 8}

    def test_what_belongs_to_the_server_is_no_fault(self):
        assert address.read({"theme": "dark", "v": "0"}, self.presets).faults == []


class TestControls:
    def test_page_units(self):
        assert to_page(SuperSpikeParameters.param.learning_rate, 1e-3) == pytest.approx(1.0)
        assert from_page(SuperSpikeParameters.param.learning_rate, "2,5") == pytest.approx(2.5e-3)
        assert from_page(SuperSpikeParameters.param.n_hidden, "8") == 8

    @pytest.mark.parametrize(
        ("name", "text", "said"),
        [
            ("learning_rate", "500", "from 0 to 100 mV"),
            ("n_hidden", "2.5", "whole number"),
            ("rho", "a lot", "not a number"),
            ("rho", "nan", "cannot be used"),
        ],
    )
    def test_what_cannot_be_used_is_explained_in_page_units(self, name, text, said):
        with pytest.raises(ParameterError, match=said):
            from_page(SuperSpikeParameters.param[name], text)

    @pytest.mark.parametrize(("speed", "shown"), [(None, math.inf), (10.0, 10.0), (12.0, 10.0), (1e4, 500.0)])
    def test_the_nearest_speed_of_the_list(self, speed, shown):
        assert nearest(speed, SECONDS.speeds) == shown


class TestScales:
    @pytest.mark.parametrize(("value", "above", "below"), [(1, 1, 1), (1.2, 2, 1), (0.03, 0.05, 0.02), (70, 100, 50)])
    def test_round_numbers(self, value, above, below):
        assert scales.nice_above(value) == pytest.approx(above)
        assert scales.nice_below(value) == pytest.approx(below)

    def test_a_range_grows_in_steps_and_never_shrinks(self):
        growing = scales.Growing(1.0)
        assert not growing.fit(0.9)
        assert growing.fit(1.1)
        assert growing.value == 2.0
        assert not growing.fit(0.1)
        assert not growing.fit(float("nan"))
        growing.reset()
        assert growing.value == 1.0

    def test_without_an_error_the_magnification_stays_bounded(self):
        assert feedback_magnification(np.zeros((4, 10), np.float32)) == 1000.0


class TestSentences:
    @pytest.mark.parametrize(
        ("figures", "said"),
        [
            ({"output_rate_hz": 0.0, "matched": 0, "missing": 5, "extra": 0}, "silent"),
            ({"matched": 5, "missing": 0, "extra": 0}, "Every target is met within"),
            ({"matched": 5, "missing": 0, "extra": 0, "chunk_cost": 0.0}, "no error left"),
            ({"matched": 5, "missing": 0, "extra": 2}, "too many"),
            ({"matched": 0, "missing": 5}, "wrong times"),
            ({}, "Some targets"),
        ],
    )
    def test_what_the_network_does(self, figures, said):
        assert said in status.sentence(live_frame(**figures))

    def test_settling_pausing_and_faults_come_first(self):
        assert "Settling" in status.sentence(live_frame(time=-3.0))
        live = live_frame()
        assert status.sentence(SuperSpikeFrame(**{**vars(live), "state": "paused"})).startswith("Paused.")
        assert status.sentence(SuperSpikeFrame(**{**vars(live), "message": "Stop."})) == "Stop."


def test_signals_of_one_trace_are_broken_apart():
    columns = Traces(np.arange(3, dtype=np.float32))(np.ones((2, 3), np.float32))
    assert np.isnan(columns["y"]).tolist() == [False, False, False, True] * 2
    assert columns["x"][4:7].tolist() == [0, 1, 2]


def test_a_message_can_be_taken_apart_again():
    shared = np.arange(4, dtype=np.float32)
    columns = {"a": {"x": shared, "y": shared + 1}, "b": {"x": shared}}
    message = np.frombuffer(encode(7, columns, np.array([5.0], np.float32)), np.float32)
    assert names_of(columns) == ["a/x", "a/y", "b/x", "numbers/values"]
    heads = message[1:9].reshape(-1, 2).astype(int)
    parts = [message[start : start + length].tolist() for start, length in heads]
    assert message[0] == 7
    assert parts == [[0, 1, 2, 3], [1, 2, 3, 4], [0, 1, 2, 3], [5]]
    assert len(message) == 1 + 8 + 4 + 4 + 1  # what is shared travels once


@pytest.mark.parametrize(
    ("gallery", "names"),
    [
        (GALLERY, [lane.words for lane in superspike_probe.LANES]),
        (bats_gallery.GALLERY, ["presynaptic spikes", *(lane.words for lane in bats_probe.LANES)]),
    ],
)
def test_each_lane_of_the_probe_keeps_its_name(gallery, names):
    drawn = [renderer for renderer in gallery.fresh_figures()["probe"].renderers if isinstance(renderer.glyph, Text)]
    assert [next(iter(words.data_source.data["text"])).strip() for words in drawn] == names


def test_each_session_has_figures_of_its_own():
    first, second = GALLERY.fresh_figures(), GALLERY.fresh_figures()
    assert first.keys() == second.keys()
    ids = [{model.id for figure in figures.values() for model in figure.references()} for figures in (first, second)]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("n_before", [0, 3, 100])
def test_figures_are_the_same_however_many_were_copied_beforehand(n_before):
    GALLERY.fresh_figures()
    there = [GALLERY.copy_one() for _ in range(n_before)]
    figures = GALLERY.fresh_figures()
    assert sum(there) == min(n_before, len(figures))
    assert _without_ids(figures) == _without_ids(GALLERY.fresh_figures())


def _without_ids(figures):
    """All that figures are, with models numbered as they come."""
    numbers = {}
    written = json.dumps(Serializer(deferred=False).encode(list(figures.values())))
    return re.sub(r'"p\d+"', lambda match: str(numbers.setdefault(match[0], len(numbers))), written)


@pytest.mark.parametrize("n_hidden", [0, 4])
def test_a_frame_fills_every_source_of_the_figures(n_hidden):
    drawing = SuperSpikeDrawing(lambda _serial: None, available_presets()["fig4"])
    live = live_frame(n_hidden)
    update = drawing.compose(live)
    sources = {
        renderer.data_source.name: set(renderer.data_source.data)
        for figure in drawing.figures.values()
        for renderer in figure.renderers
        if hasattr(renderer, "data_source") and renderer.name
    }
    assert {name: set(columns) for name, columns in update.columns.items()} == sources
    drawing.show(update)
    assert drawing.stream.message == update.message


@pytest.mark.parametrize("n_hidden", [0, 4])
def test_what_a_network_shows_when_its_weights_are_no_numbers_can_be_drawn(n_hidden):
    """Such a page must go on, or nobody could start anew."""
    drawing = SuperSpikeDrawing(lambda _serial: None, available_presets()["fig4"])
    drawing.show(drawing.compose(live_frame(n_hidden)))
    live = live_frame(n_hidden, serial=2)
    frame = live.frame
    for values in (*frame.traces.values(), *frame.matrices.values(), live.curve_cost):
        values[:] = np.nan
    lost = ("cost", "chunk_cost", "probe_weight", "probe_change", "probe_rate", "probe_integral")
    numbers = frame.numbers | dict.fromkeys(lost, np.nan)
    drawing.show(drawing.compose(replace(live, frame=replace(frame, numbers=numbers))))
    drawing.show(drawing.compose(live_frame(n_hidden, serial=3)))
    assert all(np.isfinite([axis.start, axis.end]).all() for figure in drawing.figures.values()
               for axis in (figure.x_range, figure.y_range))  # fmt: skip


def test_a_network_without_hidden_units_has_no_hidden_numbers():
    live = live_frame(0)
    drawing = SuperSpikeDrawing(lambda _serial: None, available_presets()["fig4"])
    message = np.frombuffer(drawing.compose(live).message, np.float32)
    shown = dict(zip(NUMBERS, message[-len(NUMBERS) :], strict=True))
    assert np.isnan(shown["feedback_magnification"])
    assert shown["weights_at_limit"] == 25


@pytest.mark.parametrize(
    ("x", "y", "layer", "pre"), [(0.005, 0.02, "hidden", 0), (0.9, 1.05, "output", 3), (0.5, 2.1, "output", 0)]
)
def test_the_nearest_line_of_the_network(x, y, layer, pre):
    frame = live_frame(4).frame
    assert sizes(frame) == {"input": 100, "hidden": 4, "output": 1}
    found, _post, found_pre = nearest_synapse(frame, x, y)
    assert (found, found_pre) == (layer, pre)


class FakeRun(SimpleNamespace):
    """A run that has a frame whenever it is asked."""

    def __init__(self):
        super().__init__(state="playing", message="", asked=0, frames=[], look_again=lambda: None)

    def request_frame(self):
        self.asked += 1
        self.frames.append(object())

    def take_frame(self):
        return self.frames.pop() if self.frames else None


class TestDispatcher:
    def client(self):
        shown, self.forgotten = [], []
        forget = lambda: self.forgotten.append(len(shown))  # noqa: E731
        return Client(lambda do: do(), FakeRun(), lambda live: live, shown.append, forget), shown

    def test_nothing_is_sent_before_the_browser_has_the_page(self):
        client, shown = self.client()
        client.step(1.0, 0.05)
        assert shown == []

    def test_the_next_frame_waits_for_the_answer_and_the_period(self):
        client, shown = self.client()
        client.painted(0)
        client.step(1.0, 0.05)
        client.step(2.0, 0.05)
        assert len(shown) == 1
        client.painted(1)
        client.step(1.01, 0.05)
        assert len(shown) == 1
        client.step(2.0, 0.05)
        assert len(shown) == 2
        assert client.run.asked == 2

    def test_a_frame_that_is_never_painted_is_taken_for_lost_and_followed_by_a_whole_one(self):
        client, shown = self.client()
        client.painted(0)
        client.step(1.0, 0.05)
        client.step(1.0 + PATIENCE, 0.05)
        assert (len(shown), self.forgotten) == (1, [])
        client.step(1.1 + PATIENCE, 0.05)
        assert (len(shown), self.forgotten) == (2, [1])
        client.painted(-1)
        client.step(9 * PATIENCE, 0.05)
        assert len(shown) == 2, "who leaves the page is not sent anything"

    def test_a_lost_frame_of_a_paused_run_is_followed_by_another_of_the_same_moment(self):
        client, shown = self.client()
        client.run = run = Run(available_presets()["fig4"])
        run.step()
        run.work(0.0)
        client.painted(0)
        client.step(1.0, 0.05)
        run.work(0.0)
        client.step(2.0, 0.05)
        client.step(2.1 + PATIENCE, 0.05)
        run.work(0.0)
        client.step(2.2 + PATIENCE, 0.05)
        lost, found = (live for live in shown if live is not None)
        assert (found.frame.time, found.state) == (lost.frame.time, "paused")

    def test_news_about_the_run_need_no_frame(self):
        client, shown = self.client()
        client.run.request_frame = lambda: None
        client.painted(0)
        client.step(1.0, 0.05)
        client.run.state, client.run.message = "faulted", "Why."
        client.step(2.0, 0.05)
        client.step(3.0, 0.05)
        assert shown == [None, None]

    def test_another_run_is_asked_anew(self):
        client, shown = self.client()
        client.run.request_frame = lambda: None
        client.painted(0)
        client.step(1.0, 0.05)
        client.run = FakeRun()
        client.step(2.0, 0.05)
        assert shown[-1] is not None

    def test_a_page_that_fails_is_left_alone_and_said_so_and_the_others_go_on(self, caplog):
        dispatcher = Dispatcher()
        client, _ = self.client()
        client.step = lambda *_: 1 / 0
        dispatcher.add(client)
        for _ in range(200):
            if not dispatcher.clients:
                break
            dispatcher._thread.join(0.02)
        assert dispatcher.clients == ()
        (said,) = caplog.records
        assert (said.levelname, said.exc_info[0]) == ("ERROR", ZeroDivisionError)
