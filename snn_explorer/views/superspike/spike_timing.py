"""The spike-timing plot: when an output spikes within a trial, trial after trial upwards (Fig 2c)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from bokeh.models import Plot

from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.views.columns import Columns, flat
from snn_explorer.views.figures import fix_ticks, points, render, uprights
from snn_explorer.views.superspike.curve import FIRST_SPAN
from snn_explorer.views.timeline import time_ticks

FIGURE: Final = "timing"


def figure() -> Plot:
    """Figure of the plot, empty."""
    elements = (
        uprights("timing.marks", "muted", line_alpha=0.5)
        * points("timing.wrong", "error", marker="circle", size=2.5, line_width=0, fill_alpha=0.9)
        * points("timing.right", marker="circle", size=2.5, line_width=0, fill_alpha=0.8)
    )
    drawn = render(FIGURE, elements, (0, FIRST_SPAN), xlim=(0, 0.5))
    drawn.yaxis.axis_label = "learning time [s]"
    drawn.min_border_bottom = 0
    return drawn


def columns(live: SuperSpikeFrame) -> Columns:
    """Columns of the plot, for one frame."""
    trials = live.trials
    time, learned = flat(trials.time), flat(trials.learning_time)
    return {
        "timing.marks": {"x": flat(trials.marks)},
        "timing.right": {"x": time[trials.right], "y": learned[trials.right]},
        "timing.wrong": {"x": time[~trials.right], "y": learned[~trials.right]},
    }


def arrange(figure: Plot, live: SuperSpikeFrame, span: float) -> None:
    """Show trials of the task's length, and so much learning time [s]."""
    across: Any = figure.x_range
    up: Any = figure.y_range
    if across.end != live.trials.length:
        across.end = live.trials.length
        fix_ticks(figure.xaxis[0], time_ticks(live.trials.length))
    words = "time in the trial [s]" if live.trials.output is not None else "time since the stimulus began [s]"
    if figure.xaxis[0].axis_label != words:
        figure.xaxis.axis_label = words
    if up.end != span:
        up.end = span


def note(live: SuperSpikeFrame) -> str:
    """What is shown, in a few words."""
    if live.trials.output is None:
        return "one row a stimulus; green: wrong output; line: window ends"
    return f"spikes of output {live.trials.output + 1}, one row a trial; lines: targets"


def sentence(live: SuperSpikeFrame) -> str:
    """What the plot shows, for a screen reader."""
    trials = live.trials
    if not trials.n_trials:
        return "No trial has begun since learning started."
    newest = trials.learning_time == trials.learning_time.max(initial=-np.inf)
    shown = "every trial" if trials.stride == 1 else f"every {trials.stride}th trial"
    if trials.output is None:
        share = trials.right.mean() if trials.right.size else 0.0
        return f"{trials.n_trials} stimuli, of which {shown} is drawn; {share:.0%} of the spikes are right ones."
    times = ", ".join(f"{1e3 * time:.1f}" for time in np.sort(trials.time[newest])[:12])
    return f"{trials.n_trials} trials, of which {shown} is drawn; last spikes at {times or 'no time'} ms."
