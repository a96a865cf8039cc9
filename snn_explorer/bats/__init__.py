"""BATS: exact gradients through every spike of event-based networks (Bacho & Chu, Neural Computation 35, 2023)."""

from snn_explorer.bats.convolution import SpikingConv2d
from snn_explorer.bats.encoding import spike_times, time_to_first_spike
from snn_explorer.bats.evaluation import Evaluation
from snn_explorer.bats.layers import SpikingLinear
from snn_explorer.bats.losses import FirstSpikeLoss, SpikeCountLoss, SpikeTimeLoss
from snn_explorer.bats.network import Network
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.bats.pooling import SpikingPool2d
from snn_explorer.bats.spikes import Spikes
from snn_explorer.bats.weights import load_network, save_weights, trained_digits

__all__ = [
    "BatsParameters",
    "Evaluation",
    "FirstSpikeLoss",
    "Network",
    "SpikeCountLoss",
    "SpikeTimeLoss",
    "Spikes",
    "SpikingConv2d",
    "SpikingLinear",
    "SpikingPool2d",
    "load_network",
    "save_weights",
    "spike_times",
    "time_to_first_spike",
    "trained_digits",
]
