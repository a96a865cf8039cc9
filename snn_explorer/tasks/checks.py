"""The size that a group of neurons may have."""

from __future__ import annotations

from snn_explorer.checks import check_whole
from snn_explorer.engine import ParameterError

MAX_NEURONS = 1024
"""The largest group of input or output neurons that a task may have."""


def check_group_size(name: str, value: object) -> int:
    """Give `value` back as an int, or raise a `ParameterError` if it is no size of a group of neurons.

    A group has 1 to `MAX_NEURONS` neurons. A network keeps about 28 kB of voltages for each neuron of its output layer
    (7000 steps, 4 bytes each) and a weight for each pair of neurons, and it slows down as the group grows.
    """
    size = check_whole(name, value, minimum=1)
    if size > MAX_NEURONS:
        raise ParameterError(
            f"{name} is {size}; at most {MAX_NEURONS} neurons are allowed, because in each network every neuron takes "
            "memory (about 28 kB of voltages, and a weight from every neuron before it) and time: with many thousands, "
            "learning is slower than real time."
        )
    return size
