"""The parameters of SuperSpike as controls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from snn_explorer.superspike.parameters import STRUCTURAL, SuperSpikeParameters
from snn_explorer.views.controls import ControlSet

GROUPS: Final = {
    "Network": (("n_hidden", "weight_scale", "seed"), ("spike_budget", "burn_in", "conventions")),
    "Learning rule": (
        ("learning", "feedback", "hidden_learning", "learning_rate", "optimiser", "surrogate", "steepness", "rho"),
        ("exponent", "error_dependent", "weight_limit", "rate_drop_time", "rate_drop"),
    ),
}
"""Parameters in the drawer by heading: those always there, and those behind "More"."""

WORDS: Final = {
    "feedback": {"symmetric": "sym", "random": "random", "uniform": "uniform", "none": "none"},
    "optimiser": {"rmaxprop": "RMaxProp", "rmsprop": "RMSprop", "plain": "plain"},
    "surrogate": {"fast_sigmoid": "fast sigmoid", "exponential": "exponential", "none": "none"},
    "conventions": {"paper": "paper", "original": "original code"},
}
"""What a person reads for each option."""

SYMBOLS: Final = {
    "n_hidden": "n<sub>h</sub>", "weight_scale": "w<sub>0</sub>", "burn_in": "t<sub>0</sub>",
    "spike_budget": "n<sub>max</sub>", "feedback": "b<sub>ki</sub>", "learning_rate": "r<sub>0</sub>",
    "optimiser": "r<sub>ij</sub>", "surrogate": "σ′",
    "steepness": "β", "rho": "ρ", "exponent": "a", "error_dependent": "e²", "weight_limit": "w<sub>max</sub>",
    "rate_drop_time": "t<sub>1</sub>", "rate_drop": "r<sub>1</sub>/r<sub>0</sub>",
}  # fmt: skip
ROLES: Final = {
    "feedback": "error", "learning": "change", "hidden_learning": "change", "learning_rate": "change",
    "optimiser": "change", "surrogate": "surrogate", "steepness": "surrogate", "rho": "muted", "exponent": "muted",
    "error_dependent": "muted", "weight_limit": "change", "rate_drop_time": "change", "rate_drop": "change",
}  # fmt: skip
LOGARITHMIC: Final = ("learning_rate", "steepness")
WITHOUT_SLIDER: Final = ("seed", "burn_in", "exponent", "weight_limit", "rate_drop_time", "rate_drop")


def idle(values: Mapping[str, Any]) -> dict[str, str]:
    """Parameters without any effect while the others have these values, and why."""
    regulariser, hidden = ("rho", "exponent", "error_dependent"), ("feedback", "hidden_learning")
    rates = ("learning_rate", "optimiser", "hidden_learning", "rate_drop_time", "rate_drop", "weight_limit")
    causes = (
        (values["rho"] == 0, regulariser[1:], "ρ is 0"),
        (values["surrogate"] == "none", ("steepness",), "σ′ is 1"),
        (not values["hidden_learning"], ("feedback", *regulariser), "fixed hidden weights"),
        (not values["learning"], (*rates, *regulariser), "learning is off"),
        (values["n_hidden"] == 0, (*hidden, *regulariser), "no hidden units"),
    )
    return {name: why for does_apply, names, why in causes if does_apply for name in names}


CONTROL_SET: Final = ControlSet(
    SuperSpikeParameters, STRUCTURAL, GROUPS, WORDS, SYMBOLS, ROLES, LOGARITHMIC, WITHOUT_SLIDER, idle
)
