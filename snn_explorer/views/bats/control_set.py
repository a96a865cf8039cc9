"""The parameters of BATS as controls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from snn_explorer.bats.notation import n_convolutions
from snn_explorer.bats.parameters import STRUCTURAL, BatsParameters
from snn_explorer.engine import ParameterError
from snn_explorer.views.controls import ControlSet

GROUPS: Final = {
    "Network": (
        ("convolutions", "n_max", "theta", "tau_s", "hidden", "seed"),
        ("duration", "encoding_time", "init", "validation", "shift", "elastic_strength", "elastic_width"),
    ),
    "Learning rule": (
        ("feedback", "learning_rate", "dead_output_push", "rho", "loss", "optimiser"),
        (
            "target_true",
            "target_false",
            "tau_loss",
            "rate_limit",
            "batch_size",
            "rate_decay",
            "decay_every",
            "min_rate",
        ),
    ),
}
"""Parameters in the drawer by heading: those always there, and those behind "More"."""

WORDS: Final = {
    "feedback": {"symmetric": "exact", "random": "random", "uniform": "uniform"},
    "optimiser": {"adam": "Adam", "sgd": "plain"},
    "loss": {"count": "spike count", "first_spike": "first spike"},
}
"""What a person reads for each option."""

SYMBOLS: Final = {
    "hidden": "n<sub>h</sub>", "n_max": "n<sub>max</sub>", "theta": "ϑ", "tau_s": "τ<sub>s</sub>", "duration": "T",
    "encoding_time": "T<sub>e</sub>", "init": "w<sub>0</sub>", "loss": "L", "target_true": "y", "target_false": "y",
    "tau_loss": "τ<sub>L</sub>", "optimiser": "λ", "learning_rate": "λ", "rate_decay": "λ<sub>1</sub>/λ<sub>0</sub>",
    "min_rate": "λ<sub>min</sub>", "batch_size": "B", "dead_output_push": "p", "feedback": "w", "rho": "ρ",
    "rate_limit": "n", "elastic_strength": "α", "elastic_width": "σ",
}  # fmt: skip
ROLES: Final = {
    "feedback": "error", "loss": "error", "target_true": "error", "target_false": "error", "tau_loss": "error",
    "learning_rate": "change", "optimiser": "change", "rate_decay": "change", "decay_every": "change",
    "min_rate": "change", "batch_size": "change", "theta": "surrogate", "tau_s": "presynaptic", "rho": "muted",
    "rate_limit": "muted", "dead_output_push": "muted",
}  # fmt: skip
LOGARITHMIC: Final = ("learning_rate", "theta", "tau_s", "n_max")
WITHOUT_SLIDER: Final = (
    "seed", "duration", "encoding_time", "init", "validation", "shift", "elastic_strength", "elastic_width",
    "target_true", "target_false", "tau_loss", "rate_limit", "batch_size", "rate_decay", "decay_every", "min_rate",
)  # fmt: skip


def idle(values: Mapping[str, Any]) -> dict[str, str]:
    """Parameters without any effect while the others have these values, and why."""
    by_count = values["loss"] == "count"
    causes = (
        (not by_count, ("target_true", "target_false"), "first spikes count"),
        (by_count, ("tau_loss",), "numbers of spikes count"),
        (not has_hidden(values), ("feedback", "rho", "rate_limit"), "no hidden units"),
        (values["rho"] == 0, ("rate_limit",), "ρ is 0"),
        (values["elastic_strength"] == 0, ("elastic_width",), "α is 0"),
        (values["rate_decay"] == 1, ("decay_every", "min_rate"), "the rate does not decay"),
    )
    return {name: why for does_apply, names, why in causes if does_apply for name in names}


def has_hidden(values: Mapping[str, Any]) -> bool:
    """Whether there is a layer between input and output."""
    return bool(values["hidden"] or values["convolutions"])


def part(name: str, index: int, n: int) -> str:
    """What one number of a parameter with several belongs to: a layer, or an end of a range; "" where that is plain."""
    if name == "init":
        return ("from", "to")[index]
    if name == "hidden":
        return "" if n == 1 else f"layer {index + 1}"
    if index == n - 1:
        return "output"
    return "hidden" if n == 2 else f"hidden {index + 1}"


def check(values: Mapping[str, Any]) -> None:
    """Raise `ParameterError` if the numbers of layers do not fit: each has a threshold and a spike budget."""
    n, n_budgets = n_convolutions(values["convolutions"]), len(values["n_max"]) - len(values["hidden"]) - 1
    if n != n_budgets:
        raise ParameterError(f"There are {n} convolutions in this; it must be {n_budgets}, as there are spike budgets "
                             "and thresholds for so many.")  # fmt: skip


CONTROL_SET: Final = ControlSet(
    BatsParameters, STRUCTURAL, GROUPS, WORDS, SYMBOLS, ROLES, LOGARITHMIC, WITHOUT_SLIDER, idle, part, check
)
