"""Synapses of the network in a frame: found as the layers have them."""

from __future__ import annotations

import pytest
import torch

from snn_explorer.bats.network import Network
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.bats.wiring import maps_of, strongest_from, strongest_onto, windows_of
from snn_explorer.engine import Watch
from tests.bats.test_drive import CONV, images


@pytest.fixture(scope="module")
def net() -> Network:
    return Network(images(), BatsParameters(**CONV), dtype=torch.float64, backend="numba")


def test_maps_and_windows_are_the_layers(net: Network) -> None:
    frame = net.frame(Watch())
    assert [maps_of(frame, name) for name in net.layer_names] == [(3, 5, 5), (4, 1, 1), None, None]
    for name, layer in zip(net.layer_names[:2], net.layers, strict=False):
        assert windows_of(frame, name) == layer.windows
    assert windows_of(frame, "output") is None
    assert maps_of(frame, "input") is None


@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_the_strongest_synapses_are_those_of_all(net: Network, k: int) -> None:
    frame, name, layer = net.frame(Watch()), net.layer_names[k], net.layers[k]
    pre, post = torch.arange(layer.n_in), torch.arange(layer.n_out)
    strength = layer.synapses()[pre[:, None], post].abs()
    for j in range(0, layer.n_out, 4):
        assert strength[strongest_onto(frame, name, j), j] == strength[:, j].max()
    for i in range(0, layer.n_in, 5):
        assert strength[i, strongest_from(frame, name, i)] == strength[i].max()
    half = range(layer.n_in // 2, layer.n_in)
    assert strength[strongest_onto(frame, name, 0, half), 0] == strength[half.start :, 0].max()
