"""The gradient of BATS (equations 12 to 17), each factor with one sentence and the numbers of what is watched.

What has no effect with the present values is pale. Below it are the gradient that this sample gives to the weight of
the watched synapse, and, when somebody asks about a spike, the factors of that spike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from snn_explorer.views.bats.control_set import has_hidden
from snn_explorer.views.rule import factor, group, plain, rounded, sub, value_of

_WEIGHT: Final = "Δw: how much the weight from neuron i to neuron j changed with the last batch."
_RATES: Final = {
    "adam": "λ: the learning rate; Adam divides it by the size of each weight's recent gradients, so that it is about "
    "the size of a change.",
    "sgd": "λ: the learning rate, the same for all weights.",
}
_SUM: Final = "Over all spikes k of neuron j; the gradient of a batch is the mean over its samples."
_FEEDBACKS: Final = {
    "symmetric": "through its own weights: the exact gradient.",
    "random": "through fixed random weights, no longer the exact gradient.",
    "uniform": "all alike, no longer the exact gradient.",
}
_ERROR: Final = (
    "δ: the error of spike k, how much the loss would grow if it came later; the neuron's later spikes, which it moves "
    "through the reset, are counted in."
)
_BACK: Final = " Hidden spikes get it back "
_SLOPE: Final = (
    "τ / (g − c): how far the spike moves if the membrane is raised a little; the slower it reaches the threshold, the "
    "further. Exact, no surrogate."
)
_KERNEL: Final = (
    "The spikes of neuron i before spike k: how much more a larger weight would have raised the membrane at that time; "
    "s is the time between the two. Exact."
)
_PUSH: Final = (
    "p: raises the weights into an output that should spike and is silent, for it has no spike to learn from."
)
_REGULARISER: Final = "ρ: holds back hidden neurons that spike more often than is free for a sample."


def parts(values: Mapping[str, Any]) -> str:
    """HTML of the rule with these values."""
    change = value_of(rounded("probe_change", signed=True), "probe_change")
    gradient = value_of(rounded("probe_gradient", signed=True), "probe_gradient", brace=True)
    hidden = has_hidden(values)
    return "".join([
        factor(_WEIGHT, "change", f"<mi>Δ</mi>{sub('w', 'ij')}", value=change, width=10),
        plain("<mo>=</mo><mo>−</mo>"),
        factor(_RATES[values["optimiser"]], "", "<mi>λ</mi>"),
        group(_factors(values, exact_way=hidden), gradient),
        _extra(_PUSH, "<mo>+</mo><mi>p</mi>", acts=values["dead_output_push"] > 0),
        _extra(_REGULARISER, f"<mo>−</mo><mi>ρ</mi>{sub('n', 'j')}", acts=values["rho"] > 0 and hidden),
        plain('<mspace width="0.5em"/>', aside="nothing here is a surrogate"),
    ])  # fmt: skip


def _factors(values: Mapping[str, Any], *, exact_way: bool) -> str:
    error, slope, kernel = (
        value_of(rounded(name, signed=True), name) for name in ("moment_delta", "moment_factor", "moment_kernel")
    )
    says = _ERROR + (_BACK + _FEEDBACKS[values["feedback"]] if exact_way else "")
    falling = "<msup><mi>e</mi><mrow><mo>−</mo><mi>s</mi><mo>/</mo>{}</mrow></msup>"
    difference = falling.format(sub("τ", "s")) + "<mo>−</mo>" + falling.format("<mi>τ</mi>")
    return "".join([
        factor(_SUM, "", "<msub><mo>∑</mo><mi>k</mi></msub>"),
        factor(says, "error", sub("δ", "k"), value=error, width=8),
        plain("<mo>·</mo>"),
        factor(_SLOPE, "surrogate", f"<mi>τ</mi><mo>/</mo><mo>(</mo>{sub('g', 'k')}<mo>−</mo><mi>c</mi><mo>)</mo>",
               value=slope, width=8),
        plain("<mo>·</mo>"),
        factor(_KERNEL, "presynaptic", f"<msub><mo>∑</mo><mi>i</mi></msub><mo>(</mo>{difference}<mo>)</mo>",
               value=kernel, width=10),
    ])  # fmt: skip


def _extra(says: str, mathml: str, *, acts: bool) -> str:
    return factor(says if acts else f"{says} It does not act now.", "muted", mathml, kind="" if acts else "pale")
