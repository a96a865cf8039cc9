"""Figure 2: one neuron without hidden layer learns five precisely timed output spikes.

Frozen Poisson input of 100 neurons that repeats every 0.5 s, weights at which the neuron does not spike at first.
"""

from __future__ import annotations

import matplotlib as mpl
import xarray as xr
from matplotlib.figure import Figure

from snn_explorer.experiments.panels.activity import activity, spike_timing
from snn_explorer.experiments.panels.curves import learning_curves
from snn_explorer.experiments.panels.style import STYLE, letter
from snn_explorer.experiments.superspike_experiment import Condition, Observation, SuperSpikeExperiment
from snn_explorer.tasks import simple_pattern


def draw(data: xr.Dataset) -> Figure:
    """Panels a and b: activity before and after; c: spike timing; d: learning curves."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 5.0), layout="constrained")
        grid = figure.add_gridspec(2, 2)
        activity(figure, grid[0, 0], data, "before", "a")
        activity(figure, grid[0, 1], data, "after", "b")
        timing, curves = figure.add_subplot(grid[1, 0]), figure.add_subplot(grid[1, 1])
        letter(timing, "c")
        spike_timing(timing, data)
        letter(curves, "d")
        learning_curves(curves, data, "no hidden layer")
    return figure


EXPERIMENT = SuperSpikeExperiment(
    name="superspike-fig2",
    figure="SuperSpike, Fig 2",
    title="One neuron learns five precisely timed spikes",
    task=simple_pattern,
    conditions=[Condition("no hidden layer")],
    values={"n_hidden": 0, "weight_scale": 0.02, "rate_drop": 1.0},
    seeds=20,
    length=1000.0,
    draw=draw,
    before=Observation(frozen=0.5, traces=True),
    after=Observation(frozen=0.5, traces=True),
    trials=True,
)
