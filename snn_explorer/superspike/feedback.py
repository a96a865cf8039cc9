"""Feedback of output errors to hidden units (section 3.3.4): e_i = sum_k b_ki e_k.

symmetric: b_ki = w_ki, the output weights of the moment; random: b_ki ~ N(0, 1), fixed; uniform: b_ki = 1;
none: b_ki = 0.
The derivative of the outputs' own activation does not enter.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def feedback_weights(kinds: Sequence[str], output_weights: Tensor, random_weights: Tensor) -> Tensor:
    """Feedback matrices of an ensemble, each network with its own kind.

    Parameters
    ----------
    kinds : sequence of str, length R
        One of :data:`snn_explorer.superspike.parameters.FEEDBACK` for each network.
    output_weights : Tensor, shape (R, n_output, n_hidden)
        Feed-forward weights from hidden to output units.
    random_weights : Tensor, shape (R, n_output, n_hidden)
        The fixed random draw.

    Returns
    -------
    Tensor, shape (R, n_output, n_hidden)
        Weight of output k's error at hidden unit i.
    """
    sources = {
        "symmetric": output_weights,
        "random": random_weights,
        "uniform": torch.ones_like(random_weights),
        "none": torch.zeros_like(random_weights),
    }
    if len(set(kinds)) == 1:
        # a copy: the layer still shows this chunk's errors after the output weights have changed
        return sources[kinds[0]].clone(memory_format=torch.contiguous_format)
    return torch.stack([sources[kind][r] for r, kind in enumerate(kinds)])
