"""The learning rule as mathematics, each factor in its colour and with one sentence."""

from __future__ import annotations

from typing import Final

from snn_explorer.views import theme
from snn_explorer.views.live_text import LiveText

_STYLE: Final = f"""
:host {{ min-width: 0; }}
.equation {{ display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 3px; font-size: {theme.LARGE}; }}
.equation span {{ border-radius: 4px; padding: 0 3px; outline-offset: -1px; white-space: nowrap; }}
.equation span[data-says] {{ cursor: help; }}
.equation span[data-says]:hover, .equation span[data-says]:focus-visible {{ background: var(--mui-palette-divider); }}
p {{ margin: 4px 0 0; min-height: 1.3em; line-height: 1.3; font-size: {theme.TEXT};
     color: var(--mui-palette-text-secondary); }}
math {{ font-size: 1.05em; }}
"""

_SAYS: Final = {
    "weight": "Δw: how much the weight from neuron j to neuron i changes at the end of each chunk of half a second.",
    "rate": "r: the learning rate; RMaxProp scales it for each synapse, so that no weight changes by more than r₀.",
    "error": "e: the error of neuron i, positive where a spike is missing and negative where one is too many.",
    "eligibility": "λ = α &lowast; (…): the eligibility trace remembers for some 20 ms that the synapse could have "
    "caused or prevented a spike, until the error arrives.",
    "surrogate": "σ′: how strongly a small change of the voltage would change spiking; a surrogate, because the true "
    "derivative is zero.",
    "presynaptic": "ε &lowast; S: what the spikes of neuron j do to the voltage of neuron i.",
    "regulariser": "ρ w ζ: pulls the input weights of hidden neurons that fire too much towards zero.",
}


class Equation(LiveText):
    """The rule, with `sentence` below it until a factor is pointed at."""

    def __init__(self, sentence: str) -> None:
        super().__init__(_html(sentence), stylesheets=[_STYLE], css_classes=["equation"], sizing_mode="stretch_width")

    def say(self, sentence: str) -> None:
        """Put another sentence below it."""
        self.html = _html(sentence)


def _html(sentence: str) -> str:
    w = _sub("w", "ij")
    e = f"{_sub('e', 'i')}<mo>(</mo><mi>s</mi><mo>)</mo>"
    u = f"<mi>σ′</mi><mo>(</mo>{_sub('U', 'i')}<mo>(</mo><mi>s</mi><mo>)</mo><mo>)</mo>"
    z = f"<mo>(</mo><mi>ε</mi><mo>&lowast;</mo>{_sub('S', 'j')}<mo>)</mo><mo>(</mo><mi>s</mi><mo>)</mo>"
    factors = [
        _factor("weight", "change", f"<mi>Δ</mi>{w}"),
        _plain("<mo>=</mo>"),
        _factor("rate", "", _sub("r", "ij")),
        _plain("<mo>∫</mo>"),
        _factor("error", "error", e),
        _plain("<mo>·</mo>"),
        _factor("eligibility", "eligibility", "<mi>α</mi><mo>&lowast;</mo><mo>(</mo>"),
        _factor("surrogate", "surrogate", u),
        _plain("<mo>·</mo>"),
        _factor("presynaptic", "presynaptic", z),
        _factor("eligibility", "eligibility", "<mo>)</mo>"),
        _plain("<mi>d</mi><mi>s</mi>"),
        _factor("regulariser", "muted", f"<mo>−</mo><mi>ρ</mi>{w}{_sub('ζ', 'i')}"),
    ]
    return f'<div class="equation">{"".join(factors)}</div><p data-caption="{sentence}">{sentence}</p>'


def _sub(base: str, index: str) -> str:
    letters = "".join(f"<mi>{letter}</mi>" for letter in index)
    return f"<msub><mi>{base}</mi><mrow>{letters}</mrow></msub>"


def _plain(mathml: str) -> str:
    return f"<span><math><mrow>{mathml}</mrow></math></span>"


def _factor(name: str, role: str, mathml: str) -> str:
    colour = f"color: var(--snn-{role})" if role else ""
    return (
        f'<span tabindex="0" role="img" aria-label="{_SAYS[name]}" data-says="{_SAYS[name]}" style="{colour}">'
        f"<math><mrow>{mathml}</mrow></math></span>"
    )
