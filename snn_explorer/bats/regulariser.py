"""Rate regulariser: hidden neurons that spike more than a limit for a sample are held back.

    R = rho / 2 sum_j max(0, n_j - n_limit)^2       of each hidden layer and sample

A spike count has no derivative, so the error is handed to the spikes like that of the spike count loss (11): each
spike of neuron j gets -rho max(0, n_j - n_limit), which moves it later.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from snn_explorer.bats.hand_off import hand_to_spikes
from snn_explorer.bats.spikes import Spikes


def rate_penalty(hidden: Sequence[Spikes], rho: float, limit: float) -> Tensor:
    """Penalty R of each sample, summed over the hidden layers.

    Parameters
    ----------
    hidden : sequence of Spikes
        Spikes of the hidden layers, at least one.
    rho : float
        Strength.
    limit : float
        Spikes that a neuron may give without penalty for each sample.

    Returns
    -------
    Tensor, shape (B,)
        Gradients flow to the spike times.
    """
    penalties = []
    for spikes in hidden:
        excess = (spikes.per_neuron - limit).clamp_(min=0).to(spikes.time.dtype)
        penalties.append(hand_to_spikes(spikes, 0.5 * rho * excess.square().sum(1), rho * excess))
    return torch.stack(penalties).sum(0)
