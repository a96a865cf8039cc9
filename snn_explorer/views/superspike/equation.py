"""The learning rule as mathematics (equation 3.4), each factor in its colour and with one sentence.

It follows the chosen variant: what is one becomes 1, and what has no effect is pale. It stays in its place: pale
factors keep theirs, and the height is always the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from snn_explorer.views import theme
from snn_explorer.views.live_text import LiveText

_STYLE: Final = f"""
:host {{ min-width: 0; }}
.rule {{ display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 3px; font-size: {theme.LARGE};
         line-height: 1.6; }}
.rule span {{ border-radius: 4px; padding: 0 3px; outline-offset: -1px; white-space: nowrap; height: 1.6em; }}
.rule span[data-says] {{ cursor: help; }}
.rule span[data-says]:hover, .rule span[data-says]:focus-visible {{ background: var(--mui-palette-divider); }}
.rule .pale math {{ opacity: 0.4; }}
.caption {{ position: relative; margin-top: 4px; min-height: 2.6em; line-height: 1.3; font-size: {theme.TEXT};
            color: var(--mui-palette-text-secondary); }}
.room {{ visibility: hidden; }}
p {{ position: absolute; inset: 0 0 auto; z-index: 3; margin: 0; padding-bottom: 4px;
     background: var(--mui-palette-background-paper); }}
math {{ font-size: 1.05em; line-height: 1; }}
@media (max-width: 900px) {{ .rule {{ min-height: 3.2em; }} }}
"""

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
    "prevented a spike, until the error arrives."
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
_PRESYNAPTIC: Final = "ε &lowast; S: what the spikes of neuron j do to the voltage of neuron i."
_REGULARISER: Final = (
    "ρ w ζ: pulls the input weights of hidden neurons that fire too much towards zero; z counts the neuron's spikes of "
    "the last 100 ms."
)


class Equation(LiveText):
    """The rule, with `sentence` below it until a factor is pointed at.

    Parameters
    ----------
    sentence : str
        What to see.
    values : mapping of str to object
        Values of all parameters.
    """

    def __init__(self, sentence: str, values: Mapping[str, Any]) -> None:
        html = _html(sentence, values)
        super().__init__(html, stylesheets=[_STYLE], css_classes=["equation"], sizing_mode="stretch_width")

    def say(self, sentence: str, values: Mapping[str, Any]) -> None:
        """Show the rule with these values, and another sentence below it."""
        html = _html(sentence, values)
        if html != self.html:
            self.html = html


def _html(sentence: str, values: Mapping[str, Any]) -> str:
    trace = _of_time(f"<mo>(</mo><mi>ε</mi><mo>&lowast;</mo>{_sub('S', 'j')}<mo>)</mo>")
    factors = [
        _factor(_WEIGHT, "change", f"<mi>Δ</mi>{_sub('w', 'ij')}"),
        _plain("<mo>=</mo>"),
        _rate(values),
        _plain("<mo>∫</mo><mo>[</mo>"),
        _factor(_error(values), "error", _of_time(_sub("e", "i"))),
        _plain("<mo>·</mo>"),
        _factor(_ELIGIBILITY, "eligibility", "<mi>α</mi><mo>&lowast;</mo><mo>(</mo>"),
        _surrogate(values["surrogate"]),
        _plain("<mo>·</mo>"),
        _factor(_PRESYNAPTIC, "presynaptic", trace),
        _factor(_ELIGIBILITY, "eligibility", "<mo>)</mo>"),
        _regulariser(values),
        _plain("<mo>]</mo><mi>d</mi><mi>s</mi>"),
    ]
    said = escape(sentence)
    # what explains a factor lies over the page, and only the sentence takes room
    caption = f'<div class="caption"><span class="room">{said}</span><p data-caption="{said}">{said}</p></div>'
    return f'<div class="rule">{"".join(factors)}</div>{caption}'


def _error(values: Mapping[str, Any]) -> str:
    if values["n_hidden"] == 0:
        return f"{_ERROR}."
    return f"{_ERROR}; a hidden neuron gets {_FEEDBACKS[values['feedback']]}"


def _rate(values: Mapping[str, Any]) -> str:
    if not values["learning"]:
        return _factor(_NO_RATE, "", "<mn>0</mn>")
    plain = values["optimiser"] == "plain"
    return _factor(_RATES[values["optimiser"]], "", "<msub><mi>r</mi><mn>0</mn></msub>" if plain else _sub("r", "ij"))


def _surrogate(kind: str) -> str:
    voltage = f"<mi>σ′</mi><mo>(</mo>{_of_time(_sub('U', 'i'))}<mo>)</mo>"
    return _factor(_SURROGATES[kind], "surrogate", "<mn>1</mn>" if kind == "none" else voltage)


def _regulariser(values: Mapping[str, Any]) -> str:
    """The regulariser: zeta is z^a (3.5), or z^a e^2 (A.5)."""
    power = f"<msubsup><mi>z</mi><mi>i</mi><mn>{values['exponent']}</mn></msubsup>"
    error = "<msubsup><mi>e</mi><mi>i</mi><mn>2</mn></msubsup>" if values["error_dependent"] else ""
    acts = values["rho"] > 0 and values["n_hidden"] > 0
    says = _REGULARISER if acts else f"{_REGULARISER} It does not act now."
    mathml = f"<mo>−</mo><mi>ρ</mi>{_sub('w', 'ij')}{power}{error}"
    return _factor(says, "muted", mathml, pale=not acts)


def _of_time(mathml: str) -> str:
    return f"{mathml}<mo>(</mo><mi>s</mi><mo>)</mo>"


def _sub(base: str, index: str) -> str:
    letters = "".join(f"<mi>{letter}</mi>" for letter in index)
    return f"<msub><mi>{base}</mi><mrow>{letters}</mrow></msub>"


def _plain(mathml: str) -> str:
    return f"<span><math><mrow>{mathml}</mrow></math></span>"


def _factor(says: str, role: str, mathml: str, *, pale: bool = False) -> str:
    style = f' style="color: var(--snn-{role})"' if role else ""
    pale_class = ' class="pale"' if pale else ""
    return (
        f'<span tabindex="0" role="img" aria-label="{says}" data-says="{says}"{style}{pale_class}>'
        f"<math><mrow>{mathml}</mrow></math></span>"
    )
