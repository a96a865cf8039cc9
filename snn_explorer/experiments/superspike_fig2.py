"""Figure 2: one neuron without hidden layer learns five precisely timed output spikes.

Frozen Poisson input of 100 neurons that repeats every 0.5 s, weights at which the neuron does not spike at first.
"""

from __future__ import annotations

import matplotlib as mpl
import xarray as xr
from matplotlib.figure import Figure

from snn_explorer.experiments import panels
from snn_explorer.experiments.experiment import Condition, Experiment


def draw(data: xr.Dataset) -> Figure:
    """Panels a and b: activity before and after; c: spike timing; d: learning curves."""
    with mpl.rc_context(panels.STYLE):
        figure = Figure(figsize=(7.2, 5.0), layout="constrained")
        grid = figure.add_gridspec(2, 2)
        panels.activity(figure, grid[0, 0], data, "start", "a")
        panels.activity(figure, grid[0, 1], data, "end", "b")
        timing, curves = figure.add_subplot(grid[1, 0]), figure.add_subplot(grid[1, 1])
        panels.letter(timing, "c")
        panels.spike_timing(timing, data)
        panels.letter(curves, "d")
        panels.learning_curves(curves, data, "no hidden layer")
    return figure


EXPERIMENT = Experiment(
    name="superspike-fig2",
    figure="SuperSpike, Fig 2",
    title="One neuron learns five precisely timed spikes",
    conditions=[Condition("no hidden layer")],
    values={"n_hidden": 0, "weight_scale": 0.02},
    seeds=20,
    seconds=800.0,
    draw=draw,
)
