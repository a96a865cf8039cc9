"""The paper's two patterns: the benchmark where there are files, and what stands in for it elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from snn_explorer.tasks import BENCHMARKS, complex_pattern, load_benchmark, simple_pattern

PATTERNS = {"poisson": simple_pattern, "auryn": complex_pattern}


@pytest.mark.parametrize("name", PATTERNS)
def test_the_files_are_taken_where_they_are(name, tmp_path):
    folder = tmp_path / "ssbm" / name
    folder.mkdir(parents=True)
    (folder / "input.ras").write_text("0.1 3\n")
    (folder / "target.ras").write_text("0.2 0\n")
    task = PATTERNS[name](tmp_path)
    assert task.name == name
    assert task.targets.step.tolist() == load_benchmark(name, tmp_path).targets.step.tolist() == [2000]


@pytest.mark.parametrize(("name", "stand_in"), [("poisson", "frozen-poisson"), ("auryn", "word-snn")])
def test_a_stand_in_has_the_size_of_the_benchmark_and_another_name(name, stand_in, tmp_path):
    task, known = PATTERNS[name](tmp_path), BENCHMARKS[name]
    assert task.name == stand_in
    assert (task.n_inputs, task.n_outputs) == (known.n_inputs, known.n_outputs)
    assert task.period == pytest.approx(known.period)
    expected = 5.0 * known.n_inputs * known.period
    assert abs(task.inputs.n_spikes - expected) < 4.5 * np.sqrt(expected)


@pytest.mark.parametrize("name", PATTERNS)
def test_a_stand_in_is_always_the_same(name, tmp_path):
    first, again = PATTERNS[name](tmp_path), PATTERNS[name](tmp_path)
    for one, other in ((first.inputs, again.inputs), (first.targets, again.targets)):
        assert np.array_equal(one.step, other.step)
        assert np.array_equal(one.neuron, other.neuron)


def test_the_stand_in_for_the_logo_can_be_learned_in_principle(tmp_path):
    task = complex_pattern(tmp_path)
    assert not any("refractory" in remark for remark in task.remarks)
    assert 1500 < task.targets.n_spikes < 2500
