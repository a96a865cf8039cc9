"""One message per frame: everything in it, extremes kept, names always the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snn_explorer.engine import Frame, Watch
from snn_explorer.live import pack
from snn_explorer.live.packing import TRACES, sample_times, thinned


@pytest.fixture
def live(make_run, advance, frame_of):
    run = make_run()
    advance(run, 40)
    return frame_of(run)


def unpacked(live, **options):
    blob, layout = pack(live, **options)
    assert blob.dtype == np.float32
    assert blob.ndim == 1
    assert sum(length for _, length in layout.values()) == blob.size
    return {name: blob[offset : offset + length] for name, (offset, length) in layout.items()}


def test_spikes_and_curve_are_packed_as_they_are(live):
    parts = unpacked(live)
    for name, raster in live.frame.rasters.items():
        assert np.array_equal(parts[f"{name}_time"], raster.time)
        assert np.array_equal(parts[f"{name}_neuron"], raster.neuron)
    assert np.array_equal(parts["curve_time"], live.curve_time)
    assert np.array_equal(parts["curve_cost"], live.curve_cost)
    assert parts["output_time"].size
    assert parts["curve_cost"].size == 39


def test_every_trace_is_thinned_out_and_keeps_its_extremes(live):
    parts = unpacked(live, n_columns=200)
    assert set(live.frame.traces) == set(TRACES)
    for name, trace in live.frame.traces.items():
        packed = parts[name].reshape(len(trace), -1)
        assert packed.shape == (len(trace), 200)
        assert parts["time"].shape == (200,)
        assert np.array_equal(packed.min(axis=1), trace.min(axis=1))
        assert np.array_equal(packed.max(axis=1), trace.max(axis=1))


def test_enough_columns_keep_every_sample(live):
    parts = unpacked(live, n_columns=5000)
    for name, trace in live.frame.traces.items():
        assert np.array_equal(parts[name].reshape(trace.shape), trace)
    assert np.allclose(parts["time"], np.arange(5000) * 1e-4, atol=1e-7)


@pytest.mark.parametrize(
    ("window", "first", "last"),
    [((0.2, 0.25), 2000, 2501), ((0.20005, 0.20025), 2000, 2004), ((-1.0, 0.05), 0, 501), ((0.45, 0.6), 4500, 5000)],
)
def test_of_a_window_every_sample_is_packed_with_its_neighbours(live, window, first, last):
    parts, whole = unpacked(live, window=window), unpacked(live, n_columns=5000)
    assert np.array_equal(parts["time"], whole["time"][first:last])
    for name, trace in live.frame.traces.items():
        assert np.array_equal(parts[name].reshape(len(trace), -1), trace[:, first:last])


def test_a_long_window_is_thinned_out(live):
    parts = unpacked(live, window=(0.1, 0.4))
    assert len(parts["time"]) <= 1000
    assert parts["time"][[0, -1]] == pytest.approx([0.1, 0.4], abs=1e-3)
    trace = live.frame.traces["output_error"][:, 1000:4001]
    assert parts["output_error"].max() == trace.max()
    assert parts["output_error"].min() == trace.min()


@pytest.mark.parametrize(("n_samples", "n_columns"), [(5000, 1000), (5003, 1000), (1001, 1000), (997, 10), (35000, 7)])
def test_each_part_gives_its_extremes_in_the_order_in_which_they_occur(n_samples, n_columns):
    trace = np.random.default_rng(n_samples).standard_normal((3, n_samples)).astype(np.float32)
    packed, time = thinned(trace, n_columns), sample_times(n_samples, 1e-4, n_columns)
    assert packed.shape == (3, time.size)
    assert time.size <= n_columns
    assert (np.diff(time) > 0).all()
    width = -(-n_samples // (n_columns // 2))
    for row, values in zip(trace, packed, strict=True):
        for part, pair in enumerate(values.reshape(-1, 2)):
            start = part * width
            samples = row[start : start + width]
            assert set(pair) == {samples.min(), samples.max()}
            places = [start + int(np.flatnonzero(samples == value)[0]) for value in pair]
            assert places == sorted(places)
            shown = time[2 * part : 2 * part + 2] / 1e-4
            assert (start <= shown).all()
            assert (shown < start + len(samples)).all()


def test_no_signals_stay_none():
    assert thinned(np.zeros((0, 5000), np.float32), 1000).shape == (0, 1000)


def test_a_lost_number_stays_visible():
    trace = np.zeros((1, 100), np.float32)
    trace[0, 42] = np.nan
    assert np.isnan(thinned(trace, 10)).any()


def test_names_are_the_same_for_every_frame(live, make_run, frame_of):
    flat = frame_of(make_run(n_hidden=0))
    nothing = replace(live, frame=Frame(0.0, 0.5), curve_time=live.curve_time[:0], curve_cost=live.curve_cost[:0])
    layouts = [pack(frame)[1] for frame in (live, flat, nothing)]
    assert list(layouts[0]) == list(layouts[1]) == list(layouts[2])
    assert layouts[1]["hidden_membrane"][1] == layouts[1]["hidden_time"][1] == 0
    assert layouts[1]["output_membrane"][1] > 0
    assert pack(nothing)[0].size == 0


def test_the_watched_neurons_are_the_packed_rows(make_run, advance, frame_of):
    run = make_run()
    advance(run, 5)
    run.look(Watch(hidden=(2, 0)))
    live = frame_of(run)
    rows = unpacked(live, n_columns=5000)["hidden_membrane"].reshape(2, -1)
    assert np.array_equal(rows, live.frame.traces["hidden_membrane"])
    assert live.frame.watch.hidden == (2, 0)
