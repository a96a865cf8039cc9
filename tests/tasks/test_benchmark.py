"""The public benchmark: its published sizes, and what is said where its files are missing."""

from __future__ import annotations

import numpy as np
import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.tasks import (
    BENCHMARKS,
    MissingDataError,
    SpikeFileError,
    available_benchmarks,
    data,
    load_benchmark,
    read_spikes,
)


@pytest.fixture
def suite(data_dir):
    missing = sorted(BENCHMARKS.keys() - available_benchmarks(data_dir))
    if missing:
        pytest.skip(f"This test needs the benchmark suite, and {data_dir / 'ssbm'} has no {', '.join(missing)}.")
    return data_dir


@pytest.mark.parametrize(
    ("name", "inputs", "outputs", "steps"),
    [
        ("poisson", (100, 87, 232), (1, 1, 5), 5000),
        ("auryn", (100, 100, 1746), (100, 90, 1630), 35_000),
        ("oxford", (200, 200, 1889), (201, 200, 10_367), 18_900),
        ("seqgen", (4, 4, 4), (100, 100, 100), 10_000),
    ],
)
def test_the_sets_have_their_published_sizes(suite, name, inputs, outputs, steps):
    task = load_benchmark(name, suite)
    for trains, (n_neurons, n_used, n_spikes) in ((task.inputs, inputs), (task.targets, outputs)):
        assert (trains.n_neurons, np.unique(trains.neuron).size, trains.n_spikes) == (n_neurons, n_used, n_spikes)
    assert task.period_steps == steps
    assert task.name == name


def test_the_targets_of_poisson_are_where_the_paper_has_them(suite):
    assert (load_benchmark("poisson", suite).targets.step / 10).tolist() == [83, 166, 249, 332, 415]


def test_oxford_has_an_id_beyond_its_200_outputs(suite):
    target = suite / "ssbm" / "oxford" / "target.ras"
    with pytest.raises(SpikeFileError, match=r"target\.ras, line \d+: neuron id 200 is out of range"):
        read_spikes(target, n_neurons=200)
    assert read_spikes(target, n_neurons=201).neuron.max() == 200


def test_target_spikes_closer_than_the_refractory_period_are_said(suite):
    assert load_benchmark("oxford", suite).remarks[0].startswith("507 of 10367 target spikes come less than 5.1 ms")
    for name in ("poisson", "auryn", "seqgen"):
        assert not any("refractory" in remark for remark in load_benchmark(name, suite).remarks)


def test_a_coarser_time_step_keeps_the_period(suite):
    task = load_benchmark("poisson", suite, dt=5e-4)
    assert task.period_steps == 1000
    assert task.period == pytest.approx(0.5)


def test_the_folder_is_taken_from_the_environment(tmp_path, monkeypatch):
    folder = tmp_path / "ssbm" / "seqgen"
    folder.mkdir(parents=True)
    (folder / "input.ras").write_text("0 0\n")
    (folder / "target.ras").write_text("0.99 99\n")
    monkeypatch.setenv(data.ENVIRONMENT_VARIABLE, str(tmp_path))
    assert available_benchmarks() == ("seqgen",)
    assert load_benchmark("seqgen").targets.step.tolist() == [9900]


def test_a_folder_that_is_not_there_is_named(tmp_path, monkeypatch):
    absent = tmp_path / "absent"
    monkeypatch.setenv(data.ENVIRONMENT_VARIABLE, str(absent))
    assert data.data_dir() is None
    assert available_benchmarks() == ()
    with pytest.raises(MissingDataError, match=f"SNN_EXPLORER_DATA names {absent}, which is not a folder"):
        load_benchmark("poisson")


def test_without_any_folder_it_is_said_what_to_set(monkeypatch):
    monkeypatch.delenv(data.ENVIRONMENT_VARIABLE, raising=False)
    monkeypatch.setattr(data, "repository_root", lambda: None)
    with pytest.raises(MissingDataError, match=r"SNN_EXPLORER_DATA is not set.*fzenke/ssbm.*SNN_EXPLORER_DATA to DATA"):
        load_benchmark("auryn")


def test_the_default_folder_lies_beside_the_repository(tmp_path, monkeypatch):
    monkeypatch.delenv(data.ENVIRONMENT_VARIABLE, raising=False)
    monkeypatch.setattr(data, "repository_root", lambda: tmp_path / "repository")
    assert data.data_dir() is None
    (tmp_path / "shared" / "data").mkdir(parents=True)
    assert data.data_dir() == tmp_path / "shared" / "data"


def test_missing_files_are_named(tmp_path):
    with pytest.raises(MissingDataError, match=r"poisson/input\.ras and .*poisson/target\.ras.*fzenke/ssbm"):
        load_benchmark("poisson", tmp_path)


def test_an_unknown_set_is_refused():
    with pytest.raises(ParameterError, match="no benchmark 'mona'; there are poisson, auryn, oxford, seqgen"):
        load_benchmark("mona")
