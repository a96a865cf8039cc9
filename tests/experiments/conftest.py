"""Small runs of experiments that tests share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from snn_explorer.experiments.experiment import Experiment, Settings
from snn_explorer.experiments.simulation import Simulation


def ignore_progress(share: float, now: str) -> None:
    del share, now


def only(experiment: Experiment, *names: str) -> Experiment:
    """The experiment with some of its conditions."""
    kept = [condition for condition in experiment.conditions if condition.name in names]
    assert len(kept) == len(names)
    return replace(experiment, conditions=kept)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Simulation]:
    """Run an experiment to its end."""

    def run_to_the_end(experiment: Experiment, n_threads: int | None = None, **settings: Any) -> Simulation:
        simulation = Simulation(experiment, Settings(**settings), n_threads)
        simulation.run(ignore_progress, tmp_path / "checkpoint.pt")
        return simulation

    return run_to_the_end
