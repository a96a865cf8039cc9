"""Getting ready in the background."""

from __future__ import annotations

import threading

import pytest

from snn_explorer.live import warmup
from snn_explorer.live.warmup import EXPECTED_SECONDS, WarmUp

PATIENCE = 60.0


@pytest.fixture
def work(monkeypatch):
    """Work that goes on until the test lets it end."""
    end = threading.Event()
    yield end
    end.set()


def test_progress_is_told_until_it_is_done(work, clock):
    warm = WarmUp(lambda: work.wait(PATIENCE), clock)
    assert (warm.done, warm.fraction) == (False, 0)
    clock.now += EXPECTED_SECONDS / 2
    assert warm.fraction == pytest.approx(0.5)
    assert "Compiling the kernels" in warm.message
    assert "50%" in warm.message
    clock.now += 100 * EXPECTED_SECONDS
    assert warm.fraction < 1
    assert not warm.wait(0)
    work.set()
    assert warm.wait(PATIENCE)
    assert (warm.done, warm.fraction, warm.message) == (True, 1, "")


def test_a_failure_is_logged_and_does_not_keep_runs_waiting(caplog):
    def fail():
        raise RuntimeError("no compiler")

    assert WarmUp(fail).wait(PATIENCE)
    assert "no compiler" in caplog.text


def test_a_run_is_preparing_meanwhile(work, clock, make_run, monkeypatch):
    run = make_run()
    warm = WarmUp(lambda: work.wait(PATIENCE), clock)
    monkeypatch.setattr(warmup, "_only", warm)
    run.play()
    assert (run.state, run.message) == ("preparing", warm.message)
    work.set()
    assert warm.wait(PATIENCE)
    assert (run.state, run.message) == ("playing", "")


def test_a_process_warms_up_once():
    assert warmup.warm_up() is warmup.warm_up()
    assert warmup.warm_up().wait(PATIENCE)
    assert warmup.warming_up() is None
