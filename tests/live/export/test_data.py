"""Data that are taken away: NetCDF, CSV and safetensors hold what the page shows, with units."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import numpy as np
import pytest
import xarray as xr
from safetensors import safe_open

from snn_explorer import __version__
from snn_explorer.engine import Watch
from snn_explorer.live.export import command, csv_tables, dataset, netcdf, safetensors
from snn_explorer.presets import available_presets


@pytest.fixture(params=["fig4", "fig2", "fig5", "fig6"])
def snapshot(request, make_run, advance):
    """A moment of a run in which something was moved."""
    run = make_run(available_presets()[request.param])
    advance(run, 6)
    run.look(Watch(hidden=(3, 1), output=(0,), probe_layer="hidden", probe_post=1, probe_pre=7))
    run.set(rho=0.25, learning=False)
    advance(run, 2)
    return run.snapshot()


@pytest.fixture
def fig4_snapshot(make_run, advance):
    run = make_run()
    advance(run, 6)
    return run.snapshot()


def opened(snapshot, folder):
    path = folder / "run.nc"
    path.write_bytes(netcdf(snapshot))
    return xr.load_dataset(path, engine="h5netcdf")


def test_netcdf_opens_with_units_and_the_same_values(snapshot, tmp_path):
    data, live, frame = opened(snapshot, tmp_path), snapshot.live, snapshot.live.frame
    assert all(values.attrs["units"] and values.attrs["long_name"] for values in data.variables.values())
    assert {values.attrs["units"] for values in data.variables.values()} == {
        "s",
        "V",
        "Hz",
        "1",
        "wrong spikes / s / output",
    }
    assert np.array_equal(data.learning_time, live.curve_time)
    assert np.array_equal(data.learning_curve, live.curve_cost)
    for layer, raster in live.rasters.items():
        assert np.array_equal(data[f"{layer}_time"], raster.time)
        assert np.array_equal(data[f"{layer}_neuron"], raster.neuron)
    for name, matrix in frame.matrices.items():
        assert np.array_equal(data[name], matrix)
    for name, trace in frame.traces.items():
        assert np.array_equal(np.atleast_2d(data[name]), trace, equal_nan=True)
    for name, value in frame.numbers.items():
        assert np.array_equal(data[name], value, equal_nan=True)
    assert np.array_equal(data.trial_time, live.trials.time)
    assert np.array_equal(data.trial_right, live.trials.right)
    assert np.array_equal(data[f"recent_{live.firing.layer}_time"], live.firing.spikes.time)
    assert len(data.window_start if "window_start" in data else ()) == len(frame.windows)


def test_dimensions_are_named_after_what_they_count(snapshot):
    data, task, n_hidden = dataset(snapshot), snapshot.task, snapshot.live.values["n_hidden"]
    assert data.sizes["output"] == task.n_outputs
    if n_hidden:
        assert data.hidden_weights.dims == ("hidden", "input")
        assert data.output_weights.dims == ("output", "hidden")
        assert data.feedback.dims == ("hidden", "output")
        assert data.hidden_weights.shape == (n_hidden, task.n_inputs)
        assert data.hidden_membrane.dims == ("watched_hidden", "time")
        assert data.watched_hidden.values.tolist() == [3, 1]
    else:
        assert data.output_weights.dims == ("output", "input")
        assert "watched_hidden" not in data.dims
    assert data.time.values[-1] == pytest.approx(0.5 - task.dt)


def test_attributes_say_how_it_was_made(snapshot, tmp_path):
    attributes = opened(snapshot, tmp_path).attrs
    assert attributes["version"] == __version__
    assert attributes["preset"] == snapshot.preset.key
    assert attributes["learning_time"] == snapshot.live.frame.time == 3.0
    assert attributes["command"] == command(snapshot).text
    assert attributes["parameters_moved"] == "2: learning = false; 2: rho = 0.25"
    assert attributes["parameter_seed"] == snapshot.live.values["seed"]
    parameters = {name.removeprefix("parameter_"): value for name, value in attributes.items()}
    assert all(parameters[name] == value for name, value in snapshot.live.values.items())


def tables(snapshot):
    with zipfile.ZipFile(io.BytesIO(csv_tables(snapshot))) as archive:
        return {name: list(csv.reader(io.TextIOWrapper(archive.open(name), "utf-8"))) for name in archive.namelist()}


def column(table, header):
    k = table[0].index(header)
    return np.array([row[k] for row in table[1:]])


def test_csv_holds_the_same_numbers_under_their_units(snapshot):
    found, live, frame = tables(snapshot), snapshot.live, snapshot.live.frame
    curve = found["learning_curve.csv"]
    assert curve[0] == ["learning_time [s]", "learning_curve [wrong spikes / s / output]"]
    assert column(curve, curve[0][1]).astype(np.float32).tobytes() == live.curve_cost.tobytes()
    for layer, raster in live.rasters.items():
        assert np.array_equal(column(found[f"{layer}_spike.csv"], f"{layer}_time [s]").astype(np.float32), raster.time)
    traces = found["traces.csv"]
    assert np.array_equal(
        column(traces, "output_membrane 0 [V]").astype(np.float32), frame.traces["output_membrane"][0]
    )
    for name, matrix in frame.matrices.items():
        rows = np.array(found[f"{name}.csv"][1:])
        assert np.array_equal(rows[:, 1:].astype(np.float32), matrix)
        assert np.array_equal(rows[:, 0].astype(int), np.arange(len(matrix)))
    numbers = {name: (float(value), unit) for name, value, unit, _ in found["numbers.csv"][1:]}
    assert numbers["cost"] == (frame.numbers["cost"], "wrong spikes / s / output")
    assert dict(found["about.csv"])["version"] == __version__


def test_every_number_of_the_dataset_is_in_the_tables(snapshot):
    headers = " ".join(cell for table in tables(snapshot).values() for cell in [*table[0], *(row[0] for row in table)])
    assert all(str(name) in headers for name in dataset(snapshot).variables if not str(name).startswith("watched_"))


def test_safetensors_hold_the_weights_and_how_they_were_made(snapshot, tmp_path):
    path = tmp_path / "weights.safetensors"
    path.write_bytes(safetensors(snapshot))
    with safe_open(path, "np") as file:
        assert set(file.keys()) == set(snapshot.live.frame.matrices)
        for name, matrix in snapshot.live.frame.matrices.items():
            assert file.get_tensor(name).tobytes() == matrix.tobytes()
        about = {name: json.loads(value) for name, value in file.metadata().items()}
    assert about["preset"] == snapshot.preset.key
    assert about["version"] == __version__
    assert about["parameter_rho"] == 0.25


def test_a_run_can_be_taken_away_before_its_first_chunk(make_run, tmp_path):
    run = make_run()
    run.set(rho=0.5)
    data = opened(run.snapshot(), tmp_path)
    assert data.learning_curve.size == 0
    assert data.attrs["learning_time"] == -1.0
    assert data.attrs["parameter_rho"] == 0.5
    assert data.hidden_weights.shape == (4, 100)


def test_all_that_is_taken_away_is_of_the_same_moment(make_run, advance, fig4_snapshot, tmp_path):
    run = make_run()
    advance(run, 6)
    snapshot = run.snapshot()
    run.set(n_hidden=7)
    advance(run, 3)
    assert opened(snapshot, tmp_path).identical(opened(fig4_snapshot, tmp_path))
