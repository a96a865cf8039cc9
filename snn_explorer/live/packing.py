"""One flat float32 message per frame, and where in it each part is.

A browser takes the parts out with ``subarray``; the number of signals of a trace is its length divided by that of
``time``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import SuperSpikeFrame

RASTERS = ("input", "hidden", "output", "target")
"""Rasters, each packed as ``NAME_time`` [s] and ``NAME_neuron``: of the whole pattern if it is longer than a chunk."""

TRACES = (
    "hidden_membrane", "output_membrane", "hidden_error", "output_error",
    "probe_presynaptic", "probe_surrogate", "probe_eligibility", "probe_error", "probe_product",
)  # fmt: skip
"""Traces, each packed as the rows of its signals one after another, on the samples of ``time``."""

Layout = dict[str, tuple[int, int]]
"""Offset and length of each part."""


def pack(
    live: SuperSpikeFrame, n_columns: int = 1000, *, window: tuple[float, float] | None = None
) -> tuple[FloatArray, Layout]:
    """Pack a frame.

    Parameters
    ----------
    live : SuperSpikeFrame
    n_columns : int
        Largest number of samples of a trace, even; a longer trace is thinned out so that its extremes stay.
    window : tuple of float, optional
        The part of the chunk of which traces are wanted [s], with the next sample on each side; by default all.

    Returns
    -------
    blob : ndarray of float32, shape (n,)
    layout : dict of str to (offset, length)
        The same names in the same order for every frame; what a frame lacks has length 0.
    """
    layout: Layout = {}
    parts, offset = [], 0
    for name, values in _parts(live, n_columns, window):
        part = np.asarray(values, dtype=np.float32).reshape(-1)
        layout[name] = (offset, part.size)
        parts.append(part)
        offset += part.size
    return np.concatenate(parts), layout


def _parts(
    live: SuperSpikeFrame, n_columns: int, window: tuple[float, float] | None
) -> Iterator[tuple[str, FloatArray]]:
    frame, nothing = live.frame, np.empty(0, np.float32)
    for name in RASTERS:
        raster = live.rasters.get(name)
        yield f"{name}_time", nothing if raster is None else raster.time
        yield f"{name}_neuron", nothing if raster is None else raster.neuron
    n_samples = max((trace.shape[1] for trace in frame.traces.values()), default=0)
    step = frame.duration / max(n_samples, 1)
    inside = slice(0, n_samples) if window is None else _samples(window, n_samples, step)
    yield "time", sample_times(inside.stop - inside.start, step, n_columns, first=inside.start)
    for name in TRACES:
        yield name, thinned(frame.traces[name][:, inside], n_columns) if name in frame.traces else nothing
    yield "curve_time", live.curve_time
    yield "curve_cost", live.curve_cost


def thinned(trace: FloatArray, n_columns: int) -> FloatArray:
    """Smallest and largest value of up to ``n_columns / 2`` equal parts, in the order in which they occur.

    Parameters
    ----------
    trace : ndarray, shape (n_signals, n_samples)
    n_columns : int

    Returns
    -------
    ndarray, shape (n_signals, n)
        Values of `trace`; all of them if it has no more than `n_columns` samples.
    """
    n_signals, n_samples = trace.shape
    if n_samples <= n_columns:
        return trace
    width = _width(n_samples, n_columns)
    parts = np.pad(trace, ((0, 0), (0, -n_samples % width)), mode="edge").reshape(
        n_signals, math.ceil(n_samples / width), width
    )
    place = np.stack([parts.argmin(axis=2), parts.argmax(axis=2)], axis=2)
    place.sort(axis=2)
    return np.take_along_axis(parts, place, axis=2).reshape(n_signals, 2 * parts.shape[1])


def sample_times(n_samples: int, step: float, n_columns: int, *, first: int = 0) -> FloatArray:
    """Times [s] that belong to the columns of `thinned`, of samples every `step` [s] from the `first` on."""
    if n_samples <= n_columns:
        place = np.arange(n_samples)
    else:
        # two columns for each part, at a quarter and three quarters of it
        width = _width(n_samples, n_columns)
        edges = np.minimum(np.arange(0, n_samples + width, width), n_samples)
        place = (edges[:-1, None] + np.diff(edges)[:, None] * (0.25, 0.75)).reshape(-1)
    return ((first + place) * step).astype(np.float32)


def _samples(window: tuple[float, float], n_samples: int, step: float) -> slice:
    """Samples in a window [s], and the next ones on each side."""
    start, end = (min(max(edge / step, 0), n_samples) for edge in window)
    return slice(math.floor(start), min(math.ceil(end) + 1, n_samples))


def _width(n_samples: int, n_columns: int) -> int:
    """Samples in a part, of which the last may have fewer."""
    return math.ceil(n_samples / (n_columns // 2))
