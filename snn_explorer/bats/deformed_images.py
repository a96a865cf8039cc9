"""Elastically deformed images: whenever a training image is seen it is bent anew, as if by another hand.

After Simard, Steinkraus and Platt (2003). Each pixel takes its value from a little way off: how far, down and to the
right, is drawn evenly from -1 to 1 for every pixel, smoothed with a Gaussian of width sigma, and multiplied by alpha.
Nothing is normalised after smoothing, so a pixel goes alpha / (sigma sqrt(12 pi)) far in each direction (root mean
square): with alpha = 34 and sigma = 4, theirs for images of 29 x 29 pixels, 1.4 pixels. The test set stays as it is.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor


def draw_displacements(
    n: int, image_shape: tuple[int, int], strength: float, width: float, seed: int, batch: int
) -> Tensor:
    """How far off the pixels of a batch of images take their values.

    Parameters
    ----------
    n : int
        Images.
    image_shape : tuple of int
        Rows and columns.
    strength, width : float
        alpha and sigma [pixels].
    seed, batch : int
        The random numbers are a function of these two.

    Returns
    -------
    Tensor of float64, shape (n, 2, rows, columns)
        Rows down and columns to the right [pixels].
    """
    # not at the top: it takes a quarter of a second, and few networks need it
    from scipy.ndimage import gaussian_filter

    noise = np.random.default_rng([seed, 3, batch]).uniform(-1, 1, (n, 2, *image_shape))
    # as on a torus, where all pixels go equally far: no pixel is near an edge
    smooth = gaussian_filter(noise, width, mode="wrap", axes=(2, 3))
    return torch.from_numpy(smooth).mul_(strength)


def deform_images(images: Tensor, displacements: Tensor) -> Tensor:
    """Images whose pixels take their values from elsewhere, between pixels by bilinear interpolation.

    Parameters
    ----------
    images : Tensor of float32, shape (B, rows, columns)
        On the host; black, which is 0, all around.
    displacements : Tensor of float64, shape (B, 2, rows, columns)
        See `draw_displacements`.

    Returns
    -------
    Tensor of float32, shape (B, rows, columns)
        No value is below the smallest or above the largest of the image and black.
    """
    from scipy.ndimage import map_coordinates

    image, row, column = (np.arange(size) for size in images.shape)
    down, right = displacements.numpy().swapaxes(0, 1)
    places = np.empty((3, *images.shape))
    places[0] = image[:, None, None]
    np.add(row[:, None], down, out=places[1])
    np.add(column, right, out=places[2])
    # grid-constant: between the outermost pixels and the black around them, too, values go over evenly
    found = map_coordinates(images.numpy(), places, np.float32, order=1, mode="grid-constant", prefilter=False)
    return torch.from_numpy(found)
