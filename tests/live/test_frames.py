"""Frames: one at a time, the latest wins, and only when asked for."""

from __future__ import annotations

import numpy as np

from snn_explorer.engine import Watch
from snn_explorer.live.superspike import SuperSpikeLearner

START, CHUNK = -1.0, 0.5


def test_a_frame_is_made_only_when_asked_for(make_run, advance, monkeypatch):
    looks = []
    look = SuperSpikeLearner.look
    monkeypatch.setattr(SuperSpikeLearner, "look", lambda self, watch: looks.append(watch) or look(self, watch))
    run = make_run()
    advance(run, 10)
    assert run.take_frame() is None
    assert looks == []
    run.request_frame()
    run.request_frame()
    advance(run, 10)
    assert len(looks) == 1
    assert run.take_frame() is not None


def test_the_slot_holds_the_latest_frame_only(make_run, advance):
    run = make_run()
    for _ in range(5):
        run.request_frame()
        advance(run, 1)
    live = run.take_frame()
    assert (live.serial, live.frame.time) == (5, START + 5 * CHUNK)
    assert run.take_frame() is None


def test_a_paused_run_gives_a_frame_at_once_but_not_the_same_one_twice(make_run, advance, frame_of, clock):
    run = make_run()
    advance(run, 3)
    first = frame_of(run)
    assert (first.state, first.message, first.frame.time) == ("paused", "", run.time)
    assert frame_of(run) is None
    assert run.due(clock.now) is None
    run.step()
    run.work(0)
    second = run.take_frame()
    assert second.frame.time == first.frame.time + CHUNK
    assert second.serial > first.serial


def test_looking_elsewhere_while_paused_shows_the_same_chunk(make_run, advance, frame_of):
    run = make_run()
    advance(run, 30)
    before = frame_of(run)
    run.look(Watch(hidden=(3,), probe_layer="hidden", probe_post=2, probe_pre=17))
    run.work(0)
    after = run.take_frame()
    assert after.frame.time == before.frame.time == run.time
    assert run.watch.probe_pre == after.frame.watch.probe_pre == 17
    assert np.array_equal(after.frame.traces["hidden_membrane"], before.frame.traces["hidden_membrane"][[3]])
    weight = before.frame.matrices["hidden_weights"][2, 17]
    assert np.float32(after.frame.numbers["probe_weight"]) == weight


def test_looking_elsewhere_while_playing_does_not_ask_for_a_frame(make_run):
    run = make_run()
    run.play()
    run.look(Watch(hidden=(1,)))
    run.work(0)
    assert run.take_frame() is None


def test_before_the_first_chunk_the_chunk_to_come_is_shown(make_run, frame_of):
    run = make_run()
    preview = frame_of(run)
    assert (preview.frame.time, run.time) == (START, START)
    assert preview.frame.rasters["input"].time.size
    run.step()
    first = frame_of(run)
    assert first.frame.time == START + CHUNK
    assert np.array_equal(first.frame.traces["output_membrane"], preview.frame.traces["output_membrane"])


def test_a_reset_takes_back_a_frame_of_before_and_gives_one_of_the_new_network_unasked(make_run, advance):
    run = make_run()
    run.request_frame()
    advance(run, 5)
    run.reset()
    assert run.take_frame() is None
    run.work(0)
    assert run.take_frame().frame.time == START


def test_a_frame_that_was_being_made_at_a_reset_is_dropped(make_run, advance, monkeypatch):
    run = make_run()
    advance(run, 5)
    look = SuperSpikeLearner.look

    def look_while_the_page_resets(self, watch):
        frame = look(self, watch)
        monkeypatch.setattr(SuperSpikeLearner, "look", look)
        run.reset()
        return frame

    monkeypatch.setattr(SuperSpikeLearner, "look", look_while_the_page_resets)
    run.request_frame()
    run.work(0)
    assert run.take_frame() is None
    run.work(0)
    assert run.take_frame().frame.time == START


def test_a_frame_knows_what_silence_costs(make_run, advance, frame_of):
    run = make_run(weight_scale=0.0, learning_rate=0.0)
    advance(run, 30)
    live = frame_of(run)
    assert live.frame.rasters["output"].time.size == 0
    assert abs(live.frame.numbers["chunk_cost"] / live.silent_cost - 1) < 1e-3
