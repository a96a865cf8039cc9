"""A run: play, pause, step, reset, and parameters that change while it runs."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from snn_explorer.engine import ParameterError, Watch
from snn_explorer.live import Run

CHUNK = 0.5
START = -1.0


def curve_of(run, frame_of):
    live = frame_of(run)
    return live.curve_time, live.curve_cost


def test_the_same_seed_and_a_reset_give_the_same_curve(make_run, advance, frame_of):
    run, other = make_run(), make_run(seed=2)
    advance(run, 60)
    time, cost = curve_of(run, frame_of)
    run.reset()
    assert frame_of(run).curve_time.size == 0
    advance(run, 60)
    again_time, again_cost = curve_of(run, frame_of)
    advance(other, 60)
    assert len(time) == 59
    assert np.array_equal(time, again_time)
    assert np.array_equal(cost, again_cost)
    assert not np.array_equal(cost, curve_of(other, frame_of)[1])


def test_the_curve_starts_with_learning_and_shows_the_engines_cost(make_run, advance, frame_of):
    run = make_run()
    frames = []
    for _ in range(8):
        advance(run, 1)
        frames.append(frame_of(run))
    seen = [(live.frame.time, np.float32(live.frame.numbers["cost"])) for live in frames]
    assert [time for time, _ in seen][:3] == [-0.5, 0.0, 0.5]
    curve = zip(frames[-1].curve_time, frames[-1].curve_cost, strict=True)
    assert list(curve) == [(time, cost) for time, cost in seen if time >= 0]


def test_slices_and_frames_leave_no_trace(make_run, advance, frame_of, same, clock):
    quiet, watched = make_run(), make_run()
    for i in range(30):
        watched.look(Watch(hidden=(i % 4,)))
        assert frame_of(watched) is not None
        advance(watched, 1)
    quiet.play()
    clock.tick = 1.0
    while quiet.time < watched.time:
        quiet.work(20.0)
    clock.tick = 0.0
    advance(watched, round((quiet.time - watched.time) / CHUNK))
    assert quiet.time == watched.time > 13
    assert same(quiet.state_dict(), watched.state_dict())


def test_a_step_is_exactly_one_chunk_then_a_pause(make_run, advance):
    run = make_run()
    advance(run, 4)
    run.play()
    before = run.time
    run.step()
    run.work(1000)
    assert run.time == before + CHUNK
    assert run.state == "paused"
    for _ in range(3):
        run.step()
    run.work(1000)
    run.work(1000)
    assert run.time == before + 4 * CHUNK


def test_a_step_may_be_several_chunks(make_run, advance):
    run = make_run()
    advance(run, 4)
    before = run.time
    run.step(3)
    run.step(2)
    run.work(1000)
    assert run.time == before + 5 * CHUNK
    assert run.state == "paused"


@pytest.mark.parametrize("count", [0, -1, 1.5, "2", None])
def test_steps_are_counted_in_whole_numbers(make_run, clock, count):
    run = make_run()
    run.work(0)
    with pytest.raises(ParameterError, match="number of steps"):
        run.step(count)
    assert run.due(clock.now) is None


def test_a_pause_stops(make_run, clock):
    run = make_run()
    assert run.state == "paused"
    run.play()
    run.work(0)
    assert (run.state, run.time) == ("playing", START + CHUNK)
    run.step()
    run.pause()
    run.work(1000)
    assert (run.state, run.time) == ("paused", START + CHUNK)
    assert run.due(clock.now) is None


def test_a_parameter_acts_at_the_next_chunk(make_run, advance, frame_of):
    run = make_run()
    advance(run, 10)
    before = frame_of(run)
    assert before.frame.numbers["probe_change"] != 0
    run.set(learning_rate=0.0, rho="2.5")
    assert run.values["learning_rate"] == 0
    assert run.values["rho"] == 2.5
    run.step()
    after = frame_of(run)
    assert after.frame.time == before.frame.time + CHUNK
    assert after.frame.numbers["probe_change"] == 0
    for name in ("hidden_weights", "output_weights"):
        assert np.array_equal(after.frame.matrices[name], before.frame.matrices[name])
    assert (before.values["learning_rate"], after.values["learning_rate"]) == (1e-3, 0)
    run.set(learning_rate=2e-3)
    run.step()
    moved = frame_of(run)
    change = moved.frame.matrices["output_weights"] - after.frame.matrices["output_weights"]
    assert moved.values["learning_rate"] == 2e-3
    assert 1e-3 < abs(change).max() <= 2e-3 * 1.0001


def test_a_frame_tells_the_values_of_its_chunk(make_run, advance, frame_of):
    run = make_run()
    advance(run, 3)
    run.set(rho=7.0)
    run.look(Watch(hidden=(1,)))
    assert frame_of(run).values["rho"] == 0
    run.step()
    assert frame_of(run).values["rho"] == 7


def test_another_network_is_made_by_the_worker_and_starts_anew(make_run, advance, frame_of, clock):
    run = make_run()
    advance(run, 5)
    run.set(n_hidden=7)
    assert run.time == START + 5 * CHUNK
    assert run.due(clock.now) == clock.now
    live = frame_of(run)
    assert (run.time, live.frame.time, live.curve_time.size) == (START, START, 0)
    assert live.frame.matrices["hidden_weights"].shape == (7, 100)


def test_only_what_changed_counts_as_a_change(make_run, advance):
    run = make_run()
    advance(run, 5)
    run.set(seed=1, n_hidden=4, burn_in=1.0)
    run.work(0)
    assert run.time == START + 5 * CHUNK


@pytest.mark.parametrize(("conventions", "starts_anew"), [("paper", False), ("original", True)])
def test_feedback_starts_anew_only_where_its_delay_is_fixed(make_run, advance, conventions, starts_anew):
    run = make_run(conventions=conventions)
    advance(run, 5)
    before = run.time
    run.set(feedback="random")
    run.step()
    run.work(0)
    assert (run.time < before) == starts_anew
    assert run.state == "paused"


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("learning_rate", "fast", "not a number"),
        ("learning_rate", -1e-3, "number from 0 to 0.1"),
        ("learning_rate", float("nan"), "number from 0"),
        ("n_hidden", 2.5, "whole number"),
        ("n_hidden", None, "not a number"),
        ("n_hidden", 10**6, "from 0 to 1024"),
        ("feedback", "sideways", "symmetric, random, uniform"),
        ("nonsense", 1, "no parameter 'nonsense'"),
    ],
)
def test_values_out_of_range_change_nothing(make_run, advance, frame_of, same, fig4, name, value, complaint):
    run, untouched = make_run(), make_run()
    advance(run, 3)
    with pytest.raises(ParameterError, match=complaint):
        run.set(**{"rho": 1.0, name: value})
    with pytest.raises(ParameterError, match=complaint):
        Run(fig4, {name: value})
    advance(run, 3)
    advance(untouched, 6)
    assert run.values == untouched.values
    assert same(run.state_dict(), untouched.state_dict())


def test_values_given_at_the_start_come_before_the_presets(make_run, fig4):
    assert make_run().values["weight_scale"] == fig4.values["weight_scale"]
    assert make_run(weight_scale="0.03").values["weight_scale"] == 0.03
    assert make_run().values["steepness"] == 1e3


def test_every_wish_is_told_to_the_scheduler_once(make_run):
    run = make_run()
    told = []
    run.on_wish = lambda: told.append(1)
    saved = run.state_dict()
    wishes = {
        "play": run.play,
        "pause": run.pause,
        "step": run.step,
        "reset": run.reset,
        "set": lambda: run.set(rho=2.0),
        "look": lambda: run.look(Watch()),
        "load": lambda: run.load_state_dict(saved),
        "speed": lambda: setattr(run, "speed", 4),
    }
    for name, wish in wishes.items():
        told.clear()
        wish()
        assert told == [1], name


def test_asking_again_for_the_same_frame_wakes_nobody(make_run):
    run = make_run()
    told = []
    run.on_wish = lambda: told.append(1)
    for _ in range(5):
        run.request_frame()
    assert told == [1]
    run.work(0)
    run.request_frame()
    assert told == [1, 1]


def test_the_page_never_waits_for_a_slice(make_run):
    run = make_run()

    def calls():
        run.play()
        run.set(rho=1.0)
        run.set(n_hidden=9)
        run.look(Watch())
        run.request_frame()
        run.take_frame()
        run.speed = 3
        run.step()
        run.reset()
        run.pause()
        run.close()

    page = threading.Thread(target=calls)
    with run._engine():
        page.start()
        page.join(30)
        assert not page.is_alive()
