"""What there is to learn, in a few calm lines of the drawer, and the way to targets of one's own."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Final

import panel as pn

from snn_explorer.tasks import SpikingXor, Task
from snn_explorer.views import theme
from snn_explorer.views.bar import OUTLINED, Bar, Button
from snn_explorer.views.box import Box
from snn_explorer.views.controls import title
from snn_explorer.views.live_text import LiveText

_STYLE: Final = f"""
p {{ margin: 2px 0; line-height: 1.35; overflow-wrap: anywhere; }}
.remark {{ margin: 6px 0; padding-left: 8px; border-left: 3px solid var(--snn-muted); font-size: {theme.SMALL};
           color: var(--mui-palette-text-secondary); }}
"""


class TaskNote(pn.viewable.Viewer):
    """The group "Task" of the drawer; its lines are empty until the task is there.

    Parameters
    ----------
    open_own : callable
        Called when somebody asks for a target of one's own.
    """

    def __init__(self, open_own: Callable[[], None]) -> None:
        super().__init__()
        self._task: Task | SpikingXor | None = None
        self._lines = LiveText("<p>&nbsp;</p>", stylesheets=[_STYLE], sizing_mode="stretch_width", margin=0)
        own = {"own": Button("Own target …")}
        button = Bar(
            own, lambda *_: open_own(), stylesheets=[OUTLINED], margin=(6, 0, 0, 0), sizing_mode="stretch_width"
        )
        self._column = Box(title("Task"), self._lines, button, sizing_mode="stretch_width", margin=(0, 16))

    def describe(self, task: Task | SpikingXor | None) -> None:
        """Describe this task; None is not there yet."""
        if task is None or task is self._task:
            return
        self._task = task
        remarks = "".join(f'<p class="remark">{escape(remark)}</p>' for remark in task.remarks)
        self._lines.html = f'<p>{escape(task.title)}</p><p class="muted">{escape(sizes(task))}</p>{remarks}'

    def __panel__(self) -> Box:
        return self._column


def sizes(task: Task | SpikingXor) -> str:
    """Numbers of neurons and spikes, and length of a trial."""
    neurons = f"{_many(task.n_inputs, 'input')}, {_many(task.n_outputs, 'output')}"
    if isinstance(task, SpikingXor):
        return f"{neurons}; {task.windows_per_second:.1f} stimuli per second in random order."
    return f"{neurons}; {_many(task.targets.n_spikes, 'target spike')} in {task.period:g} s."


def _many(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
