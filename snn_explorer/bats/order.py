"""Which samples a network sees, and when: the held-out part, and the order of each epoch.

Both are functions of the seed alone (and the epoch), so that a run can be taken up at any batch.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from snn_explorer.engine import ParameterError
from snn_explorer.tasks.samples import Split


def hold_out(split: Split, share: float, seed: int) -> tuple[Split, Split]:
    """Training and validation part of a split.

    Parameters
    ----------
    split : Split
    share : float
        Share of the samples in the validation part: the last ones of a random permutation.
    seed : int

    Returns
    -------
    training, validation : Split
        Without any sample in common; each in the order of `split`.

    Raises
    ------
    ParameterError
        If no sample would be left to train on.
    """
    n = len(split)
    n_training = n - round(share * n)
    if n_training < 1:
        raise ParameterError(f"The validation share is {share!r}; of {n} samples it leaves none to train on.")
    if n_training == n:
        return split, split.subset(torch.arange(0))
    permutation = torch.from_numpy(np.random.default_rng([seed, 0]).permutation(n))
    training, validation = permutation[:n_training].sort().values, permutation[n_training:].sort().values
    return split.subset(training), split.subset(validation)


def epoch_order(n: int, seed: int, epoch: int) -> Tensor:
    """Order in which an epoch, counted from 0, goes through n samples, ``(n,)``."""
    return torch.from_numpy(np.random.default_rng([seed, 1, epoch]).permutation(n))
