"""Expected times of trainings: a closed form of what was measured; sizes of data sets that are not loaded."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from snn_explorer.experiments import load_experiment, training_estimate
from snn_explorer.experiments.bats_experiment import Condition
from snn_explorer.experiments.sources import DIGITS, EMNIST, FASHION_MNIST, MNIST, YIN_YANG, Source
from snn_explorer.tasks import MissingDataError


def test_expected_time_is_a_sum_over_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """1437 digits, a tenth held out: 26 batches of 50. Five networks of 10 epochs, and two of 4 in batches of 100."""
    second = Condition("second", {"batch_size": 100}, most_seeds=2, most_epochs=4)
    digits = load_experiment("bats-digits")
    experiment = replace(digits, conditions=[digits.conditions[0], second], seeds=5, length=10)
    monkeypatch.setattr(training_estimate, "batch_seconds", lambda source, values: 1e-3 * dict(values)["batch_size"])
    first, other = 10 * 26 * 0.05, 4 * 13 * 0.1
    for n_cores, expected in ((1, 5 * first + 2 * other), (64, first)):
        monkeypatch.setattr(training_estimate, "n_cores", lambda n=n_cores: n)
        assert training_estimate.expected_seconds(experiment) == pytest.approx(expected)


def test_a_preset_s_time_is_that_of_its_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """30,000 digits in batches of 50 are 600 batches; the two patterns of figure 3 are seen together, 600 times."""
    monkeypatch.setattr(training_estimate, "batch_seconds", lambda source, values: 0.02)
    for key, n_batches in (("bats-digits", 600), ("bats-fig3", 600)):
        assert load_experiment(f"preset-{key}").expected_seconds() == pytest.approx(n_batches * 0.02)


@pytest.mark.parametrize(
    "source", [DIGITS, YIN_YANG, MNIST, FASHION_MNIST, EMNIST], ids=["digits", "yin-yang", "mnist", "fashion", "emnist"]
)
def test_stand_ins_are_like_the_data(source: Source, data_dir: Path) -> None:
    try:
        samples = source.load(data_dir)
    except MissingDataError as error:
        pytest.skip(str(error))
    stand_in = source.stand_in()
    assert (stand_in.n_in, stand_in.n_classes) == (samples.n_in, samples.n_classes) == (source.n_in, source.n_classes)
    if source is not EMNIST:  # another selection of the same letters may be there
        assert len(samples.train) == source.n_train
    inputs = samples.train.inputs[:1000]
    active = ((inputs > 0) & (inputs < math.inf)).float().mean()
    assert float(active) == pytest.approx(source.active, abs=0.03)
    assert float((stand_in.train.inputs > 0).float().mean()) == pytest.approx(source.active, abs=0.01)
