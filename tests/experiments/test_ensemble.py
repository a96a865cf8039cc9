"""What an ensemble does beyond its network."""

from __future__ import annotations

import math

import pytest

from snn_explorer.engine import LearningFault
from snn_explorer.experiments import load_experiment
from snn_explorer.experiments.ensemble import Ensemble
from snn_explorer.experiments.experiment import Settings


def test_a_fault_in_the_very_last_chunk_is_told_on_a_device_that_runs_ahead() -> None:
    experiment = load_experiment("superspike-fig2")
    settings = Settings(seeds=2, length=2, values={"burn_in": 0})
    conditions = dict(enumerate(experiment.conditions))
    ensemble = Ensemble(experiment.task(None), experiment, settings, 2.0, conditions)
    output = ensemble.network.output
    output.asynchronous = True
    while ensemble.done < ensemble.total - 1:
        ensemble.advance(0)
    output._gradient_scale = math.inf
    with pytest.raises(LearningFault, match="the gradient of the output layer grew"):
        ensemble.advance(0)
    assert ensemble.finished
