"""A run in a file goes on to the same bits, and no file does harm."""

from __future__ import annotations

import copy
import io
import json
import pickle
import zipfile

import numpy as np
import pytest
import torch

from snn_explorer import __version__
from snn_explorer.engine import ParameterError
from snn_explorer.live import saved_run
from snn_explorer.live.saved_run import load_run, save_run
from snn_explorer.presets import available_presets
from snn_explorer.presets.own_target import File, spikes_to_learn, word_to_learn
from tests.live.broken import put

SPIKES = File("spikes.csv", 12, b"0.1 0\n0.3 1\n")


def preset(key):
    own = {"word": lambda: word_to_learn("OK", 30, 1.0), "spikes": lambda: spikes_to_learn(SPIKES)}
    return own[key]() if key in own else available_presets()[key]


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("fig4", {}),
        ("fig4", {"n_hidden": 0, "spike_budget": 3}),
        ("fig4", {"conventions": "original", "feedback": "random", "rho": 1.0, "spike_budget": 5}),
        ("fig5", {}),
        ("fig6", {}),
        ("word", {"n_hidden": 3}),
        ("spikes", {"n_hidden": 3}),
    ],
)
def test_a_run_in_a_file_goes_on_to_the_same_bits(make_run, advance, frame_of, same, key, values):
    run = make_run(preset(key), **values)
    advance(run, 12)
    run.set(learning_rate=2e-3)
    content = save_run(run)
    key, state = load_run(content)
    resumed = make_run(available_presets()[key], seed=9)
    resumed.load_state_dict(state)
    assert resumed.values == run.values
    assert resumed.preset.sentence == run.preset.sentence
    assert save_run(resumed) == content
    for each in (run, resumed):
        advance(each, 12)
    assert save_run(resumed) == save_run(run)
    assert same(resumed.state_dict(), run.state_dict())
    assert np.array_equal(frame_of(run).curve_cost, frame_of(resumed).curve_cost)


def test_a_run_before_its_first_chunk_can_be_in_a_file(make_run, advance):
    run, resumed = make_run(), make_run(seed=5)
    resumed.load_state_dict(load_run(save_run(run))[1])
    for each in (run, resumed):
        advance(each, 5)
    assert save_run(resumed) == save_run(run)


@pytest.fixture
def saved(make_run, advance):
    """A run of fig4 that has spikes everywhere, in a file."""
    run = make_run(seed=2, spike_budget=9)
    advance(run, 30)
    state = run.state_dict()
    assert state["learner"]["history"]["trials"]["spikes"].shape[1] > 0
    return save_run(run)


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def unzipped(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_json(content, change):
    """The file after a change of its JSON part."""
    parts = unzipped(content)
    tree = json.loads(parts["run.json"])
    change(tree)
    return zipped({**parts, "run.json": json.dumps(tree)})


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda content: b"", "no saved run"),
        (lambda content: b"PK\x03\x04 and nothing else", "no saved run"),
        (lambda content: content[: len(content) // 2], "no saved run"),
        (lambda content: pickle.dumps({"preset": "fig4"}), "no saved run"),
        (lambda content: content[:2000] + bytes(50) + content[2050:], "no saved run"),
        (lambda content: zipped({**unzipped(content), "more.py": "import os"}), "no saved run"),
        (lambda content: zipped({"run.json": unzipped(content)["run.json"]}), "no saved run"),
        (lambda content: zipped({**unzipped(content), "run.json": "[" * 100_000}), "no saved run"),
        (lambda content: zipped({**unzipped(content), "run.json": "[]"}), "no saved run"),
        (lambda content: zipped({**unzipped(content), "run.json": bytes(3_000_000)}), "no saved run"),
        (lambda content: zipped({**unzipped(content), "tensors.safetensors": b"no"}), "saved run is damaged"),
        (lambda content: zipped({**unzipped(content), "tensors.safetensors": b"\xff" * 64}), "saved run is damaged"),
        (lambda content: with_json(content, lambda tree: tree.update(version="0.0.1")), "saved by version '0.0.1'"),
        (lambda content: with_json(content, lambda tree: tree.update(kind="x")), "cannot go on with it"),
        (lambda content: with_json(content, lambda tree: tree.update(state=[])), "saved run is damaged"),
        (lambda content: with_json(content, lambda tree: tree["state"].update(preset=3)), "which preset"),
        (
            lambda content: with_json(content, lambda tree: tree["state"].update(values={"$tensor": "999"})),
            "saved run is damaged",
        ),
        (lambda content: bytes(saved_run.MAX_BYTES + 1), "has 80 MB; a saved run has at most 80 MB"),
    ],
)
def test_what_is_no_saved_run_is_refused_in_a_plain_sentence(saved, change, complaint):
    with pytest.raises(ParameterError, match=complaint) as caught:
        load_run(change(saved))
    assert str(caught.value).endswith(".")


def test_a_file_is_not_unpacked_further_than_allowed(saved, monkeypatch):
    bomb = zipped({**unzipped(saved), "tensors.safetensors": bytes(5_000_000)})
    assert len(bomb) < 100_000
    monkeypatch.setitem(saved_run._LIMITS, "tensors.safetensors", 1_000_000)
    read = []
    monkeypatch.setattr(zipfile.ZipExtFile, "read", _counting(zipfile.ZipExtFile.read, read))
    with pytest.raises(ParameterError, match="no saved run"):
        load_run(bomb)
    assert max(read) == 1_000_001


def _counting(read, sizes):
    def counted(self, n=-1):
        content = read(self, n)
        sizes.append(len(content))
        return content

    return counted


def in_row(row, value):
    """The first number in a row of a table replaced."""

    def change(table):
        table = table.clone()
        table[row, 0] = value
        return table

    return change


NETWORK = ("learner", "network")
HIDDEN = (*NETWORK, "layers", "hidden")
NEURONS = (*HIDDEN, "neurons")
HISTORY = ("learner", "history")


@pytest.mark.parametrize(
    "change",
    [
        # what the loops would follow out of their arrays
        put(*NEURONS, "spikes", in_row(2, 100)),
        put(*NEURONS, "spikes", in_row(2, -1)),
        put(*NEURONS, "spikes", in_row(0, 5000)),
        put(*NEURONS, "spikes", in_row(0, -(2**31))),
        put(*NEURONS, "spikes", in_row(1, 1)),
        put(*NEURONS, "spikes", lambda table: table.long()),
        put(*NEURONS, "spikes", lambda table: table[:3]),
        put(*NEURONS, "errors", torch.full((4, 3), 7, dtype=torch.int32)),
        put(*NEURONS, "u", lambda u: u[:2]),
        put(*NEURONS, "u", lambda u: u.double()),
        put(*NEURONS, "refractory", lambda steps: steps + 10_000),
        put(*NEURONS, "tail", lambda tail: tail[:, :5]),
        put(*NEURONS, "trial_spikes", lambda counts: counts[:1]),
        put(*NEURONS, "u", [0.0, 0.0, 0.0, 0.0]),
        put(*HIDDEN, "weights_before", lambda weights: weights[:, :1]),
        put(*NETWORK, "random_feedback", lambda weights: weights[:, :, :1]),
        put(*NETWORK, "plasticity", "hidden", torch.zeros(1)),
        put(*NETWORK, "layers", lambda layers: {"output": layers["output"]}),
        put(*NETWORK, "cost", "total", torch.zeros(7)),
        put(*NETWORK, "cost", "weight", 3.0),
        put(*NETWORK, "cost", "weight", "much"),
        # what would take for ever, or all memory
        put(*NETWORK, "supervision", "shown", -(10**12)),
        put(*NETWORK, "start", 2**60),
        put(*NETWORK, "start", 5001),
        put(*NETWORK, "start", 5000.0),
        put(*HISTORY, "recent", "layers", "hidden", in_row(1, 10**12)),
        put(*HISTORY, "recent", "layers", "elsewhere", torch.zeros(2, 1, dtype=torch.int64)),
        put(*HISTORY, "recent", "stop", 10**15),
        put(*HISTORY, "output", 1),
        put(*HISTORY, "trials", "stride", 0),
        put(*HISTORY, "trials", "count", 10**20),
        put(*HISTORY, "trials", "spikes", in_row(0, 10**6)),
        put(*HISTORY, "trials", "trials", in_row(1, 10**12)),
        put("learner", "curve", "stride", 0),
        put("learner", "curve", "newest", None),
        put("learner", "curve", "newest", []),
        put("learner", "curve", "kept", [[float("nan"), 1.0]]),
        put("learner", "curve", "kept", [[10**400, 1.0]]),
        put("changes", "made", [[0.0, "__class__", 1]]),
        put("changes", "start", {}),
        put("values", "n_hidden", 10**9),
        put("values", []),
        put("learner", "network", "backend", "another"),
    ],
)
def test_a_hostile_state_changes_nothing(make_run, advance, saved, change):
    run = make_run()
    advance(run, 3)
    before = save_run(run)
    state = copy.deepcopy(load_run(saved)[1])
    run.load_state_dict(state)
    run.load_state_dict(load_run(before)[1])
    change(state)
    with pytest.raises(ParameterError) as caught:
        run.load_state_dict(state)
    assert str(caught.value).endswith(".")
    assert save_run(run) == before


@pytest.mark.parametrize(
    "change",
    [
        put("own", "dt", 1e-9),
        put("own", "period_steps", 10**12),
        put("own", "title", "x" * 100_000),
        put("own", "query", {"preset": "fig4"}),
        put("own", "targets", "n_neurons", 10**9),
        put("own", "targets", "step", torch.tensor([10**12])),
        put("own", "inputs", {}),
    ],
)
def test_a_hostile_target_changes_nothing(make_run, advance, change):
    run = make_run(word_to_learn("OK", 30, 1.0), n_hidden=2)
    advance(run, 2)
    state = load_run(save_run(run))[1]
    run.load_state_dict(state)
    change(state)
    with pytest.raises(ParameterError):
        run.load_state_dict(state)
    assert run.preset.query["word"] == "OK"


def test_a_run_that_is_too_large_is_not_saved(make_run, advance, monkeypatch):
    run = make_run()
    advance(run, 2)
    monkeypatch.setitem(saved_run._LIMITS, "tensors.safetensors", 1000)
    with pytest.raises(ParameterError, match=r"too large to be saved: tensors.safetensors has"):
        save_run(run)


def test_a_file_says_what_it_is(saved):
    tree = json.loads(unzipped(saved)["run.json"])
    assert (tree["kind"], tree["version"], tree["state"]["preset"]) == ("SNN Explorer run", __version__, "fig4")
