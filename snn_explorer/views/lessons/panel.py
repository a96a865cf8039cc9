"""The panel of a lesson in the drawer: where one is in it, the text of the step, its question, task and picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

import param

from snn_explorer.lessons import Lesson, Step
from snn_explorer.views import theme
from snn_explorer.views.component import Component
from snn_explorer.views.lessons.scoring import in_words

HEADER: Final = "61px"
"""Height of the page's header, under which a wide page's drawer scrolls."""

_READ: Final = """
.text { overflow-wrap: anywhere; }
.text > :first-child { margin-top: 0; }
.text > :last-child { margin-bottom: 0; }
.text p, .text ul, .text ol { margin: 0 0 8px; }
.text ul, .text ol { padding-left: 1.3em; }
.text table { border-collapse: collapse; margin: 0 0 8px; }
.text th, .text td { padding: 2px 12px 2px 0; text-align: left; vertical-align: top; }
.text pre { overflow: auto; }
.text a { color: inherit; }
math[display=block] { margin: 8px 0; overflow-x: auto; overflow-y: hidden; }
"""

_STYLE: Final = f"""
:host {{ font: {theme.TEXT}/1.5 {theme.FONT}; color: var(--mui-palette-text-primary); }}
{_READ}
.lesson > * {{ padding: 0 16px; }}
header {{ position: sticky; top: 0; z-index: 3; padding: 10px 16px 8px !important;
          background: var(--mui-palette-background-paper); border-bottom: 1px solid var(--mui-palette-divider); }}
header p {{ margin: 0; font-size: {theme.SMALL}; color: var(--mui-palette-text-secondary); }}
h2 {{ margin: 10px 0 6px; font: 500 {theme.LARGE}/1.3 {theme.FONT}; }}
h2:focus {{ outline: none; }}
h3 {{ margin: 0 0 4px; font: 500 {theme.TEXT}/1.3 {theme.FONT}; }}
progress {{ display: block; width: 100%; height: 4px; margin: 4px 0 8px; appearance: none; border: 0;
            border-radius: 2px; overflow: hidden; background: var(--mui-palette-divider); }}
progress::-webkit-progress-bar {{ background: var(--mui-palette-divider); }}
progress::-webkit-progress-value {{ background: var(--mui-palette-text-primary); }}
progress::-moz-progress-bar {{ background: var(--mui-palette-text-primary); }}
.row {{ display: flex; flex-wrap: wrap; gap: 6px; }}
header .row > button {{ flex: 1; }}
button {{ all: unset; box-sizing: border-box; cursor: pointer; min-height: 28px; padding: 3px 10px; text-align: center;
          border: 1px solid var(--mui-palette-divider); border-radius: 4px; }}
button:hover {{ background: var(--mui-palette-divider); }}
button:focus-visible, input:focus-visible {{ outline: 2px solid; outline-offset: 1px; }}
button[aria-disabled=true] {{ opacity: 0.4; cursor: default; background: none; }}
button.next {{ color: var(--mui-palette-background-paper); background: var(--mui-palette-text-primary); }}
.part {{ margin: 12px 16px 0; padding: 8px 10px 10px !important; border-radius: 4px;
          background: color-mix(in srgb, var(--snn-muted) 11%, transparent); }}
.part > :last-child {{ margin-bottom: 0; }}
.part p {{ margin: 0 0 6px; }}
.part small, .waits {{ font-size: {theme.SMALL}; }}
.choice {{ display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 8px; padding: 3px 0; cursor: pointer; }}
.choice input {{ margin: 0.25em 0 0; width: 1em; height: 1em; accent-color: var(--mui-palette-text-primary); }}
.answer {{ margin: 6px 0 0 !important; padding-left: 10px; border-left: 3px solid var(--snn-muted); }}
.answer.right {{ border-color: var(--snn-error); }}
.answer b {{ font-weight: 500; }}
.checks {{ list-style: none; margin: 6px 0 8px; padding: 0; }}
.checks li {{ display: grid; grid-template-columns: 1.3em minmax(0, 1fr) auto; gap: 0 6px; padding: 3px 6px;
              border-radius: 4px; }}
.checks output {{ font-variant-numeric: tabular-nums; min-width: 9ch; text-align: right; }}
.checks .state {{ grid-column: 2 / -1; font-size: {theme.SMALL}; min-height: 1.5em; }}
.checks .done {{ background: color-mix(in srgb, var(--snn-error) 20%, transparent); }}
.checks .done .state, .checks .done .tick {{ font-weight: 500; }}
.solved {{ min-height: 1.5em; font-weight: 500; }}
figure {{ margin: 12px 16px 0; padding: 0 !important; }}
figure img {{ display: block; width: 100%; height: auto; background: #ffffff; border-radius: 4px; }}
figcaption {{ font-size: {theme.SMALL}; color: var(--mui-palette-text-secondary); }}
footer {{ margin: 14px 0 0; padding-bottom: 12px !important; border-bottom: 1px solid var(--mui-palette-divider); }}
@media (min-width: 900px) {{ header {{ top: {HEADER}; }} }}
@media (forced-colors: active) {{ progress::-webkit-progress-value {{ background: Highlight; }} }}
"""


class LessonPanel(Component):
    """A step of a lesson.

    Parameters
    ----------
    lesson : Lesson
    asked : callable
        Called with what a person asks for: ``"step"`` with its number, ``"answered"``, ``"solution"``, ``"reset"``,
        ``"leave"`` or ``"list"``.
    """

    lesson = param.Dict(default={}, doc="Slug, title and number of steps.")
    step = param.Dict(default={}, doc="What is read in the step.")
    attempt = param.Dict(default={}, doc="Its checks as they are now, and whether its task is solved.")

    _bundle = Path(__file__).with_name("panel.mjs")
    _stylesheets: ClassVar = [_STYLE]

    def __init__(self, lesson: Lesson, asked: Callable[[str, int], None]) -> None:
        about = {"slug": lesson.slug, "title": lesson.title, "steps": len(lesson.steps)}
        super().__init__(lesson=about, sizing_mode="stretch_width", margin=0)
        self._system, self._asked = lesson.system, asked

    def show_step(self, step: Step, number: int, attempt: Mapping[str, Any]) -> None:
        """Show this step, the `number`-th, and how it stands with its task."""
        # what is tried belongs to the step, so the browser must know the step first
        self.param.update(step=_said(step, number, self._system))
        self.show_attempt(attempt)

    def show_attempt(self, attempt: Mapping[str, Any]) -> None:
        """Show how it stands with the task; see `snn_explorer.views.lessons.scoring.Score.attempt`."""
        if attempt != self.attempt:
            self.attempt = dict(attempt)

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        self._asked(str(data["asks"]), int(data.get("step", 0)))


def _said(step: Step, number: int, system: str) -> dict[str, Any]:
    said: dict[str, Any] = {"number": number, "title": step.title, "html": step.html, "watch": [*step.watch]}
    if step.prediction is not None:
        choices = [{"html": it.html, "answer": it.answer, "right": it.right} for it in step.prediction.choices]
        said["prediction"] = {"question": step.prediction.question, "choices": choices}
    if step.task is not None:
        task = step.task
        checks = [in_words(check, system) for check in task.checks]
        said["task"] = {
            "do": task.do,
            "hint": task.hint,
            "checks": checks,
            "solution": bool(task.solution or task.clock),
        }
    if step.picture is not None:
        said["picture"] = {"source": step.picture.source, "says": step.picture.says}
    return said
