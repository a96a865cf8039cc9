"""The sample that is looked at, and what the outputs say to it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from bokeh.models import FixedTicker, Plot

from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import BatsFrame
from snn_explorer.views.bats import picture
from snn_explorer.views.bats.parts import MS, class_names
from snn_explorer.views.columns import Columns, flat
from snn_explorer.views.figures import boxes, fix_ticks, points, render, set_range, show_ticks, stems
from snn_explorer.views.scales import nice_above

FIGURES: Final = (picture.FIGURE, "answer")

MOST_TICKS: Final = 12
"""Classes that are named at the axis; of more, the first and the last."""


def figures() -> list[Plot]:
    """Figures of the picture, and of what the outputs say, empty."""
    answer = render(
        "answer",
        boxes("answer.right", "muted", fill_alpha=0.22) * stems("answer.bars", "ink", line_width=5)
        * points("answer.wanted", "muted", marker="circle", size=9, fill_alpha=0),
        (-0.6, 9.6), xlim=(0, 20),
    )  # fmt: skip
    answer.update(min_border_bottom=0, min_border_left=24)
    answer.yaxis.ticker = FixedTicker(ticks=[])
    return [picture.figure(), answer]


def columns(live: BatsFrame) -> Columns:
    """Columns of both figures, for one frame."""
    frame = live.frame
    said, span = _said(live), _span(live)
    n, label = len(said), frame.numbers["label"]
    rows, there = np.arange(n, dtype=np.float32), np.isfinite(said)
    return picture.columns(live) | {
        "answer.right": {"left": flat([0]), "right": flat([span]), "bottom": flat([label - 0.5]),
                         "top": flat([label + 0.5])},
        "answer.bars": {"x0": np.zeros_like(rows)[there], "y0": rows[there], "x1": said[there], "y1": rows[there]},
        "answer.wanted": _wanted(live, rows),
    }  # fmt: skip


def arrange(figures: dict[str, Plot], live: BatsFrame) -> None:
    """Fit the axes to samples and classes."""
    picture.arrange(figures[picture.FIGURE], live)
    answer, names, n, span = figures["answer"], class_names(live.samples), live.samples.n_classes, _span(live)
    set_range(answer, -0.6, n - 0.4)
    show_ticks(answer, {float(i): names[i] for i in (range(n) if n <= MOST_TICKS else (0, n - 1))})
    across: Any = answer.x_range
    if across.end != span:
        across.end = span
        fix_ticks(answer.xaxis[0], [0, span / 2, span])
    words = "spikes" if _counts(live) else "first spike [ms]"
    if answer.xaxis[0].axis_label != words:
        answer.xaxis.axis_label = words


def note(live: BatsFrame) -> str:
    """What is shown, in a few words."""
    n, wanted = live.frame.numbers, "circles: spikes wanted" if _counts(live) else "first to spike answers"
    sample = f"sample {n['sample'] + 1:.0f} of {n['n_samples']:.0f}"
    return f"{sample}; {wanted}{picture.words(live.samples)}"


def sentence(live: BatsFrame) -> str:
    """What is shown, for a screen reader."""
    names, n = class_names(live.samples), live.frame.numbers
    label, answer = int(n["label"]), int(n["answer"])
    said = "gives no answer" if answer < 0 else f"answers {names[answer]}"
    return f"Training sample {n['sample'] + 1:.0f}, of class {names[label]}: the network {said}."


def _counts(live: BatsFrame) -> bool:
    """Whether the answer is the output with most spikes, not the first to spike."""
    return live.values["loss"] == "count"


def _said(live: BatsFrame) -> FloatArray:
    """Spikes of each output, or the time of its first one [ms], infinite without one."""
    spikes, n = live.frame.rasters["output"], live.samples.n_classes
    neuron = spikes.neuron.astype(int)
    if _counts(live):
        return np.bincount(neuron, minlength=n).astype(np.float32)
    first = np.full(n, np.inf, np.float32)
    np.minimum.at(first, neuron, spikes.time * MS)
    return first


def _wanted(live: BatsFrame, rows: FloatArray) -> dict[str, FloatArray]:
    """Spikes that are wanted of each output."""
    if not _counts(live):
        return {"x": flat([]), "y": flat([])}
    wanted = np.full_like(rows, live.values["target_false"])
    wanted[int(live.frame.numbers["label"])] = live.values["target_true"]
    return {"x": wanted, "y": rows}


def _span(live: BatsFrame) -> float:
    """End of the axis of what the outputs say."""
    if not _counts(live):
        return 1e3 * live.frame.duration
    budget = live.frame.numbers["output_budget"]
    return nice_above(min(float(budget), 1.3 * max(live.values["target_true"], live.values["target_false"], 1)))
