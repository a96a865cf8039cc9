"""The scheduler: turns for everybody, on a few threads that sleep when there is nothing to do."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from contextlib import ExitStack, closing

import numpy as np
import pytest

from snn_explorer.live import Run, Scheduler, scheduler, warm_up
from snn_explorer.live.superspike import SuperSpikeLearner

PATIENCE = 60.0


def wait_until(condition):
    """Wait for other threads; the time limit only ends a test that has failed."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.005)


@pytest.fixture
def by_hand(clock):
    """A scheduler without threads: the test serves one slice after another, each some chunks long."""
    clock.tick = 1e-3
    return Scheduler(0, clock=clock)


@pytest.fixture
def timed_run(fig4):
    """Make a run like `make_run`, on the real clock, as threads need it."""
    with ExitStack() as stack:

        def make(**values):
            run = stack.enter_context(closing(Run(fig4, {"burn_in": 1.0, **values})))
            run.speed = None
            return run

        yield make


@pytest.fixture
def threaded():
    made = Scheduler(2)
    yield made
    made.stop(PATIENCE)
    assert not any(thread.is_alive() for thread in made._threads)


def learner_of(run):
    return run._driver._learner


def playing(make_run, n_runs, owner):
    runs = [make_run(seed=seed) for seed in range(n_runs)]
    for run in runs:
        owner.add(run)
        run.play()
    return runs


def test_many_runs_get_equal_shares(make_run, by_hand):
    runs = playing(make_run, 12, by_hand)
    for _ in range(12 * 3):
        assert by_hand.serve_one()
    assert len({run.time for run in runs}) == 1
    assert runs[0].time > 0
    by_hand.serve_one()
    by_hand.serve_one()
    ahead = [run.time > runs[-1].time for run in runs]
    assert ahead == [True, True] + [False] * 10


def test_who_just_changed_something_goes_first_but_only_once(make_run, by_hand):
    runs = playing(make_run, 5, by_hand)
    for _ in range(5):
        by_hand.serve_one()
    runs[3].set(rho=1.0)
    before = [run.time for run in runs]
    by_hand.serve_one()
    assert [run.time > then for run, then in zip(runs, before, strict=True)] == [False, False, False, True, False]
    assert by_hand.runs == (runs[0], runs[1], runs[2], runs[4], runs[3])
    by_hand.serve_one()
    assert runs[0].time > before[0]


def test_a_run_that_is_ahead_of_its_speed_lets_others_go(make_run, advance, by_hand, clock):
    slow, fast = make_run(), make_run()
    for run in (slow, fast):
        advance(run, 3)
        by_hand.add(run)
    slow.speed = 1
    slow.play()
    assert by_hand.serve_one()
    assert not by_hand.serve_one()
    fast.play()
    before = slow.time, fast.time
    assert by_hand.serve_one()
    assert (slow.time, fast.time > before[1]) == (before[0], True)
    fast.pause()
    assert not by_hand.serve_one()
    clock.now += 0.5
    assert by_hand.serve_one()
    assert slow.time == before[0] + 0.5


def test_paused_and_removed_runs_get_nothing(make_run, by_hand):
    paused, removed, closed = playing(make_run, 3, by_hand)
    for _ in range(3):
        by_hand.serve_one()
    paused.pause()
    by_hand.remove(removed)
    by_hand.remove(removed)
    closed.close()
    by_hand.add(closed)
    assert by_hand.runs == (paused,)
    assert not by_hand.serve_one()
    paused.step()
    assert by_hand.serve_one()
    assert not by_hand.serve_one()


def test_a_run_that_breaks_down_does_not_take_others_with_it(make_run, by_hand, monkeypatch, caplog):
    broken, sound = playing(make_run, 2, by_hand)
    monkeypatch.setattr(broken, "work", lambda seconds: 1 / 0)
    assert by_hand.serve_one()
    assert by_hand.serve_one()
    assert sound.time > -1
    assert by_hand.runs == (sound,)
    assert "ZeroDivisionError" in caplog.text


def test_threads_give_the_same_result_as_one_run_alone(timed_run, advance, threaded, same):
    alone, together = timed_run(seed=3), [timed_run(seed=3) for _ in range(5)]
    advance(alone, 40)
    for run in together:
        threaded.add(run)
        for _ in range(40):
            run.step()
    wait_until(lambda: all(run.time == alone.time for run in together))
    for run in together:
        assert same(run.state_dict(), alone.state_dict())


def test_a_run_is_never_served_by_two_threads_at_once(fig4, threaded):
    together, served = [], []

    class Watched(Run):
        inside = 0

        def work(self, seconds):
            self.inside += 1
            together.append(self.inside)
            super().work(seconds)
            self.inside -= 1
            served.append(threading.current_thread().name)

    runs = [Watched(fig4), Watched(fig4)]
    for run in runs:
        run.speed = None
        threaded.add(run)
        run.play()
    wait_until(lambda: len(served) > 60)
    for run in runs:
        run.close()
    assert set(together) == {1}


def test_a_waiting_thread_wakes_up_for_a_wish_and_for_the_time(timed_run, threaded):
    run = timed_run(burn_in=0.0)
    threaded.add(run)
    run.request_frame()
    wait_until(lambda: (live := run.take_frame()) is not None and live.frame.time == 0)
    run.speed = 50
    run.play()
    wait_until(lambda: run.time >= 1.5)
    run.pause()
    run.look(run.watch)
    wait_until(lambda: (live := run.take_frame()) is not None and live.frame.time == run.time)


def test_closing_runs_frees_them_and_their_networks(fig4, threaded):
    assert warm_up().wait(PATIENCE)
    for seed in range(6):
        run = Run(fig4, {"seed": seed})
        run.speed = None
        threaded.add(run)
        run.play()
    runs = list(threaded.runs)
    wait_until(lambda: min(run.time for run in threaded.runs) > 0)
    threads = set(threading.enumerate())
    left = [weakref.ref(run) for run in runs]
    left += [weakref.ref(learner_of(run)) for run in runs]
    while runs:
        runs.pop().close()
    assert threaded.runs == ()
    run = None
    wait_until(lambda: gc.collect() is not None and not any(ref() for ref in left))
    assert set(threading.enumerate()) <= threads
    assert {thread for thread in threads if thread.name.startswith("snn-explorer-worker")} >= set(threaded._threads)


def test_a_run_closed_in_the_middle_of_a_slice_ends_with_it(make_run, monkeypatch):
    run = make_run()
    run.request_frame()
    run.play()
    chunks = []
    advance = SuperSpikeLearner.advance

    def advance_and_close(self):
        advance(self)
        chunks.append(self.time)
        if len(chunks) == 3:
            run.close()
            assert learner_of(run) is self

    monkeypatch.setattr(SuperSpikeLearner, "advance", advance_and_close)
    run.work(1000)
    assert len(chunks) == 3
    assert learner_of(run) is None
    assert run.take_frame() is None
    run.work(1000)
    assert len(chunks) == 3


def test_the_process_has_one_scheduler_that_leaves_a_core_to_the_page(monkeypatch):
    assert scheduler() is scheduler()
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    assert Scheduler().n_workers == 7
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert Scheduler().n_workers == 1
    assert not [thread for thread in threading.enumerate() if thread in Scheduler()._threads]


def test_frames_come_while_training_goes_on(timed_run, threaded):
    run = timed_run()
    threaded.add(run)
    run.play()
    times = []
    while len(times) < 5:
        run.request_frame()
        live = run.take_frame()
        if live is not None:
            times.append(live.frame.time)
        time.sleep(0.002)
        assert run.state in ("preparing", "playing"), run.message
    assert (np.diff(times) > 0).all()
