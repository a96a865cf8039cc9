"""SuperSpike's rule (equation 3.4), each factor with one sentence and the numbers of the synapse that is watched.

It follows the chosen variant: what is one becomes 1, and what has no effect is pale. Below it are the integrals over
the last chunk, which give the change of the weight, or, when somebody asks about a moment, the factors at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from snn_explorer.views.rule import factor, group, of_time, plain, rounded, sub, value_of

_WEIGHT: Final = "Δw: how much the weight from neuron j to neuron i changes at the end of each chunk of half a second."
_RATES: Final = {
    "rmaxprop": "r: the learning rate; RMaxProp divides r₀ by the largest recent gradient of each synapse, so that no "
    "weight changes by more than r₀.",
    "rmsprop": "r: the learning rate; RMSprop divides r₀ by the root mean square of each synapse's recent gradients.",
    "plain": "r₀: the learning rate, the same for all synapses.",
}
_NO_RATE: Final = "0: learning is off, so that no weight changes, while the activity goes on."
_ERROR: Final = "e: the error of neuron i, positive where a spike is missing and negative where one is too many"
_FEEDBACKS: Final = {
    "symmetric": "the errors of the outputs through its own weights to them.",
    "random": "the errors of the outputs through random weights, which stay as they are.",
    "uniform": "the errors of all outputs alike.",
    "none": "none.",
}
_ELIGIBILITY: Final = (
    "λ = α &lowast; (…): the eligibility trace remembers for some 20 ms that the synapse could have caused or "
    "prevented a spike, until the error arrives; a surrogate too, as σ′ is in it."
)
_LOOKING: Final = (
    ": how strongly a small change of the voltage would change spiking; a surrogate, because the true derivative is "
    "zero."
)
_SURROGATES: Final = {
    "fast_sigmoid": "σ′ = (1 + β |U − ϑ|)⁻²" + _LOOKING,
    "exponential": "σ′ = exp(−β |U − ϑ|)" + _LOOKING,
    "none": "1 in the place of σ′: the rule does not look at the voltage.",
}
_PRESYNAPTIC: Final = (
    "ε &lowast; S: what the spikes of neuron j do to the voltage of neuron i; that its own spikes reset it is left out."
)
_REGULARISER: Final = (
    "ρ w ζ: pulls the input weights of hidden neurons that fire too much towards zero; z counts the neuron's spikes of "
    "the last 100 ms."
)


def parts(values: Mapping[str, Any]) -> str:
    """HTML of the rule with these values."""
    change = value_of(f"{rounded('probe_change', signed=True)} mV", "probe_change")
    integral = value_of(rounded("chunk_integral", signed=True), "chunk_integral", brace=True)
    return "".join([
        factor(_WEIGHT, "change", f"<mi>Δ</mi>{sub('w', 'ij')}", value=change, width=9),
        plain("<mo>=</mo>"),
        _rate(values),
        plain("<mo>∫</mo><mo>[</mo>"),
        group(_three_factors(values), integral),
        _regulariser(values),
        plain("<mo>]</mo><mi>d</mi><mi>s</mi>", aside="dotted: a surrogate"),
    ])  # fmt: skip


def _three_factors(values: Mapping[str, Any]) -> str:
    error = value_of(f"{rounded('moment_error', signed=True)} Hz", "moment_error")
    eligibility, surrogate, presynaptic = (
        value_of(rounded(name), name) for name in ("moment_eligibility", "moment_surrogate", "moment_presynaptic")
    )
    trace = of_time(f"<mo>(</mo><mi>ε</mi><mo>&lowast;</mo>{sub('S', 'j')}<mo>)</mo>")
    kind = values["surrogate"]
    voltage = "<mn>1</mn>" if kind == "none" else f"<mi>σ′</mi><mo>(</mo>{of_time(sub('U', 'i'))}<mo>)</mo>"
    return "".join([
        factor(_error(values), "error", of_time(sub("e", "i")), value=error, width=9),
        plain("<mo>·</mo>"),
        factor(_ELIGIBILITY, "eligibility", "<mi>α</mi><mo>&lowast;</mo><mo>(</mo>", value=eligibility, width=6),
        factor(_SURROGATES[kind], "surrogate", voltage, value=surrogate, width=6, kind="dotted"),
        plain("<mo>·</mo>"),
        factor(_PRESYNAPTIC, "presynaptic", trace, value=presynaptic),
        factor(_ELIGIBILITY, "eligibility", "<mo>)</mo>"),
    ])  # fmt: skip


def _error(values: Mapping[str, Any]) -> str:
    if values["n_hidden"] == 0:
        return f"{_ERROR}."
    return f"{_ERROR}; a hidden neuron gets {_FEEDBACKS[values['feedback']]}"


def _rate(values: Mapping[str, Any]) -> str:
    value = value_of(f"{rounded('chunk_rate')} mV", "chunk_rate")
    if not values["learning"]:
        return factor(_NO_RATE, "change", "<mn>0</mn>", value=value, width=8)
    plain_rate = values["optimiser"] == "plain"
    mathml = "<msub><mi>r</mi><mn>0</mn></msub>" if plain_rate else sub("r", "ij")
    return factor(_RATES[values["optimiser"]], "change", mathml, value=value, width=8)


def _regulariser(values: Mapping[str, Any]) -> str:
    """The regulariser: zeta is z^a (3.5), or z^a e^2 (A.5)."""
    power = f"<msubsup><mi>z</mi><mi>i</mi><mn>{values['exponent']}</mn></msubsup>"
    error = "<msubsup><mi>e</mi><mi>i</mi><mn>2</mn></msubsup>" if values["error_dependent"] else ""
    acts = values["rho"] > 0 and values["n_hidden"] > 0
    says = _REGULARISER if acts else f"{_REGULARISER} It does not act now."
    mathml = f"<mo>−</mo><mi>ρ</mi>{sub('w', 'ij')}{power}{error}"
    value = value_of(rounded("chunk_regulariser"), "chunk_regulariser")
    return factor(says, "muted", mathml, value=value, kind="" if acts else "pale")
