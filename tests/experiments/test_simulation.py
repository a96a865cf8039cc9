"""Experiments: against the original's learning curves, and resuming to the same bits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from snn_explorer.engine import ParameterError
from snn_explorer.experiments import MODULES, load_experiment
from snn_explorer.experiments import simulation as simulation_module
from snn_explorer.experiments.experiment import Settings
from snn_explorer.experiments.results import summarise, to_dataset, write_results
from snn_explorer.experiments.simulation import Simulation

ORIGINAL_COST_UNIT = 4.027
"""One wrong spike per second and output, in the original simulation's cost."""

ORIGINAL_MEDIANS = {
    "symmetric": {20: 19.7, 40: 9.1, 100: 2.8},
    "random": {20: 38.5, 40: 16.8, 100: 4.5},
    "uniform": {20: 29.6, 40: 13.1, 100: 2.7},
}
"""Median cost of the original simulation over 20 seeds, by learning time [s]."""

ORIGINAL_BELOW_1 = {"symmetric": 0.95, "random": 0.75, "uniform": 0.95}
"""Share of its networks whose cost at 250 s is below one wrong spike per second."""


def ignore_progress(share: float, cost: str) -> None:
    del share, cost


def test_fig4_learns_as_the_original_does(data_dir: Path, tmp_path: Path) -> None:
    simulation = Simulation(load_experiment("superspike-fig4"), Settings(seeds=20, seconds=250, data=data_dir))
    simulation.run(ignore_progress, tmp_path / "checkpoint.pt")
    summary = summarise(simulation, to_dataset(simulation), "test")
    conditions = summary["conditions"]
    assert isinstance(conditions, dict)
    for feedback, medians in ORIGINAL_MEDIANS.items():
        for seconds, original in medians.items():
            ratio = conditions[feedback][f"cost_median_{seconds}s"] / (original / ORIGINAL_COST_UNIT)
            assert 0.5 < ratio < 2, (feedback, seconds, ratio)
        assert conditions[feedback]["cost_below_1"] >= ORIGINAL_BELOW_1[feedback] - 0.1


def test_fig2_solves_the_task_without_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the generated pattern: from the silent cost to a tenth of it in the median, a fifth in nearly all networks."""
    monkeypatch.setenv("SNN_EXPLORER_DATA", str(tmp_path))
    simulation = Simulation(load_experiment("superspike-fig2"), Settings(seeds=20, seconds=250))
    simulation.run(ignore_progress, tmp_path / "checkpoint.pt")
    data = to_dataset(simulation)
    np.testing.assert_allclose(data.cost.sel(time=0.5), data.attrs["silent_cost"], rtol=0.01)
    share = data.cost.isel(time=-1) / data.attrs["silent_cost"]
    assert float(share.median()) < 0.1
    assert float((share < 0.2).mean()) >= 0.9


class Interrupted(Exception):
    """Stands for whatever ends the process."""


@pytest.mark.parametrize("name", MODULES)
def test_a_resumed_run_ends_in_the_same_bits(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation_module, "CHECKPOINT_EVERY", 0.0)
    settings = Settings(seeds=2, seconds=3, values={"burn_in": 0})
    whole, first, resumed = (Simulation(load_experiment(name), settings) for _ in range(3))
    whole.run(ignore_progress, tmp_path / "whole.pt")

    def interrupt(share: float, cost: str) -> None:
        del cost
        if share > 0.4:
            raise Interrupted

    checkpoint = tmp_path / "checkpoint.pt"
    with pytest.raises(Interrupted):
        first.run(interrupt, checkpoint)
    resumed.resume(checkpoint)
    assert 0 < resumed.done < resumed.n_chunks
    resumed.run(ignore_progress, checkpoint)
    assert torch.equal(whole.cost, resumed.cost)
    for a, b in zip(whole.ensembles, resumed.ensembles, strict=True):
        assert torch.equal(a.network.output.weights, b.network.output.weights)
    assert to_dataset(whole).drop_attrs().equals(to_dataset(resumed).drop_attrs())


def test_a_finished_run_can_be_continued_for_longer(tmp_path: Path) -> None:
    experiment, values = load_experiment("superspike-fig2"), {"burn_in": 0}
    short = Simulation(experiment, Settings(seeds=1, seconds=2, values=values))
    longer, whole = (Simulation(experiment, Settings(seeds=1, seconds=4, values=values)) for _ in range(2))
    short.run(ignore_progress, tmp_path / "checkpoint.pt")
    longer.resume(tmp_path / "checkpoint.pt")
    longer.run(ignore_progress, tmp_path / "checkpoint.pt")
    whole.run(ignore_progress, tmp_path / "whole.pt")
    assert torch.equal(longer.cost, whole.cost)


def test_a_checkpoint_of_another_run_is_refused_by_name(tmp_path: Path) -> None:
    experiment, checkpoint = load_experiment("superspike-fig2"), tmp_path / "checkpoint.pt"
    Simulation(experiment, Settings(seeds=1, seconds=1, values={"burn_in": 0})).run(ignore_progress, checkpoint)
    with pytest.raises(ParameterError, match=r"written with seeds 1, this run has 2"):
        Simulation(experiment, Settings(seeds=2, seconds=1, values={"burn_in": 0})).resume(checkpoint)
    with pytest.raises(ParameterError, match="nothing to resume"):
        Simulation(experiment, Settings(seeds=1, seconds=1)).resume(tmp_path / "elsewhere.pt")


def test_what_a_person_sets_wins_over_the_condition() -> None:
    settings = Settings(seeds=1, seconds=1, values={"feedback": "uniform", "learning_rate": "2e-3"})
    simulation = Simulation(load_experiment("superspike-fig4"), settings)
    for ensemble in simulation.ensembles:
        assert ensemble.network.parameters.learning_rate == 2e-3
        assert ensemble.network.parameters.feedback == "uniform"
        assert not any("feedback" in network for network in ensemble.network.networks)


def test_results_are_complete_and_carry_units(tmp_path: Path) -> None:
    import xarray as xr

    simulation = Simulation(load_experiment("superspike-fig4"), Settings(seeds=2, seconds=2, values={"burn_in": 1}))
    simulation.run(ignore_progress, tmp_path / "checkpoint.pt")
    write_results(simulation, tmp_path, "snn-explorer run superspike-fig4")
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"checkpoint.pt", "figure.png", "figure.svg", "result.nc", "summary.json"}
    with xr.open_dataset(tmp_path / "result.nc") as data:
        assert data.cost.dims == ("condition", "seed", "time")
        assert data.cost.shape == (6, 2, 4)
        assert data.cost.attrs["units"] == "wrong spikes / s / output"
        assert data.attrs["parameter_burn_in"] == 1
        np.testing.assert_array_equal(data.cost.values, simulation.cost.numpy())
