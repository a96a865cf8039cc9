"""Small runs of experiments that tests share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from snn_explorer.experiments import threaded_run
from snn_explorer.experiments.experiment import Experiment, Run, Settings
from snn_explorer.experiments.superspike_experiment import SuperSpikeExperiment


def ignore_progress(share: float, now: str) -> None:
    del share, now


def run_until(stop_at: float, run: Run, checkpoint: Path) -> None:
    """Advance a run until this share of it is done, then interrupt it as a person would."""

    def interrupt(share: float, now: str) -> None:
        del now
        if share > stop_at:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threaded_run, "SLICE", 0.0)
        with pytest.raises(KeyboardInterrupt):
            run.run(interrupt, checkpoint)


def only(experiment: SuperSpikeExperiment, *names: str) -> SuperSpikeExperiment:
    """The experiment with some of its conditions."""
    kept = [condition for condition in experiment.conditions if condition.name in names]
    assert len(kept) == len(names)
    return replace(experiment, conditions=kept)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Any]:
    """Run an experiment to its end."""

    def run_to_the_end(experiment: Experiment, n_threads: int | None = None, **settings: Any) -> Run:
        started = experiment.start(Settings(**settings))
        started.n_threads = started.n_threads if n_threads is None else n_threads
        started.run(ignore_progress, tmp_path / "checkpoint.pt")
        return started

    return run_to_the_end
