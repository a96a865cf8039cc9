"""The list of lessons, in a dialog: what each is about, how far one has come, and which cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

import param

from snn_explorer.lessons import Lesson
from snn_explorer.live.systems import SYSTEMS
from snn_explorer.views import theme
from snn_explorer.views.component import Component
from snn_explorer.views.dialog import Dialog
from snn_explorer.views.lessons.library import Library, library

_STYLE: Final = f"""
:host {{ font: {theme.TEXT}/1.45 {theme.FONT}; color: var(--mui-palette-text-primary); }}
ol, ul {{ list-style: none; margin: 0; padding: 0; }}
p {{ margin: 0 0 8px; color: var(--mui-palette-text-secondary); }}
li {{ border-top: 1px solid var(--mui-palette-divider); padding: 8px 0; display: grid; gap: 0 10px;
      grid-template-columns: 2.2em minmax(0, 1fr) auto; align-items: center; }}
li:first-child {{ border-top: 0; }}
li.here {{ box-shadow: inset 3px 0 var(--mui-palette-text-primary); }}
.number {{ font-size: {theme.LARGE}; text-align: right; font-variant-numeric: tabular-nums;
           color: var(--mui-palette-text-secondary); }}
h3 {{ margin: 0; font: 500 {theme.TEXT}/1.35 {theme.FONT}; }}
small {{ font-size: {theme.SMALL}; color: var(--mui-palette-text-secondary); }}
.doors {{ display: flex; flex-direction: column; gap: 4px; }}
button {{ all: unset; box-sizing: border-box; cursor: pointer; padding: 3px 10px; text-align: center;
          white-space: nowrap; border: 1px solid var(--mui-palette-divider); border-radius: 4px; }}
button:hover {{ background: var(--mui-palette-divider); }}
button:focus-visible {{ outline: 2px solid; outline-offset: 1px; }}
.faults {{ margin-top: 12px; padding: 8px 12px; border-left: 4px solid var(--snn-change); overflow-wrap: anywhere;
           background: color-mix(in srgb, var(--snn-change) 12%, transparent); }}
.faults li {{ display: list-item; border: 0; padding: 2px 0; }}
@media (max-width: 600px) {{
  li {{ grid-template-columns: 1.8em minmax(0, 1fr); }}
  .doors {{ grid-column: 2; flex-direction: row; margin-top: 4px; }}
}}
"""


class Catalogue(Component):
    """Lessons below each other.

    Parameters
    ----------
    chosen : callable
        Called with slug and step of what a person opens.
    """

    lessons = param.List(default=[], item_type=dict, doc="What is said of each.")
    faults = param.List(default=[], item_type=str, doc="What is wrong with those that cannot be read.")
    here = param.String(default="", doc="Slug of the one that is played.")
    opened = param.Integer(default=0, doc="How often the list was opened.")

    _bundle = Path(__file__).with_name("catalogue.mjs")
    _stylesheets: ClassVar = [_STYLE]

    def __init__(self, chosen: Callable[[str, int], None]) -> None:
        super().__init__(sizing_mode="stretch_width", margin=0)
        self._chosen = chosen

    def say(self, there: Library, here: str) -> None:
        """Show these lessons; the one with this slug is played."""
        lessons = [_said(lesson) for lesson in there.lessons.values()]
        self.param.update(lessons=lessons, faults=[*there.faults.values()], here=here, opened=self.opened + 1)

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        self._chosen(str(data["slug"]), int(data["step"]))


class ListOfLessons:
    """The list, and the dialog that it is in.

    Parameters
    ----------
    chosen : callable
        See `Catalogue`.
    """

    def __init__(self, chosen: Callable[[str, int], None]) -> None:
        self._catalogue = Catalogue(chosen)
        self.dialog = Dialog("Lessons", [self._catalogue])

    def toggle(self, here: str) -> None:
        """Open it, as the lessons' files are now, or close it; `here` is the slug of the lesson that is played."""
        if not self.dialog.open:
            self._catalogue.say(library(), here)
        self.dialog.open = not self.dialog.open


def _said(lesson: Lesson) -> dict[str, Any]:
    about = (f"{lesson.minutes} minutes", lesson.level, SYSTEMS[lesson.system].title, lesson.figure)
    return {
        "slug": lesson.slug,
        "number": int(lesson.slug[:2]),
        "title": lesson.title,
        "about": ", ".join(part for part in about if part),
        "steps": len(lesson.steps),
        "tasks": sum(step.task is not None for step in lesson.steps),
    }
