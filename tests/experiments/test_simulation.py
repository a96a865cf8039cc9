"""Running experiments: side by side on threads, interrupted and resumed to the same bits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
import xarray as xr

from snn_explorer.engine import ParameterError
from snn_explorer.experiments import load_experiment, threaded_run
from snn_explorer.experiments.dataset import to_dataset
from snn_explorer.experiments.experiment import Settings
from snn_explorer.experiments.simulation import Simulation

from .conftest import ignore_progress, run_until

ROOT = Path(__file__).resolve().parents[2]

RUN = "from snn_explorer.cli import app; app()"
RUN_WITH_A_CHECKPOINT_PER_CHUNK = f"""
from snn_explorer.experiments import simulation, threaded_run
simulation.CHECKPOINT_EVERY = threaded_run.SLICE = 0.0
{RUN}
"""


def assert_same_bits(a: xr.Dataset, b: xr.Dataset) -> None:
    """All variables and attributes are equal; not a number equals itself."""
    assert list(a.variables) == list(b.variables)
    assert a.attrs == b.attrs
    for name in a.variables:
        assert a[name].dtype == b[name].dtype, name
        if a[name].dtype.kind in "if":
            assert a[name].values.tobytes() == b[name].values.tobytes(), name
        else:
            assert a[name].equals(b[name]), name


def chunks_in(checkpoint: Path) -> int:
    """Chunks that the slowest ensemble of a checkpoint has done; a checkpoint is whole whenever it exists."""
    if not checkpoint.exists():
        return 0
    return min(ensemble["done"] for ensemble in torch.load(checkpoint, weights_only=True)["workers"])


@pytest.mark.parametrize("name", ["superspike-fig2", "superspike-fig5", "superspike-fig6"])
def test_an_interrupted_run_ends_in_the_same_bits(name: str, tmp_path: Path, run) -> None:
    settings = {"seeds": 2, "length": 3.0, "values": {"burn_in": 1}}
    whole = run(load_experiment(name), **settings)
    first, resumed = (Simulation(load_experiment(name), Settings(**settings)) for _ in range(2))
    checkpoint = tmp_path / "interrupted.pt"
    run_until(0.4, first, checkpoint)
    resumed.resume(checkpoint)
    assert 0.4 < resumed.share_done < 1
    resumed.run(ignore_progress, checkpoint)
    assert_same_bits(to_dataset(whole), to_dataset(resumed))
    for a, b in zip(whole.workers, resumed.workers, strict=True):
        assert torch.equal(a.network.output.weights, b.network.output.weights)


def test_a_killed_process_is_resumed_to_the_same_bits(tmp_path: Path) -> None:
    arguments = ["run", "superspike-fig4", "--seeds", "2", "--seconds", "20", "--set", "burn_in=1", "--out"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SNN_EXPLORER_DATA": str(tmp_path)}

    def start(program: str, folder: Path, *more: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", program, *arguments, str(folder), *more]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    killed, whole = tmp_path / "killed", tmp_path / "whole"
    victim = start(RUN_WITH_A_CHECKPOINT_PER_CHUNK, killed)
    while chunks_in(killed / "checkpoint.pt") <= 10:
        assert victim.poll() is None, victim.communicate()[0]
        time.sleep(0.05)
    victim.kill()
    victim.communicate()
    assert victim.returncode == -signal.SIGKILL
    assert not (killed / "result.nc").exists()
    for process in (start(RUN, killed, "--resume"), start(RUN, whole)):
        output = process.communicate()[0]
        assert process.returncode == 0, output
    with xr.open_dataset(killed / "result.nc") as a, xr.open_dataset(whole / "result.nc") as b:
        assert_same_bits(a.load(), b.load())


def test_results_do_not_depend_on_the_number_of_threads(run, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"seeds": 2, "length": 4.0, "values": {"burn_in": 0}}
    monkeypatch.setattr(threaded_run, "SLICE", 0.01)
    alone, together = (run(load_experiment("superspike-fig5"), n_threads, **settings) for n_threads in (1, 4))
    assert len(alone.workers) > 1
    assert_same_bits(to_dataset(alone), to_dataset(together))


def test_a_finished_run_can_be_continued_for_longer(tmp_path: Path, run) -> None:
    experiment, values = load_experiment("superspike-fig2"), {"burn_in": 0}
    run(experiment, seeds=1, length=2, values=values)
    longer = Simulation(experiment, Settings(seeds=1, length=4, values=values))
    longer.resume(tmp_path / "checkpoint.pt")
    longer.run(ignore_progress, tmp_path / "checkpoint.pt")
    assert_same_bits(to_dataset(longer), to_dataset(run(experiment, seeds=1, length=4, values=values)))


def test_a_checkpoint_of_another_run_is_refused_by_name(tmp_path: Path, run) -> None:
    experiment, checkpoint = load_experiment("superspike-fig2"), tmp_path / "checkpoint.pt"
    run(experiment, seeds=1, length=2, values={"burn_in": 0})
    with pytest.raises(ParameterError, match=r"written with seeds 1, this run has 2"):
        Simulation(experiment, Settings(seeds=2, length=2, values={"burn_in": 0})).resume(checkpoint)
    with pytest.raises(ParameterError, match=r"already holds 2 s of learning; ask for more than 1 s"):
        Simulation(experiment, Settings(seeds=1, length=1, values={"burn_in": 0})).resume(checkpoint)
    with pytest.raises(ParameterError, match="nothing to resume"):
        Simulation(experiment, Settings(seeds=1, length=1)).resume(tmp_path / "elsewhere.pt")


def test_what_a_person_sets_wins_over_the_condition() -> None:
    settings = Settings(seeds=1, length=1, values={"feedback": "uniform", "learning_rate": "2e-3"})
    simulation = Simulation(load_experiment("superspike-fig4"), settings)
    for ensemble in simulation.workers:
        assert ensemble.parameters.learning_rate == 2e-3
        assert ensemble.parameters.feedback == "uniform"
        assert not any("feedback" in network for network in ensemble.network.networks)
