"""What is taken away from a run of BATS: data, a command and a program that give its curves again, the run itself."""

from __future__ import annotations

import copy
import csv
import io
import shlex
import zipfile
from contextlib import ExitStack, closing

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

from snn_explorer.bats.learning_curves import CURVES
from snn_explorer.cli import app
from snn_explorer.engine import ParameterError
from snn_explorer.live import Run
from snn_explorer.live.export import command, csv_tables, dataset, netcdf, python_code, safetensors
from snn_explorer.live.export.recipe import MOVED, NO_PROGRAM
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


def commanded(text, folder):
    """Dataset of a command, run as it stands."""
    program, *arguments = shlex.split(text)
    assert program == "snn-explorer"
    result = CliRunner().invoke(app, [*arguments, "--out", str(folder)])
    assert result.exit_code == 0, result.output
    return xr.load_dataset(folder / "result.nc", engine="h5netcdf")


def assert_same_curves(data, snapshot):
    """The same variables as in the data that a page gives, to the same bits."""
    given = dataset(snapshot)
    for name in CURVES:
        mine, its = data[f"{name}_curve"].isel(condition=0, seed=0), given[f"{name}_curve"]
        assert mine.dims == its.dims
        assert mine.values.tobytes() == its.values.tobytes()
        assert mine.attrs == its.attrs
        assert np.array_equal(mine[mine.dims[0]], its[its.dims[0]])
        assert mine[mine.dims[0]].attrs == its[its.dims[0]].attrs


@pytest.mark.parametrize("key", [key for key, preset in available_presets().items() if preset.system == "bats"])
def test_the_command_of_every_preset_gives_the_curves_of_the_page(make_bats, advance, tmp_path, key):
    run = make_bats(key, seed=4, **({"hidden": (12,)} if key == "bats-mnist" else {}))
    advance(run, 4)
    recipe = command(run.snapshot())
    assert recipe.remark == ""
    assert recipe.text.endswith(f" --samples {run.time:g}")
    data = commanded(recipe.text, tmp_path)
    assert data.samples_learned.size == 4
    assert_same_curves(data, run.snapshot())


@pytest.mark.parametrize(
    "values",
    [
        {"hidden": (8, 6), "n_max": (3, 4, 30), "theta": (0.06, 0.05, 0.3), "init": (-0.5, 1.25)},
        {"hidden": (), "n_max": (7,), "theta": (0.3,), "loss": "first_spike", "validation": 0.5},
    ],
)
def test_the_command_says_what_was_set_for_each_layer(make_bats, advance, tmp_path, values):
    """In an epoch and a half: 1437 digits in batches of 400, the last one smaller."""
    run = make_bats(**values, batch_size=400)
    advance(run, 6)
    data = commanded(command(run.snapshot()).text, tmp_path)
    assert data.samples_learned_at_epoch.size in (1, 3)
    assert_same_curves(data, run.snapshot())


def test_the_command_says_that_it_starts_with_the_present_values(make_bats, advance, tmp_path):
    recipe = command(moved(make_bats(), advance).snapshot())
    assert recipe.remark == MOVED
    same = make_bats(learning_rate=0.02, dead_output_push=0.5)
    advance(same, 12)
    assert_same_curves(commanded(recipe.text, tmp_path), same.snapshot())


def test_before_the_first_batch_the_command_learns_one(make_bats):
    assert command(make_bats().snapshot()).text.endswith(" --set seed=1 --samples 1")


@pytest.mark.skipif("bats-mnist" not in available_presets(), reason="MNIST is not there")
def test_samples_that_are_chosen_for_the_page_have_a_command_only(make_bats):
    snapshot = make_bats("bats-mnist", hidden=(2,)).snapshot()
    assert python_code(snapshot) == ("", NO_PROGRAM)
    assert command(snapshot).text.startswith("snn-explorer run preset-bats-mnist ")


@pytest.mark.parametrize("key", ["bats-digits", "bats-fig3", "bats-conv-digits"])
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
        assert np.array_equal(data[name], matrix, equal_nan=True)
    for name, value in frame.numbers.items():
        assert np.array_equal(data[name], value, equal_nan=True)
    assert np.array_equal(data.output_membrane, frame.traces["output_membrane"])
    below = {"bats-digits": "hidden", "bats-fig3": "input", "bats-conv-digits": "hidden_pooled"}
    assert data.output_weights.dims == ("output", below[key])
    if key == "bats-conv-digits":
        assert data.hidden_weights.dims == ("hidden_map", "hidden_seen")
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
