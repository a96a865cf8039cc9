"""A training set of images that are deformed before they become spikes, anew for each batch."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from snn_explorer.bats.deformed_images import deform_images, draw_displacements
from snn_explorer.bats.encoding import encode
from snn_explorer.bats.spikes import Spikes
from snn_explorer.tasks.samples import Split


@dataclass(frozen=True, eq=False)
class DeformedSplit:
    """Spikes and labels of a split of images; nothing is changed after it was made, so that any thread may ask.

    Attributes
    ----------
    split : Split
        Pixels.
    image_shape : tuple of int
        Rows and columns.
    duration : float
        Encoding time [s].
    dtype : torch.dtype
        Of the spike times.
    seed : int
        Of the random numbers.
    """

    split: Split
    image_shape: tuple[int, int]
    duration: float
    dtype: torch.dtype
    seed: int

    def batch(self, rows: Tensor, number: int, strength: float, width: float) -> tuple[Spikes, Tensor]:
        """Spikes and labels, on the host, of the samples in ``rows`` ``(B,)``, which are batch `number`."""
        pixels, labels = self.split.batch(rows)
        displacements = draw_displacements(len(rows), self.image_shape, strength, width, self.seed, number)
        deformed = deform_images(pixels.unflatten(1, self.image_shape), displacements).flatten(1)
        return encode(deformed.to(self.dtype), "pixels", self.duration), labels
