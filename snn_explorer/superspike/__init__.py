"""SuperSpike: online three-factor learning of precise spike times (Zenke & Ganguli, Neural Computation 30, 2018)."""

from snn_explorer.superspike.network import Network
from snn_explorer.superspike.optimisers import RMaxProp
from snn_explorer.superspike.parameters import SuperSpikeParameters

__all__ = ["Network", "RMaxProp", "SuperSpikeParameters"]
