"""Figure 4: a hidden layer of four (dashed: eight) neurons under random, symmetric and uniform feedback.

Task as in figure 2. All conditions and seeds of one layer size run as one ensemble. Random feedback runs without
regulariser here: with rho = 1 it does not converge on this task.
"""

from __future__ import annotations

import matplotlib as mpl
import xarray as xr
from matplotlib.figure import Figure

from snn_explorer.experiments import panels
from snn_explorer.experiments.experiment import Condition, Experiment

KINDS = ("random", "symmetric", "uniform")


def draw(data: xr.Dataset) -> Figure:
    """Panels a and b: activity before and after, random feedback; c to e: learning curves of each feedback."""
    with mpl.rc_context(panels.STYLE):
        figure = Figure(figsize=(7.2, 5.6), layout="constrained")
        rows = figure.add_gridspec(2, 1, height_ratios=[1.35, 1])
        top, bottom = figure.add_subfigure(rows[0]), figure.add_subfigure(rows[1])
        grid = top.add_gridspec(1, 2)
        panels.activity(top, grid[0], data, "start", "a")
        panels.activity(top, grid[1], data, "end", "b")
        for axes, kind, text in zip(bottom.subplots(1, 3, sharey=True), KINDS, "cde", strict=True):
            panels.letter(axes, text)
            axes.set_title(f"{kind} feedback")
            panels.learning_curves(axes, data, kind, dashed=f"{kind}, 8 hidden")
            axes.label_outer()
    return figure


EXPERIMENT = Experiment(
    name="superspike-fig4",
    figure="SuperSpike, Fig 4",
    title="A hidden layer learns with random, symmetric and uniform feedback",
    conditions=[
        *(Condition(kind, {"feedback": kind}) for kind in KINDS),
        *(Condition(f"{kind}, 8 hidden", {"feedback": kind, "n_hidden": 8}) for kind in KINDS),
    ],
    values={"n_hidden": 4},
    seeds=20,
    seconds=250.0,
    draw=draw,
)
