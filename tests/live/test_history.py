"""What pages show of a run's past, held against all spikes of the run, collected independently."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from snn_explorer.analysis import (
    coefficients_of_variation,
    cv_histogram,
    firing_rates,
    interspike_intervals,
    isi_histogram,
    rate_histogram,
)
from snn_explorer.engine import Watch
from snn_explorer.presets import Preset
from snn_explorer.superspike.network import Network
from snn_explorer.superspike.parameters import SuperSpikeParameters
from snn_explorer.tasks import SpikeTrains, SpikingXor, Task

DT, CHUNK = 1e-4, 5000
BURN_IN = 10000
N_OUTPUTS = 3

LIVELY = {"n_hidden": 6, "weight_scale": 0.5, "learning_rate": 1e-3, "weight_limit": 0.5}
"""Weights with which everything spikes from the start."""


def pattern(period_steps):
    """A task with few inputs and outputs and this period."""
    rng = np.random.default_rng(period_steps)

    def trains(n_neurons, n_spikes):
        return SpikeTrains(rng.integers(0, period_steps, n_spikes), rng.integers(0, n_neurons, n_spikes), n_neurons)

    n_inputs = period_steps // 25
    return Task("pattern", "A pattern", trains(20, n_inputs), trains(N_OUTPUTS, period_steps // 500), period_steps)


def preset_of(task, **values):
    return Preset(key="x", title="X", sentence="", task=lambda: task, values={**LIVELY, **values})


def collected(task, n_chunks, **values):
    """Layer, step from the start of the simulation and neuron of every spike, from a network of its own."""
    parameters = SuperSpikeParameters(**{**LIVELY, "burn_in": BURN_IN * DT, **values})
    network, windows = Network(task, parameters), []
    spikes = {name: [] for name in ("hidden", "output")}
    for start in range(0, n_chunks * CHUNK, CHUNK):
        network.advance()
        frame = network.frame(Watch())
        for name in spikes.keys() & frame.rasters.keys():
            raster = frame.rasters[name]
            spikes[name] += [
                *zip(np.rint(raster.time / DT).astype(int) + start, raster.neuron.astype(int), strict=True)
            ]
        windows += [(round(w[0] / DT) + start, int(w[2])) for w in frame.windows.tolist()]
    return {name: np.array(sorted(pairs)).reshape(-1, 2) for name, pairs in spikes.items()}, sorted(set(windows))


def pairs(raster):
    return sorted(zip(np.rint(raster.time / DT).astype(int).tolist(), raster.neuron.astype(int).tolist(), strict=True))


def shown(trials):
    """Time in the trial and learning time at its start, in steps, of each spike."""
    since, learned = (np.rint(times / DT).astype(int).tolist() for times in (trials.time, trials.learning_time))
    return sorted(zip(since, learned, strict=True))


@pytest.mark.parametrize(("period", "n_chunks"), [(35000, 3), (35000, 7), (35000, 17), (18900, 12), (18900, 40)])
def test_a_sweep_is_the_last_period_at_its_own_times(make_run, advance, frame_of, period, n_chunks):
    task = pattern(period)
    run = make_run(preset_of(task))
    advance(run, n_chunks)
    sweep = frame_of(run).sweep
    stop = n_chunks * CHUNK
    spikes, _ = collected(task, n_chunks)
    for name, table in spikes.items():
        step, neuron = table[table[:, 0] >= stop - period].T
        assert pairs(sweep.rasters[name]) == sorted(zip((step % period).tolist(), neuron.tolist(), strict=True))
        assert len(step) > 20
    for name, trains in (("input", task.inputs), ("target", task.targets)):
        assert pairs(sweep.rasters[name]) == sorted(zip(trains.step.tolist(), trains.neuron.tolist(), strict=True))
    assert sweep.period == pytest.approx(period * DT)
    assert 0 < sweep.now <= sweep.period
    assert round(sweep.now / DT) % period == stop % period


def test_before_the_first_chunk_a_sweep_has_the_pattern_only(make_run, frame_of):
    sweep = frame_of(make_run(preset_of(pattern(18900)))).sweep
    assert sweep.now == 0
    assert [sweep.rasters[name].time.size > 0 for name in ("input", "target", "hidden", "output")] == [1, 1, 0, 0]


@pytest.mark.parametrize("task", [pattern(5000), pattern(2500), pattern(250000), SpikingXor(3)])
def test_what_fits_into_a_chunk_is_very_long_or_never_repeats_has_no_sweep(make_run, advance, frame_of, task):
    run = make_run(preset_of(task))
    advance(run, 2)
    live = frame_of(run)
    assert live.sweep is None
    assert live.rasters is live.frame.rasters


@pytest.mark.parametrize(("period", "n_chunks"), [(35000, 40), (18900, 40), (5000, 20), (1700, 12)])
@pytest.mark.parametrize("output", [0, 2])
def test_spike_times_over_trials(make_run, advance, frame_of, period, n_chunks, output):
    task = pattern(period)
    run = make_run(preset_of(task))
    run.look(Watch(output=(output,)))
    advance(run, n_chunks)
    trials = frame_of(run).trials
    step, neuron = collected(task, n_chunks)[0]["output"].T
    first = -(-BURN_IN // period) * period
    mine = step[(neuron == output) & (step >= first)]
    assert shown(trials) == sorted(
        zip((mine % period).tolist(), (mine - mine % period - BURN_IN).tolist(), strict=True)
    )
    assert mine.size > 10
    assert trials.right.all()
    assert (trials.output, trials.stride) == (output, 1)
    targets = task.targets.step[task.targets.neuron == output]
    assert np.rint(trials.marks / DT).astype(int).tolist() == targets.tolist()


def test_spikes_since_each_stimulus_of_a_classification(make_run, advance, frame_of):
    task, n_chunks = SpikingXor(3), 30
    run = make_run(preset_of(task))
    advance(run, n_chunks)
    trials = frame_of(run).trials
    spikes, windows = collected(task, n_chunks)
    windows = [window for window in windows if window[0] >= BURN_IN]
    onset, label = np.array(windows).T
    wanted = []
    for step, neuron in spikes["output"].tolist():
        place = np.searchsorted(onset, step, side="right") - 1
        # the shortest time from one stimulus to the next is 60 ms
        if place >= 0 and step - onset[place] < 600:
            wanted.append((step - onset[place], onset[place] - BURN_IN, neuron == label[place]))
    found = zip(trials.time, trials.learning_time, trials.right, strict=True)
    assert sorted((round(t / DT), round(s / DT), bool(right)) for t, s, right in found) == sorted(wanted)
    assert {right for _, _, right in wanted} == {True, False}
    assert trials.n_trials == len(windows)
    assert trials.output is None
    assert trials.marks == pytest.approx([25e-3])


@pytest.mark.parametrize(
    ("n_hidden", "layer", "seconds"), [(6, "hidden", 20.0), (40, "hidden", 5.0), (0, "output", 20.0)]
)
@pytest.mark.parametrize("n_chunks", [7, 50])
def test_histograms_are_those_of_the_last_seconds(make_run, advance, frame_of, n_hidden, layer, seconds, n_chunks):
    task = pattern(18900)
    run = make_run(preset_of(task, n_hidden=n_hidden))
    advance(run, n_chunks)
    firing = frame_of(run).firing
    step, neuron = collected(task, n_chunks, n_hidden=n_hidden)[0][layer].T
    duration = min(seconds, n_chunks * CHUNK * DT)
    late = step * DT >= n_chunks * CHUNK * DT - duration - DT / 2
    step, neuron, n = step[late], neuron[late], n_hidden or N_OUTPUTS
    wanted = (
        rate_histogram(firing_rates(neuron, n, duration)),
        isi_histogram(interspike_intervals(step * DT, neuron).interval),
        cv_histogram(coefficients_of_variation(step * DT, neuron, n)),
    )
    assert (firing.layer, firing.n_neurons) == (layer, n)
    assert firing.duration == pytest.approx(duration)
    for found, histogram in zip(firing.histograms(), wanted, strict=True):
        assert np.array_equal(found.counts, histogram.counts)
        assert np.array_equal(found.edges, histogram.edges)
        assert found.n_beyond == histogram.n_beyond
        assert histogram.counts.sum() > 0


def test_before_the_first_chunk_nothing_fires(make_run, frame_of):
    firing = frame_of(make_run(preset_of(pattern(18900)))).firing
    assert firing.duration == 0
    assert firing.histograms().rate.counts[0] == firing.n_neurons
    assert firing.histograms().interval.counts.sum() == 0


def same_history(one, other):
    """Whether two frames show the same past."""
    for part in ("time", "learning_time", "right", "marks"):
        assert np.array_equal(getattr(one.trials, part), getattr(other.trials, part)), part
    assert replace(one.firing, spikes=None) == replace(other.firing, spikes=None)
    assert pairs(one.firing.spikes) == pairs(other.firing.spikes)
    for name, raster in one.sweep.rasters.items() if one.sweep else ():
        assert pairs(raster) == pairs(other.sweep.rasters[name])
    return one.trials.time.size > 0 and one.firing.spikes.time.size > 0


@pytest.mark.parametrize("task", [pattern(18900), pattern(5000), SpikingXor(3)])
def test_the_past_does_not_depend_on_who_looks_how_often(make_run, advance, frame_of, task):
    seen, unseen = make_run(preset_of(task)), make_run(preset_of(task))
    for _ in range(30):
        seen.request_frame()
        advance(seen, 1)
        seen.take_frame()
    advance(unseen, 30)
    seen.look(seen.watch)
    seen.work(0)
    assert same_history(seen.take_frame(), frame_of(unseen))


@pytest.mark.parametrize("task", [pattern(35000), pattern(18900), pattern(5000), SpikingXor(3)])
def test_a_restored_run_shows_the_same_past_and_goes_on_with_it(make_run, advance, frame_of, task):
    run, resumed = make_run(preset_of(task)), make_run(preset_of(task))
    run.look(Watch(output=(1,)))
    advance(run, 30)
    resumed.load_state_dict(pickle.loads(pickle.dumps(run.state_dict())))
    assert resumed.watch.output == (1,)
    assert same_history(frame_of(run), frame_of(resumed))
    for each in (run, resumed):
        advance(each, 13)
    assert same_history(frame_of(run), frame_of(resumed))


def test_another_output_starts_the_trials_anew_and_a_reset_all_of_it(make_run, advance, frame_of):
    task = pattern(5000)
    run = make_run(preset_of(task))
    advance(run, 10)
    run.look(Watch(output=(2,)))
    advance(run, 5)
    step, neuron = collected(task, 15)[0]["output"].T
    mine = step[(neuron == 2) & (step >= 10 * CHUNK)]
    trials = frame_of(run).trials
    assert shown(trials) == sorted(zip((mine % 5000).tolist(), (mine - mine % 5000 - BURN_IN).tolist(), strict=True))
    run.reset()
    run.work(0)
    live = frame_of(run)
    assert live.trials.n_trials == live.firing.spikes.time.size == 0


def test_an_output_that_is_not_there_is_taken_for_the_last(make_run, advance, frame_of):
    run = make_run(preset_of(pattern(5000)))
    run.look(Watch(output=(99,)))
    advance(run, 5)
    live = frame_of(run)
    assert live.trials.output == N_OUTPUTS - 1
    assert live.frame.watch.output == (N_OUTPUTS - 1,)
