"""Buttons and lists in a row or a column: one part of the page, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

import param

from snn_explorer.views import theme
from snn_explorer.views.component import Component

Where = Literal["", "wide", "narrow", "roomy", "tight"]
"""Where something is: everywhere, or not on a phone, only there, only where the header has room, or only else."""

PRESSED: Final = """
button { all: unset; box-sizing: border-box; min-width: 40px; height: 40px; border-radius: 4px; cursor: pointer;
         display: flex; align-items: center; justify-content: center; gap: 8px; white-space: nowrap; }
button:hover, select:hover { background: color-mix(in srgb, currentColor 8%, transparent); }
button:focus-visible, select:focus-visible { outline: 2px solid; outline-offset: -2px; }
button:disabled { opacity: 0.38; pointer-events: none; }
svg { width: 24px; height: 24px; fill: currentColor; }
option { color: var(--snn-ink); background: var(--snn-paper); }
"""
"""What can be pressed looks the same on the whole page."""

_STYLE: Final = f"""
{PRESSED}
.items {{ display: flex; align-items: center; font: {theme.TEXT} {theme.FONT};
          color: var(--mui-palette-text-primary); }}
.worded {{ padding: 0 8px; }}
.worded svg {{ width: 20px; height: 20px; }}
.choice {{ position: relative; margin: 0 8px; }}
.choice span {{ position: absolute; top: -7px; left: 9px; padding: 0 5px; font-size: {theme.SMALL};
                color: var(--mui-palette-text-secondary); background: var(--mui-palette-background-paper); }}
.choice::after {{ content: ""; position: absolute; right: 12px; top: 18px; pointer-events: none;
                  border: 4px solid transparent; border-top-color: currentColor; border-bottom: 0; }}
select {{ font: inherit; color: inherit; background: none; border: 1px solid var(--snn-edge); border-radius: 4px;
          height: 40px; width: 100%; padding: 0 28px 0 14px; margin: 0; appearance: none; cursor: pointer;
          text-overflow: ellipsis; }}
:host {{ --snn-edge: color-mix(in srgb, var(--mui-palette-text-primary) 25%, transparent); }}
@media (max-width: 900px) {{ .wide {{ display: none !important; }} }}
@media (min-width: 900.1px) {{ .narrow {{ display: none !important; }} }}
@media (max-width: 1410px) {{ .roomy {{ display: none !important; }} }}
@media (min-width: 1410.1px) {{ .tight {{ display: none !important; }} }}
"""

COLUMN: Final = """
:host { align-self: stretch !important; }
:host > * { flex: 1; }
.items { flex-direction: column; align-items: stretch; padding: 0 16px; }
.items > * { margin: 12px 0 0; }
.worded { border: 1px solid var(--snn-edge); }
"""
"""Below each other, as in the drawer."""

OUTLINED: Final = f"""
:host > * {{ flex: 1; }}
.items {{ gap: 8px; }}
button {{ flex: 1; height: 30px; padding: 0 9px; border: 1px solid var(--snn-edge); font-weight: 500; }}
.items, button {{ font-size: {theme.TEXT}; }}
"""
"""Buttons with an edge, that share the width."""


@dataclass(frozen=True)
class Button:
    """Something to press.

    Attributes
    ----------
    label : str
        Its word, or "".
    icon : str
        Its picture, one of those in ``bar.mjs``, or "".
    says : str
        What it does, where its label does not say it.
    where : str
    disabled : bool
    """

    label: str = ""
    icon: str = ""
    says: str = ""
    where: Where = ""
    disabled: bool = False


@dataclass(frozen=True)
class Choice:
    """One of a few words.

    Attributes
    ----------
    label : str
        What they are.
    options : sequence of str
    word : str
        The one that is chosen.
    where : str
    """

    label: str
    options: Sequence[str]
    word: str = ""
    where: Where = ""


class Bar(Component):
    """Buttons and choices beside each other.

    Parameters
    ----------
    items : mapping of str to Button or Choice
        From left to right, by key.
    pressed : callable
        Called with the key of what was pressed, or chosen from, and the word that was chosen.
    """

    items = param.Dict(default={}, doc="What each one is and shows.")

    _bundle = Path(__file__).with_name("bar.mjs")
    _stylesheets: ClassVar = [_STYLE]

    def __init__(
        self, items: Mapping[str, Button | Choice], pressed: Callable[[str, str], None], **params: Any
    ) -> None:
        super().__init__(items={key: asdict(item) for key, item in items.items()}, **{"margin": 0, **params})
        self._pressed = pressed

    def change(self, key: str, **changes: Any) -> None:
        """Let one of them show something else."""
        now = {**self.items[key], **changes}
        if now != self.items[key]:
            self.items = {**self.items, key: now}

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        self._pressed(str(data["key"]), str(data["word"]))
