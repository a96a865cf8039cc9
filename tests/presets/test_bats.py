"""Presets of BATS: that each learns while somebody watches, and what the figures are meant to show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from snn_explorer.bats import Network
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.live.systems import SYSTEMS
from snn_explorer.presets import bats
from snn_explorer.quantities import read_values
from snn_explorer.views.bats.side import VIEWS

PRESETS = {preset.key: preset for preset in bats.available()}


def network(key: str, batches: int, **values: Any) -> Network:
    """The network of a preset with other values, after so many batches."""
    preset = PRESETS[key]
    net = Network(preset.task(), BatsParameters(**{**preset.values, **values}))
    for _ in range(batches):
        net.advance()
    return net


def accuracy(net: Network) -> float:
    """Share of right answers on held-out samples, or on all where none are."""
    return net.evaluate(net.validation if len(net.validation) else net.training).accuracy


@pytest.mark.usefixtures("no_data")
def test_without_data_files_every_figure_is_there() -> None:
    presets = {preset.key: preset for preset in bats.available()}
    assert [preset.figure.removeprefix("BATS ") for preset in presets.values() if preset.figure != "BATS"] == [
        "Fig 3", "Fig 4", "Fig 5", "Fig 6, 7", "Table I",
    ]  # fmt: skip
    for key, preset in presets.items():
        assert (preset.key, preset.system) == (key, "bats")
        assert preset.sentence.endswith(".")
        assert preset.view in ("", *VIEWS)
        assert read_values(SYSTEMS["bats"].parameters, preset.values) == preset.values
        assert preset.watch.output[0] < preset.task().n_classes


@pytest.mark.parametrize(
    ("key", "batches", "least"),
    [
        ("bats-digits", 60, 0.8),
        ("fast-and-deep", 150, 0.8),
        ("bats-feedback", 100, 0.75),
        ("bats-yinyang", 150, 0.75),
        ("bats-conv-digits", 250, 0.85),
    ],
)
def test_a_network_learns_while_a_newcomer_watches(key: str, batches: int, least: float) -> None:
    assert accuracy(network(key, 0)) < 0.5
    assert accuracy(network(key, batches)) > least


def test_fig3_is_learned_with_ten_spikes_and_not_with_one() -> None:
    assert accuracy(network("bats-fig3", 150)) == 1
    assert accuracy(network("bats-fig3", 150, n_max=(1,))) == 0.5


def test_fig4_budgets_of_one_let_more_hidden_neurons_spike() -> None:
    """Compared when both answer about as well."""
    silent = {}
    for n_max, values in (((30, 30), {}), ((1, 1), {"theta": (0.1, 0.5), "init": (0.0, 0.3), "loss": "first_spike"})):
        net = network("bats-fig4", 100, n_max=n_max, **values)
        assert accuracy(net) > 0.75
        silent[n_max] = net.n_silent[0] / net.layers[0].n_out
    assert silent[30, 30] > silent[1, 1] + 0.1


def test_fig5_silent_outputs_stay_silent_and_a_push_lets_them_learn() -> None:
    net = network("bats-fig5", 60)
    assert net.n_silent[-1] > 9.5
    assert accuracy(net) < 0.2
    assert accuracy(network("bats-fig5", 150, dead_output_push=1.0)) > 0.6


def test_fig6_most_answers_are_there_long_before_the_last_spike() -> None:
    net = network("bats-fig6", 100)
    at_the_end = accuracy(net)
    shares = [net.evaluate(net.validation, until=until).accuracy for until in (0.02, 0.05, 0.15)]
    assert np.all(np.diff([*shares, at_the_end]) >= -0.02)
    assert shares[0] < 0.2
    assert shares[-1] > 0.9 * at_the_end
