"""Handwritten digits of 8 x 8 pixels: the data set that comes with scikit-learn, 1797 samples in 10 classes.

It needs no file and no network. The split is the same on each call: a fifth of each class, drawn with a fixed seed,
is the test set.
"""

from __future__ import annotations

import numpy as np
import torch

from snn_explorer.tasks.samples import Samples, Split

TEST_SHARE = 0.2
"""Share of the samples that is the test set."""

SPLIT_SEED = 0
"""Seed of the split."""

_BRIGHTEST = 16


def digits() -> Samples:
    """Load scikit-learn's digits: 1437 to train on, 360 to test on; pixels from 0 to 1 in steps of 1/16."""
    # scikit-learn takes longer to import than the rest of the package
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    pixels, labels = load_digits(return_X_y=True)
    train, test = train_test_split(
        np.arange(len(labels)), test_size=TEST_SHARE, stratify=labels, random_state=SPLIT_SEED
    )
    whole = Split(torch.from_numpy((pixels / _BRIGHTEST).astype(np.float32)), torch.from_numpy(labels.astype(np.int64)))
    return Samples(
        name="digits",
        title="Handwritten digits, 8 x 8 pixels",
        n_in=64,
        n_classes=10,
        train=whole.subset(torch.from_numpy(train)),
        test=whole.subset(torch.from_numpy(test)),
        kind="pixels",
        image_shape=(8, 8),
        class_names=tuple("0123456789"),
    )
