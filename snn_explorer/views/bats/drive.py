"""Which pixels drove an output spike: how far it moves when a pixel's spike does, drawn over the sample."""

from __future__ import annotations

from typing import Final

import numpy as np
from bokeh.models import Plot

from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import BatsFrame
from snn_explorer.tasks.samples import Samples
from snn_explorer.views.bats import signed
from snn_explorer.views.bats.parts import MS, class_names
from snn_explorer.views.columns import Columns, flat
from snn_explorer.views.figures import render, shaded_boxes, show_square
from snn_explorer.views.scales import Following

FIGURE: Final = "drive"

LEAST: Final = 0.01
"""The smallest number that has the full colour, seconds of the output spike for each second of a pixel's."""

SHADE: Final = 0.22
"""Opacity of the brightest pixel below the colours."""

INNER: Final = 0.78
"""Side of the coloured square in a pixel, whose brightness is seen around it, where pixels are large enough."""

LARGE: Final = 16
"""Pixels in a row of an image up to which they are large enough."""

MOST: Final = 0.95
"""Share of the pixels whose colours are not full: a few have much larger numbers than all others."""

NEAR_1: Final = 0.01
"""How far from 1 the sum may be by rounding."""


def figure() -> Plot:
    """Figure of the sample with the colours over it, empty."""
    drawn = render(FIGURE, shaded_boxes("drive.pixels", "ink"), (-8, 0), xlim=(0, 8), xaxis=None, yaxis=None)
    drawn.update(min_border_left=4, outline_line_color=None)
    signed.add_tiles(drawn, FIGURE, INNER)
    return drawn


def is_there(samples: Samples) -> bool:
    """Whether the samples are images, over which it can be drawn."""
    return samples.image_shape is not None


def columns(live: BatsFrame, scale: Following) -> Columns:
    """Columns of all sources, for one frame."""
    image, drive = live.frame.matrices["image"], live.frame.matrices["drive"]
    if not is_there(live.samples):
        image = drive = np.zeros((0, 0), np.float32)
    rows, across = (flat(each) for each in np.indices(image.shape))
    columns: Columns = {
        "drive.pixels": {"left": across, "right": across + 1, "bottom": -rows - 1, "top": -rows,
                         "fill_alpha": flat(SHADE * image)},
    }  # fmt: skip
    x, y = across + np.float32(0.5), -rows - np.float32(0.5)
    return columns | signed.columns(FIGURE, x, y, flat(drive), scale.value, row=rows, column=across)


def largest(live: BatsFrame) -> float:
    """The number that should have the full colour, whatever its sign; 0 where no pixel has one."""
    values = np.abs(live.frame.matrices["drive"])
    values = values[~np.isnan(values)]
    return float(np.quantile(values, MOST)) if values.size else 0.0


def arrange(figure: Plot, live: BatsFrame) -> None:
    """Show the whole sample."""
    if live.samples.image_shape is None:
        return
    height, width = live.samples.image_shape
    show_square(figure, (0, width), (-height, 0))
    signed.set_size(figure, FIGURE, INNER if width <= LARGE else 1.0)


def note(live: BatsFrame) -> str:
    """What is shown, in a few words."""
    return "how pixels move one output spike; tap another to choose it"


def sentence(live: BatsFrame) -> str:
    """What is shown, in plain words: for everyone, and for a screen reader."""
    n = live.frame.numbers
    if n["drive_neuron"] < 0:
        return "All outputs are silent: there is no spike that a pixel could have driven."
    asked, names = live.frame.watch.output_spike, class_names(live.samples)
    which = f"Output {names[int(n['drive_neuron'])]}'s {_ordinal(int(n['drive_rank']))} spike"
    silent = f"Output {names[asked[0]]} is silent. " if asked and asked[0] != n["drive_neuron"] else ""
    drive = live.frame.matrices["drive"]
    later, earlier = float(drive[drive > 0].sum()), float(drive[drive < 0].sum())
    words = f"{silent}{which}, at {float(MS) * n['drive_time']:.1f} ms. "
    if abs(n["drive_sum"] - 1) > NEAR_1:
        total = _signed(n["drive_sum"])
        return f"{words}A spike on its way only grazes its threshold, so the numbers add up to {total}, not to 1."
    return (
        f"{words}Make all pixels 1 ms later and it comes 1 ms later: the numbers add up to 1. It follows orange pixels "
        f"({_signed(later)}); when blue ones come later, it comes earlier ({_signed(earlier)})."
    )


def counts(live: BatsFrame) -> FloatArray:
    """Spikes of each output."""
    return flat(np.bincount(live.frame.rasters["output"].neuron.astype(int), minlength=live.samples.n_classes))


def _ordinal(rank: int) -> str:
    words = ("first", "second", "third")
    return words[rank] if rank < len(words) else f"{rank + 1}th"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
