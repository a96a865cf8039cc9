"""Figure 8: the regulariser's strength rho and exponent a, with random feedback on the pattern of figure 7.

Without activity dependence (a = 0) it is a weight decay. One more variant makes it depend on the error (A.5).
"""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from snn_explorer.experiments.metrics import RATE_TIME
from snn_explorer.experiments.panels.style import REFERENCE, STYLE, letter
from snn_explorer.experiments.superspike_experiment import Condition, SuperSpikeExperiment
from snn_explorer.tasks import complex_pattern

RHOS = tuple(float(rho) for rho in np.geomspace(1e-3, 1e3, 10).round(7))
"""Beyond the paper's range upwards, where the cost rises again for every a."""

VARIANTS = {f"a = {a}": {"exponent": a} for a in range(5)} | {
    "a = 4, error-dependent": {"exponent": 4, "error_dependent": True}
}
NONE = "no regulariser"


def named(variant: str, rho: float) -> str:
    """Name of the condition with this variant and strength."""
    return f"{variant}, rho = {rho:.4g}"


def draw(data: xr.Dataset) -> Figure:
    """Panels a: final cost, b: hidden rate, both against rho for each exponent."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 2.9), layout="constrained")
        cost, rate = figure.subplots(1, 2)
        letter(cost, "a")
        _against_rho(cost, data, data.cost.isel(time=-1))
        cost.set_ylabel("Final cost [wrong spikes/s]")
        letter(rate, "b")
        _against_rho(rate, data, data.hidden_rate.sel(time=slice(data.time[-1] - RATE_TIME, None)).mean("time"))
        rate.set_ylabel("Hidden rate [Hz]")
        rate.set_yscale("log")
        rate.legend(loc="lower left")
    return figure


def _against_rho(axes: Axes, data: xr.Dataset, values: xr.DataArray) -> None:
    shades = [*mpl.colormaps["viridis"](np.linspace(0, 0.9, len(VARIANTS) - 1)), "black"]
    for variant, shade in zip(VARIANTS, shades, strict=True):
        mine = values.sel(condition=[named(variant, rho) for rho in RHOS])
        axes.errorbar(
            RHOS, mine.mean("seed"), mine.std("seed"), marker="o", markersize=2.5, linewidth=1.1, elinewidth=0.7,
            label=variant, color=shade, linestyle="--" if shade is shades[-1] else "-",
        )  # fmt: skip
    axes.axhline(float(values.sel(condition=NONE).mean()), color=REFERENCE, linewidth=0.8, linestyle=":")
    axes.set_xscale("log")
    axes.set_xlabel("Regulariser strength $\\rho$")


EXPERIMENT = SuperSpikeExperiment(
    name="superspike-fig8",
    figure="SuperSpike, Fig 8",
    title="The regulariser has an optimal strength if it depends on activity",
    task=complex_pattern,
    conditions=[
        *(Condition(named(name, rho), {**values, "rho": rho}) for name, values in VARIANTS.items() for rho in RHOS),
        Condition(NONE, {"rho": 0.0}),
    ],
    values={"feedback": "random", "n_hidden": 128},
    seeds=2,
    length=1000.0,
    draw=draw,
)
