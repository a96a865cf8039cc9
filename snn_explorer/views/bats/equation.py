"""The gradient as mathematics (equations 12 to 17), each factor in its colour and with one sentence.

Pale is what has no effect with the present values; the height is always the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from snn_explorer.views.rule import factor, plain, rule, sub

_WEIGHT: Final = "Δw: how much the weight from neuron i to neuron j changes after each batch."
_RATES: Final = {
    "adam": "λ: the learning rate; Adam divides it by the size of each weight's recent gradients, so that it is about "
    "the size of a change.",
    "sgd": "λ: the learning rate, the same for all weights.",
}
_SUM: Final = "Over all spikes k of neuron j, and all samples of the batch."
_FEEDBACKS: Final = {
    "symmetric": "through its own weights: the exact gradient.",
    "random": "through fixed random weights, no longer the exact gradient.",
    "uniform": "all alike, no longer the exact gradient.",
}
_ERROR: Final = (
    "δ: the error of spike k, how much the loss would grow if it came later; what it moves later, through the neuron's "
    "own reset, is counted in. Hidden spikes get it back"
)
_SLOPE: Final = (
    "τ / (g − c): how far the spike moves if the membrane is raised a little; the slower it reaches the threshold, the "
    "further. Exact, no surrogate."
)
_KERNEL: Final = (
    "The spikes of neuron i before k: how much more a larger weight would have raised the membrane at that time. Zero "
    "for later ones."
)
_PUSH: Final = (
    "p: raises the weights into an output that should spike and is silent, for it has no spike to learn from."
)
_REGULARISER: Final = "ρ: holds back hidden neurons that spike more often than is free for a sample."


def html(sentence: str, values: Mapping[str, Any]) -> str:
    """The rule with these values, and a sentence below it until a factor is pointed at."""
    decays = "<msup><mi>e</mi><mrow><mo>−</mo><mi>s</mi><mo>/</mo><mi>{}</mi></mrow></msup>"
    kernel = (
        "<munder><mo>∑</mo><mi>i</mi></munder><mo>(</mo>"
        + decays.format("<msub><mi>τ</mi><mi>s</mi></msub>") + "<mo>−</mo>" + decays.format("τ") + "<mo>)</mo>"
    )  # fmt: skip
    slope = f"<mfrac><mi>τ</mi><mrow>{sub('g', 'k')}<mo>−</mo><mi>c</mi></mrow></mfrac>"
    hidden = len(values["hidden"]) > 0
    way = f"{_ERROR} {_FEEDBACKS[values['feedback']]}" if hidden else f"{_ERROR.partition(' Hidden')[0]}"
    factors = [
        factor(_WEIGHT, "change", f"<mi>Δ</mi>{sub('w', 'ij')}"),
        plain("<mo>=</mo><mo>−</mo>"),
        factor(_RATES[values["optimiser"]], "", "<mi>λ</mi>"),
        factor(_SUM, "", "<munder><mo>∑</mo><mi>k</mi></munder>"),
        factor(way, "error", sub("δ", "k")),
        plain("<mo>·</mo>"),
        factor(_SLOPE, "surrogate", slope),
        plain("<mo>·</mo>"),
        factor(_KERNEL, "presynaptic", kernel),
        plain(f"<mo>,</mo><mspace width='1em'/><mi>s</mi><mo>=</mo>{sub('t', 'k')}<mo>−</mo>{sub('t', 'i')}"),
        _extra(_PUSH, "<mo>+</mo><mi>p</mi>", values["dead_output_push"] > 0),
        _extra(_REGULARISER, f"<mo>−</mo><mi>ρ</mi>{sub('n', 'j')}", values["rho"] > 0 and hidden),
    ]
    return rule(factors, sentence)


def _extra(says: str, mathml: str, acts: bool) -> str:
    return factor(says if acts else f"{says} It does not act now.", "muted", mathml, pale=not acts)
