"""The papers' figures, headless: parameters in, an `xarray.Dataset`, a figure and a summary out.

Beside the figures, every preset of the page is an experiment, ``preset-KEY``.
"""

from __future__ import annotations

from importlib import import_module

from snn_explorer.engine import ParameterError
from snn_explorer.experiments.experiment import Experiment
from snn_explorer.presets import PREFIX

MODULES = {
    "superspike-fig1": "superspike_fig1",
    "superspike-fig2": "superspike_fig2",
    "superspike-fig4": "superspike_fig4",
    "superspike-fig5": "superspike_fig5",
    "superspike-fig6": "superspike_fig6",
    "superspike-fig7": "superspike_fig7",
    "superspike-fig8": "superspike_fig8",
    "bats-digits": "bats_digits",
    "bats-yinyang": "bats_yinyang",
    "bats-mnist": "bats_mnist",
    "bats-mnist-moved": "bats_mnist_moved",
    "bats-mnist-conv": "bats_mnist_conv",
    "fast-and-deep-mnist": "fast_and_deep_mnist",
    "bats-fashion": "bats_fashion",
    "bats-emnist": "bats_emnist",
    "bats-fig3": "bats_fig3",
    "bats-fig4": "bats_fig4",
    "bats-fig5": "bats_fig5",
    "bats-fig6": "bats_fig6",
    "bats-feedback": "bats_feedback",
    "bats-clock-vs-event": "bats_clock_vs_event",
}
"""Experiments by the name that the command line knows, and the module that holds each."""


def load_experiment(name: str) -> Experiment:
    """Experiment of that name, one of `MODULES` or a preset's.

    Raises
    ------
    ParameterError
        If there is none.
    """
    if name.startswith(PREFIX):
        from snn_explorer.experiments.preset_runs import preset_experiment

        return preset_experiment(name.removeprefix(PREFIX))
    if name not in MODULES:
        raise ParameterError(f"There is no experiment {name!r}; there are: {', '.join(MODULES)}, and {PREFIX}KEY.")
    return import_module(f"{__name__}.{MODULES[name]}").EXPERIMENT
