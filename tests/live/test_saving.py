"""Saved runs go on to the same bits."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from snn_explorer.engine import ParameterError


@pytest.mark.parametrize("values", [{}, {"n_hidden": 0}, {"feedback": "random", "rho": 1.0, "conventions": "original"}])
def test_a_restored_run_goes_on_to_the_same_bits(make_run, advance, frame_of, same, values):
    run, resumed = make_run(**values), make_run(seed=9, rho=3.0)
    advance(run, 25)
    run.set(learning_rate=2e-3)
    saved, time = pickle.loads(pickle.dumps(run.state_dict())), run.time
    advance(run, 25)
    resumed.load_state_dict(saved)
    assert resumed.time == time
    assert resumed.values == run.values
    advance(resumed, 25)
    assert same(resumed.state_dict(), run.state_dict())
    one, other = frame_of(run), frame_of(resumed)
    assert np.array_equal(one.curve_cost, other.curve_cost)
    for name, trace in one.frame.traces.items():
        assert np.array_equal(trace, other.frame.traces[name]), name


def test_a_saved_state_is_not_changed_by_going_on(make_run, advance, same):
    run = make_run()
    advance(run, 5)
    saved = run.state_dict()
    copied = copy.deepcopy(saved)
    advance(run, 10)
    assert same(saved, copied)
    run.load_state_dict(saved)
    advance(run, 10)
    assert same(saved, copied)


def test_a_run_can_be_saved_before_its_first_chunk_and_before_its_worker_knows_of_a_change(make_run, advance, same):
    run, resumed = make_run(), make_run()
    run.set(n_hidden=6)
    resumed.load_state_dict(run.state_dict())
    assert resumed.values["n_hidden"] == 6
    advance(run, 10)
    advance(resumed, 10)
    assert same(run.state_dict(), resumed.state_dict())


def test_saving_and_restoring_wait_for_the_engine(make_run, advance, monkeypatch):
    run = make_run()
    advance(run, 3)
    alone = []
    for name in ("save", "take_up"):
        work = getattr(run._driver, name)
        monkeypatch.setattr(run._driver, name, lambda *args, work=work: alone.append(run._turn.locked()) or work(*args))
    run.load_state_dict(run.state_dict())
    assert alone == [True, True]
    assert not run._turn.locked()


def test_a_restored_run_plays_on_or_stays_paused_and_can_be_looked_at(make_run, advance, frame_of):
    run = make_run()
    advance(run, 10)
    saved = run.state_dict()
    resumed = make_run()
    resumed.load_state_dict(saved)
    assert resumed.state == "paused"
    live = frame_of(resumed)
    assert live.frame.time == run.time
    assert np.array_equal(live.curve_cost, frame_of(run).curve_cost)
    resumed.play()
    resumed.load_state_dict(saved)
    assert resumed.state == "playing"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda state: state.update(preset="poisson"), "belongs to preset 'poisson', not 'fig4'"),
        (lambda state: state["values"].update(n_hidden=3), "its weights are .*4, 100.* but this network's .*3, 100"),
        (lambda state: state["values"].update(rho=-1), "rho"),
        (lambda state: state["values"].update(volume=11), "the list of values has volume; allowed are only"),
        (lambda state: state.pop("learner"), "the run has no learner; it must have the parts preset, values, learner"),
        (
            lambda state: state.update(more=1),
            "the run has more; allowed are only the parts preset, values, learner, changes",
        ),
        (lambda state: state["values"].pop("rho"), "the list of values has no rho; it must have the parts"),
        (lambda state: state["changes"].update(begun="yes"), "begun of the changes is 'yes'; allowed are true and"),
        (lambda state: state["changes"].update(made=[[2, "rho", 1], [1, "rho", 2]]), "not in the order of time"),
        (
            lambda state: state["changes"].update(made=[[float("nan"), "rho", 1]]),
            "time of a change is nan, which is no",
        ),
        (lambda state: state["learner"].update(network=None), "cannot be read"),
        (lambda state: state["learner"]["curve"].update(kept=[1]), "curve has points that are no list of times"),
        (lambda state: state["learner"].pop("history"), "the learner has no history; it must have the parts network"),
        (lambda state: state["learner"]["history"].update(trials=3), "cannot be read"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(make_run, advance, same, change, complaint):
    run = make_run()
    advance(run, 5)
    before = run.state_dict()
    unfit = copy.deepcopy(before)
    change(unfit)
    with pytest.raises(ParameterError, match=complaint):
        run.load_state_dict(unfit)
    assert same(run.state_dict(), before)
    advance(run, 1)
    assert run.state == "paused"
