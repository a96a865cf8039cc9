"""What is taken away from a run of BATS: data with units, a program that gives its curve again, and the run itself."""

from __future__ import annotations

import copy
import csv
import io
import zipfile
from contextlib import ExitStack, closing

import numpy as np
import pytest
import xarray as xr

from snn_explorer.engine import ParameterError
from snn_explorer.live import Run
from snn_explorer.live.export import command, csv_tables, netcdf, python_code, safetensors
from snn_explorer.live.export.recipe import NO_COMMAND
from snn_explorer.live.saved_run import load_run, save_run
from snn_explorer.presets import available_presets


@pytest.fixture
def make_bats(clock):
    """Make a run of a small network, as fast as possible."""
    with ExitStack() as stack:

        def make(key="bats-digits", **values):
            small = {"hidden": (12,), "batch_size": 20} if key == "bats-digits" else {}
            run = stack.enter_context(closing(Run(available_presets()[key], {**small, **values}, clock=clock)))
            run.speed = None
            return run

        yield make


def moved(run, advance):
    """The run after batches with one learning rate and then another."""
    advance(run, 7)
    run.set(learning_rate=0.02, dead_output_push=0.5)
    advance(run, 5)
    return run


@pytest.mark.parametrize("key", ["bats-digits", "bats-fig3", "bats-yinyang"])
def test_the_program_gives_the_curve_of_the_page(make_bats, advance, key):
    run = moved(make_bats(key, seed=4), advance)
    recipe, names = python_code(run.snapshot()), {}
    assert recipe.remark == ""
    assert "changes = [" in recipe.text
    exec(compile(recipe.text, "program", "exec"), names)
    seen, accuracy = np.array(names["curve"]).astype(np.float32).T
    curve = run.snapshot().live.curves["accuracy"]
    assert np.array_equal(seen, curve[0])
    assert np.array_equal(accuracy, curve[1])


def test_there_is_no_command(make_bats, advance):
    run = make_bats()
    advance(run, 1)
    assert command(run.snapshot()) == ("", NO_COMMAND)


@pytest.mark.parametrize("key", ["bats-digits", "bats-fig3"])
def test_data_have_units_and_the_same_values(make_bats, advance, tmp_path, key):
    snapshot = moved(make_bats(key), advance).snapshot()
    path = tmp_path / "run.nc"
    path.write_bytes(netcdf(snapshot))
    data, frame = xr.load_dataset(path, engine="h5netcdf"), snapshot.live.frame
    assert all(values.attrs["units"] and values.attrs["long_name"] for values in data.variables.values())
    for name, (_, values) in snapshot.live.curves.items():
        assert np.array_equal(data[f"{name}_curve"], values)
    for layer, raster in frame.rasters.items():
        assert np.array_equal(data[f"{layer}_time"], raster.time)
    for name, matrix in frame.matrices.items():
        assert np.array_equal(data[name], matrix)
    for name, value in frame.numbers.items():
        assert np.array_equal(data[name], value, equal_nan=True)
    assert np.array_equal(data.output_membrane, frame.traces["output_membrane"])
    assert data.output_weights.dims == ("output", "hidden" if key == "bats-digits" else "input")
    assert data.attrs["system"] == "bats"
    assert data.attrs["parameter_learning_rate"] == 0.02


def test_tables_and_weights_hold_the_same_numbers(make_bats, advance):
    snapshot = moved(make_bats(), advance).snapshot()
    with zipfile.ZipFile(io.BytesIO(csv_tables(snapshot))) as archive:
        rows = list(csv.reader(io.TextIOWrapper(archive.open("samples_learned.csv"), "utf-8")))
    at = rows[0].index("accuracy_curve [1]")
    assert np.array_equal(np.array([row[at] for row in rows[1:]], np.float32), snapshot.live.curves["accuracy"][1])
    assert snapshot.live.frame.matrices["hidden_weights"].tobytes("C") in safetensors(snapshot)


def test_a_run_in_a_file_goes_on_to_the_same_bits(make_bats, advance):
    run, resumed = moved(make_bats(), advance), make_bats(seed=9)
    key, state = load_run(save_run(run))
    assert key == "bats-digits"
    resumed.load_state_dict(state)
    for each in (run, resumed):
        advance(each, 4)
    assert resumed.time == 320
    assert save_run(resumed) == save_run(run)


def test_a_file_of_another_network_changes_nothing(make_bats, advance):
    run = moved(make_bats(), advance)
    before, (_, state) = save_run(run), load_run(save_run(run))
    for part in ("weights", "optimiser"):
        broken = copy.deepcopy(state)
        broken["learner"]["network"][part] = {}
        broken["learner"]["curves"]["loss"]["stride"] = 0
        with pytest.raises(ParameterError):
            run.load_state_dict(broken)
    assert save_run(run) == before
