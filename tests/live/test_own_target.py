"""Runs with a target of one's own: they keep it when they are saved, and learn it."""

from __future__ import annotations

import pickle

import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.presets.own_target import File, spikes_to_learn, word_to_learn


def file(content, name="spikes.csv"):
    return File(name, len(content), content)


def spikes(trains):
    return set(zip(trains.step.tolist(), trains.neuron.tolist(), strict=True))


@pytest.mark.parametrize(
    "preset",
    [word_to_learn("OK", 30, 1.0), spikes_to_learn(file(b"0.1 0\n0.3 1\n"), file(b"0.05 0\n0.2 1\n"))],
    ids=["word", "spikes"],
)
def test_a_saved_run_carries_its_target(make_run, advance, same, preset):
    run, resumed = make_run(preset, n_hidden=3), make_run(word_to_learn())
    advance(run, 8)
    resumed.load_state_dict(pickle.loads(pickle.dumps(run.state_dict())))
    assert resumed.preset.sentence == preset.sentence
    assert resumed.preset.query == preset.query
    advance(run, 4)
    advance(resumed, 4)
    assert same(run.state_dict(), resumed.state_dict())
    resumed.reset()
    advance(resumed, 1)
    for part in ("inputs", "targets"):
        assert spikes(getattr(resumed.task, part)) == spikes(getattr(preset.task(), part))


def test_a_saved_target_that_is_none_changes_nothing(make_run, advance, same):
    run = make_run(word_to_learn("OK", 30, 1.0), n_hidden=3)
    advance(run, 2)
    before = run.state_dict()
    for broken in ({}, {**before["own"], "targets": {"step": [-1], "neuron": [0], "n_neurons": 1}}):
        with pytest.raises(ParameterError):
            run.load_state_dict({**before, "own": broken})
    assert same(run.state_dict(), before)


def test_spikes_of_one_output_are_learned_to_the_step(make_run):
    """The task of Fig 2 and 4 as a file: equidistant spikes of one output."""
    run = make_run(spikes_to_learn(file(b"0.1 0\n0.2 0\n0.3 0\n0.4 0\n"), seconds=0.5))
    run.play()
    while run.time < 150:
        run.work(0)
    assert float(run._driver._learner.network.cost[0]) < 0.1 * run._driver._learner.silent_cost
