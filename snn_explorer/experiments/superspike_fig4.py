"""Figure 4: a hidden layer of four (dashed: eight) neurons under random, symmetric and uniform feedback.

Task as in figure 2. All conditions and seeds of one layer size run as one ensemble. Random feedback runs without
regulariser here: with rho = 1 it does not converge on this task.
"""

from __future__ import annotations

import matplotlib as mpl
import xarray as xr
from matplotlib.figure import Figure

from snn_explorer.experiments.panels.activity import activity
from snn_explorer.experiments.panels.curves import learning_curves
from snn_explorer.experiments.panels.style import STYLE, letter
from snn_explorer.experiments.superspike_experiment import Condition, Observation, SuperSpikeExperiment
from snn_explorer.tasks import simple_pattern

KINDS = ("random", "symmetric", "uniform")


def draw(data: xr.Dataset) -> Figure:
    """Panels a and b: activity before and after, random feedback; c to e: learning curves of each feedback."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 5.6), layout="constrained")
        rows = figure.add_gridspec(2, 1, height_ratios=[1.35, 1])
        top, bottom = figure.add_subfigure(rows[0]), figure.add_subfigure(rows[1])
        grid = top.add_gridspec(1, 2)
        activity(top, grid[0], data, "before", "a")
        activity(top, grid[1], data, "after", "b")
        for axes, kind, text in zip(bottom.subplots(1, 3, sharey=True), KINDS, "cde", strict=True):
            letter(axes, text)
            axes.set_title(f"{kind} feedback")
            learning_curves(axes, data, kind, dashed=f"{kind}, 8 hidden")
            axes.label_outer()
    return figure


EXPERIMENT = SuperSpikeExperiment(
    name="superspike-fig4",
    figure="SuperSpike, Fig 4",
    title="A hidden layer learns with random, symmetric and uniform feedback",
    task=simple_pattern,
    conditions=[
        *(Condition(kind, {"feedback": kind}) for kind in KINDS),
        *(Condition(f"{kind}, 8 hidden", {"feedback": kind, "n_hidden": 8}) for kind in KINDS),
    ],
    values={"n_hidden": 4},
    seeds=20,
    length=250.0,
    draw=draw,
    before=Observation(frozen=0.5, traces=True),
    after=Observation(frozen=0.5, traces=True),
)
