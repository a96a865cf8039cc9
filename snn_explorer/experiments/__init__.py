"""The papers' figures, headless: parameters in, an `xarray.Dataset`, a figure and a summary out."""

from __future__ import annotations

from importlib import import_module

from snn_explorer.engine import ParameterError
from snn_explorer.experiments.experiment import Experiment

MODULES = {
    "superspike-fig1": "superspike_fig1",
    "superspike-fig2": "superspike_fig2",
    "superspike-fig4": "superspike_fig4",
    "superspike-fig5": "superspike_fig5",
    "superspike-fig6": "superspike_fig6",
    "superspike-fig7": "superspike_fig7",
    "superspike-fig8": "superspike_fig8",
}
"""Experiments by the name that the command line knows, and the module that holds each."""


def load_experiment(name: str) -> Experiment:
    """Experiment of that name.

    Raises
    ------
    ParameterError
        If there is none.
    """
    if name not in MODULES:
        raise ParameterError(f"There is no experiment {name!r}; there are: {', '.join(MODULES)}.")
    return import_module(f"{__name__}.{MODULES[name]}").EXPERIMENT
