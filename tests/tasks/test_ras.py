"""The reader of ``.ras`` files: what it reads, and that every refusal names file and line."""

from __future__ import annotations

import re

import numpy as np
import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.tasks import RasError, read_ras


@pytest.fixture
def write(tmp_path):
    def write_file(content, name="trial.ras"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


def test_what_was_written_is_read_back(write):
    rng = np.random.default_rng(5)
    spike = np.sort(rng.choice(5000 * 7, size=300, replace=False))
    step, neuron = spike // 7, spike % 7
    order = rng.permutation(300)
    path = write("".join(f"{step[i] * 1e-4:.6f} {neuron[i]}\n" for i in order))
    read = read_ras(path, n_neurons=7, period=0.5)
    assert np.array_equal(read.step, step)
    assert np.array_equal(read.neuron, neuron)
    assert read.n_neurons == 7


def test_comments_blank_lines_tabs_and_windows_line_ends_are_read(write):
    path = write("\ufeff# neurons 3\r\n\r\n 0.0002\t2 # late\r\n1e-4 1\r\n  # end")
    read = read_ras(str(path), n_neurons=3)
    assert list(zip(read.step.tolist(), read.neuron.tolist(), strict=True)) == [(1, 1), (2, 2)]


def test_spikes_that_meet_in_one_step_are_one(write):
    assert read_ras(write("0.01001 0\n0.00999 0\n"), n_neurons=1).step.tolist() == [100]


def test_a_coarser_step_gives_fewer_steps(write):
    assert read_ras(write("0.083 0\n"), n_neurons=1, dt=1e-3).step.tolist() == [83]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("0.1", "expected a time in seconds and a neuron id"),
        ("0.1 1 1", "expected a time in seconds and a neuron id"),
        ("0.1,1", "expected a time in seconds and a neuron id"),
        ("soon 1", "the time 'soon' is not a number of seconds"),
        ("1_0 1", "the time '1_0' is not a number"),
        ("0x1 1", "the time '0x1' is not a number"),
        ("nan 1", "the time is nan; times must be finite"),
        ("-inf 1", "the time is -inf; times must be finite"),
        ("1e999 1", "the time 1e999 s is too late"),
        ("-0.1 1", "the time -0.1 is negative; times start at 0"),
        ("0.5 1", "the time 0.5 s is too late; the last allowed step of 0.0001 s begins at 0.4999 s"),
        ("0.49996 1", "the time 0.49996 s is too late"),
        ("0.1 one", "the neuron id 'one' is not a whole number"),
        ("0.1 1.0", "the neuron id '1.0' is not a whole number"),
        ("0.1 " + "9" * 5000, "is not a whole number"),
        ("0.1 2", "neuron id 2 is out of range; 2 neurons have ids 0 to 1"),
        ("0.1 -1", "neuron id -1 is out of range"),
    ],
)
def test_a_bad_line_is_refused_with_file_line_and_text(write, line, message):
    path = write(f"# a comment\n0.2 0\n\n{line}\n0.3 0\n")
    with pytest.raises(RasError, match=f"{re.escape(f'{path}, line 4: ')}.*{re.escape(message)}") as refused:
        read_ras(path, n_neurons=2, period=0.5)
    assert repr(line[:60]) in str(refused.value)
    assert len(str(refused.value)) < 400


def test_without_a_period_late_spikes_are_read_up_to_what_a_step_can_count(write):
    assert read_ras(write("3600.5 0\n"), n_neurons=1).step.tolist() == [36_005_000]
    with pytest.raises(RasError, match="line 1: the time 1e6 s is too late"):
        read_ras(write("1e6 0\n"), n_neurons=1)


@pytest.mark.parametrize("content", ["", "\n\n", "# nothing but a comment\n"])
def test_a_file_without_spikes_is_refused(write, content):
    with pytest.raises(RasError, match=r"empty\.ras: the file has no spikes"):
        read_ras(write(content, "empty.ras"), n_neurons=1)


def test_a_file_that_is_not_text_is_refused(write):
    with pytest.raises(RasError, match=r"picture\.ras: this is not a text file"):
        read_ras(write(b"\x89PNG\r\n\x1a\n\xff", "picture.ras"), n_neurons=1)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(RasError, match=r"absent\.ras: the file cannot be read \(No such file"):
        read_ras(tmp_path / "absent.ras", n_neurons=1)
    with pytest.raises(RasError, match=r"cannot be read \(Is a directory\)"):
        read_ras(tmp_path, n_neurons=1)


@pytest.mark.parametrize(("name", "value"), [("n_neurons", 0), ("dt", 0), ("dt", "fine"), ("period", -1.0)])
def test_bad_arguments_are_refused(write, name, value):
    arguments = {"n_neurons": 1, name: value}
    with pytest.raises(ParameterError, match=f"{name} is {value!r}; it must be"):
        read_ras(write("0.1 0\n"), **arguments)
