"""Clocks against events on a trained network: the clocks converge, their cost is told, and runs are taken up again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import xarray as xr

from snn_explorer.engine import ParameterError
from snn_explorer.experiments import clock_comparison, threaded_run
from snn_explorer.experiments.bats_clock_vs_event import EXPERIMENT
from snn_explorer.experiments.clock_comparison import STEPS, dithered
from snn_explorer.experiments.clock_run import ClockRun, event_seconds, order_of_convergence
from snn_explorer.experiments.experiment import Settings
from snn_explorer.experiments.results import write_results

from .conftest import ignore_progress
from .test_simulation import assert_same_bits

SMALL = {"hidden": (24,), "batch_size": 200}
TIMES = ["seconds_per_sample", "event_seconds_per_sample", "samples_per_second"]


@pytest.fixture(autouse=True)
def _few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_comparison, "N_SAMPLES", 4)
    monkeypatch.setattr(clock_comparison, "REPEATS", 1)


def test_clocks_converge_to_the_events(run, tmp_path: Path) -> None:
    started = run(EXPERIMENT, seeds=2, length=3, values=SMALL)
    summary = write_results(started, tmp_path, "snn-explorer run bats-clock-vs-event")
    with xr.open_dataset(tmp_path / "result.nc") as data:
        data.load()
    np.testing.assert_allclose(data.dt, STEPS)
    for name in ("Euler", "exact propagator"):
        mine, metrics = data.sel(condition=name), summary["conditions"][name]
        assert metrics["order"] == pytest.approx(1, abs=0.1)
        assert metrics["time_error_at_1us"] < 3e-6
        assert metrics["miscount_share_at_1us"] < 0.01
        assert (mine.time_error <= mine.largest_time_error).all()
        assert float(mine.miscount_share.isel(dt=0).mean()) > 0.05
        ratio = float((mine.seconds_per_sample / event_seconds(data)).sel(dt=1e-6).mean())
        assert metrics["cost_ratio_at_1us"] == pytest.approx(ratio)
    networks = [worker.learner.network for worker in started.workers]
    accuracy = np.mean([network.evaluate(network.samples.test).accuracy for network in networks])
    assert summary["conditions"]["event-based"]["accuracy"] == pytest.approx(accuracy)
    letters = "".join(sorted(axes.get_title(loc="left") for axes in EXPERIMENT.draw(data).axes))
    assert letters == "abc"


def test_the_order_is_the_slope_on_logarithmic_axes() -> None:
    dt = np.array(STEPS)
    assert order_of_convergence(dt, 7.0 * dt**1.7) == pytest.approx(1.7)
    assert order_of_convergence(dt, np.where(dt > 1e-3, 0.5, dt)) == pytest.approx(1), "coarse steps do not count"


def test_an_interrupted_run_goes_on_to_the_same_bits(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"seeds": 1, "length": 2, "values": SMALL}
    whole = run(EXPERIMENT, **settings)
    monkeypatch.setattr(threaded_run, "SLICE", 0.0)
    for stop_at in (0.1, 0.6):
        first, resumed = (ClockRun(EXPERIMENT, Settings(**settings)) for _ in range(2))

        def interrupt(share: float, now: str, stop_at: float = stop_at) -> None:
            del now
            if share > stop_at:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            first.run(interrupt, tmp_path / "interrupted.pt")
        resumed.resume(tmp_path / "interrupted.pt")
        assert stop_at < resumed.share_done < 1
        assert bool(resumed.workers[0].measured) == (stop_at == 0.6)
        resumed.run(ignore_progress, tmp_path / "interrupted.pt")
        assert_same_bits(whole.dataset().drop_vars(TIMES), resumed.dataset().drop_vars(TIMES))


def test_a_run_goes_on_for_more_epochs_and_not_for_fewer(run, tmp_path: Path) -> None:
    run(EXPERIMENT, seeds=1, length=2, values=SMALL)
    checkpoint = tmp_path / "checkpoint.pt"
    longer = ClockRun(EXPERIMENT, Settings(seeds=1, length=3, values=SMALL))
    longer.resume(checkpoint)
    longer.run(ignore_progress, checkpoint)
    assert_same_bits(
        longer.dataset().drop_vars(TIMES), run(EXPERIMENT, seeds=1, length=3, values=SMALL).dataset().drop_vars(TIMES)
    )
    with pytest.raises(ParameterError, match=r"already holds 3 epochs of learning; ask for more than 2\."):
        ClockRun(EXPERIMENT, Settings(seeds=1, length=2, values=SMALL)).resume(checkpoint)
    state = {"learner": {"done": 15}, "measured": []}
    with pytest.raises(ParameterError, match="already learned 15 batches, not 14"):
        ClockRun(EXPERIMENT, Settings(seeds=1, length=2, values=SMALL)).workers[0].load_state_dict(state)


def test_dither_moves_pixels_by_up_to_half_a_level_and_leaves_black() -> None:
    pixels = torch.arange(17).repeat(200, 1) / 16
    moved = dithered(pixels)
    assert moved.dtype == torch.float64
    assert (moved[:, 0] == 0).all()
    assert float((moved - pixels).abs().max()) <= 0.5 / 16
    assert (moved[:, 1:] > 0).all()
    assert float(moved.max()) == 1
    # evenly spread over one level
    np.testing.assert_allclose(((moved - pixels)[:, 2:16] * 16).var(), 1 / 12, rtol=0.1)
