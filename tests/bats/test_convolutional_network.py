"""Networks with convolutions: made from a paper's notation, learned, looked at, saved and taken up again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from snn_explorer.bats.answer import answer
from snn_explorer.bats.clocked import on_a_clock
from snn_explorer.bats.network import Network
from snn_explorer.bats.notation import Convolution, Pooling, n_convolutions, read_convolutions
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.bats.weights import load_network, save_weights
from snn_explorer.engine import ParameterError, Watch
from snn_explorer.quantities import read_values
from snn_explorer.tasks.samples import Samples, Split
from tests.bats.tiny import separable
from tests.kernels.backends import device_of

VALUES: dict[str, Any] = {
    "convolutions": "4C2-P2-3C2", "hidden": (6,), "n_max": (1, 3, 4, 8), "theta": (0.02, 0.04, 0.04, 0.05),
    "init": (-0.5, 1.0), "target_true": 5.0, "target_false": 1.0, "batch_size": 10, "learning_rate": 0.01,
}  # fmt: skip


def bars(n_train: int = 60, n_test: int = 40) -> Samples:
    """Images of 7 x 6 pixels with one bright row or one bright column, anywhere."""

    def split(n: int, seed: int) -> Split:
        rng = np.random.default_rng(seed)
        labels, place = rng.integers(0, 2, n), rng.integers(0, 6, n)
        images = rng.uniform(0, 0.1, (n, 7, 6)) * (rng.random((n, 7, 6)) < 0.3)
        for image, label, k in zip(images, labels, place, strict=True):
            line = image[k] if label == 0 else image[:, k]
            line[:] = rng.uniform(0.7, 1, len(line))
        return Split(torch.from_numpy(images.reshape(n, 42).astype(np.float32)), torch.from_numpy(labels))

    return Samples("bars", "Rows and columns", 42, 2, split(n_train, 0), split(n_test, 1), "pixels", (7, 6))


def network(backend: str = "numba", device: torch.device | None = None, **changed: Any) -> Network:
    values = BatsParameters(**{**VALUES, **changed})
    return Network(bars(), values, backend=backend, device=device, dtype=torch.float64)


def test_the_notation_of_papers_is_read() -> None:
    assert read_convolutions("15C5-P2-40C5-P2") == [Convolution(15, 5), Pooling(2), Convolution(40, 5), Pooling(2)]
    assert read_convolutions("") == []
    assert n_convolutions("P2-15C5-P2-P3-40C5") == 2


@pytest.mark.parametrize("text", ["", "15C5", "P2-15C5", "15C5-P2-P2-40C3-P2", "1C1-1C1"])
def test_what_fits_the_notation_is_taken_as_it_is(text: str) -> None:
    assert read_values(BatsParameters, {"convolutions": text}) == {"convolutions": text}
    assert BatsParameters(convolutions=text).convolutions == text


@pytest.mark.parametrize("text", ["P2", "15C", "C5", "15C5-", "-15C5", "15C5P2", "0C5", "15C0", "15c5", "15C5-300", 5])
def test_what_does_not_fit_the_notation_is_refused_in_words(text: object) -> None:
    with pytest.raises(ParameterError, match=r"Convolutions \(convolutions\) is .*; allowed are parts such as 15C5 "):
        read_values(BatsParameters, {"convolutions": text})
    with pytest.raises(ValueError, match="convolutions"):
        BatsParameters(convolutions=text)


def test_layers_are_those_of_the_notation() -> None:
    """7 x 6 pixels, 4 maps of 6 x 5, pooled to 3 x 2 without the last column, 3 maps of 2 x 1."""
    net = network()
    assert [tuple(layer.weight.shape) for layer in net.layers] == [(1, 2, 2, 4), (4, 2, 2, 3), (6, 6), (6, 2)]
    assert [layer.n_out for layer in net.layers] == [120, 6, 6, 2]
    assert [layer.constants.n_max for layer in net.layers] == [1, 3, 4, 8]
    assert [[pool.maps_out for pool in stage.before] for stage in net.stages] == [[], [(4, 3, 2)], [], []]
    assert net.layer_names == ("hidden1", "hidden2", "hidden3", "output")
    net.advance()
    assert [layer.n_neurons for layer in net.spikes] == [42, 120, 6, 6, 2]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"n_max": (1, 3)}, r"with the convolutions '4C2-P2-3C2' and the hidden layers \(6,\) it must hold 4 numbers"),
        ({"convolutions": "4C2-P2-3C5"}, "A window of 5 x 5 neurons does not fit into maps of 3 x 2"),
        ({"convolutions": "4C7-3C1"}, "A window of 7 x 7 neurons does not fit into maps of 7 x 6"),
    ],
)
def test_networks_that_cannot_be_made_are_named(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        network(**changed)


def test_samples_that_are_no_images_have_no_convolutions() -> None:
    with pytest.raises(ParameterError, match="the samples of 'separable' are no images"):
        Network(separable(), BatsParameters(**VALUES))


def test_rows_and_columns_are_told_apart_wherever_they_are() -> None:
    """One convolution under two outputs."""
    values = {**VALUES, "convolutions": "6C3", "hidden": (), "n_max": (1, 10), "theta": (0.1, 0.1), "seed": 2}
    net = Network(bars(400, 200), BatsParameters(**values, dead_output_push=0.2), dtype=torch.float64)
    before = net.evaluate(net.samples.test).accuracy
    for _ in range(400):
        net.advance()
    assert before < 0.6
    assert net.evaluate(net.samples.test).accuracy > 0.9


def test_a_network_goes_on_to_the_same_bits() -> None:
    one, other = network(elastic_strength=3.0), network(elastic_strength=3.0)
    for _ in range(3):
        one.advance()
    other.load_state_dict(one.state_dict())
    for net in (one, other):
        for _ in range(9):
            net.advance()
    for a, b in zip(one.layers, other.layers, strict=True):
        assert torch.equal(a.weight, b.weight)


def test_both_devices_learn_the_same() -> None:
    small = {"batch_size": 6, "feedback": "random", "rho": 0.1, "rate_limit": 1.0}
    one, other = (network(backend, device_of(backend), **small) for backend in ("triton", "numba"))
    for net in (one, other):
        net.advance()
        net.advance()
    for a, b in zip(one.layers, other.layers, strict=True):
        torch.testing.assert_close(a.weight.detach().cpu(), b.weight.detach(), rtol=1e-9, atol=1e-12)
    for a, b in zip(one.spikes, other.spikes, strict=True):
        assert torch.equal(a.per_neuron.cpu(), b.per_neuron)


def test_weights_come_back_from_their_file(tmp_path: Path) -> None:
    net = Network(bars(), BatsParameters(**VALUES))
    net.advance()
    save_weights(net, tmp_path / "weights.safetensors")
    again = load_network(tmp_path / "weights.safetensors", bars())
    assert again.parameters.convolutions == "4C2-P2-3C2"
    for a, b in zip(net.layers, again.layers, strict=True):
        assert torch.equal(a.weight, b.weight)


def test_a_dead_output_behind_pooling_is_pushed_by_the_trains_that_it_sees() -> None:
    """All weights into output 0 are far below zero: they are raised where the pooled neuron before them spiked."""
    values = {"convolutions": "4C2-P2", "hidden": (), "n_max": (1, 8), "theta": (0.02, 0.05), "dead_output_push": 0.5}
    net = network(**values, optimiser="sgd", learning_rate=1.0)
    output = net.layers[-1]
    output.weight.data[:, 0] = -9.0
    net.advance()
    pooled = net.stages[-1].before(net.spikes[1])
    active = (pooled.per_neuron > 0).double()
    labelled = (net.labels == 0).double()
    expected = -9 + 0.5 * (active * labelled[:, None]).sum(0) / len(net.labels)
    assert float(expected.max()) > -9
    torch.testing.assert_close(output.weight.detach()[:, 0], expected)


def test_a_frame_of_a_convolution_shows_its_windows_weights_and_exact_membranes() -> None:
    net = network()
    for _ in range(3):
        net.advance()
    spiked = sorted(set(net.frame(Watch()).rasters["hidden"].neuron.astype(int).tolist()))
    watched = spiked[0], spiked[-1]
    assert watched[0] < 120 <= watched[1]
    frame = net.frame(Watch(hidden=watched, probe_layer="hidden1", probe_post=31, probe_pre=7, clock_step=1e-3))
    first = net.layers[0].weight.detach()
    np.testing.assert_allclose(frame.matrices["hidden1_weights"], first.flatten(0, 2).T, rtol=1e-6)
    assert frame.matrices["hidden2_weights"].shape == (3, 16)
    assert frame.numbers["probe_weight"] == pytest.approx(float(first[0, 1, 0, 1]))  # pixel (1, 1) from (0, 1)
    spikes = frame.rasters["hidden"]
    for row, neuron in zip(frame.traces["hidden_membrane"], watched, strict=True):
        mine = np.isin(frame.traces["membrane_time"][0], spikes.time[spikes.neuron == neuron])
        assert row[: mine.argmax()].max() < 1
        np.testing.assert_allclose(row[mine].reshape(-1, 2), np.tile([1.0, 0.0], (mine.sum() // 2, 1)), atol=1e-4)
    assert "clock_late" not in frame.numbers
    with pytest.raises(ParameterError, match="A network with convolutions does not run on a clock"):
        on_a_clock(answer(net, 0), 1e-3)
