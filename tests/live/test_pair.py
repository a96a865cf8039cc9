"""Two runs that learn in step."""

from __future__ import annotations

import numpy as np
import pytest

from snn_explorer.engine import LearningFault, Watch
from snn_explorer.live import Pair, Scheduler

CHUNK = 0.5


@pytest.fixture
def make_pair(make_run, clock):
    """A pair of new runs; `changed` are values of the second."""

    def make(first_values=None, **changed):
        return Pair(make_run(**(first_values or {})), make_run(**changed), clock=clock)

    return make


def advance(pair, n_chunks):
    """Let the pair learn so many chunks of the first run."""
    pair.first.play()
    for _ in range(n_chunks):
        pair.work(0)
    pair.first.pause()


def frames_of(pair):
    """Frames of both after the same learning time."""
    pair.request_frame()
    for _ in range(3):
        pair.work(0)
    return pair.take_frame()


def curve(live):
    return live.curve_time.tolist(), live.curve_cost.tolist()


def arrays(live):
    frame = live.frame
    rasters = {name: np.stack([raster.time, raster.neuron]) for name, raster in frame.rasters.items()}
    return rasters | dict(frame.traces) | dict(frame.matrices)


def test_the_same_settings_learn_the_same_bits(make_pair):
    pair = make_pair()
    for n_chunks in (1, 7, 30):
        advance(pair, n_chunks)
        one, other = frames_of(pair)
        assert one.frame.time == other.frame.time == pair.first.time == pair.second.time
        assert curve(one) == curve(other)
        for name, values in arrays(one).items():
            np.testing.assert_array_equal(values, arrays(other)[name], err_msg=name)


def test_the_second_learns_what_it_would_alone(make_pair, make_run):
    pair, alone = make_pair(feedback="random"), make_run(feedback="random")
    advance(pair, 40)
    alone.play()
    while alone.time < pair.second.time:
        alone.work(0)
    alone.request_frame()
    alone.pause()
    alone.work(0)
    assert curve(frames_of(pair)[1]) == curve(alone.take_frame())


def test_they_are_never_further_apart_than_a_chunk(make_pair):
    pair = make_pair(feedback="uniform")
    pair.first.play()
    for _ in range(20):
        pair.first.work(0)  # as when the slice of before is still under way
        pair.work(0)
        assert pair.first.time - pair.second.time in (0.0, CHUNK)
    pair.work(0)
    pair.first.pause()
    while pair.due(0.0) is not None:
        pair.work(0)
    assert pair.first.time == pair.second.time


@pytest.mark.parametrize("restart", ["reset", "first", "second"])
def test_when_one_starts_anew_so_does_the_other(make_pair, restart):
    pair = make_pair(feedback="random")
    advance(pair, 20)
    if restart == "reset":
        pair.first.reset()
    else:
        getattr(pair, restart).set(seed=5)
    pair.work(0)
    assert pair.first.time == pair.second.time == -1.0
    advance(pair, 6)
    one, other = frames_of(pair)
    assert one.frame.time == other.frame.time == 2.0
    assert len(one.curve_time) == len(other.curve_time)


def test_a_run_that_has_learned_already_begins_again_with_the_other(make_run, clock):
    first = make_run()
    first.play()
    for _ in range(30):
        first.work(0)
    first.reset()
    pair = Pair(first, make_run(), clock=clock)
    pair.work(0)
    assert pair.first.time == pair.second.time == -1.0 + CHUNK


def test_frames_of_networks_that_are_no_more_are_not_shown(make_pair):
    pair = make_pair()
    advance(pair, 10)
    pair.request_frame()
    pair.work(0)
    pair.first.reset()
    assert pair.take_frame() is None
    pair.work(0)
    one, other = pair.take_frame() or frames_of(pair)
    assert one.frame.time == other.frame.time == -1.0


def test_a_step_is_one_chunk_of_both(make_pair):
    pair = make_pair()
    pair.first.step()
    pair.work(0)
    assert pair.first.time == pair.second.time == -1.0 + CHUNK
    assert pair.due(0.0) is None


def test_both_show_what_the_page_watches(make_pair):
    pair = make_pair()
    advance(pair, 3)
    assert frames_of(pair)
    pair.first.look(Watch(hidden=(2,), probe_pre=2))
    one, other = frames_of(pair)
    assert one.frame.watch == other.frame.watch == Watch(hidden=(2,), probe_pre=2)


def test_when_the_second_has_to_stop_the_first_waits_until_both_start_anew(make_pair, monkeypatch):
    pair = make_pair()
    advance(pair, 10)
    second = pair.second._driver._learner

    def diverge():
        raise LearningFault("Weights are no numbers.")

    monkeypatch.setattr(second, "advance", diverge)
    advance(pair, 2)
    stopped = pair.first.time
    advance(pair, 5)
    assert (pair.state, pair.message) == ("faulted", "B: Weights are no numbers.")
    assert pair.first.time == stopped
    pair.first.reset()
    pair.work(0)
    assert pair.state == "paused"
    advance(pair, 4)
    assert pair.first.time == pair.second.time == 1.0


def test_different_burn_ins_meet_where_learning_begins(make_pair):
    pair = make_pair({"burn_in": 3.0}, burn_in=1.0)
    advance(pair, 3)
    assert (pair.first.time, pair.second.time) == (-1.5, -1.0)
    advance(pair, 6)
    assert pair.first.time == pair.second.time == 1.5


def test_a_scheduler_serves_both_and_lets_go_of_them(make_pair, clock):
    pair, scheduler = make_pair(), Scheduler(0, clock=clock)
    scheduler.add(pair)
    assert scheduler.runs == (pair,)
    pair.first.play()
    clock.tick = 0.001
    assert scheduler.serve_one()
    assert pair.first.time == pair.second.time > -1.0
    pair.close()
    assert pair.first.closed
    assert pair.second.closed
    assert scheduler.runs == ()
    assert not scheduler.serve_one()
