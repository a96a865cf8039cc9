"""A small picture of target spikes: a mask, which the page fills with the colour of its text."""

from __future__ import annotations

import io
from base64 import b64encode
from html import escape
from typing import Final

import numpy as np
from PIL import Image

from snn_explorer.tasks import Task
from snn_explorer.views import theme

WIDTH: Final = 600
LEAST_HEIGHT: Final = 200

STYLE: Final = f"""
.raster {{ height: 130px; border: 1px solid var(--mui-palette-divider); border-radius: 4px; padding: 3px;
           box-sizing: border-box; }}
.raster div {{ height: 100%; background: var(--mui-palette-text-primary); mask-size: 100% 100%;
               -webkit-mask-size: 100% 100%; }}
.axis {{ display: flex; justify-content: space-between; font-size: {theme.SMALL};
         color: var(--mui-palette-text-secondary); }}
"""


def raster_html(task: Task) -> str:
    """The targets of one trial as HTML, first output below, time from left to right."""
    mask = f"url(data:image/png;base64,{b64encode(_png(task)).decode()})"
    style = f"mask-image: {mask}; -webkit-mask-image: {mask}"
    return (
        f'<div class="raster" role="img" aria-label="{escape(counts(task))}"><div style="{style}"></div></div>'
        f'<div class="axis"><span>0</span><span>{task.period:g} s</span></div>'
    )


def empty_html() -> str:
    """The same place without targets."""
    return '<div class="raster"></div><div class="axis"><span>&nbsp;</span></div>'


def counts(task: Task) -> str:
    """How many targets there are, in one sentence."""
    n, busy = task.targets.n_spikes, np.unique(task.targets.neuron).size
    spikes = "1 target spike" if n == 1 else f"{n} target spikes"
    return f"{spikes} on {busy} of {task.n_outputs} output{'s' * (task.n_outputs > 1)} in {task.period:g} s."


def _png(task: Task) -> bytes:
    """Opaque strokes on nothing; rows are at least so high that a single one can be seen."""
    stroke = -(-LEAST_HEIGHT // task.n_outputs)
    column = task.targets.step.astype(np.int64) * (WIDTH - 1) // task.period_steps
    rows = np.zeros((task.n_outputs, WIDTH), np.uint8)
    for width in range(2):
        rows[task.n_outputs - 1 - task.targets.neuron, column + width] = 255
    alpha = np.repeat(rows, stroke, axis=0)
    if stroke > 2:
        alpha[::stroke] = 0
    file = io.BytesIO()
    mask = Image.fromarray(alpha)
    Image.merge("LA", (Image.new("L", mask.size), mask)).save(file, "PNG")
    return file.getvalue()
