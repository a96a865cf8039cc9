"""Whether a saved state can be one of this network, whole: it may come from a stranger's file.

Feedback weights, the order of samples and the moves of images are functions of the seed and the number of batches, so
no state holds them, and none can be of another run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from snn_explorer.bats.optimisers import check_moments
from snn_explorer.bats.progress import check_sums
from snn_explorer.saved_state import LONGEST, check_parts, check_tensor, check_whole

if TYPE_CHECKING:
    from snn_explorer.bats.network import Network


def check_fits(network: Network, state: Mapping[str, Any]) -> None:
    """Check the state of a network against the one that is to take it up.

    Parameters
    ----------
    network : Network
        As it was made; only its shapes and its samples count.
    state : mapping
        What `snn_explorer.bats.network.Network.state_dict` gives.

    Raises
    ------
    ParameterError
        If it cannot be the state of this network.
    """
    check_parts("the network", state, ("weights", "optimiser", "batches", "sums"))
    weights, batches = state["weights"], state["batches"]
    check_parts("the list of weights", weights, [str(k) for k in range(len(network.layers))])
    for k, (name, layer) in enumerate(zip(network.layer_names, network.layers, strict=True)):
        check_tensor(f"{name} weights", weights[str(k)], layer.weight)
    # so that the samples learned from are counted without a gap
    check_whole("the number of batches", batches, 0, LONGEST // network.parameters.batch_size)
    check_moments(network.optimiser, state["optimiser"], batches, network.layer_names)
    check_sums(state["sums"], network.training_set.n_seen_of_epoch(batches))
