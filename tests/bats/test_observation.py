"""A look at a network: one sample as it is answered now, in small arrays, and nothing is changed by it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from snn_explorer import tasks
from snn_explorer.bats.answer import answer
from snn_explorer.bats.drive import drive
from snn_explorer.bats.losses import SpikeCountLoss
from snn_explorer.bats.network import Network
from snn_explorer.bats.observation import fitted
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.bats.spikes import Spikes
from snn_explorer.engine import Frame, Watch
from tests.bats.test_drive import CONV, images
from tests.bats.tiny import network, separable

DEEP: dict[str, Any] = {"hidden": (8, 6), "n_max": (6, 6, 8), "theta": (0.03, 0.05, 0.05)}
KINDS: dict[str, dict[str, Any]] = {
    "count": {},
    "first spike, push": {"loss": "first_spike", "n_max": (1, 1), "init": (0.0, 1.0), "dead_output_push": 0.1},
    "no hidden layer": {"hidden": (), "n_max": (8,), "theta": (0.015,)},
    "random feedback, sgd": {"feedback": "random", "optimiser": "sgd", "learning_rate": 0.1},
    "two hidden layers, regulariser": {**DEEP, "rho": 0.1, "rate_limit": 1.0},
}


def advanced(n_batches: int, **values: Any) -> Network:
    net = network(**values)
    for _ in range(n_batches):
        net.advance()
    return net


@torch.no_grad()
def answered(net: Network, sample: int) -> list[Spikes]:
    """Spikes of input and layers for a training sample."""
    inputs, _ = net.training_set.sample(sample)
    return [inputs, *net.respond(inputs)]


def events(frame: Frame, name: str) -> list[tuple[float, int]]:
    raster = frame.rasters[name]
    return list(zip(raster.time.tolist(), raster.neuron.tolist(), strict=True))


def as_events(spikes: Spikes, sample: int = 0, first: int = 0) -> list[tuple[float, int]]:
    n = int(spikes.count[sample])
    time, neuron = spikes.time[sample, :n].float().tolist(), (first + spikes.neuron[sample, :n]).tolist()
    return list(zip(time, neuron, strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_looking_changes_nothing(kind: str) -> None:
    """Every tensor of the state stays as it was to the bit, and so does all that is learned after."""
    net, other = (advanced(3, dtype=torch.float32, backend="auto", **KINDS[kind]) for _ in range(2))
    before, spikes = net.state_dict(), net.spikes
    gradients = [layer.weight.grad.clone() for layer in net.layers]  # type: ignore[union-attr]
    drawn = torch.get_rng_state()
    for sample in (None, 3, 50):
        net.frame(Watch(sample=sample, probe_layer="hidden"))
    assert torch.equal(torch.get_rng_state(), drawn)
    assert net.spikes is spikes
    after = net.state_dict()
    assert {name: after[name] for name in ("batches", "sums")} == {name: before[name] for name in ("batches", "sums")}
    for name, weight in before["weights"].items():
        assert torch.equal(after["weights"][name], weight)
    for k, own in before["optimiser"].items():
        assert all(torch.equal(after["optimiser"][k][name], value) for name, value in own.items())
    for layer, gradient in zip(net.layers, gradients, strict=True):
        assert torch.equal(layer.weight.grad, gradient)  # type: ignore[arg-type]
    for _ in range(4):
        for each in (net, other):
            each.advance()
        net.frame(Watch())
    assert all(torch.equal(a.weight, b.weight) for a, b in zip(net.layers, other.layers, strict=True))


def test_looking_before_any_batch_leaves_no_gradient() -> None:
    net = network()
    frame = net.frame(Watch())
    assert all(layer.weight.grad is None for layer in net.layers)
    assert (frame.time, frame.numbers["sample"], frame.numbers["batch"]) == (0, 0, 0)
    assert np.isnan([frame.numbers["batch_loss"], frame.numbers["accuracy"]]).all()


def test_time_counts_samples_and_is_saved() -> None:
    """Batches of 10 of 53 samples: the last one of an epoch has 3."""
    net = network(separable(n_train=53), validation=0.0)
    assert net.time == 0
    seen = 0
    for _ in range(14):
        net.advance()
        seen += len(net.spikes[0])
        assert net.time == seen
    other = network(separable(n_train=53), validation=0.0)
    other.load_state_dict(net.state_dict())
    assert other.time == net.frame(Watch()).time == 53 + 53 + 20


@pytest.mark.parametrize("n_batches", [1, 4, 6, 7])
def test_by_default_the_first_sample_of_the_last_batch_is_looked_at(n_batches: int) -> None:
    net = advanced(n_batches)  # 54 samples, 6 batches in an epoch
    frame = net.frame(Watch())
    assert events(frame, "input") == as_events(net.spikes[0])
    other = network()
    other.load_state_dict(net.state_dict())
    seen = other.frame(Watch())
    assert events(seen, "input") == events(frame, "input")
    assert seen.numbers == frame.numbers


def test_a_moved_image_is_looked_at_where_it_stands() -> None:
    net = Network(tasks.digits(), BatsParameters(hidden=(8,), shift=3))
    net.advance()
    frame = net.frame(Watch(sample=11))
    image = net.training.inputs[11]
    assert frame.matrices["image"].shape == (8, 8)
    np.testing.assert_array_equal(frame.matrices["image"].ravel(), image)
    bright = [pixel for _, pixel in events(frame, "input")]
    assert sorted(bright) == image.nonzero()[:, 0].tolist()


def test_rasters_hold_all_hidden_layers_in_the_order_of_time() -> None:
    net = advanced(2, **DEEP)
    frame, (inputs, first, second, output) = net.frame(Watch(sample=1)), answered(net, 1)
    assert net.layer_names == ("hidden1", "hidden2", "output")
    assert int(first.count) > 3
    assert int(second.count) > 3
    assert events(frame, "input") == as_events(inputs)
    assert events(frame, "output") == as_events(output)
    assert events(frame, "hidden") == sorted(as_events(first) + as_events(second, first=8))
    assert frame.duration == 0.2
    delta = dict(zip(events(frame, "hidden"), frame.traces["hidden_delta"][0].tolist(), strict=True))
    for k, name in enumerate(("hidden1", "hidden2")):
        layer = answer(net, 1).layers[name]
        spikes = zip(layer.spikes.time.float().tolist(), (8 * k + layer.spikes.neuron).tolist(), strict=True)
        assert [delta[spike] for spike in spikes] == layer.delta.float().tolist()
        assert layer.delta.any()


def test_membranes_are_rows_as_watched() -> None:
    """Neurons of both hidden layers, in any order: each is the one that is shown alone."""
    net = advanced(2, **DEEP)
    frame = net.frame(Watch(hidden=(12, 1, 8, 3), output=(1, 0), sample=1))
    time, rows = frame.traces["membrane_time"][0], frame.traces["hidden_membrane"]
    assert rows.shape == (4, len(time))
    assert frame.traces["output_membrane"].shape == (2, len(time))
    assert (np.diff(time) >= 0).all()
    pairs = [("hidden", i, row) for i, row in zip((12, 1, 8, 3), rows, strict=True)]
    pairs += [("output", i, row) for i, row in zip((1, 0), frame.traces["output_membrane"], strict=True)]
    for name, neuron, row in pairs:
        nobody = Watch(hidden=(), output=(), sample=1)
        alone = net.frame(replace(nobody, **{name: (neuron,)})).traces
        own = alone["membrane_time"][0]
        at = np.array([t not in frame.rasters[name].time for t in own])
        np.testing.assert_allclose(np.interp(own[at], time, row), alone[f"{name}_membrane"][0][at], atol=1e-6, rtol=0)
        assert abs(row).max() > 0
    assert net.frame(nobody).traces["hidden_membrane"].shape == (0, 1000)


def test_numbers_tell_of_this_sample_and_of_the_epoch() -> None:
    net = advanced(8, dead_output_push=0.0)
    labels = []
    for sample in range(6):
        numbers, spikes = net.frame(Watch(sample=sample)).numbers, answered(net, sample)
        label = net.training.labels[sample : sample + 1]
        loss = SpikeCountLoss(5.0, 1.0)
        labels.append(numbers["label"])
        assert numbers["label"] == int(label)
        assert numbers["answer"] == int(loss.decode(spikes[-1]))
        assert numbers["loss"] == pytest.approx(float(loss(spikes[-1], label)))
        for name, layer, size, budget in (("hidden", spikes[1], 8, 6), ("output", spikes[2], 2, 8)):
            found = [numbers[f"{name}_{key}"] for key in ("spikes", "silent", "saturated", "size", "budget")]
            counts = layer.per_neuron[0]
            assert found == [counts.sum(), (counts == 0).sum(), (counts == budget).sum(), size, budget]
    assert set(labels) == {0, 1}
    progress = net.progress
    assert (numbers["batch_loss"], numbers["accuracy"]) == (progress.loss, progress.accuracy)
    assert (numbers["epoch"], numbers["batch"], numbers["n_samples"]) == (8 / 6, 8, 54)


@pytest.mark.parametrize("kind", ["symmetric", "random", "uniform"])
def test_weights_and_what_carries_the_error_back(kind: str) -> None:
    """Feedback is that of the parameters now, even before a first batch has used it."""
    net = network(feedback=kind)
    matrices = net.frame(Watch()).matrices
    for name, layer in zip(net.layer_names, net.layers, strict=True):
        np.testing.assert_array_equal(matrices[f"{name}_weights"], layer.weight.detach().T.float())
    net.advance()
    back = net.layers[1].weight if net.layers[1].feedback is None else net.layers[1].feedback
    assert matrices["feedback"].shape == (8, 2)
    if kind == "symmetric":
        np.testing.assert_array_equal(matrices["feedback"], matrices["output_weights"].T)
    else:
        np.testing.assert_array_equal(matrices["feedback"], back.float())
    assert matrices["image"].shape == (1, 6)


def test_without_hidden_layers_there_is_nothing_hidden() -> None:
    frame = advanced(2, hidden=(), n_max=(8,), theta=(0.015,)).frame(Watch(probe_layer="hidden"))
    assert set(frame.rasters) == {"input", "output"}
    assert not any("hidden" in name for name in (*frame.traces, *frame.numbers))
    assert set(frame.matrices) == {"output_weights", "image", "drive"}
    assert frame.watch.probe_layer == "output"
    assert frame.watch.hidden == ()


def test_a_sample_without_an_answer_has_no_errors() -> None:
    frame = network(theta=(0.03, 100.0)).frame(Watch(output=(0, 1)))
    assert frame.numbers["answer"] == -1
    assert frame.numbers["output_silent"] == 2
    assert frame.traces["output_delta"].shape == (1, 0)
    assert len(frame.rasters["hidden"].time) > 3
    assert not frame.traces["hidden_delta"].any()
    shapes = {name: frame.traces[f"probe_{name}"].shape for name in ("pre_time", "post_time", "delta", "slope")}
    n_pre = int((frame.rasters["hidden"].neuron == 0).sum())
    assert shapes == {"pre_time": (1, n_pre), "post_time": (1, 0), "delta": (1, 0), "slope": (0, n_pre)}
    assert frame.numbers["probe_gradient"] == 0
    assert frame.traces["output_membrane"].max() < 0.01


def test_a_dark_sample_is_silent() -> None:
    samples = separable()
    samples.train.inputs.zero_()
    frame = network(samples, dead_output_push=1.0).frame(Watch())
    assert all(len(raster.time) == 0 for raster in frame.rasters.values())
    assert not frame.traces["hidden_membrane"].any()


def test_a_push_takes_the_place_of_the_errors() -> None:
    """The label's output is silent, the other one spikes: with the push on, its error is left out (as in learning)."""
    net = network(dead_output_push=1.0)
    label = int(net.training.labels[2])
    with torch.no_grad():
        net.layers[1].weight[:, label] = -1.0
    pushed = net.frame(Watch(sample=2))
    net.parameters.dead_output_push = 0.0
    plain = net.frame(Watch(sample=2))
    assert (pushed.numbers["pushed"], plain.numbers["pushed"]) == (1, 0)
    assert pushed.numbers["loss"] == plain.numbers["loss"] > 0
    assert plain.traces["output_delta"].any()
    assert not pushed.traces["output_delta"].any()
    assert not pushed.traces["hidden_delta"].any()


def test_a_watch_is_made_to_fit() -> None:
    net = network(**DEEP)
    wanted = Watch(3, (-1, 13, 14, 0), (2, 1), "hidden3", 7, 99, sample=1000, window=(-0.1, 0.1))
    assert fitted(net, wanted) == Watch(0, (13, 0), (1,), "output", 1, 5, sample=53, window=(0.0, 0.1))
    assert net.frame(wanted).watch == fitted(net, wanted)
    hidden = replace(wanted, probe_layer="hidden2", probe_post=5, probe_pre=-4, sample=-2, window=None)
    assert fitted(net, hidden) == Watch(0, (13, 0), (1,), "hidden2", 5, 0, sample=0)
    assert fitted(net, Watch(sample=None)).sample is None


@pytest.mark.parametrize("window", [(0.1, 0.1), (0.15, 0.05), (0.2, 0.3), (-1.0, 0.0), (float("nan"), 0.1)])
def test_a_window_with_nothing_in_it_is_all(window: tuple[float, float]) -> None:
    frame = network().frame(Watch(window=window))
    time: NDArray[np.float32] = frame.traces["membrane_time"][0]
    assert frame.watch.window is None
    assert (time[0], time[-1]) == pytest.approx((0, 0.2))


def test_a_frame_says_what_drove_the_chosen_output_spike() -> None:
    net = advanced(2)
    for wanted in (None, (1, 1), (0, 1)):
        frame, found = net.frame(Watch(sample=3, output_spike=wanted)), drive(net, 3, wanted)
        assert found is not None
        assert frame.watch.output_spike == wanted
        np.testing.assert_array_equal(frame.matrices["drive"], found.by_input(6)[None].float())
        numbers = {name: frame.numbers[f"drive_{name}"] for name in ("neuron", "rank", "time", "sum")}
        assert numbers == {"neuron": found.neuron, "rank": found.rank, "time": found.time,
                           "sum": pytest.approx(1, abs=1e-9)}  # fmt: skip
        assert wanted in (None, (found.neuron, found.rank))
    for nowhere in ((2, 0), (-1, 0), (0, -1)):
        assert net.frame(Watch(output_spike=nowhere)).watch.output_spike is None


def test_where_all_outputs_are_silent_nothing_drove_a_spike() -> None:
    frame = network(theta=(0.03, 100.0)).frame(Watch())
    assert np.isnan(frame.matrices["drive"]).all()
    assert (frame.numbers["drive_neuron"], frame.numbers["drive_rank"]) == (-1, -1)
    assert np.isnan([frame.numbers["drive_time"], frame.numbers["drive_sum"]]).all()


def test_a_frame_of_a_network_with_convolutions() -> None:
    """Its maps by their sizes, weights of one window, and the sample's drive as an image."""
    net = Network(images(), BatsParameters(**CONV), dtype=torch.float64, backend="reference")
    net.advance()
    frame, (inputs, *spikes) = net.frame(Watch(sample=2)), answered(net, 2)
    n = frame.numbers
    shapes = {name: tuple(n[f"{name}_{what}"] for what in ("maps", "rows", "columns", "window", "inputs"))
              for name in ("hidden1", "hidden2")}  # fmt: skip
    assert shapes == {"hidden1": (3, 5, 5, 3, 49), "hidden2": (4, 1, 1, 2, 12)}
    assert [n[f"{name}_inputs"] for name in ("hidden3", "output")] == [4, 6]
    assert not any(f"{name}_maps" in n for name in ("hidden3", "output"))
    assert events(frame, "input") == as_events(inputs)
    first = np.cumsum([0, 75, 4])
    hidden = [event for k, layer in enumerate(spikes[:-1]) for event in as_events(layer, first=int(first[k]))]
    assert sorted(events(frame, "hidden")) == sorted(hidden)
    weights = net.layers[1].weight.detach()
    np.testing.assert_array_equal(frame.matrices["hidden2_weights"][3], weights[..., 3].flatten().float())
    assert frame.matrices["drive"].shape == frame.matrices["image"].shape == (7, 7)
    np.testing.assert_array_equal(np.isnan(frame.matrices["drive"]), frame.matrices["image"] == 0)
    assert np.nansum(frame.matrices["drive"], dtype=float) == pytest.approx(1, abs=1e-5)


def test_a_probe_of_a_convolution_is_a_synapse_that_there_is() -> None:
    """Neuron (0, 2, 1) of the first layer sees rows 2 to 4 and columns 1 to 3: others move to the closest of these."""
    net = Network(images(), BatsParameters(**CONV), dtype=torch.float64, backend="reference")
    post = 2 * 5 + 1
    moved = {(0, 0): (2, 1), (3, 2): (3, 2), (6, 6): (4, 3), (2, 5): (2, 3), (5, 0): (4, 1)}
    for (row, column), (there, beside) in moved.items():
        watch = Watch(probe_layer="hidden1", probe_post=post, probe_pre=7 * row + column)
        frame = net.frame(watch)
        assert frame.watch.synapse == ("hidden1", post, 7 * there + beside)
        assert frame.numbers["probe_weight"] == net.layers[0].weight[0, there - 2, beside - 1, 0].item()


def test_neurons_of_one_map_have_the_membranes_that_they_have_alone() -> None:
    net = Network(images(), BatsParameters(**CONV), dtype=torch.float64, backend="reference")
    together = net.frame(Watch(hidden=(7, 60, 12), sample=1)).traces
    for neuron, row in zip((7, 60, 12), together["hidden_membrane"], strict=True):
        alone = net.frame(Watch(hidden=(neuron,), output=(0,), sample=1)).traces
        time, mine = alone["membrane_time"][0], alone["hidden_membrane"][0]
        grid = np.isin(time, np.linspace(0, 0.2, 1000, dtype=np.float32))
        np.testing.assert_allclose(np.interp(time[grid], together["membrane_time"][0], row), mine[grid], atol=2e-3)
        assert abs(mine).max() > 0


def test_frames_are_float32_that_own_their_memory() -> None:
    net = network(dtype=torch.float32)
    frame = net.frame(Watch())
    arrays = [*frame.traces.values(), *frame.matrices.values()]
    arrays += [array for raster in frame.rasters.values() for array in (raster.time, raster.neuron)]
    assert all(array.dtype == np.float32 for array in arrays)
    before = frame.matrices["output_weights"].copy()
    for _ in range(3):
        net.advance()
    np.testing.assert_array_equal(frame.matrices["output_weights"], before)
    assert not np.array_equal(net.frame(Watch()).matrices["output_weights"], before)
