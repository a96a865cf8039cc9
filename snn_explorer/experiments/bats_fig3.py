"""Figure 3: from which initial weights a network of two outputs learns to tell two patterns apart (section III E).

For each mean and standard deviation of the initial weights, many networks learn with one spike per neuron (first-spike
loss) or with many (spike count loss), from the same initial weights. Only the order of the last two of four input
spikes tells the patterns apart: a neuron that has spent its only spike before them has nothing to learn from.

The accuracy is that after the last epoch, and silence is wrong. The paper's figure is of each network's best epoch, and
silence counts as an answer for the first output, so chance is its floor; it is drawn below.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import matplotlib as mpl
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure, SubFigure

from snn_explorer.bats import BatsParameters
from snn_explorer.experiments.bats_experiment import Condition
from snn_explorer.experiments.experiment import Settings, Unit
from snn_explorer.experiments.panels.style import SERIES, STYLE, letter

if TYPE_CHECKING:
    from snn_explorer.experiments.convergence import Convergence

VALUES: dict[str, Any] = {
    "hidden": (),
    "theta": (1.0,),
    "tau_s": 1.0,
    "duration": 10.0,
    "optimiser": "sgd",
    "learning_rate": 0.1,
    "rate_decay": 1.0,
    "batch_size": 2,
    "validation": 0.0,
}
"""Parameters of all networks."""

ONE = Condition("one spike", {"n_max": (1,), "loss": "first_spike", "tau_loss": 0.1})
MANY = Condition("many spikes", {"n_max": (10,), "loss": "count", "target_true": 10.0, "target_false": 0.0})

SHOWN = {"accuracy": "Last epoch", "paper_accuracy": "Best epoch, as in the paper"}
"""What the two rows of maps show."""

COLORS = "cividis"
"""Even to the eye, and the same to colour-blind readers."""


@dataclass(frozen=True)
class ConvergenceExperiment:
    """Accuracy of small networks over a grid of means and standard deviations of their initial weights.

    Attributes
    ----------
    conditions : sequence of Condition
        What is compared.
    name, figure, title, seeds, length
        See `snn_explorer.experiments.experiment.Experiment`; a seed is one network at each place of the grid.
    """

    unit: ClassVar[Unit] = "epochs"
    conditions: Sequence[Condition] = (ONE, MANY)
    name: str = "bats-fig3"
    figure: str = "BATS, Fig 3"
    title: str = "Initial weights from which one spike per neuron learns, and many"
    seeds: int = 100
    length: int = 50

    def parameters(self, settings: Settings, condition: Condition) -> BatsParameters:
        """Parameters of a condition's networks; what the person set wins."""
        return BatsParameters(**{**VALUES, **condition.values, **settings.values})

    def start(self, settings: Settings) -> Convergence:
        """Make a run."""
        from snn_explorer.experiments.convergence import Convergence

        return Convergence(self, settings)

    def expected_seconds(self) -> float:
        """Wall time [s] of a run with the experiment's own seeds and epochs, all cores being free."""
        from snn_explorer.experiments.network_grid import NetworkGrid
        from snn_explorer.experiments.threaded_run import n_cores

        total = 0.0
        for condition in self.conditions:
            grid = NetworkGrid(self.parameters(Settings(seeds=1), condition), [1], 3)
            grid.advance(0.0)
            start = time.thread_time()
            while not grid.finished:
                grid.advance(0.0)
            total += (time.thread_time() - start) / 2 * self.seeds * self.length
        return total / n_cores()

    def draw(self, data: xr.Dataset) -> Figure:
        """Maps a, b: accuracy after the last epoch, c, d: as in the paper; e, f: accuracy and silence over epochs."""
        with mpl.rc_context(STYLE):
            figure = Figure(figsize=(7.2, 4.6), layout="constrained")
            left, right = figure.subfigures(1, 2, squeeze=False, width_ratios=(2.2, 1))[0]
            _maps(left, data)
            accuracy, silence = right.subplots(2, 1, sharex=True)
            letter(accuracy, "e")
            _curves(accuracy, data, "mean_accuracy", "Accuracy, all networks [%]")
            accuracy.legend(loc="lower right")
            letter(silence, "f")
            _curves(silence, data, "mean_unanswered", "Patterns without an answer [%]")
            silence.set_xlabel("Epoch")
        return figure


def _maps(figure: SubFigure, data: xr.Dataset) -> None:
    """Maps of all conditions, a row for each way to count, with one colour bar."""
    names = data.condition.values.tolist()
    panels = figure.subplots(len(SHOWN), len(names), sharex=True, sharey=True, squeeze=False)
    for row, (variable, words) in zip(panels, SHOWN.items(), strict=True):
        row[0].set_ylabel(f"{words}\nSD of initial weights")
        for axes, name in zip(row, names, strict=True):
            mine = 100 * data[variable].sel(condition=name).mean("seed")
            _map(axes, mine, f"{name}: mean {float(mine.mean()):.1f} %")
    for axes, text in zip(panels.flat, "abcd", strict=True):
        letter(axes, text)
    figure.colorbar(ScalarMappable(Normalize(0, 100), COLORS), ax=panels, label="Accuracy [%]", shrink=0.6)
    figure.supxlabel("Mean of initial weights", fontsize=8)


def _map(axes: Axes, accuracy: xr.DataArray, title: str) -> None:
    """Accuracy [%] over means and standard deviations, of the initial weights."""
    axes.set_title(title, loc="right", fontsize=7)
    axes.set_aspect("equal")
    axes.set_xticks([0, 0.8, 1.6, 2.4])
    axes.set_yticks([0, 0.8, 1.6, 2.4])
    axes.pcolormesh(
        accuracy["mean"], accuracy.sd, accuracy.transpose("sd", "mean"), cmap=COLORS, vmin=0, vmax=100,
        shading="nearest", rasterized=True,
    )  # fmt: skip


def _curves(axes: Axes, data: xr.Dataset, variable: str, label: str) -> None:
    """Something over epochs, mean over all networks; shaded: standard deviation over seeds."""
    for name, color in zip(data.condition.values.tolist(), SERIES, strict=False):
        curve = 100 * data[variable].sel(condition=name)
        mean, sd = curve.mean("seed"), curve.std("seed")
        axes.fill_between(data.epoch, mean - sd, mean + sd, color=color, alpha=0.2, linewidth=0)
        axes.plot(data.epoch, mean, color=color, linewidth=1.3, label=name)
    axes.set_xlim(0, float(data.epoch[-1]))
    axes.set_ylim(0, 100)
    axes.set_ylabel(label)


EXPERIMENT = ConvergenceExperiment()
