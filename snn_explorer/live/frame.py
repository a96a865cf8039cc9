"""What a page takes from a run to draw: one look at the engine, and the run's history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from snn_explorer.engine import FloatArray, Frame, Raster
from snn_explorer.live.firing import Firing
from snn_explorer.tasks.samples import Samples

State = Literal["preparing", "playing", "paused", "faulted"]
"""What a run is doing; `preparing` while the kernels compile, `faulted` after learning had to stop."""


@dataclass(frozen=True)
class Sweep:
    """One whole period of a pattern that is longer than a chunk, each part as it was when last shown.

    Attributes
    ----------
    period : float
        Length of the pattern [s].
    now : float
        Time in the pattern at which the newest chunk ended [s]; what lies behind it is of the period before.
    rasters : dict of str to Raster
        Spikes by layer (``input``, ``hidden``, ``output``, ``target``), at their times in the pattern [s].
    """

    period: float
    now: float
    rasters: Mapping[str, Raster]


@dataclass(frozen=True)
class Trials:
    """Spike times within each trial, over the run.

    Attributes
    ----------
    time, learning_time : ndarray, shape (n_spikes,)
        Time of each spike since its trial began, and learning time when that trial began [s].
    right : ndarray of bool, shape (n_spikes,)
        Whether the spike's neuron was the one to spike in this trial.
    length : float
        Time from a trial's start that is shown [s].
    marks : ndarray, shape (n_marks,)
        Target times in the trial [s]; where the stimulus does not repeat, the end of the window of opportunity.
    output : int or None
        The output whose spikes these are; None where the stimulus does not repeat: those of all outputs.
    n_trials : int
        Trials that began, of which every `stride`-th and the newest are there.
    stride : int
    """

    time: FloatArray
    learning_time: FloatArray
    right: NDArray[np.bool_]
    length: float
    marks: FloatArray
    output: int | None
    n_trials: int
    stride: int


@dataclass(frozen=True, kw_only=True)
class LiveFrame:
    """A frame with the run it was taken from; each learning system adds what it keeps of its history.

    Attributes
    ----------
    frame : Frame
        The engine after its last chunk or batch.
    state : str
        What the run was doing.
    message : str
        A plain sentence about it, or "".
    serial : int
        Number of this frame in its run; later frames have larger ones.
    values : mapping of str to object
        Parameter values that the engine used in the last chunk or batch.
    """

    frame: Frame
    state: State
    message: str
    serial: int
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class SuperSpikeFrame(LiveFrame):
    """A frame of a SuperSpike network: its last chunk, or before the first one the chunk to come, not taken yet.

    Attributes
    ----------
    curve_time, curve_cost : ndarray, shape (n_points,)
        Learning time [s], from 0 on, and the moving average of the cost, thinned out; the last point is the newest.
    silent_cost : float
        Cost of a network whose outputs never spike.
    trials : Trials
        Spike times over trials.
    firing : Firing
        Spikes of the hidden layer in the last seconds.
    sweep : Sweep or None
        The last period as a whole; None where the frame shows a whole pattern anyway, or where nothing repeats.
    """

    curve_time: FloatArray
    curve_cost: FloatArray
    silent_cost: float
    trials: Trials
    firing: Firing
    sweep: Sweep | None = None

    @property
    def rasters(self) -> Mapping[str, Raster]:
        """Spikes by layer: of the whole pattern where it is longer than a chunk, else of the chunk."""
        return self.frame.rasters if self.sweep is None else self.sweep.rasters


@dataclass(frozen=True, kw_only=True)
class BatsFrame(LiveFrame):
    """A frame of a BATS network: one sample, answered with the weights after the last batch.

    Attributes
    ----------
    curves : mapping of str to tuple of ndarray
        Samples learned from, and a moving average over the training samples as each was answered before it was learned
        from: ``accuracy`` (0..1), ``loss``, spikes for each sample of the ``hidden`` layers and of the ``output``; and
        ``held_out``, the accuracy on held-out samples after each epoch.
    latency : tuple of ndarray
        Moments [s], and the share of right answers from output spikes up to each.
    samples : Samples
        What is learned.
    samples_per_epoch : int
    """

    curves: Mapping[str, tuple[FloatArray, FloatArray]]
    latency: tuple[FloatArray, FloatArray]
    samples: Samples
    samples_per_epoch: int
