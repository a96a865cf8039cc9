"""Where targets of one's own come from: a file that is chosen or dropped, and a canvas to draw on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

import param

from snn_explorer.presets.own_target import File
from snn_explorer.views import theme
from snn_explorer.views.component import Component

_BUTTON: Final = """border: 1px solid var(--mui-palette-text-secondary); border-radius: 4px; padding: 5px 12px;
  cursor: pointer; background: none; color: inherit; font: inherit;"""

_UPLOAD: Final = f"""
:host {{ margin: 0; }}
.drop {{ display: flex; align-items: center; gap: 12px; padding: 6px; border-radius: 4px; position: relative;
         font: {theme.TEXT}/1.3 {theme.FONT}; color: var(--mui-palette-text-primary);
         border: 1px dashed var(--mui-palette-divider); }}
.drop.over {{ background: var(--mui-palette-divider); }}
input {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
.button {{ {_BUTTON} white-space: nowrap; }}
.button:hover {{ background: var(--mui-palette-divider); }}
input:focus-visible + .button {{ outline: 2px solid currentColor; outline-offset: 1px; }}
.file {{ flex: 1 1 0; color: var(--mui-palette-text-secondary); overflow-wrap: anywhere; }}
button {{ {_BUTTON} padding: 3px 10px; }}
button[hidden] {{ display: none; }}
button:hover {{ background: var(--mui-palette-divider); }}
button:focus-visible {{ outline: 2px solid currentColor; outline-offset: 1px; }}
"""

_SKETCH: Final = f"""
:host {{ margin: 0; }}
.board {{ position: relative; font: {theme.TEXT}/1.3 {theme.FONT}; color: var(--mui-palette-text-primary); }}
canvas {{ display: block; width: 100%; height: 134px; box-sizing: border-box; border-radius: 4px; cursor: crosshair;
          border: 1px solid var(--mui-palette-divider); touch-action: none; color: inherit; }}
button {{ {_BUTTON} position: absolute; right: 6px; top: 6px; padding: 3px 10px;
          background: var(--mui-palette-background-paper); }}
button:hover {{ background: var(--mui-palette-divider); }}
button:focus-visible {{ outline: 2px solid currentColor; outline-offset: 1px; }}
"""


class Upload(Component):
    """Takes a file.

    Parameters
    ----------
    taken : callable
        Called with each file that somebody chooses, and with None when it is removed.
    """

    label = param.String(default="Choose a file")
    accept = param.String(default="", doc="Names of files to offer, as HTML has them.")
    most = param.Integer(default=0, doc="Largest size that is sent [bytes].")
    file_name = param.String(default="")

    _bundle = Path(__file__).with_name("upload.mjs")
    _stylesheets: ClassVar = [_UPLOAD]

    def __init__(self, taken: Callable[[File | None], None], **params: Any) -> None:
        super().__init__(margin=0, sizing_mode="stretch_width", **params)
        self._taken = taken

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        if data["name"] is None:
            self._taken(None)
            return
        content = _bytes(data.get("content"))
        size = int(data["size"]) if content is None else len(content)
        self._taken(File(str(data["name"])[-200:], size, content))


class Sketch(Component):
    """A canvas to draw on.

    Parameters
    ----------
    drawn : callable
        Called with a PNG file after each stroke, and with None when the canvas was cleared.
    """

    label = param.String(default="Canvas to draw on with a mouse, a finger or a pen; time runs from left to right")
    strokes = param.String(default="", doc="What was drawn, so that it is still there when the canvas is shown again.")

    _bundle = Path(__file__).with_name("sketch.mjs")
    _stylesheets: ClassVar = [_SKETCH]

    def __init__(self, drawn: Callable[[bytes | None], None]) -> None:
        super().__init__(margin=0, sizing_mode="stretch_width")
        self._drawn = drawn

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        self._drawn(_bytes(data.get("content")))


def _bytes(content: Any) -> bytes | None:
    """Content as it comes from a browser, or from whatever calls itself one."""
    return bytes(content) if isinstance(content, bytes | bytearray | memoryview) else None
