"""Help for people: shortcuts, first hints, and the dialog behind the question mark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import panel as pn
import param

from snn_explorer.views import theme
from snn_explorer.views.bar import OUTLINED, Bar, Button
from snn_explorer.views.component import Component
from snn_explorer.views.dialog import Dialog

_HINT_STYLE: Final = f"""
.hints {{ display: flex; flex-wrap: wrap; gap: 6px; justify-content: flex-end; font: {theme.SMALL} {theme.FONT}; }}
.hint {{ display: inline-flex; align-items: center; gap: 2px; padding-left: 10px; border-radius: 12px;
         background: color-mix(in srgb, var(--snn-eligibility) 22%, transparent);
         color: var(--mui-palette-text-primary); }}
.hint button {{ all: unset; cursor: pointer; width: 24px; height: 24px; text-align: center; border-radius: 12px; }}
.hint .door {{ width: auto; padding: 0 6px 0 10px; margin-left: -10px; text-decoration: underline; }}
.hint button:hover {{ background: var(--mui-palette-divider); }}
@media (max-width: 900px) {{ .hints {{ justify-content: flex-start; }} }}
.hint button:focus-visible {{ outline: 2px solid; outline-offset: -2px; }}
"""

_HELP_STYLE: Final = f"""
:host {{ font: {theme.TEXT}/1.5 {theme.FONT}; }}
h3 {{ font: 500 {theme.TEXT}/1.3 {theme.FONT}; margin: 16px 0 4px; }}
th, td {{ padding: 2px 16px 2px 0; text-align: left; vertical-align: top; }}
th {{ font-weight: 400; white-space: nowrap; }}
kbd {{ font: inherit; border: 1px solid var(--mui-palette-divider); border-radius: 4px; padding: 0 6px; }}
"""


@dataclass(frozen=True)
class Shortcut:
    """Keys that do the same, how they are written (HTML), and what they do.

    A key has the name that browsers give it, after ``mod+`` if Ctrl or Cmd is held, and ``mod+shift+`` with both.
    """

    keys: tuple[str, ...]
    written: str
    says: str


SHORTCUTS: Final = (
    Shortcut((" ",), "<kbd>space</kbd>", "play, pause"),
    Shortcut(
        ("ArrowRight", "ArrowLeft"),
        "<kbd>→</kbd> <kbd>←</kbd>",
        "one step on, or back, as large as chosen beside the step button",
    ),
    Shortcut((",", "."), "<kbd>,</kbd> <kbd>.</kbd>", "one frame back, or on, through the last minute"),
    Shortcut(("Escape",), "<kbd>esc</kbd>", "back to the present"),
    Shortcut(("r",), "<kbd>r</kbd>", "start anew with the same seed: the same curve again"),
    Shortcut(("mod+z",), "<kbd>Ctrl</kbd> <kbd>Z</kbd>", "take back the last change of a parameter"),
    Shortcut(("mod+shift+z", "mod+y"), "<kbd>Ctrl</kbd> <kbd>Shift</kbd> <kbd>Z</kbd>", "do again what was taken back"),
    Shortcut(("c",), "<kbd>c</kbd>", "pin this learning curve, to compare other settings with it, or unpin it"),
    Shortcut(("l",), "<kbd>l</kbd>", "the list of lessons"),
    Shortcut(
        ("t",), "<kbd>t</kbd>", "take away figures, data, weights, the run itself, a link, a command or a program"
    ),
    Shortcut(("b",), "<kbd>b</kbd>", "let a second run, B, with settings of its own learn beside this one, or end it"),
    Shortcut(("+", "-"), "<kbd>+</kbd> <kbd>−</kbd>", "see a shorter or a longer part of the time axis"),
    Shortcut(tuple("123456789"), "<kbd>1</kbd> … <kbd>9</kbd>", "presets, in the order of their list"),
    Shortcut(("?",), "<kbd>?</kbd>", "this help"),
)
"""Shortcuts that every learning system has."""

_BY_KEYS: Final = """
<h3>By keys alone</h3>
<p><kbd>Tab</kbd> goes to every control; arrows move a slider and choose among words and tabs. Every value can be
typed, also beyond the end of its slider. Beside the name of each plot <kbd>Tab</kbd> finds <em>Data</em>: what the plot
draws, as a table. On a Mac, <kbd>⌘</kbd> is <kbd>Ctrl</kbd>.</p>
"""


LESSON: Final = "lesson"
"""Key of the hint that opens the first lesson."""

_PIN: Final = "button { width: 64px; height: 26px; font-weight: 400; }"


class Shortcuts(Component):
    """Keys of the page."""

    keys = param.List(default=[], item_type=str)

    _bundle = Path(__file__).with_name("keys.mjs")

    def __init__(self, shortcuts: Iterable[Shortcut], on_key: Callable[[str], None]) -> None:
        keys = [key for shortcut in shortcuts for key in shortcut.keys]
        super().__init__(keys=keys, width=0, height=0, margin=0)
        self._on_key = on_key

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        self._on_key(str(data["key"]))


class Hints(Component):
    """A few things to try, each until it was tried or closed.

    Parameters
    ----------
    hints : dict of str to str
        What to try, by key.
    pressed : callable
        Called with the key of a hint that is a button, one of `doors`.
    """

    hints = param.Dict(default={})
    followed = param.List(default=[], item_type=str)
    doors = param.List(default=[LESSON], item_type=str, doc="Keys of those that are buttons.")

    _bundle = Path(__file__).with_name("hints.mjs")
    _stylesheets: ClassVar = [_HINT_STYLE]

    def __init__(self, hints: dict[str, str], pressed: Callable[[str], None], **params: Any) -> None:
        super().__init__(hints=hints, **params)
        self._pressed = pressed

    def follow(self, key: str) -> None:
        """Take away a hint that is not needed any more."""
        if key not in self.followed:
            self.followed = [*self.followed, key]

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        self._pressed(str(data["key"]))


def help_dialog(html: str, shortcuts: Iterable[Shortcut]) -> Dialog:
    """What the question mark opens: the words of a learning system, and its shortcuts."""
    rows = (f'<tr><th scope="row">{it.written}</th><td>{it.says}</td></tr>' for it in shortcuts)
    html = f"{html}{_BY_KEYS}<table>{''.join(rows)}</table>"
    text = pn.pane.HTML(html, stylesheets=[_HELP_STYLE], sizing_mode="stretch_width", margin=0)
    return Dialog("How to read this page", [text])


class PinButton(Bar):
    """Beside the learning curve: pins a run to compare with, or lets go of it."""

    def __init__(self, pressed: Callable[[], None]) -> None:
        pin = {"pin": Button()}
        super().__init__(pin, lambda *_: pressed(), css_classes=["pin"], stylesheets=[OUTLINED, _PIN])
        self.show_pinned(pinned=False)

    def show_pinned(self, *, pinned: bool) -> None:
        """Say what the next press does."""
        if pinned:
            self.change("pin", label="Unpin", says="Unpin: let go of the curve that is kept (c)")
        else:
            self.change("pin", label="Pin", says="Pin: keep this curve to compare other settings with (c)")
