"""Every quantity of BATS and its training that can be set: symbol, unit, bounds, meaning and place in the paper."""

from __future__ import annotations

import param

from snn_explorer.bats.feedback import FEEDBACK
from snn_explorer.bats.notation import PATTERN, n_convolutions
from snn_explorer.bats.optimisers import OPTIMISERS
from snn_explorer.engine import ParameterError
from snn_explorer.quantities import Count, Notation, Numbers, Quantity

LOSSES = ("count", "first_spike")
"""What the outputs should do: a number of spikes, or a first spike of the right one before the others."""

STRUCTURAL = (
    "convolutions", "hidden", "n_max", "theta", "tau_s", "duration", "encoding_time", "init", "optimiser",
    "batch_size", "validation", "seed",
)  # fmt: skip
"""Parameters that make a new network; all others act at the next batch."""

MOST_HIDDEN = 4
"""Hidden layers at most."""


class BatsParameters(param.Parameterized):
    """Parameters of a BATS network; see each one's `doc`. The defaults are those of the digits."""

    hidden = Numbers(
        (128,), length=(0, MOST_HIDDEN), label="Hidden neurons",
        each=Count(1, symbol="n_h", bounds=(1, 4096), softbounds=(1, 256)),
        doc="Neurons of each hidden layer, from the input on; empty trains the outputs directly on the input.",
    )  # fmt: skip
    convolutions = Notation(
        "", symbol="15C5-P2", regex=PATTERN, allowed="parts such as 15C5 (15 maps, windows of 5 x 5 neurons) and P2 "
        "(pooling of 2 x 2 neurons), with - between them", label="Convolutions", paper="section III B",
        doc="Layers before the hidden ones whose neurons each see a window of an image: 15C5-P2-40C5-P2 in the paper's "
        "network; empty for none.",
    )  # fmt: skip
    n_max = Numbers(
        (30, 30), length=(1, MOST_HIDDEN + 1), label="Spike budget",
        each=Count(1, symbol="n_max", bounds=(1, 1000), softbounds=(1, 30), paper="section II C"),
        doc="Spikes that a neuron of each layer (convolutions, hidden layers, then output) may give for each sample; "
        "then it is silent. 1 is Fast & Deep.",
    )  # fmt: skip
    theta = Numbers(
        (0.06, 0.3), length=(1, MOST_HIDDEN + 1), label="Threshold",
        each=Quantity(1.0, symbol="theta", bounds=(0, 1000), softbounds=(0.01, 2), inclusive_bounds=(False, True),
                      paper="equation 1"),
        doc="Threshold of the neurons of each layer (convolutions, hidden layers, then output), and what a spike "
        "subtracts.",
    )  # fmt: skip
    tau_s = Quantity(
        0.13, symbol="tau_s", bounds=(1e-3, 100), softbounds=(0.01, 1), page_unit="ms", page_scale=1e3,
        label="Synaptic time constant", paper="equation 1", doc="The membrane's time constant is twice as long.",
    )  # fmt: skip
    duration = Quantity(
        0.2, symbol="T", bounds=(1e-3, 1000), softbounds=(0.05, 2), page_unit="ms", page_scale=1e3,
        label="Simulated time", doc="Time simulated for each sample; later spikes neither arrive nor occur.",
    )  # fmt: skip
    encoding_time = Quantity(
        0.1, symbol="T_enc", bounds=(1e-3, 1000), softbounds=(0.01, 1), page_unit="ms", page_scale=1e3,
        label="Encoding time", paper="equation 25",
        doc="A pixel of brightness x spikes at T_enc (1 - x): the brightest at 0, the darkest at T_enc, black never.",
    )  # fmt: skip
    init = Numbers(
        (-1.0, 1.0), length=(2, 2), each=Quantity(0.0, symbol="w_0", bounds=(-100, 100)), label="Initial weights",
        doc="Initial weights are drawn evenly between these two numbers.",
    )  # fmt: skip
    loss = param.Selector(
        default="count",
        objects=list(LOSSES),
        label="Loss",
        doc="What the outputs should do: give a number of spikes (count, equation 11), or spike first at the right "
        "output (first_spike). The answer is read the same way.",
    )
    target_true = Quantity(
        15.0, symbol="y_true", bounds=(0, 1000), softbounds=(0, 30), label="Spikes wanted of the right output",
        paper="equation 11", doc="Target count of the label's output.",
    )  # fmt: skip
    target_false = Quantity(
        3.0, symbol="y_false", bounds=(0, 1000), softbounds=(0, 30), label="Spikes wanted of the others",
        paper="equation 11", doc="Target count of all other outputs; above 0 it keeps them alive.",
    )  # fmt: skip
    tau_loss = Quantity(
        0.005, symbol="tau_loss", bounds=(1e-5, 100), softbounds=(1e-3, 0.1), page_unit="ms", page_scale=1e3,
        label="Time scale of the loss", paper="section III A",
        doc="How far apart first spikes should be; used by the first-spike loss.",
    )  # fmt: skip
    optimiser = param.Selector(
        default="adam",
        objects=list(OPTIMISERS),
        label="Optimiser",
        doc="How gradients change the weights: Adam with the constants of its paper, or plain descent (sgd).",
    )
    learning_rate = Quantity(
        0.01, symbol="lambda", bounds=(0, 10), softbounds=(1e-4, 0.1), label="Learning rate", paper="equation 15",
        doc="With Adam about the size of a weight's change in one batch.",
    )  # fmt: skip
    rate_decay = Quantity(
        0.5, symbol="lambda_k+1/lambda_k", bounds=(0, 1), label="Learning rate decay", paper="section III D",
        doc="What the learning rate is multiplied by every `decay_every` epochs.",
    )  # fmt: skip
    decay_every = Count(
        20, symbol="epochs", bounds=(1, 100_000), softbounds=(1, 100), label="Decay every", paper="section III D",
        doc="Epochs between two steps of the learning rate.",
    )  # fmt: skip
    min_rate = Quantity(
        0.0, symbol="lambda_min", bounds=(0, 10), softbounds=(0, 0.01), label="Smallest learning rate",
        paper="section III D", doc="The learning rate does not decay below this.",
    )  # fmt: skip
    batch_size = Count(
        50, symbol="B", bounds=(1, 10_000), softbounds=(1, 200), label="Batch size",
        doc="Samples behind one change of the weights; the gradient is their mean.",
    )  # fmt: skip
    dead_output_push = Quantity(
        0.0, symbol="p", bounds=(0, 1000), softbounds=(0, 10), label="Push of dead outputs",
        doc="Gradient that raises the weights into the label's output where it is silent; 0 turns the push off.",
    )  # fmt: skip
    feedback = param.Selector(
        default="symmetric",
        objects=list(FEEDBACK),
        label="Feedback",
        doc="What carries errors back through a layer: its own weights, the exact gradient (symmetric), fixed random "
        "weights (random), or one number for all (uniform). Replaces w in equation 19.",
    )
    rho = Quantity(
        0.0, symbol="rho", bounds=(0, 1000), softbounds=(0, 10), label="Regulariser strength",
        doc="Holds back hidden neurons that spike more than `rate_limit` for a sample; 0 turns the regulariser off.",
    )  # fmt: skip
    rate_limit = Quantity(
        3.0, symbol="n_limit", bounds=(0, 1000), softbounds=(0, 30), label="Spikes without penalty",
        doc="Spikes that a hidden neuron may give for each sample before the regulariser acts.",
    )  # fmt: skip
    shift = Count(
        0, symbol="s", bounds=(0, 1000), softbounds=(0, 4), label="Largest move of images",
        doc="Pixels by which a training image moves at most in each direction, anew whenever it is seen; 0 leaves "
        "images where they are.",
    )  # fmt: skip
    elastic_strength = Quantity(
        0.0, symbol="alpha", bounds=(0, 1000), softbounds=(0, 50), page_unit="px", label="Elastic deformation",
        paper="section III B",
        doc="Pixels of a training image take their values from pixels aside, anew whenever it is seen: random "
        "displacements, evenly from -1 to 1, are smoothed and then multiplied by this [pixels]; 0 leaves images as "
        "they are.",
    )  # fmt: skip
    elastic_width = Quantity(
        4.0, symbol="sigma", bounds=(0.1, 100), softbounds=(1, 10), page_unit="px", label="Width of the deformation",
        paper="section III B",
        doc="Standard deviation of the Gaussian that smooths the displacements [pixels]; the wider, the smaller they "
        "are as well: alpha / (sigma sqrt(12 pi)), root mean square.",
    )  # fmt: skip
    validation = Quantity(
        0.1, symbol="share", bounds=(0, 0.9), label="Validation share",
        doc="Share of the training set that is held out of training, to look at while the test set is left alone.",
    )  # fmt: skip
    seed = Count(
        1, symbol="seed", bounds=(0, 2**31 - 1), label="Seed",
        doc="Start of the random numbers for weights, feedback, the validation split and the order of samples.",
    )  # fmt: skip

    def check(self) -> None:
        """See that the values fit each other.

        Raises
        ------
        ParameterError
            If a tuple's length does not match the layers, or initial weights are given the larger bound first.
        """
        n_layers = n_convolutions(self.convolutions) + len(self.hidden) + 1
        layers, each = f"the hidden layers {self.hidden!r}", "hidden layer"
        if self.convolutions:
            layers, each = f"the convolutions {self.convolutions!r} and {layers}", "convolution and hidden layer"
        for name in ("n_max", "theta"):
            values = getattr(self, name)
            if len(values) != n_layers:
                raise ParameterError(
                    f"{self.param[name].label} ({name}) is {values!r}; with {layers} it must "
                    f"hold {n_layers} numbers, one for each {each} and one for the output."
                )
        if self.init[0] > self.init[1]:
            raise ParameterError(f"Initial weights (init) is {self.init!r}; the smaller number must come first.")

    def rate(self, epoch: int) -> float:
        """Learning rate in an epoch, counted from 0."""
        decayed = self.learning_rate * self.rate_decay ** (epoch // self.decay_every)
        return max(decayed, min(self.min_rate, self.learning_rate))
