"""Parity with the authors' simulation, and the medians of its learning curves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from snn_explorer.superspike import Network, SuperSpikeParameters
from snn_explorer.tasks import load_benchmark

N_STEPS_COMPARED = 20_000


@pytest.fixture(scope="module")
def reference(data_dir: Path) -> dict[str, np.ndarray]:
    """What the original simulation produced for one seed."""
    file = data_dir / "auryn_reference" / "poisson_symmetric_seed1.npz"
    if not file.exists():
        pytest.skip(f"This test needs {file}.")
    with np.load(file) as arrays:
        return dict(arrays)


def test_every_spike_and_every_update_of_the_original(data_dir: Path, reference: dict[str, np.ndarray]) -> None:
    parameters = SuperSpikeParameters(conventions="original", burn_in=1.0, n_hidden=4)
    network = Network(load_benchmark("poisson", data_dir), parameters)
    assert network.hidden is not None
    layers = {"hidden": network.hidden, "output": network.output}
    for name, layer in layers.items():
        layer.weights.copy_(torch.from_numpy(reference[f"w_{name}"][0].T.astype(np.float32)))
    made: dict[str, list[np.ndarray]] = {"hidden": [], "output": []}
    for chunk in range(5):  # steps 1 .. 25000; the update at step 10000 is the first
        network.advance()
        for name, rows in made.items():
            spikes = network.spikes[name]
            rows.append(np.stack([spikes.step.numpy() + 1 + 5000 * chunk, spikes.neuron.numpy()], axis=1))
        if chunk >= 1:
            for name, layer in layers.items():
                difference = layer.weights[0].T.numpy() - reference[f"w_{name}"][chunk]
                assert np.abs(difference).max() < 1e-6, (name, chunk)
    for name, rows in made.items():
        mine = {tuple(map(int, row)) for row in np.concatenate(rows) if row[0] < N_STEPS_COMPARED}
        wanted = {tuple(map(int, row)) for row in reference[f"{name}_spikes"] if row[0] < N_STEPS_COMPARED}
        assert mine == wanted
        assert wanted
