"""Encodings: samples become the spikes of the input neurons.

Time to first spike: a value x in 0..1 gives one spike at t = T_enc (1 - x) (25), the brighter the earlier; x = 0 gives
none, so dark pixels cost nothing.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from snn_explorer.bats.spikes import Spikes
from snn_explorer.checks import check_positive
from snn_explorer.engine import ParameterError
from snn_explorer.kernels.bats.interface import Events


def time_to_first_spike(pixels: Tensor, duration: float) -> Spikes:
    """One spike for each value above 0, the larger the earlier (25).

    Parameters
    ----------
    pixels : Tensor, shape (B, n)
        Values in 0..1.
    duration : float
        Encoding time T_enc [s].

    Raises
    ------
    ParameterError
        If a value lies outside 0..1, or there is no sample.
    """
    check_positive("duration", duration, "s")
    _check_batch("pixels", pixels)
    wrong = pixels[~((pixels >= 0) & (pixels <= 1))]
    if len(wrong):
        raise ParameterError(f"A pixel is {float(wrong[0])!r}; allowed are numbers from 0 to 1.")
    return _sorted((duration * (1 - pixels)).masked_fill(pixels == 0, math.inf))


def spike_times(times: Tensor) -> Spikes:
    """At most one spike for each input neuron, at a time given directly.

    Parameters
    ----------
    times : Tensor, shape (B, n)
        Spike times [s], at least 0; infinite where a neuron does not spike.

    Raises
    ------
    ParameterError
        If a time is negative or not a number, or there is no sample.
    """
    _check_batch("spike times", times)
    wrong = times[~(times >= 0)]
    if len(wrong):
        raise ParameterError(
            f"A spike time is {float(wrong[0])!r}; it must be at least 0 [s], or infinite for no spike."
        )
    return _sorted(times)


def encode(inputs: Tensor, kind: str, duration: float) -> Spikes:
    """Spikes of a task's inputs.

    Parameters
    ----------
    inputs : Tensor, shape (B, n)
        What a `Split` holds.
    kind : str
        ``"pixels"`` or ``"times"``, see `Samples`.
    duration : float
        Encoding time of pixels [s].

    Raises
    ------
    ParameterError
        If the kind is unknown, or a value cannot be encoded.
    """
    if kind == "pixels":
        return time_to_first_spike(inputs, duration)
    if kind == "times":
        return spike_times(inputs)
    raise ParameterError(f"The kind of the inputs is {kind!r}; allowed are: pixels, times.")


def _check_batch(name: str, values: Tensor) -> None:
    if values.ndim != 2 or not values.numel() or not values.is_floating_point():
        raise ParameterError(
            f"The {name} have the shape {tuple(values.shape)} and the type {values.dtype}; they must be floating point "
            "numbers of shape (samples, neurons), at least one of each."
        )


def _sorted(times: Tensor) -> Spikes:
    """Events of ``(B, n)`` times, simultaneous spikes in the order of their neurons."""
    spikes = torch.isfinite(times)
    count = spikes.sum(1, dtype=torch.int32)
    length = int(count.max())
    time, neuron = torch.sort(times, dim=1, stable=True)
    time, neuron = time[:, :length].contiguous(), neuron[:, :length].int()
    neuron.masked_fill_(torch.isinf(time), 0)
    return Spikes(Events(time, neuron, count), times.shape[1], spikes.int())
