"""The Yin-Yang data set (Kriener, Göltz and Petrovici 2022): small, and not solved by a network without hidden layer.

Points lie in a disc of radius R = 0.5 around (R, R), so that x and y go from 0 to 1. With d_l and d_r the distances
from (R/2, R) and (3R/2, R), the centres of two dots of radius r = 0.1, a point is

    dot    if  d_l < r  or  d_r < r,
    yang   else, if  d_l <= R/2  or  (y > R and d_r > R/2),
    yin    else.

A network sees (x, y, 1 - x, 1 - y) and a bias, each as the time of one spike:

    t = t_early + value (t_late - t_early).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from snn_explorer.checks import check_positive, check_whole
from snn_explorer.engine import ParameterError
from snn_explorer.tasks.samples import Samples, Split

RADIUS = 0.5
"""Radius R of the disc."""

DOT_RADIUS = 0.1
"""Radius r of the two dots."""

CLASS_NAMES = ("yin", "yang", "dot")
"""Names of the classes 0, 1 and 2."""

_OUTSIDE = -1
_DRAWN_AT_ONCE = 4096


@dataclass(frozen=True)
class YinYangTiming:
    """How points become spike times.

    Parameters
    ----------
    tau_s : float
        Synaptic time constant [s], the unit of the other three.
    early, late : float
        Times of the values 0 and 1, in units of `tau_s` (Göltz et al. 2021).
    bias : float
        Time of the bias spike, in units of `tau_s`.

    Raises
    ------
    ParameterError
        If a time is negative or not finite, or `late` is not after `early`.
    """

    tau_s: float = 0.13
    early: float = 0.15
    late: float = 2.0
    bias: float = 0.9

    def __post_init__(self) -> None:
        check_positive("tau_s", self.tau_s, "s")
        for name, value in (("early", self.early), ("late", self.late), ("bias", self.bias)):
            if not (np.isfinite(value) and value >= 0):
                raise ParameterError(f"{name} is {value!r}; it must be a finite number of at least 0 [tau_s].")
        if self.late <= self.early:
            raise ParameterError(f"late is {self.late!r}; it must be above early, {self.early!r} [tau_s].")

    def times(self, points: NDArray[np.floating]) -> Tensor:
        """Spike times of points.

        Parameters
        ----------
        points : ndarray of float, shape (N, 2)
            x and y, from 0 to 1.

        Returns
        -------
        Tensor of float32, shape (N, 5)
            Times [s] of x, y, 1 - x, 1 - y and the bias.
        """
        values = np.concatenate([points, 1 - points], axis=1)
        spikes = self.early + values * (self.late - self.early)
        bias = np.full((len(points), 1), self.bias)
        return torch.from_numpy((self.tau_s * np.concatenate([spikes, bias], axis=1)).astype(np.float32))

    def points(self, times: Tensor) -> NDArray[np.float64]:
        """Points that have these spike times, for drawing: what `times` was given.

        Parameters
        ----------
        times : Tensor, shape (N, 5)
            Times [s], as of `times`.

        Returns
        -------
        ndarray of float, shape (N, 2)
            x and y.
        """
        return (times[:, :2].double().numpy() / self.tau_s - self.early) / (self.late - self.early)


DEFAULT_TIMING = YinYangTiming()
"""The published times, in units of the synaptic time constant of Bacho & Chu (2022), 130 ms."""


def yin_yang(
    timing: YinYangTiming = DEFAULT_TIMING, *, n_train: int = 5000, n_test: int = 1000, seed: int = 0
) -> Samples:
    """Generate the data set: points spread evenly over each class, and each class as often as the others, or one off.

    Parameters
    ----------
    timing : YinYangTiming
        How points become spike times.
    n_train, n_test : int
        Numbers of samples.
    seed : int
        Seed of the points; those of the test set are drawn apart from those of the training set.

    Raises
    ------
    ParameterError
        If a number of samples is below 1, or the seed is no whole number of at least 0.
    """
    seed = check_whole("seed", seed, minimum=0)
    return Samples(
        name="yin-yang",
        title="Yin-Yang: two shapes and two dots in the plane",
        n_in=5,
        n_classes=3,
        train=_split(check_whole("n_train", n_train, minimum=1), timing, np.random.default_rng((seed, 0))),
        test=_split(check_whole("n_test", n_test, minimum=1), timing, np.random.default_rng((seed, 1))),
        kind="times",
        class_names=CLASS_NAMES,
    )


def yin_yang_class(points: NDArray[np.floating]) -> NDArray[np.int64]:
    """Class of each point.

    Parameters
    ----------
    points : ndarray of float, shape (N, 2)
        x and y.

    Returns
    -------
    ndarray of int64, shape (N,)
        0 yin, 1 yang, 2 dot, and -1 outside of the disc.
    """
    x, y = points.T
    to_left = np.hypot(x - RADIUS / 2, y - RADIUS)
    to_right = np.hypot(x - RADIUS * 3 / 2, y - RADIUS)
    is_yang = (to_left <= RADIUS / 2) | ((y > RADIUS) & (to_right > RADIUS / 2))
    is_dot = np.minimum(to_left, to_right) < DOT_RADIUS
    outside = np.hypot(x - RADIUS, y - RADIUS) > RADIUS
    return np.select([outside, is_dot, is_yang], [_OUTSIDE, 2, 1], 0)


def _split(n: int, timing: YinYangTiming, rng: np.random.Generator) -> Split:
    labels = rng.permutation(np.arange(n) % len(CLASS_NAMES))
    points = np.empty((n, 2))
    for label in range(len(CLASS_NAMES)):
        places = np.flatnonzero(labels == label)
        points[places] = _points_of(label, len(places), rng)
    return Split(timing.times(points), torch.from_numpy(labels.astype(np.int64)))


def _points_of(label: int, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw `n` points evenly from a class, by rejection."""
    found = np.empty((0, 2))
    while len(found) < n:
        drawn = rng.uniform(0, 2 * RADIUS, (_DRAWN_AT_ONCE, 2))
        found = np.concatenate([found, drawn[yin_yang_class(drawn) == label]])
    return found[:n]
