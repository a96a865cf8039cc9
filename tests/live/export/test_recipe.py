"""The shown command and program, run, give the page's curve to the same bits."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

from snn_explorer.cli import app
from snn_explorer.live.changes import MAX_CHANGES, Changes
from snn_explorer.live.export import command, python_code
from snn_explorer.live.export.recipe import MOVED, ONLY_HERE, TOO_MANY
from snn_explorer.presets import available_presets
from snn_explorer.presets.own_target import File, spikes_to_learn, word_to_learn
from snn_explorer.superspike.parameters import SuperSpikeParameters

CASES = [
    ("fig4", {}),
    ("fig4", {"n_hidden": 0, "seed": 7, "learning": False, "learning_rate": 1.3e-3}),
    ("fig4", {"conventions": "original", "feedback": "random"}),
    ("fig4", {"burn_in": 0.75, "steepness": 1234.5678901}),
    ("fig5", {}),
    ("word", {"n_hidden": 5}),
]


def preset(key: str) -> Any:
    return word_to_learn("it's <3", 20, 1.5) if key == "word" else available_presets()[key]


def commanded(text: str, folder: Path) -> dict[np.float32, np.float32]:
    """Curve of a command, run as it stands."""
    program, *arguments = shlex.split(text)
    assert program == "snn-explorer"
    result = CliRunner().invoke(app, [*arguments, "--out", str(folder)])
    assert result.exit_code == 0, result.output
    with xr.open_dataset(folder / "result.nc", engine="h5netcdf") as data:
        assert data.cost.dtype == np.float32
        return dict(zip(data.time.values.astype(np.float32), data.cost.values[0, 0], strict=True))


def programmed(text: str) -> dict[np.float32, np.float32]:
    """Curve of a program."""
    names: dict[str, Any] = {}
    exec(compile(text, "program", "exec"), names)
    return {np.float32(time): np.float32(cost) for time, cost in names["curve"]}


def agrees(curve: dict[np.float32, np.float32], snapshot: Any) -> bool:
    """Whether all points of the page's curve are in `curve`, to the same bits, and nothing comes after them."""
    live = snapshot.live
    there = np.array([curve[time] for time in live.curve_time])
    assert len(live.curve_time) > 10
    return there.tobytes() == live.curve_cost.tobytes() and max(curve) == live.curve_time[-1]


@pytest.mark.parametrize(("key", "values"), CASES)
def test_the_command_gives_the_curve_of_the_page(make_run, advance, tmp_path, key, values):
    run = make_run(preset(key), **values)
    advance(run, 16)
    recipe = command(run.snapshot())
    assert recipe.remark == ""
    assert agrees(commanded(recipe.text, tmp_path), run.snapshot())


@pytest.mark.parametrize(("key", "values"), CASES)
def test_the_program_gives_the_curve_of_the_page(make_run, advance, key, values):
    run = make_run(preset(key), **values)
    advance(run, 16)
    assert agrees(programmed(python_code(run.snapshot()).text), run.snapshot())


def moved(make_run, advance, **values):
    """A run whose parameters were moved in the burn-in, while it learned, and twice to the same value."""
    run = make_run(**values)
    advance(run, 1)
    run.set(optimiser="rmsprop")
    advance(run, 9)
    run.set(learning_rate=5e-3, feedback="random")
    advance(run, 4)
    run.set(learning_rate=5e-3, hidden_learning=False)
    advance(run, 6)
    return run


def test_the_program_moves_parameters_when_they_were_moved(make_run, advance):
    run = moved(make_run, advance)
    recipe = python_code(run.snapshot())
    assert [tuple(change) for change in run.snapshot().changes] == [
        (-0.5, "optimiser", "rmsprop"),
        (4.0, "feedback", "random"),
        (4.0, "learning_rate", 5e-3),
        (6.0, "hidden_learning", False),
    ]
    assert recipe.remark == ""
    curve = programmed(recipe.text)
    assert agrees(curve, run.snapshot())
    still = make_run()
    advance(still, 20)
    assert not agrees(curve, still.snapshot())


def test_the_command_says_that_it_starts_with_the_present_values(make_run, advance, tmp_path):
    run = moved(make_run, advance)
    recipe = command(run.snapshot())
    assert recipe.remark == MOVED
    same = make_run(optimiser="rmsprop", learning_rate=5e-3, feedback="random", hidden_learning=False)
    advance(same, 20)
    assert agrees(commanded(recipe.text, tmp_path), same.snapshot())


def test_a_restored_run_remembers_what_was_moved(make_run, advance):
    run, resumed = moved(make_run, advance), make_run()
    run.set(rho=2.0)
    resumed.load_state_dict(run.state_dict())
    for each in (run, resumed):
        advance(each, 3)
    assert resumed.snapshot().changes == run.snapshot().changes
    assert resumed.snapshot().changes[-1] == (9.0, "rho", 2.0)
    assert agrees(programmed(python_code(resumed.snapshot()).text), run.snapshot())


def test_a_new_network_begins_anew(make_run, advance):
    run = moved(make_run, advance)
    run.set(seed=3)
    run.set(rho=1.0)
    snapshot = run.snapshot()
    assert snapshot.changes == ()
    assert (snapshot.start["seed"], snapshot.start["rho"]) == (3, 1.0)
    assert "--set rho=1.0" in command(snapshot).text


def test_an_uploaded_target_has_no_command_and_no_program(make_run, advance):
    run = make_run(spikes_to_learn(File("spikes.csv", 12, b"0.1 0\n0.3 1\n")), n_hidden=2)
    advance(run, 2)
    assert command(run.snapshot()) == python_code(run.snapshot()) == ("", ONLY_HERE)


def test_only_so_many_changes_are_kept_and_the_program_says_so(make_run, advance):
    run = make_run()
    advance(run, 4)
    values = dict(run.values)
    changes = run._driver._changes
    for k in range(MAX_CHANGES + 1):
        changes.note(k, {**values, "rho": float(k + 1)})
    assert len(changes.made) == MAX_CHANGES
    recipe = python_code(run.snapshot())
    assert recipe.remark == TOO_MANY
    assert "changes" not in recipe.text


def test_what_a_file_says_was_changed_must_be_parameters():
    values = {name: value for name, value in SuperSpikeParameters.param.values().items() if name != "name"}
    changes = Changes(SuperSpikeParameters, values)
    state = changes.state_dict()
    for made in ([[0.0, "x); import os  #", 1]], [[0.0, "rho", "1; import os"]], [[float("nan"), "rho", 1.0]]):
        with pytest.raises(ValueError, match=r"parameter|number|time"):
            Changes(SuperSpikeParameters, values).load_state_dict({**state, "made": made})
