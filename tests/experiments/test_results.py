"""What a run leaves behind: files, units, and figures with the paper's panels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure

from snn_explorer import __version__
from snn_explorer.experiments import MODULES, load_experiment
from snn_explorer.experiments.dataset import to_dataset
from snn_explorer.experiments.results import write_results

PANELS = {
    "superspike-fig1": "",
    "superspike-fig2": "abcd",
    "superspike-fig4": "abcde",
    "superspike-fig5": "abcdefghi",  # g to i go beyond the paper
    "superspike-fig6": "abcd",
    "superspike-fig7": "abcdefg",
    "superspike-fig8": "ab",
}


def letters_of(figure: Figure) -> str:
    """Panel letters, which stand above the left corner of their panel."""
    return "".join(sorted(axes.get_title(loc="left") for axes in figure.axes))


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("superspike")])
def test_figures_have_the_papers_panels_and_can_be_drawn_from_the_file(name: str, tmp_path: Path, run) -> None:
    experiment = load_experiment(name)
    simulation = run(experiment, seeds=2, length=2.0, values={"burn_in": 0, "n_hidden": 8})
    summary = write_results(simulation, tmp_path, f"snn-explorer run {name}")
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"checkpoint.pt", "figure.png", "figure.svg", "result.nc", "summary.json"}
    assert json.loads((tmp_path / "summary.json").read_text()) == summary
    with xr.open_dataset(tmp_path / "result.nc") as data:
        data.load()
    assert letters_of(experiment.draw(data)) == PANELS[name]
    assert list(data.condition.values) == [condition.name for condition in experiment.conditions]
    assert list(data.seed.values) == [1, 2]
    np.testing.assert_allclose(data.time, [0.5, 1.0, 1.5, 2.0])
    assert (data.n_hidden == 8).all()
    assert data.attrs["version"] == __version__


def test_units_and_parameters(tmp_path: Path, run) -> None:
    data = to_dataset(run(load_experiment("superspike-fig4"), seeds=2, length=2, values={"burn_in": 1}))
    assert data.cost.dims == ("condition", "seed", "time")
    assert data.cost.shape == (6, 2, 6)
    np.testing.assert_allclose(data.time, [-0.5, 0, 0.5, 1.0, 1.5, 2.0])
    units = {name: data[name].attrs["units"] for name in ("cost", "hidden_rate", "time", "after_hidden_time")}
    assert units == {"cost": "wrong spikes / s / output", "hidden_rate": "Hz", "time": "s", "after_hidden_time": "s"}
    assert data.after_output_membrane.attrs["units"] == "V"
    assert data.attrs["parameter_burn_in"] == 1
    assert data.n_hidden.values.tolist() == [4, 4, 4, 8, 8, 8]
    assert data.feedback.values.tolist() == ["random", "symmetric", "uniform"] * 2


def test_hidden_spikes_give_the_recorded_rate(run) -> None:
    """At a learning rate of 0 the frozen network does the same as the learning one: rates per network agree."""
    values = {"burn_in": 0, "learning_rate": 0, "n_hidden": 16, "weight_scale": 0.1}
    data = to_dataset(run(load_experiment("superspike-fig7"), seeds=2, length=7.0, values=values))
    recorded = data.hidden_rate.isel(time=slice(-7, None)).mean("time")
    counted = np.zeros(recorded.shape)
    np.add.at(counted, (data.after_hidden_condition.values, data.after_hidden_seed.values), 1)
    assert (counted > 0).all()
    np.testing.assert_allclose(counted / 16 / 3.5, recorded, rtol=0.02)
