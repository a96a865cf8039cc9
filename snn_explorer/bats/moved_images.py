"""Moved images: whenever a training image is seen it stands a few pixels aside, so that single pixels say less.

Pixels are input neurons. To move an image is to let its spikes come from other neurons at the same times; what would
leave the picture is gone. The test set stays as it is.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from snn_explorer.bats.spikes import Spikes, count_spikes, select, there


def draw_moves(n: int, largest: int, seed: int, batch: int) -> Tensor:
    """Rows and columns by which the images of a batch move.

    Parameters
    ----------
    n : int
        Images.
    largest : int
        Largest move in each direction [pixels]; all moves up to it are as likely.
    seed, batch : int
        The moves are a function of these two.

    Returns
    -------
    Tensor of int64, shape (n, 2)
    """
    drawn = np.random.default_rng([seed, 2, batch]).integers(-largest, largest, (n, 2), endpoint=True)
    return torch.from_numpy(drawn)


def move_images(spikes: Spikes, moves: Tensor, image_shape: tuple[int, int]) -> Spikes:
    """Spikes of images that stand aside.

    Parameters
    ----------
    spikes : Spikes
        One neuron for each pixel, row by row.
    moves : Tensor of int64, shape (B, 2)
        Rows down and columns to the right.
    image_shape : tuple of int
        Rows and columns.

    Returns
    -------
    Spikes
        The same as those of the moved images, with black where nothing moved in.
    """
    n_rows, n_columns = image_shape
    row = spikes.neuron // n_columns + moves[:, :1]
    column = spikes.neuron % n_columns + moves[:, 1:]
    inside = (row >= 0) & (row < n_rows) & (column >= 0) & (column < n_columns) & there(spikes.events)
    events = select(spikes.events, inside, row * n_columns + column)
    return Spikes(events, spikes.n_neurons, count_spikes(events, spikes.n_neurons))
