"""Speed, measured in simulated time by a clock that the test moves."""

from __future__ import annotations

import math

import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.live import Run
from snn_explorer.live.pacing import MAX_DEBT, Pacer

CHUNK = 0.5


def let_pass(run, clock, seconds, look_every=0.01):
    """Let time pass, serving the run as a worker would whenever it is due."""
    for _ in range(round(seconds / look_every)):
        clock.now += look_every
        while (due := run.due(clock.now)) is not None and due <= clock.now:
            run.work(0)


@pytest.fixture
def playing(make_run, advance):
    run = make_run()
    advance(run, 3)
    run.speed = 10
    run.play()
    return run


@pytest.mark.parametrize("speed", [1, 7.5, 40])
def test_a_run_keeps_its_speed(playing, clock, speed):
    playing.speed = speed
    start = playing.time
    for second in range(1, 5):
        let_pass(playing, clock, 0.5)
        assert abs(playing.time - start - speed * 0.5 * second) <= CHUNK + speed * 0.01


def test_a_slice_does_not_run_ahead_however_long_it_is(playing, clock):
    start = playing.time
    playing.work(1000)
    assert playing.time == start + CHUNK
    assert playing.due(clock.now) == pytest.approx(clock.now + CHUNK / 10)


def test_a_new_speed_counts_from_when_it_was_set(playing, clock):
    let_pass(playing, clock, 1.0)
    middle = playing.time
    playing.speed = 2
    let_pass(playing, clock, 2.0)
    assert abs(playing.time - middle - 4) <= CHUNK


def test_time_spent_in_a_pause_is_not_caught_up_with(playing, clock):
    let_pass(playing, clock, 0.2)
    playing.pause()
    clock.now += 50
    before = playing.time
    playing.play()
    let_pass(playing, clock, 1.0)
    assert abs(playing.time - before - 10) <= CHUNK


def test_a_run_that_was_kept_waiting_catches_up_a_little_only(playing, clock):
    let_pass(playing, clock, 0.5)
    before = playing.time
    clock.now += 50
    while playing.due(clock.now) <= clock.now:
        playing.work(0)
    assert 10 * MAX_DEBT - CHUNK <= playing.time - before <= 10 * MAX_DEBT + CHUNK


def test_the_burn_in_is_not_held_back(make_run, clock):
    run = make_run(burn_in=10.0)
    run.speed = 1
    run.play()
    while run.due(clock.now) <= clock.now:
        run.work(0)
    assert run.time == CHUNK


def test_without_a_limit_a_run_is_always_due():
    pacer = Pacer(None)
    assert pacer.due(3.0, 7.0) == 7.0
    assert pacer.due(1e9, 7.0) == 7.0


def test_the_preset_says_how_fast_a_run_starts(fig4):
    assert Run(fig4).speed == fig4.speed


@pytest.mark.parametrize("speed", [0, -1, math.nan, math.inf, "fast"])
def test_an_impossible_speed_is_refused(make_run, speed):
    run = make_run()
    run.speed = 3
    with pytest.raises(ParameterError, match=r"speed is .*above 0"):
        run.speed = speed
    assert run.speed == 3
