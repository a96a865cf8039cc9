"""Metrics of trainings: closed forms on a made-up dataset."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr

from snn_explorer.experiments.training_metrics import HEADLINES, METRICS, training_metrics

NAN = math.nan


def made_up() -> xr.Dataset:
    """Three seeds of one condition, two of another that stops after its first epoch; 90 + 30 hidden neurons."""
    curves = [[[0.1, 0.8], [0.2, 0.9], [0.3, 1.0]], [[0.4, NAN], [0.6, NAN], [NAN, NAN]]]
    layers = {"layer": ["hidden 1", "hidden 2", "output"]}
    ones = np.array([[1.0, 1.0, 1.0], [1.0, 1.0, NAN]])
    per_layer = {
        "test_spikes_per_sample": [100.0, 20.0, 7.0],
        "test_active_share": [0.2, 0.6, 0.9],
        "test_silent_share": [0.0, 0.4, 1.0],
        "test_saturated_share": [0.1, 0.1, 0.0],
    }
    neurons = np.broadcast_to([90.0, 30.0, 10.0], (2, 3, 3))
    return xr.Dataset(
        {
            "validation_accuracy": (("condition", "seed", "epoch"), curves),
            "training_accuracy": (("condition", "seed", "epoch"), np.square(curves)),
            "test_accuracy": (("condition", "seed"), [[0.90, 0.93, 0.99], [0.5, 0.7, NAN]]),
            "samples_per_second": (("condition", "seed"), [[1.0, 2.0, 6.0], [4.0, 8.0, NAN]]),
            "neurons": (("condition", "seed", "layer"), np.where(np.isnan(ones)[..., None], NAN, neurons)),
            **{name: (("condition", "seed", "layer"), ones[..., None] * values) for name, values in per_layer.items()},
        },
        coords={"condition": ["long", "short"], "seed": [1, 2, 3], "epoch": [1, 2], **layers},
    )


def test_means_and_deviations_are_over_the_networks_of_a_condition() -> None:
    long, short = (training_metrics(made_up(), name) for name in ("long", "short"))
    assert (long["networks"], short["networks"]) == (3, 2)
    assert long["accuracy"] == pytest.approx(0.94)
    assert long["accuracy_sd"] == pytest.approx(math.sqrt((0.04**2 + 0.01**2 + 0.05**2) / 3))
    assert short["accuracy"] == pytest.approx(0.6)
    assert short["accuracy_sd"] == pytest.approx(0.1)
    assert long["samples_per_second"] == pytest.approx(3)
    assert short["samples_per_second"] == pytest.approx(6)


def test_curves_are_read_at_the_last_epoch_of_their_condition() -> None:
    long, short = (training_metrics(made_up(), name) for name in ("long", "short"))
    assert long["validation_accuracy"] == pytest.approx(0.9)
    assert short["validation_accuracy"] == pytest.approx(0.5)
    assert long["training_accuracy"] == pytest.approx((0.64 + 0.81 + 1) / 3)


def test_spikes_are_those_of_all_layers_and_shares_those_of_all_hidden_neurons() -> None:
    metrics = training_metrics(made_up(), "long")
    assert metrics["spikes_per_sample"] == pytest.approx(127)
    assert metrics["active_share"] == pytest.approx((0.2 * 90 + 0.6 * 30) / 120)
    assert metrics["silent_share"] == pytest.approx(0.4 * 30 / 120)
    assert metrics["saturated_share"] == pytest.approx(0.1)


def test_without_a_hidden_layer_shares_are_those_of_the_outputs() -> None:
    metrics = training_metrics(made_up().isel(layer=slice(2, None)), "long")
    assert metrics["active_share"] == pytest.approx(0.9)


def test_a_metric_that_does_not_apply_is_left_out() -> None:
    data = made_up()
    data["validation_accuracy"] = data.validation_accuracy * NAN
    assert "validation_accuracy" not in training_metrics(data, "long")


def test_every_metric_is_documented() -> None:
    assert set(training_metrics(made_up(), "long")) == set(METRICS)
    assert set(HEADLINES) <= set(METRICS)
