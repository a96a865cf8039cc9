"""Two spatio-temporal patterns to be told apart (Bacho & Chu 2022, Fig 3).

Each of four inputs spikes once. The first two spikes come at the same times in both patterns: only the order of the
last two says which pattern it is.
"""

from __future__ import annotations

import torch

from snn_explorer.tasks.samples import Samples, Split

SPIKE_TIMES = ((0.0, 0.0, 1.0, 2.0), (0.0, 0.0, 2.0, 1.0))
"""Times [s] of the four inputs' spikes, for each pattern."""


def spatio_temporal() -> Samples:
    """Give the two patterns, one a class; what is trained on is what is tested."""
    both = Split(torch.tensor(SPIKE_TIMES), torch.arange(2))
    return Samples(
        name="spatio-temporal",
        title="Two patterns of four spikes",
        n_in=4,
        n_classes=2,
        train=both,
        test=both,
        kind="times",
    )
