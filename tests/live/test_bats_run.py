"""Runs of BATS networks: same seed, same bits; history that is the engine's; looking without touching."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from snn_explorer.bats import Network
from snn_explorer.bats.learning_curves import KEPT
from snn_explorer.bats.losses import SpikeCountLoss
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.engine import Watch
from snn_explorer.live import Run
from snn_explorer.presets import available_presets
from tests.bats.tiny import TINY
from tests.live.conftest import SAMPLES

_called = SpikeCountLoss.__call__
DEEP = {"hidden": (8, 6), "n_max": (6, 6, 8), "theta": (0.03, 0.03, 0.06)}


def engine(**values: Any) -> Network:
    """The engine that such a run has."""
    return Network(SAMPLES, BatsParameters(**{**TINY, **values}))


@pytest.mark.parametrize("values", [{}, {"hidden": (), "n_max": (8,), "theta": (0.06,)}, DEEP, {"loss": "first_spike"}])
def test_a_restored_run_goes_on_to_the_same_bits(tiny, advance, frame_of, same, values) -> None:
    run, resumed, again = tiny(**values), tiny(**values, seed=9), tiny(**values)
    advance(run, 7)
    saved = pickle.loads(pickle.dumps(run.state_dict()))
    kept = copy.deepcopy(saved)
    advance(run, 8)
    resumed.load_state_dict(saved)
    assert (resumed.time, resumed.values) == (64.0, {**run.values})
    advance(resumed, 8)
    advance(again, 15)
    assert same(resumed.state_dict(), run.state_dict())
    assert same(again.state_dict(), run.state_dict())
    assert same(saved, kept)
    one, other = frame_of(run), frame_of(resumed)
    for name, curve in one.curves.items():
        assert len(curve[0]) > 1
        for mine, its in zip(curve, other.curves[name], strict=True):
            np.testing.assert_array_equal(mine, its)
    np.testing.assert_array_equal(one.latency[1], other.latency[1])


def test_another_seed_gives_another_network(tiny, advance, same) -> None:
    run, other = tiny(), tiny(seed=2)
    for each in (run, other):
        advance(each, 3)
    assert not same(run.state_dict()["learner"], other.state_dict()["learner"])


@pytest.mark.parametrize("change", [{"n_max": (1, 8)}, {"hidden": (5,)}, {"theta": (0.05, 0.06)}, {"tau_s": 0.1}])
def test_a_structural_change_starts_anew_and_any_other_goes_on(tiny, advance, same, change) -> None:
    run, other = tiny(), tiny(**change)
    advance(run, 4)
    run.set(learning_rate=0.001)
    advance(run, 1)
    assert run.time == 50
    run.set(**change, learning_rate=TINY["learning_rate"])
    advance(run, 2)
    advance(other, 2)
    assert run.time == 20
    assert same(run.state_dict(), other.state_dict())


def test_looking_changes_nothing_that_is_learned(tiny, advance, frame_of, same) -> None:
    run, unseen = tiny(**DEEP), tiny(**DEEP)
    watches = [Watch(sample=3, clock_step=1e-3), Watch(probe_layer="hidden2", probe_post=4), Watch(window=(0.1, 0.2))]
    for watch in watches:
        run.look(watch)
        advance(run, 1)
        assert frame_of(run).frame.watch.probe_layer == watch.probe_layer
        advance(unseen, 1)
    assert same(run.state_dict(), unseen.state_dict())


def test_curves_are_what_the_engine_says_of_each_batch_in_a_moving_average(tiny, advance, frame_of) -> None:
    run, network, means = tiny(**DEEP), engine(**DEEP), np.zeros(4)
    for batch in range(1, 31):
        network.advance()
        _, first, second, output = network.spikes
        news = [
            float((network.loss.decode(output) == network.labels).double().mean()),
            float(network.losses.mean()),
            float((first.count + second.count).double().mean()),
            float(output.count.double().mean()),
        ]
        means += (np.array(news) - means) * max(1 / batch, 1 / KEPT)
    advance(run, 30)
    live = frame_of(run)
    assert (live.frame.time, live.samples_per_epoch) == (network.time, 54)
    for name, mean in zip(("accuracy", "loss", "hidden", "output"), means, strict=True):
        time, value = live.curves[name]
        assert (len(time), time[-1]) == (30, network.time)
        assert value[-1] == pytest.approx(mean, rel=1e-5)


def test_held_out_samples_are_answered_after_each_epoch(tiny, advance, frame_of) -> None:
    run, network, expected = tiny(), engine(), []
    for _ in range(3):
        for _ in range(6):
            network.advance()
        expected.append((network.time, network.evaluate(network.validation).accuracy))
    advance(run, 20)
    time, accuracy = frame_of(run).curves["held_out"]
    np.testing.assert_allclose(np.stack([time, accuracy], 1), expected, rtol=1e-6)


def test_the_probes_change_is_the_difference_of_its_weight(tiny, advance, frame_of) -> None:
    run = tiny()
    run.look(Watch(probe_layer="hidden", probe_post=2, probe_pre=1, sample=0))
    advance(run, 3)
    before = frame_of(run).frame.numbers["probe_weight"]
    advance(run, 1)
    numbers = frame_of(run).frame.numbers
    assert numbers["probe_change"] == pytest.approx(numbers["probe_weight"] - before, rel=1e-4)
    assert numbers["probe_change"] != 0
    run.look(replace(run.watch, sample=5, hidden=(4,)))
    assert frame_of(run).frame.numbers["probe_change"] == numbers["probe_change"]
    run.look(replace(run.watch, probe_pre=0))
    assert np.isnan(frame_of(run).frame.numbers["probe_change"])


def test_a_clock_that_is_too_slow_is_left_out_and_learning_goes_on(tiny, advance, frame_of) -> None:
    run = tiny()
    run.look(Watch(sample=0, clock_step=5e-3))
    advance(run, 1)
    assert "output_clock" in frame_of(run).frame.rasters
    run.set(tau_s=5e-3)
    advance(run, 1)
    live = frame_of(run)
    assert live.frame.watch.clock_step is None
    assert "output_clock" not in live.frame.rasters
    assert (run.state, run.time) == ("paused", 10)


def test_learning_that_must_stop_says_so_and_can_start_anew(tiny, advance, frame_of, monkeypatch) -> None:
    run = tiny()
    advance(run, 3)
    weights = frame_of(run).frame.matrices["output_weights"]
    with monkeypatch.context() as patch:
        # an error so large that its square is no float32 any more
        patch.setattr(SpikeCountLoss, "__call__", lambda loss, spikes, labels: 1e30 * _called(loss, spikes, labels))
        run.play()
        run.work(0)
        live = frame_of(run)
    assert (live.state, live.frame.time) == ("faulted", 30)
    assert "no longer a finite number" in live.message
    assert "lower the learning rate" in live.message
    np.testing.assert_array_equal(live.frame.matrices["output_weights"], weights)
    run.reset()
    advance(run, 1)
    assert (frame_of(run).state, run.time) == ("paused", 10)


def test_values_that_make_no_network_are_said_and_nothing_is_logged(frame_of, caplog) -> None:
    """The window is larger than the image; another one goes on."""
    run = Run(available_presets()["bats-conv-digits"])
    run.set(convolutions="8C9")
    assert frame_of(run) is None
    assert run.state == "faulted"
    assert run.message.startswith("A window of 9 x 9 neurons does not fit into maps of 8 x 8")
    assert run.message.endswith("Change it and reset.")
    assert caplog.records == []
    run.set(convolutions="8C3")
    assert frame_of(run).frame.numbers["hidden_maps"] == 8
