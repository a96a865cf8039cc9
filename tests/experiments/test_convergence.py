"""Figure 3: networks side by side learn as they would alone; many spikes learn from more initial weights than one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr

from snn_explorer.bats import Network
from snn_explorer.engine import LearningFault, ParameterError
from snn_explorer.experiments import bats_fig3, convergence, threaded_run
from snn_explorer.experiments.bats_experiment import Condition
from snn_explorer.experiments.bats_fig3 import EXPERIMENT
from snn_explorer.experiments.convergence import Convergence
from snn_explorer.experiments.experiment import Settings
from snn_explorer.experiments.network_grid import AXIS, NetworkGrid, answers, initial_weights
from snn_explorer.experiments.results import write_results
from snn_explorer.tasks import spatio_temporal

from .conftest import ignore_progress
from .test_simulation import assert_same_bits

CONDITIONS = [bats_fig3.ONE, bats_fig3.MANY]


def place(mean: float, sd: float) -> int:
    """Index of the network with this mean and standard deviation, of the first seed."""
    return int(np.abs(AXIS - mean).argmin() * len(AXIS) + np.abs(AXIS - sd).argmin())


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.name)
def test_a_network_of_the_grid_learns_as_it_would_alone(condition: Condition) -> None:
    parameters = EXPERIMENT.parameters(Settings(seeds=1), condition)
    grid = NetworkGrid(parameters, [7, 8], 6)
    chosen = [place(0.8, 0.2), place(1.0, 0.4), place(1.6, 1.2), place(2.4, 0.0), len(AXIS) ** 2 + place(1.2, 0.6)]
    start = grid.layer.weight.detach().clone()
    while not grid.finished:
        grid.advance(0.0)
    moved = 0
    for k in chosen:
        alone = Network(spatio_temporal(), parameters)
        with torch.no_grad():
            alone.layers[0].weight.copy_(start[:, 2 * k : 2 * k + 2])
        for _ in range(grid.total):
            alone.advance()
        weight = alone.layers[0].weight.detach()
        moved += not torch.allclose(weight, start[:, 2 * k : 2 * k + 2], atol=1e-3)
        np.testing.assert_allclose(grid.layer.weight.detach()[:, 2 * k : 2 * k + 2], weight, rtol=1e-6)
    assert moved > 1


def test_initial_weights_have_their_mean_and_standard_deviation() -> None:
    weights = initial_weights(range(30)).T.reshape(30, 13, 13, 8).double()
    axis = torch.from_numpy(AXIS)
    assert torch.equal(weights[:, 3, 0], axis[3].float().double().expand(30, 8))
    normal = (weights - axis[:, None, None])[:, :, 1:] / axis[1:, None]
    n = normal.numel()
    assert abs(float(normal.mean())) < 4 / n**0.5
    assert float(normal.var()) == pytest.approx(1, abs=4 * (2 / n) ** 0.5)
    assert torch.equal(initial_weights([4, 5]), torch.cat([initial_weights([4]), initial_weights([5])], 1))


def test_a_tie_is_half_right_and_silence_is_wrong() -> None:
    silent = -torch.inf
    scores = torch.tensor(
        [
            [[5.0, 3.0], [3.0, 5.0], [4.0, 4.0], [1.0, silent], [silent, 1.0], [silent, silent]],
            [[5.0, 3.0], [3.0, 5.0], [4.0, 4.0], [1.0, silent], [silent, 1.0], [silent, silent]],
        ]
    )
    right, none = answers(scores, torch.tensor([0, 1]))
    assert right.tolist() == [[1, 0, 0.5, 1, 0, 0], [0, 1, 0.5, 0, 1, 0]]
    assert none.tolist() == [[False] * 5 + [True]] * 2


def test_an_early_only_spike_knows_nothing_of_the_pattern() -> None:
    """Strong equal weights: with one spike both outputs spike before 1 s at the same time, and never learn."""
    grid = NetworkGrid(EXPERIMENT.parameters(Settings(seeds=1), bats_fig3.ONE), [1], 20)
    while not grid.finished:
        grid.advance(0.0)
    assert (grid.accuracy[0, 8:, 0] == 0.5).all()
    assert (grid.accuracy[0, 0, 0] == 0) & (grid.unanswered[0, 0, 0] == 1), "weights of 0"


def test_many_spikes_learn_from_more_initial_weights_than_one(run, tmp_path: Path) -> None:
    started = run(EXPERIMENT, seeds=4, length=EXPERIMENT.length)
    summary = write_results(started, tmp_path, "snn-explorer run bats-fig3")
    one, many = (summary["conditions"][condition.name] for condition in CONDITIONS)
    assert one["networks"] == 4 * 169
    assert many["accuracy"] > one["accuracy"] + 0.15
    assert many["paper_accuracy"] > one["paper_accuracy"] + 0.15
    assert one["initial_accuracy"] == pytest.approx(many["initial_accuracy"], abs=0.02), "the same initial weights"
    with xr.open_dataset(tmp_path / "result.nc") as data:
        data.load()
    assert data.accuracy.dims == ("condition", "seed", "mean", "sd")
    assert data.seed.values.tolist() == [1, 2, 3, 4]
    np.testing.assert_allclose(data.mean_accuracy.isel(epoch=-1), data.accuracy.mean(("mean", "sd")), rtol=1e-5)
    assert (data.paper_accuracy >= data.accuracy - 0.25).all()
    letters = "".join(sorted(axes.get_title(loc="left") for axes in EXPERIMENT.draw(data).axes))
    assert letters == "abcdef"


def test_an_interrupted_run_ends_in_the_same_bits(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convergence, "BLOCK", 2)
    settings: dict[str, Any] = {"seeds": 3, "length": 6}
    whole = run(EXPERIMENT, 1, **settings)
    monkeypatch.setattr(threaded_run, "SLICE", 0.0)
    first, resumed = (Convergence(EXPERIMENT, Settings(**settings), 3) for _ in range(2))
    assert len(first.workers) == 4

    def interrupt(share: float, now: str) -> None:
        del now
        if share > 0.4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        first.run(interrupt, tmp_path / "interrupted.pt")
    resumed.resume(tmp_path / "interrupted.pt")
    assert 0.4 < resumed.share_done < 1
    resumed.run(ignore_progress, tmp_path / "interrupted.pt")
    assert_same_bits(whole.dataset(), resumed.dataset())


def test_a_gradient_that_is_no_number_leaves_the_weights_as_they_are() -> None:
    grid = NetworkGrid(EXPERIMENT.parameters(Settings(seeds=1), bats_fig3.MANY), [1], 3)
    grid.advance(0.0)
    before = grid.layer.weight.detach().clone()
    grid.layer.weight.register_hook(lambda gradient: gradient * torch.nan)
    with pytest.raises(LearningFault, match="lower the learning rate"):
        grid.advance(0.0)
    assert torch.equal(grid.layer.weight.detach(), before)
    assert grid.done == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"hidden": "5"}, r"bats-fig3 has no use for the parameter 'hidden'; it has n_max, theta"),
        ({"n_max": "3, 4"}, "it must hold 1 numbers"),
        ({"theta": 0}, "Threshold"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(values, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        EXPERIMENT.start(Settings(seeds=1, length=2, values=values))
