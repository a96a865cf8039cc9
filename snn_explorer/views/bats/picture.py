"""A picture of the sample: its pixels, or, where it is no image, where its spike times lie among those of others.

For the latter a sample is a point, by the times of the first two inputs that do not spike at the same time in all of
them: of Yin-Yang, its place in the plane.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
from bokeh.models import Plot

from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import BatsFrame
from snn_explorer.tasks.samples import Samples
from snn_explorer.views.columns import Columns, flat
from snn_explorer.views.figures import points, render, set_range, shaded_boxes

FIGURE: Final = "image"

MOST_POINTS: Final = 600
"""Training samples that are drawn as points."""

_HALF: Final = 0.011
"""Half the width of a point, as a share of the picture."""

_EDGE: Final = 0.06
"""Room around the points, as a share of the picture."""

_SHADES: Final = (0.12, 0.7)
"""Opacity of the points of the first and of the last class."""


def figure() -> Plot:
    """Figure of the picture, empty."""
    elements = shaded_boxes("image.pixels", "ink") * points(
        "image.here", "ink", marker="circle", size=11, line_width=2.5, fill_alpha=0
    )
    drawn = render(FIGURE, elements, (-8, 0), xlim=(0, 8), xaxis=None, yaxis=None)
    drawn.update(min_border_left=4, match_aspect=True, aspect_scale=1)
    return drawn


def columns(live: BatsFrame) -> Columns:
    """Columns of the picture, for one frame."""
    if live.samples.kind == "pixels":
        return {"image.pixels": _pixels(live.frame.matrices["image"]), "image.here": {"x": flat([]), "y": flat([])}}
    x, y = _Cloud.of(live.samples).place(live.frame.matrices["image"])
    return {"image.pixels": _Cloud.of(live.samples).boxes, "image.here": {"x": x, "y": y}}


def arrange(figure: Plot, live: BatsFrame) -> None:
    """Show the whole picture."""
    across: Any = figure.x_range
    height, width = live.frame.matrices["image"].shape
    start, end = (0, width) if live.samples.kind == "pixels" else (-_EDGE, 1 + _EDGE)
    set_range(figure, *((-height, 0) if live.samples.kind == "pixels" else (start, end)))
    if (across.start, across.end) != (start, end):
        across.update(start=start, end=end)


def words(samples: Samples) -> str:
    """What the picture is, where that is not plain to see."""
    if samples.kind == "pixels":
        return ""
    one, other = _Cloud.of(samples).inputs
    return f"; ring: inputs {one + 1}, {other + 1}"


def _pixels(image: FloatArray) -> dict[str, FloatArray]:
    """A box for each pixel, the darker the brighter it is."""
    rows, across = (flat(each) for each in np.indices(image.shape))
    return {"left": across, "right": across + 1, "bottom": -rows - 1, "top": -rows, "fill_alpha": flat(image)}


class _Cloud:
    """Training samples as points in the unit square, the earlier the further left and down; a shade for each class.

    Attributes
    ----------
    inputs : tuple of int
        Whose times they are.
    boxes : dict of str to ndarray
        Columns of the points.
    """

    def __init__(self, samples: Samples) -> None:
        times, labels = samples.train.inputs[:MOST_POINTS].numpy(), samples.train.labels[:MOST_POINTS].numpy()
        varied = np.flatnonzero(np.ptp(times, axis=0))
        self.inputs = int(varied[0]), int(varied[1])
        chosen = times[:, self.inputs]
        self._low, self._span = chosen.min(0), np.ptp(chosen, axis=0)
        x, y = self.place(times)
        shades = np.linspace(*_SHADES, samples.n_classes)
        self.boxes = {
            "left": x - np.float32(_HALF), "right": x + np.float32(_HALF), "bottom": y - np.float32(_HALF),
            "top": y + np.float32(_HALF), "fill_alpha": flat(shades[labels]),
        }  # fmt: skip

    @classmethod
    @lru_cache(maxsize=4)
    def of(cls, samples: Samples) -> _Cloud:
        """The cloud of samples, made once."""
        return cls(samples)

    def place(self, times: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Where samples with these times ``(n, n_in)`` are."""
        x, y = ((times[:, self.inputs] - self._low) / self._span).T
        return flat(x), flat(y)
