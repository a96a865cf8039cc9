"""Labelled samples: what a network is to classify.

A sample is a vector of n_in numbers and the class it belongs to. The numbers are *pixels* from 0 to 1, which an
encoding turns into spikes, or *times*: when each input neuron spikes [s], infinite for one that does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from snn_explorer.checks import check_whole
from snn_explorer.engine import ParameterError

Kind = Literal["pixels", "times"]
"""What the inputs of samples are."""


@dataclass(frozen=True, eq=False)
class Split:
    """A part of a data set, for example what is trained on.

    Attributes
    ----------
    inputs : Tensor, shape (N, n_in)
        As they are stored: uint8, pixels from 0 to 255, or float32. `batch` gives what a network is to see.
    labels : Tensor of int64, shape (N,)
        Classes, counted from 0.

    Raises
    ------
    ParameterError
        If a shape or a type is another.
    """

    inputs: Tensor
    labels: Tensor

    def __post_init__(self) -> None:
        if self.inputs.ndim != 2 or self.inputs.dtype not in (torch.uint8, torch.float32):
            raise ParameterError(
                f"inputs have the shape {tuple(self.inputs.shape)} and the type {self.inputs.dtype}; they must be "
                "(samples, inputs), of torch.uint8 or torch.float32."
            )
        if self.labels.shape != self.inputs.shape[:1] or self.labels.dtype != torch.int64:
            raise ParameterError(
                f"labels have the shape {tuple(self.labels.shape)} and the type {self.labels.dtype}; they must be "
                f"({len(self.inputs)},), one for each sample, of torch.int64."
            )

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """Give samples as a network is to see them.

        Parameters
        ----------
        indices : Tensor of int64, shape (B,)
            Numbers of the samples, from 0 to N - 1, at least one.

        Returns
        -------
        inputs : Tensor of float32, shape (B, n_in)
            Pixels from 0 to 1, or spike times [s].
        labels : Tensor of int64, shape (B,)
            Their classes.

        Raises
        ------
        ParameterError
            If there are no indices, or one is out of range.
        """
        if not len(indices):
            raise ParameterError("A batch has 0 samples; it must have at least 1.")
        self._check(indices)
        inputs = self.inputs[indices]
        return (inputs.float().div_(255) if inputs.dtype == torch.uint8 else inputs), self.labels[indices]

    def subset(self, indices: Tensor) -> Split:
        """Samples of these numbers, from 0 to N - 1, in this order, as a split of their own, which may be empty.

        Raises
        ------
        ParameterError
            If an index is out of range.
        """
        self._check(indices)
        return Split(self.inputs[indices], self.labels[indices])

    def _check(self, indices: Tensor) -> None:
        if indices.ndim != 1 or indices.dtype != torch.int64:
            raise ParameterError(
                f"indices have the shape {tuple(indices.shape)} and the type {indices.dtype}; they must be one row of "
                "torch.int64."
            )
        if len(indices) and not (int(indices.min()) >= 0 and int(indices.max()) < len(self)):
            raise ParameterError(
                f"Sample numbers go from {int(indices.min())} to {int(indices.max())}; allowed are 0 to "
                f"{len(self) - 1}."
            )


@dataclass(frozen=True, eq=False)
class Samples:
    """A data set: samples to train on, and samples to test on that are never trained on.

    Attributes
    ----------
    name, title : str
        Short name, for example ``mnist``, and what is shown to people.
    n_in, n_classes : int
        Numbers in a sample, and classes.
    train, test : Split
        The samples.
    kind : {"pixels", "times"}
        What `Split.batch` gives: pixels from 0 to 1, or spike times [s].
    image_shape : tuple of int, optional
        Rows and columns of a sample that is a picture.
    class_names : tuple of str
        What the classes are called, or nothing.

    Raises
    ------
    ParameterError
        If the samples are not what they are said to be: sizes, classes, pixels or times out of range.
    """

    name: str
    title: str
    n_in: int
    n_classes: int
    train: Split
    test: Split
    kind: Kind
    image_shape: tuple[int, int] | None = None
    class_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_whole("n_in", self.n_in, minimum=1)
        check_whole("n_classes", self.n_classes, minimum=2)
        if self.kind not in ("pixels", "times"):
            raise ParameterError(f"kind is {self.kind!r}; it must be 'pixels' or 'times'.")
        if self.image_shape is not None and self.image_shape[0] * self.image_shape[1] != self.n_in:
            raise ParameterError(f"image_shape is {self.image_shape}; it must have n_in = {self.n_in} pixels.")
        if len(self.class_names) not in (0, self.n_classes):
            raise ParameterError(f"There are {len(self.class_names)} class names for {self.n_classes} classes; give "
                                 "each class one, or none.")  # fmt: skip
        for part, split in (("training", self.train), ("test", self.test)):
            self._check(part, split)

    def _check(self, part: str, split: Split) -> None:
        if not len(split) or split.inputs.shape[1] != self.n_in:
            raise ParameterError(
                f"The {part} inputs of {self.name!r} have the shape {tuple(split.inputs.shape)}; it must be "
                f"(samples, {self.n_in}), with at least one sample."
            )
        low, high = int(split.labels.min()), int(split.labels.max())
        if low < 0 or high >= self.n_classes:
            raise ParameterError(
                f"A {part} label of {self.name!r} is {low if low < 0 else high}; allowed are 0 to "
                f"{self.n_classes - 1}, one for each class."
            )
        if self.kind == "times" and split.inputs.dtype != torch.float32:
            raise ParameterError(f"The {part} inputs of {self.name!r} are {split.inputs.dtype}; spike times must be "
                                 "torch.float32 [s].")  # fmt: skip
        if split.inputs.dtype == torch.float32:
            self._check_range(part, split.inputs)

    def _check_range(self, part: str, inputs: Tensor) -> None:
        highest = 1.0 if self.kind == "pixels" else float("inf")
        wrong = inputs[~((inputs >= 0) & (inputs <= highest))]
        if len(wrong):
            said = {
                "pixels": "pixel is {}; it must be from 0 to 1.",
                "times": "spike time is {} s; it must be at least 0, and infinite where there is no spike.",
            }
            raise ParameterError(f"In the {part} inputs of {self.name!r} a {said[self.kind].format(float(wrong[0]))}")
