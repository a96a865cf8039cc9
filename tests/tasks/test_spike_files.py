"""The reader of spike trains from text: what it reads, and that every refusal names file and line."""

from __future__ import annotations

import re

import numpy as np
import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.tasks import SpikeFileError, parse_spikes, read_spikes


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
    read = read_spikes(path, n_neurons=7, period=0.5)
    assert np.array_equal(read.step, step)
    assert np.array_equal(read.neuron, neuron)
    assert read.n_neurons == 7


def test_comments_blank_lines_tabs_and_windows_line_ends_are_read(write):
    path = write("\ufeff# neurons 3\r\n\r\n 0.0002\t2 # late\r\n1e-4 1\r\n  # end")
    read = read_spikes(str(path), n_neurons=3)
    assert list(zip(read.step.tolist(), read.neuron.tolist(), strict=True)) == [(1, 1), (2, 2)]


def test_spikes_that_meet_in_one_step_are_one(write):
    assert read_spikes(write("0.01001 0\n0.00999 0\n"), n_neurons=1).step.tolist() == [100]


def test_a_coarser_step_gives_fewer_steps(write):
    assert read_spikes(write("0.083 0\n"), n_neurons=1, dt=1e-3).step.tolist() == [83]


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
    with pytest.raises(SpikeFileError, match=f"{re.escape(f'{path}, line 4: ')}.*{re.escape(message)}") as refused:
        read_spikes(path, n_neurons=2, period=0.5)
    assert repr(line[:60]) in str(refused.value)
    assert len(str(refused.value)) < 400


def test_without_a_period_late_spikes_are_read_up_to_what_a_step_can_count(write):
    assert read_spikes(write("3600.5 0\n"), n_neurons=1).step.tolist() == [36_005_000]
    with pytest.raises(SpikeFileError, match="line 1: the time 1e6 s is too late"):
        read_spikes(write("1e6 0\n"), n_neurons=1)


@pytest.mark.parametrize("content", ["", "\n\n", "# nothing but a comment\n"])
def test_a_file_without_spikes_is_refused(write, content):
    with pytest.raises(SpikeFileError, match=r"empty\.ras: the file has no spikes"):
        read_spikes(write(content, "empty.ras"), n_neurons=1)


def test_a_file_that_is_not_text_is_refused(write):
    with pytest.raises(SpikeFileError, match=r"picture\.ras: this is not a text file"):
        read_spikes(write(b"\x89PNG\r\n\x1a\n\xff", "picture.ras"), n_neurons=1)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(SpikeFileError, match=r"absent\.ras: the file cannot be read \(No such file"):
        read_spikes(tmp_path / "absent.ras", n_neurons=1)
    with pytest.raises(SpikeFileError, match=r"cannot be read \(Is a directory\)"):
        read_spikes(tmp_path, n_neurons=1)


@pytest.mark.parametrize(("name", "value"), [("n_neurons", 0), ("dt", 0), ("dt", "fine"), ("period", -1.0)])
def test_bad_arguments_are_refused(write, name, value):
    arguments = {"n_neurons": 1, name: value}
    with pytest.raises(ParameterError, match=f"{name} is {value!r}; it must be"):
        read_spikes(write("0.1 0\n"), **arguments)


def pairs(trains):
    return list(zip(trains.step.tolist(), trains.neuron.tolist(), strict=True))


ROWS = [(0.0123, 3), (0.4, 0), (0.00004, 6), (0.25, 3)]
EXPECTED = [(0, 6), (123, 3), (2500, 3), (4000, 0)]


def table(separator, header, *, neuron_first=False, end="\n"):
    rows = [f"{neuron}{separator}{time}" if neuron_first else f"{time}{separator}{neuron}" for time, neuron in ROWS]
    return end.join([*header, *rows])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [" ", "\t", ",", ";", " , ", "; "])
def test_tables_say_the_same_as_a_ras_file(separator, end):
    assert pairs(parse_spikes(table(separator, [], end=end), n_neurons=7)) == EXPECTED


@pytest.mark.parametrize("separator", ["\t", ",", ";"])
@pytest.mark.parametrize(
    ("time", "neuron"),
    [("time", "neuron"), ("Time [s]", "Neuron ID"), ("spike_times_s", "id"), ('"t"', '"unit"'), ("seconds", "i")],
)
def test_a_header_says_which_column_is_which(separator, time, neuron):
    forward = table(separator, [f"{time}{separator}{neuron}"])
    backward = table(separator, ["# made by hand", "", f"{neuron}{separator}{time}"], neuron_first=True)
    assert pairs(parse_spikes(forward)) == pairs(parse_spikes(backward)) == EXPECTED


def test_a_header_may_stand_over_columns_with_blanks():
    assert pairs(parse_spikes(table(" ", ["time [s] neuron"]))) == EXPECTED


def test_bytes_text_and_file_are_read_alike(write):
    text = table(",", ["time,neuron"], end="\r\n")
    from_bytes = parse_spikes(b"\xef\xbb\xbf" + text.encode())
    assert pairs(from_bytes) == pairs(parse_spikes("\ufeff" + text)) == EXPECTED
    assert pairs(read_spikes(write("\ufeff" + text, "trains.csv"))) == EXPECTED


def test_without_a_size_the_largest_id_decides():
    assert parse_spikes("0.1 0\n0.2 41\n0.3 7\n").n_neurons == 42
    with pytest.raises(
        SpikeFileError, match="line 1: neuron id 1024 is out of range; at most 1024 neurons are allowed"
    ):
        parse_spikes("0.1 1024\n")
    with pytest.raises(ParameterError, match="n_neurons is 10000; at most 1024"):
        parse_spikes("0.1 0\n", n_neurons=10_000)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("time,rate\n0.1,1", 1, "a header must name one column for the time and one for the neuron"),
        ("neuron,id\n0.1,1", 1, "a header must name"),
        ("time,neuron,weight\n0.1,1,3", 1, "a header must name"),
        ("time\n0.1", 1, "a header must name"),
        ("time [ms],neuron\n100,1", 1, "the header says that times are in 'time [ms]'; times must be in seconds"),
        ("neuron,time_steps\n1,100", 1, "times must be in seconds"),
        ("time,neuron\n0.1,1,\n", 2, "expected a time in seconds and a neuron id, separated by a comma"),
        ("time;neuron\n0.1 1", 2, "separated by a semicolon"),
        ("time;neuron\n0,1;1", 2, "the time '0,1' is not a number of seconds"),
        ("neuron,time\n0.1,1", 2, "the neuron id '0.1' is not a whole number"),
        ("0.1,1\ntime,neuron", 2, "the time 'time' is not a number"),
        ("0.1,1\n0.2 1", 2, "separated by a comma"),
    ],
)
def test_a_bad_table_is_refused_with_name_and_line(text, line, message):
    with pytest.raises(SpikeFileError, match=f"mine, line {line}: .*{re.escape(message)}"):
        parse_spikes(text, name="mine")


def test_a_header_alone_has_no_spikes():
    with pytest.raises(SpikeFileError, match="mine: the file has no spikes"):
        parse_spikes("time,neuron\n", name="mine")


def test_a_text_beyond_the_limit_is_refused_before_it_is_read():
    with pytest.raises(SpikeFileError, match="huge: the file has 20000001 characters; at most 20000000 are read"):
        parse_spikes(b"\xff" * 20_000_001, name="huge")
