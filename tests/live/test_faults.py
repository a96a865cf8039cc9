"""When learning cannot go on: the page says why, nothing is lost, and a reset goes on."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.live.superspike import SuperSpikeLearner


def layer_state(state, layer):
    return state["learner"]["network"]["layers"][layer]["weights"]


@pytest.fixture
def broken(make_run, advance, monkeypatch):
    """A run one of whose weights is no longer a number, and its state before it goes on."""
    learners, make = [], SuperSpikeLearner.__init__

    def made(self, *given, **values):
        make(self, *given, **values)
        learners.append(self)

    with monkeypatch.context() as patch:
        patch.setattr(SuperSpikeLearner, "__init__", made)
        run = make_run()
        advance(run, 12)
    learners[0].network.output.weights[0, 0, 1] = math.nan
    return run, run.state_dict()


def test_a_weight_that_is_no_number_pauses_learning_and_keeps_the_others(broken):
    run, state = broken
    run.play()
    run.request_frame()
    run.work(1000)
    assert run.state == "faulted"
    assert "1 of 4 weights of the output layer are not numbers any more" in run.message
    assert "reset" in run.message
    after = run.state_dict()
    for layer in ("hidden", "output"):
        assert np.array_equal(layer_state(after, layer), layer_state(state, layer), equal_nan=True)
    live = run.take_frame()
    assert (live.state, live.message) == ("faulted", run.message)
    assert np.isfinite(live.curve_cost).all()
    assert live.curve_cost.size == 11


def test_a_faulted_run_does_nothing_until_it_is_reset(broken, clock, frame_of):
    run, _ = broken
    run.play()
    run.work(0)
    before = run.time
    run.step()
    run.play()
    run.work(1000)
    assert (run.state, run.time) == ("faulted", before)
    assert run.due(clock.now) is None
    run.reset()
    assert (run.state, run.message) == ("playing", "")
    for _ in range(20):
        run.work(0)
    assert run.time == -1.0 + 20 * 0.5
    assert np.isfinite(frame_of(run).frame.matrices["output_weights"]).all()


def test_another_network_also_goes_on(broken):
    run, _ = broken
    run.step()
    run.work(0)
    assert run.state == "faulted"
    run.set(rho=1.0)
    assert run.state == "faulted"
    run.set(seed=5)
    assert (run.state, run.message) == ("paused", "")


def test_an_error_of_the_program_is_said_and_logged(make_run, fig4, frame_of, caplog):
    troubles = [OSError("the disk is gone")]

    def task():
        if troubles:
            raise troubles.pop()
        return fig4.task()

    run = make_run(dataclasses.replace(fig4, task=task))
    assert frame_of(run) is None
    assert run.state == "faulted"
    assert "internal error (OSError: the disk is gone)" in run.message
    assert "Reset" in run.message
    assert caplog.records[0].exc_info is not None
    run.work(0)
    assert len(caplog.records) == 1
    run.reset()
    run.step()
    assert frame_of(run).frame.time == -0.5
    assert run.state == "paused"


def test_after_an_error_nothing_goes_on_by_itself(make_run, advance, monkeypatch, caplog):
    run = make_run()
    advance(run, 3)
    before = run.time
    with monkeypatch.context() as patch:
        patch.setattr(SuperSpikeLearner, "advance", lambda self: 1 / 0)
        run.play()
        run.work(0)
    run.work(0)
    assert (run.state, run.time) == ("faulted", before)
    assert len(caplog.records) == 1


def test_a_network_that_cannot_be_made_is_not_replaced_by_the_old_one(make_run, advance, frame_of, fig4):
    tasks = [fig4.task()]
    run = make_run(dataclasses.replace(fig4, task=lambda: tasks.pop()))
    advance(run, 3)
    run.set(seed=2)
    assert frame_of(run) is None
    assert run.state == "faulted"
    with pytest.raises(ParameterError, match="no network to save"):
        run.state_dict()


def test_a_run_that_cannot_be_looked_at_stops_once(make_run, advance, monkeypatch, clock, caplog):
    run = make_run()
    advance(run, 2)
    monkeypatch.setattr(SuperSpikeLearner, "look", lambda self, watch: 1 / 0)
    run.request_frame()
    run.play()
    run.work(0)
    assert run.state == "faulted"
    assert "division by zero" in run.message
    assert run.due(clock.now) is None
    assert len(caplog.records) == 1


def test_there_is_nothing_to_save_without_a_network(make_run, fig4):
    def no_task():
        raise ParameterError("The file is gone.")

    run = make_run(dataclasses.replace(fig4, task=no_task))
    with pytest.raises(ParameterError, match=r"no network to save.*The file is gone"):
        run.state_dict()
