"""A trained network on clocks of finer and finer time steps, against its exact simulation event by event.

The paper's introduction sets event-based methods against simulations on a clock, whose precision has its price. Here
the digits' network is simulated by forward Euler and by the exact propagator (`snn_explorer.bats.clock`) at time steps
from 10 ms to 1 us: how far spikes are from where they should be, how many neurons give a wrong number of them, and
what a sample costs.

Both clocks are of first order, as they put every spike on the grid. Forward Euler comes closer here: it takes a current
to stay at its value at the step's start, so neurons reach their threshold early, and the grid makes them late.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import matplotlib as mpl
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from snn_explorer.bats import BatsParameters
from snn_explorer.experiments import bats_digits
from snn_explorer.experiments.experiment import Settings, Unit
from snn_explorer.experiments.panels.style import REFERENCE, STYLE, letter
from snn_explorer.experiments.panels.training import series

if TYPE_CHECKING:
    from snn_explorer.experiments.clock_run import ClockRun


@dataclass(frozen=True)
class ClockExperiment:
    """Clocks against events.

    Attributes
    ----------
    name, figure, title, seeds, length
        See `snn_explorer.experiments.experiment.Experiment`.
    """

    unit: ClassVar[Unit] = "epochs"
    name: str = "bats-clock-vs-event"
    figure: str = "BATS, section I"
    title: str = "Simulation on a clock against event by event: spike times, counts, cost"
    seeds: int = 3
    length: int = 10

    def parameters(self, settings: Settings, seed: int = 0) -> BatsParameters:
        """Parameters of the network with index `seed`; what the person set wins."""
        parameters = BatsParameters(**{**bats_digits.VALUES, **settings.values})
        parameters.seed += seed
        return parameters

    def start(self, settings: Settings) -> ClockRun:
        """Make a run."""
        from snn_explorer.experiments.clock_run import ClockRun

        return ClockRun(self, settings)

    def expected_seconds(self) -> float:
        """Wall time [s] of a run with the experiment's own seeds and epochs, from two batches and a coarse clock."""
        from snn_explorer.experiments.clock_comparison import METHODS, REPEATS, STEPS, ClockComparison
        from snn_explorer.tasks import digits

        comparison = ClockComparison(digits(), self.parameters(Settings(seeds=1)), self.length, "auto")
        inputs, dt = comparison.inputs(), 1e-3
        seconds = []
        for _ in range(2):
            start = time.thread_time()
            comparison.learner.advance(0.0)
            learned = time.thread_time()
            comparison.on_clock(inputs, "Euler", dt)
            seconds.append((learned - start, time.thread_time() - learned))
        per_batch, per_clock = seconds[1]
        on_clocks = per_clock * len(METHODS) * REPEATS * sum(dt / step for step in STEPS)
        return self.seeds * (per_batch * comparison.learner.total + on_clocks)

    def draw(self, data: xr.Dataset) -> Figure:
        """Panels a: error of spike times, b: wrong spike counts, c: cost, all against dt."""
        from snn_explorer.experiments.clock_run import cost_ratio, order_of_convergence

        with mpl.rc_context(STYLE):
            figure = Figure(figsize=(7.2, 2.7), layout="constrained")
            error, wrong, cost = figure.subplots(1, 3)
            letter(error, "a")
            for name, color in series(data):
                mine = data.sel(condition=name)
                order = order_of_convergence(mine.dt.values, mine.time_error.mean("seed").values)
                label = f"{name}, order {order:.2f}"
                error.loglog(1e3 * data.dt, 1e3 * mine.time_error.mean("seed"), "o-", color=color, label=label)
                error.loglog(1e3 * data.dt, 1e3 * mine.largest_time_error.max("seed"), ":", color=color)
            error.loglog(1e3 * data.dt, 1e3 * data.dt, color=REFERENCE, linewidth=0.8, label="one time step")
            error.plot([], [], ":", color="black", label="largest error")
            error.set_ylim(bottom=0.01e3 * float(data.dt.min()))
            error.set_ylabel("Error of spike times [ms]")
            letter(wrong, "b")
            for name, color in series(data):
                share = 100 * data.miscount_share.sel(condition=name).mean("seed")
                wrong.loglog(1e3 * data.dt, share.where(share > 0), "o-", color=color)
            wrong.set_title("lines end where all are right", loc="right", fontsize=7)
            wrong.set_ylabel("Neurons with wrong spike counts [%]")
            letter(cost, "c")
            for (name, color), line in zip(series(data), ("o-", "o--"), strict=False):
                ratio = cost_ratio(data).sel(condition=name).mean("seed")
                cost.loglog(1e3 * data.dt, ratio, line, color=color)
            cost.axhline(1, color=REFERENCE, linewidth=0.8, label="event-based")
            cost.set_ylabel("Time per sample / event-based")
            for axes in (error, wrong, cost):
                _step_axis(axes, data)
            error.legend(loc="lower left")
            cost.legend(loc="upper left")
        return figure


def _step_axis(axes: Axes, data: xr.Dataset) -> None:
    """Time steps from the longest on the left to the shortest."""
    for line in axes.lines:
        line.set_markersize(2.5)
        line.set_linewidth(min(line.get_linewidth(), 1.1))
    longest, shortest = float(data.dt.max()), float(data.dt.min())
    axes.set_xlim(1e3 * longest * 1.3, 1e3 * shortest / 1.3)
    axes.set_xticks(1e3 * 10.0 ** np.arange(np.floor(np.log10(shortest)), np.log10(longest) + 0.1))
    axes.set_xlabel("Time step dt [ms]")


EXPERIMENT = ClockExperiment()
