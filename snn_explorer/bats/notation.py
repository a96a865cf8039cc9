"""Convolutions as papers write them: 15C5 is one of 15 maps with windows of 5 x 5 neurons, P2 pools 2 x 2 neurons."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

PATTERN: Final = r"((P[1-9]\d{0,2}-)*[1-9]\d{0,3}C[1-9]\d{0,2}(-P[1-9]\d{0,2})*(-|$))*(?<!-)"
"""All that can be written; empty for no convolution."""


class Convolution(NamedTuple):
    """Maps of neurons that see windows of `size` x `size` neurons."""

    n_filters: int
    size: int


class Pooling(NamedTuple):
    """One train of spikes for each window of `size` x `size` neurons."""

    size: int


def read_convolutions(text: str) -> list[Convolution | Pooling]:
    """What a text that fits `PATTERN` says, from the input on."""
    parts = re.findall(r"(?:(\d+)C|P)(\d+)", text)
    return [Convolution(int(n_filters), int(size)) if n_filters else Pooling(int(size)) for n_filters, size in parts]


def n_convolutions(text: str) -> int:
    """Layers of neurons in it: pooling has none."""
    return text.count("C")
