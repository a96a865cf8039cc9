"""Parity with the authors' simulation, and with a model of it that is written out step by step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from snn_explorer.superspike import Network, SuperSpikeParameters
from snn_explorer.tasks import SpikeTrains, frozen_poisson, load_benchmark
from tests.superspike.original_model import OriginalNetwork

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


def on_grid(trains: SpikeTrains, n_steps: int, period: int) -> np.ndarray:
    """Spikes of a repeating pattern on the grid of steps, ``(n_steps, n_neurons)``."""
    once = np.zeros((period, trains.n_neurons), np.float32)
    once[trains.step, trains.neuron] = 1
    return np.tile(once, (-(-n_steps // period), 1))[:n_steps]


@pytest.mark.parametrize(
    ("feedback", "rho"), [("symmetric", 0.0), ("random", 0.0), ("random", 1.0)], ids=["symmetric", "random", "rho 1"]
)
def test_every_spike_and_update_of_the_model_of_the_original(feedback: str, rho: float) -> None:
    """Delay 15 with random feedback, the skip of small errors and the regulariser, on other weights and inputs."""
    task = frozen_poisson(7, n_inputs=60, rate_hz=8.0, period=0.3, n_targets=4, n_outputs=2)
    values = {"feedback": feedback, "rho": rho, "n_hidden": 6, "weight_scale": 0.2, "seed": 11}
    network = Network(task, SuperSpikeParameters(conventions="original", burn_in=1.0, **values))
    assert network.hidden is not None
    network.random_feedback *= 0.5
    matrix = None if feedback == "symmetric" else network.random_feedback[0].T.numpy()
    model = OriginalNetwork(network.hidden.weights[0].numpy(), network.output.weights[0].numpy(), matrix, rho)
    n_steps = 30_001
    inputs, targets = (on_grid(trains, n_steps, task.period_steps) for trains in (task.inputs, task.targets))
    model.advance(inputs[0], targets[0], learning=False)
    n_spikes, moved = 0, []
    for chunk in range(6):
        network.advance()
        made = [model.advance(inputs[t], targets[t], t >= 10_000) for t in range(1 + 5000 * chunk, 5001 + 5000 * chunk)]
        for name, rows in zip(("hidden", "output"), zip(*made, strict=True), strict=True):
            spikes = network.spikes[name]
            wanted = np.argwhere(np.array(rows)).tolist()
            assert torch.stack([spikes.step, spikes.neuron], dim=1).tolist() == wanted, (name, chunk)
            n_spikes += len(wanted)
        for mine, original in ((network.hidden, model.hidden), (network.output, model.output)):
            assert np.abs(mine.weights[0].numpy() - original.w).max() < 1e-6, (mine.name, chunk)
            moved.append(float(mine.last_change.abs().max()))
    assert n_spikes > 100
    assert max(moved) == pytest.approx(1e-3, rel=1e-3)
