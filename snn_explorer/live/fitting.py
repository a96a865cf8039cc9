"""Whether a saved state can be one of this network: it may come from a stranger's file.

The kernels' loops trust what they are given, and read and write where an event's neuron and step say. So every tensor
must have the type and shape that the network's own has, and every number in a table must be one that can be there.
Values that are merely unlikely, such as a huge voltage, do no harm and are let through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from snn_explorer.saved_state import LONGEST, check_number, check_parts, check_tensor, check_whole, refuse
from snn_explorer.superspike.network import Network
from snn_explorer.superspike.timing import first_step

_TABLES: Final = ("spikes", "errors")
"""Events that a layer carries on: their number differs."""

Bounds = Sequence[tuple[int, int]]
"""Smallest and largest number in each row of a table."""


def check_fits(network: Network, state: Mapping[str, Any]) -> None:
    """Check the state of a learner against the network that is to take it up.

    Parameters
    ----------
    network : Network
        As it was made; only its shapes count.
    state : mapping
        What `snn_explorer.live.superspike.SuperSpikeLearner.state_dict` gives; the curve checks its own part.

    Raises
    ------
    ParameterError
        If it cannot be the state of this network; other errors if it is no such state at all.
    """
    _check_network(network, state["network"])
    _check_history(network, state["history"], state["network"]["start"])


def _check_network(network: Network, state: Mapping[str, Any]) -> None:
    own, start = network.state_dict(), state["start"]
    check_parts("the network", state, own)
    check_parts("the layers", state["layers"], own["layers"])
    check_whole("its last step", start, 0, LONGEST)
    if (start - first_step(network.parameters.conventions)) % network.n_steps:
        refuse(f"its last step, {start}, is not the end of a chunk")
    for name, layer in state["layers"].items():
        _check_layer(network, name, layer, own["layers"][name])
        if name in state["plasticity"]:
            check_tensor(f"{name} v", state["plasticity"][name], layer["weights"])
    check_tensor("random_feedback", state["random_feedback"], own["random_feedback"])
    # no number before the first chunk
    check_tensor("chunk_cost", state["chunk_cost"], own["chunk_cost"], finite=False)
    for name in ("cost", "answers"):
        check_tensor(name, state[name]["total"], own[name]["total"])
        check_number(f"the weight of its {name}", state[name]["weight"], 0, 1)
    _check_supervision(network, state["supervision"], start, own["supervision"])


def _check_layer(network: Network, name: str, layer: Mapping[str, Any], own: Mapping[str, Any]) -> None:
    for weights in ("weights", "weights_before"):
        check_tensor(f"{name} {weights}", layer[weights], own[weights])
    neurons, mine = layer["neurons"], own["neurons"]
    if neurons.keys() - {"trial_spikes"} != mine.keys() - {"trial_spikes"}:
        refuse(f"its {name} layer has other parts")
    n_pre = own["weights"].shape[2]
    for part, values in neurons.items():
        if part in _TABLES:
            n_sources = n_pre if part == "spikes" else network.task.n_outputs
            bounds = ((-network.n_steps, network.n_steps - 1), (-1, 0), (0, n_sources - 1), (-1, 1))
            _check_table(f"{name} {part}", values, torch.int32, bounds)
        else:
            check_tensor(f"{name} {part}", values, mine["refractory" if part == "trial_spikes" else part])
    longest = getattr(network, name).neurons.constants.refractory_steps
    if not ((neurons["refractory"] >= 0) & (neurons["refractory"] <= longest)).all():
        refuse(f"its {name} neurons are refractory for longer than {longest} steps")


def _check_supervision(network: Network, state: Mapping[str, Any], start: int, own: Mapping[str, Any]) -> None:
    check_parts("its stimulus", state, own)
    # whoever shows the stimulus draws all that lies between
    if state["shown"] != start and not (state["shown"] == 0 and start <= 1):
        refuse(f"its stimulus was shown up to step {state['shown']}, but it learned up to step {start}")
    if "recent" in state:
        bounds = ((max(start - network.n_steps, 0), start), (0, 0), (0, network.task.n_outputs - 1))
        _check_table("the spikes in open windows", state["recent"], torch.int64, bounds)


def _check_history(network: Network, state: Mapping[str, Any], stop: int) -> None:
    sizes = {"hidden": network.parameters.n_hidden, "output": network.task.n_outputs}
    recent, trials = state["recent"], state["trials"]
    check_whole("the output it follows", state["output"], 0, sizes["output"] - 1)
    check_whole("the end of its spikes", recent["stop"], 0, stop)
    check_whole("the start of its spikes", recent["start"], 0, recent["stop"])
    for layer, table in recent["layers"].items():
        _check_table(f"{layer} spikes", table, torch.int64, ((recent["start"], stop - 1), (0, sizes[layer] - 1)))
    check_whole("the number of its trials", trials["count"], 0, LONGEST)
    check_whole("the stride of its trials", trials["stride"], 1, LONGEST)
    last = trials["count"] - 1
    numbers, outputs = (0, last), (0, sizes["output"] - 1)
    _check_table("the trials", trials["trials"], torch.int64, (numbers, (0, stop), outputs))
    _check_table("the spikes of trials", trials["spikes"], torch.int64, (numbers, (0, stop), outputs))
    number, onset = trials["trials"][:2]
    if (number.diff() <= 0).any() or (onset.diff() < 0).any() or (trials["count"] and last not in number):
        refuse("its trials are not in the order of time")
    if not np.isin(trials["spikes"][0].numpy(), number.numpy()).all():
        refuse("some spikes belong to no trial")


def _check_table(name: str, given: Any, dtype: torch.dtype, bounds: Bounds) -> None:
    if not isinstance(given, Tensor) or given.dtype != dtype or given.ndim != 2 or len(given) != len(bounds):
        refuse(f"{name} are no table of {len(bounds)} rows")
    for row, (low, high) in zip(given, bounds, strict=True):
        if not ((row >= low) & (row <= high)).all():
            refuse(f"{name} have numbers outside {low} to {high}")
