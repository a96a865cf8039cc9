"""Every quantity of the SuperSpike rule that can be set: symbol, unit, bounds, meaning and place in the paper."""

from __future__ import annotations

import param

from snn_explorer.kernels.superspike.surrogates import SURROGATES
from snn_explorer.quantities import Count, Quantity
from snn_explorer.superspike.optimisers import OPTIMISERS

FEEDBACK = ("symmetric", "random", "uniform", "none")
"""Credit assignment from outputs to hidden units (section 3.3.4)."""

CONVENTIONS = ("paper", "original")
"""Where paper and original simulation differ: which one to follow."""

STRUCTURAL = ("n_hidden", "seed", "weight_scale", "conventions", "burn_in")
"""Parameters that make a new network; all others act at the next chunk."""

SWEEPABLE = ("seed", "feedback", "learning_rate", "rho", "steepness")
"""Parameters that may differ between the networks of one ensemble."""


class SuperSpikeParameters(param.Parameterized):
    """Parameters of a SuperSpike network; see each one's `doc`."""

    feedback = param.Selector(
        default="symmetric",
        objects=list(FEEDBACK),
        label="Feedback",
        doc="How an output's error reaches the hidden units: through the transposed output weights (symmetric), "
        "through fixed random weights (random), the same to all (uniform), or not at all (none). Section 3.3.4.",
    )
    n_hidden = Count(
        4, symbol="n_h", bounds=(0, 1024), softbounds=(0, 64), label="Hidden units", paper="Fig 4",
        doc="Neurons between input and output; 0 trains the outputs directly on the input, as in Fig 2.",
    )  # fmt: skip
    spike_budget = Count(
        0, symbol="n_max", bounds=(0, 10_000), softbounds=(0, 20), label="Spike budget", paper="Bacho & Chu 2022",
        doc="Most spikes of a hidden or output neuron in one trial (a run of the pattern, or from one stimulus to the "
        "next); then it is silent until the next starts. 0 sets no limit. It is the buffer n_max of Bacho and Chu "
        "(2022), not part of SuperSpike.",
    )  # fmt: skip
    learning = param.Boolean(
        True, label="Learning", doc="Off: all weights stay as they are, and the activity goes on (Fig 6c)."
    )
    hidden_learning = param.Boolean(
        True, label="Hidden weights learn", doc="Off: the hidden weights stay as drawn (Fig 7, fixed hidden)."
    )
    optimiser = param.Selector(
        default="rmaxprop",
        objects=list(OPTIMISERS),
        label="Rate of each synapse",
        doc="How a synapse's own learning rate follows from its gradients: divided by their decaying maximum "
        "(rmaxprop), by their root mean square (rmsprop), or the same for all (plain). Section 3.3.6, Fig 1.",
    )
    learning_rate = Quantity(
        1e-3, symbol="r_0", bounds=(0, 0.1), softbounds=(1e-5, 1e-2), page_unit="mV", page_scale=1e3,
        label="Learning rate", paper="section 3.3.6",
        doc="With RMaxProp the largest change of a weight in one update: every synapse's own gradient is scaled to it.",
    )  # fmt: skip
    rho = Quantity(
        0.0, symbol="rho", bounds=(0, 1000), softbounds=(0, 10), label="Regulariser strength", paper="equation 3.4",
        doc="Pulls the input weights of hidden units that fire too much towards zero. The paper uses it (rho = 1) "
        "with random feedback only.",
    )  # fmt: skip
    exponent = Count(
        4, symbol="a", bounds=(0, 8), label="Regulariser exponent", paper="equation 3.5",
        doc="Power of the firing rate in the regulariser: the higher, the more it spares quiet neurons.",
    )  # fmt: skip
    error_dependent = param.Boolean(
        False, label="Regulariser needs an error",
        doc="The regulariser acts only where there is an error: its activity is multiplied by the error's square "
        "(equation A.5).",
    )  # fmt: skip
    surrogate = param.Selector(
        default="fast_sigmoid",
        objects=list(SURROGATES),
        label="Surrogate derivative",
        doc="What stands for the derivative of a spike train: the fast sigmoid's, an exponential, or no dependence on "
        "the voltage at all (Fig 7, symm. linear). Section 3.3.2.",
    )
    steepness = Quantity(
        1e3, symbol="beta", bounds=(1, 1e5), softbounds=(50, 1e4), page_unit="1/mV", page_scale=1e-3,
        label="Surrogate steepness", paper="section 3.3.2",
        doc="How sharply the surrogate derivative falls off on both sides of the threshold.",
    )  # fmt: skip
    seed = Count(
        1, symbol="seed", bounds=(0, 2**31 - 1), label="Seed",
        doc="Start of the random numbers for weights and feedback: the same seed gives the same run.",
    )  # fmt: skip
    weight_scale = Quantity(
        0.05, symbol="w_0", bounds=(0, 1), page_unit="mV", page_scale=1e3, label="Initial weights",
        doc="Initial weights are drawn from N(0, w_0 / sqrt(n_pre)).",
    )  # fmt: skip
    weight_limit = Quantity(
        0.1, symbol="w_max", bounds=(0, 10), inclusive_bounds=(False, True), page_unit="mV", page_scale=1e3,
        label="Weight limit", paper="section 3.3.5", doc="Weights stay between -w_max and w_max.",
    )  # fmt: skip
    burn_in = Quantity(
        20.0, symbol="t_0", bounds=(0, 1000), page_unit="s", label="Burn-in",
        doc="Simulated time without learning, before t = 0, in which activity and RMaxProp's v settle.",
    )  # fmt: skip
    rate_drop_time = Quantity(
        400.0, symbol="t_1", bounds=(0, None), page_unit="s", label="Learning rate drops at",
        doc="From this learning time on the learning rate is multiplied by `rate_drop`.",
    )  # fmt: skip
    rate_drop = Quantity(
        0.1, symbol="r_1/r_0", bounds=(0, 1), label="Learning rate drops to", doc="Factor on r_0 after the drop."
    )
    conventions = param.Selector(
        default="paper",
        objects=list(CONVENTIONS),
        label="Conventions",
        doc="Follow the paper, or reproduce the timing of the original simulation step by step.",
    )
