"""What a network learns from, batch after batch: the order of each epoch, and images that look other when seen."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor

from snn_explorer.bats.ahead import Ahead
from snn_explorer.bats.deformed import DeformedSplit
from snn_explorer.bats.encoded import EncodedSplit
from snn_explorer.bats.moved_images import draw_moves, move_images
from snn_explorer.bats.order import epoch_order, hold_out
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.bats.spikes import Spikes
from snn_explorer.engine import ParameterError
from snn_explorer.kernels.bats.interface import Events
from snn_explorer.tasks.samples import Samples


class TrainingSet:
    """Training samples as spikes, in the batches of all epochs; a batch is a function of its number and the seed.

    Parameters
    ----------
    samples : Samples
    parameters : BatsParameters
        Its `shift`, `elastic_strength` and `elastic_width` are read at every batch.
    dtype : torch.dtype
        Of the spike times.
    device : torch.device
        Where the spikes are kept.

    Attributes
    ----------
    split, held_out : Split
        The samples learned from, and the others of the training set.

    Raises
    ------
    ParameterError
        If no sample is left to train on, an input cannot be encoded, or images are to move or to be deformed and the
        samples are none.
    """

    def __init__(self, samples: Samples, parameters: BatsParameters, dtype: torch.dtype, device: torch.device) -> None:
        self._samples, self._parameters, self._device = samples, parameters, device
        self._seed, self._batch_size = parameters.seed, parameters.batch_size
        self.split, self.held_out = hold_out(samples.train, parameters.validation, self._seed)
        self._encoded = EncodedSplit(self.split, samples.kind, parameters.encoding_time, dtype, device)
        # samples that are no images are one row of pixels, and are refused before that matters
        self._image_shape = samples.image_shape or (1, samples.n_in)
        self._deformed = DeformedSplit(self.split, self._image_shape, parameters.encoding_time, dtype, self._seed)
        self._ahead = Ahead[tuple[Spikes, Tensor]]()
        self._check(parameters.shift, parameters.elastic_strength)
        self._epoch, self._order = 0, epoch_order(len(self.split), self._seed, 0)

    @property
    def batches_per_epoch(self) -> int:
        """Batches in which every sample is seen once; the last one may be smaller."""
        return math.ceil(len(self.split) / self._batch_size)

    def n_seen_of_epoch(self, n_batches: int) -> int:
        """Samples of the last epoch begun that were in the first batches since the start."""
        begun = max(n_batches - 1, 0) // self.batches_per_epoch * self.batches_per_epoch
        return self.n_seen(n_batches) - self.n_seen(begun)

    def n_seen(self, n_batches: int) -> int:
        """Samples in the first batches since the start, those of later epochs counted again."""
        epoch, batch = divmod(n_batches, self.batches_per_epoch)
        return epoch * len(self.split) + batch * self._batch_size

    def n_batches(self, n_seen: int) -> int:
        """Batches in which at least so many samples are seen, see `n_seen`."""
        epochs, rest = divmod(n_seen, len(self.split))
        return epochs * self.batches_per_epoch + math.ceil(rest / self._batch_size)

    def rows(self, number: int) -> Tensor:
        """Which samples are in a batch, counted from 0 at the start, ``(B,)``, on the host."""
        epoch, batch = divmod(number, self.batches_per_epoch)
        if epoch != self._epoch:
            self._epoch, self._order = epoch, epoch_order(len(self.split), self._seed, epoch)
        return self._order[batch * self._batch_size : (batch + 1) * self._batch_size]

    def batch(self, number: int) -> tuple[Spikes, Tensor]:
        """Input spikes and labels of a batch, as they are to be learned from.

        Raises
        ------
        ParameterError
            If images are to move or to be deformed, and the samples are none.
        """
        p = self._parameters
        shift, strength, width = p.shift, p.elastic_strength, p.elastic_width
        self._check(shift, strength)
        if strength:
            inputs, labels = self._deformed_batch(number, strength, width)
        else:
            self._ahead.forget()
            inputs, labels = self._encoded.batch(self.rows(number))
        if shift:
            moves = draw_moves(len(labels), shift, self._seed, number)
            inputs = move_images(inputs, moves.to(self._device), self._image_shape)
        return inputs, labels

    def sample(self, row: int) -> tuple[Spikes, Tensor]:
        """Input spikes and label of one sample, a batch of its own, where it stands."""
        return self._encoded.batch(torch.tensor([row]))

    def _deformed_batch(self, number: int, strength: float, width: float) -> tuple[Spikes, Tensor]:
        """Input spikes and labels of a batch of deformed images, made ahead in other threads."""

        def order(later: int) -> Callable[[], tuple[Spikes, Tensor]]:
            return partial(self._deformed.batch, self.rows(later), later, strength, width)

        spikes, labels = self._ahead.get(number, (strength, width), order)
        events = Events(*(tensor.to(self._device) for tensor in spikes.events))
        return replace(spikes, events=events, per_neuron=spikes.per_neuron.to(self._device)), labels.to(self._device)

    def _check(self, shift: int, strength: float) -> None:
        """See that the samples are what these two act on."""
        are_images = self._samples.image_shape is not None
        have_pixels = are_images and self._samples.kind == "pixels"
        for value, name, wanted, fits in (
            (shift, "The largest move of images (shift)", "images", are_images),
            (strength, "The elastic deformation (elastic_strength)", "images of pixels", have_pixels),
        ):
            if value and not fits:
                raise ParameterError(f"{name} is {value}; the samples of {self._samples.name!r} are no {wanted}, so it "
                                     "must be 0.")  # fmt: skip
