"""Weights of a network in a safetensors file, with the parameters that go with them; and the digits network we ship."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from snn_explorer.bats.network import Network
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.engine import ParameterError
from snn_explorer.quantities import read_values
from snn_explorer.tasks import digits
from snn_explorer.tasks.samples import Samples

DIGITS = Path(__file__).with_name("digits.safetensors")
"""Weights of the first seed of ``snn-explorer run bats-digits``."""


def save_weights(network: Network, path: Path) -> None:
    """Write the weights of each layer in the shape that it has, and the parameters, into a safetensors file."""
    on_host = [layer.weight.detach().cpu().contiguous() for layer in network.layers]
    weights = {f"layer{k}.weight": weight for k, weight in enumerate(on_host, 1)}
    values = {name: value for name, value in network.parameters.param.values().items() if name != "name"}
    save_file(weights, path, metadata={"samples": network.samples.name, "parameters": json.dumps(values)})


def load_network(
    path: Path, samples: Samples, *, backend: str = "auto", device: str | torch.device | None = None
) -> Network:
    """Network with the weights and parameters of a file that `save_weights` wrote.

    Parameters
    ----------
    path : Path
    samples : Samples
        What it classifies; the weights must fit.
    backend, device
        See `Network`.

    Raises
    ------
    ParameterError
        If the file is missing or damaged, or its weights do not fit the samples.
    """
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            weights = [file.get_tensor(f"layer{k}.weight") for k in range(1, len(file.keys()) + 1)]
        parameters = BatsParameters(**read_values(BatsParameters, json.loads(metadata["parameters"])))
    except (OSError, SafetensorError, KeyError, json.JSONDecodeError) as error:
        raise ParameterError(f"{str(path)!r} holds no weights of a BATS network: {error}") from error
    network = Network(samples, parameters, backend=backend, device=device)
    network.take_weights(weights)
    return network


def trained_digits(backend: str = "auto", device: str | torch.device | None = None) -> Network:
    """A network that has learned scikit-learn's digits, ready to look at or to go on with."""
    return load_network(DIGITS, digits(), backend=backend, device=device)
