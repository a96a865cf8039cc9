"""Weights in files, and the digits network that comes with the package."""

from __future__ import annotations

import re

import pytest
import torch
from safetensors.torch import load_file, save_file

from snn_explorer.bats import BatsParameters, Network, load_network, save_weights, trained_digits
from snn_explorer.engine import ParameterError
from snn_explorer.experiments import load_experiment
from snn_explorer.tasks import digits, yin_yang


def test_a_saved_network_comes_back_with_its_weights_and_parameters(tmp_path):
    network = Network(digits(), BatsParameters(hidden=(20,), theta=(0.05, 0.2), seed=7, loss="first_spike"))
    network.advance()
    save_weights(network, tmp_path / "weights.safetensors")

    again = load_network(tmp_path / "weights.safetensors", digits())

    values = {key: value for key, value in network.parameters.param.values().items() if key != "name"}
    assert values == {key: value for key, value in again.parameters.param.values().items() if key != "name"}
    assert all(torch.equal(a.weight, b.weight) for a, b in zip(network.layers, again.layers, strict=True))
    assert network.evaluate(network.validation) == again.evaluate(again.validation)


def test_the_shipped_network_knows_digits_it_never_saw():
    network = trained_digits()
    parameters = load_experiment("bats-digits").values
    assert all(getattr(network.parameters, name) == value for name, value in parameters.items())
    assert network.evaluate(network.samples.test).accuracy >= 0.97


def test_a_file_that_does_not_fit_is_refused(tmp_path):
    path = tmp_path / "weights.safetensors"
    with pytest.raises(ParameterError, match="holds no weights of a BATS network"):
        load_network(path, digits())
    path.write_bytes(b"not a safetensors file")
    with pytest.raises(ParameterError, match="holds no weights of a BATS network"):
        load_network(path, digits())
    save_weights(Network(digits(), BatsParameters(hidden=(20,), theta=(0.05, 0.2))), path)
    with pytest.raises(ParameterError, match=re.escape("[(64, 20), (20, 10)]; those of this network are [(5, 20), (")):
        load_network(path, yin_yang(n_train=20, n_test=20))
    save_file(load_file(path), path)
    with pytest.raises(ParameterError, match="'parameters'"):
        load_network(path, digits())
