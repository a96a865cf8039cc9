"""The dialog for what a person takes away: figures, data, weights, the run, a link, a command and a program.

Figures are made in the browser, all other files here when somebody asks for them, in a thread and in memory only.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol

import param
from bokeh.document import Document

from snn_explorer.engine import ParameterError
from snn_explorer.live import Run, export
from snn_explorer.live.export import Recipe
from snn_explorer.live.saved_run import MAX_BYTES, SUFFIX, restored_run, save_run
from snn_explorer.live.snapshot import Snapshot
from snn_explorer.presets import Preset
from snn_explorer.quantities import as_text
from snn_explorer.views import theme
from snn_explorer.views.component import Component
from snn_explorer.views.dialog import Dialog
from snn_explorer.views.drawing import Drawing
from snn_explorer.views.labels import Label
from snn_explorer.views.soon import soon
from snn_explorer.views.twins import PREFIX, of_b

_log = logging.getLogger(__name__)
_worker: Final = ThreadPoolExecutor(1, "snn-explorer-take-away")
"""One after the other, for all sessions: a large file must hold up neither the page nor the others' learning."""

_MAKERS: Final[Mapping[str, tuple[str, Callable[[Snapshot], bytes]]]] = {
    "netcdf": (".nc", export.netcdf),
    "csv": ("-csv.zip", export.csv_tables),
    "safetensors": (".safetensors", export.safetensors),
}
"""Ending of a file's name, and what makes it."""

STACKS: Final = {"stack": "all plots over time", "stack_b": "all plots over time, run B"}

_ABOUT: Final = {
    "Data": "Learning curve, spikes, traces and numbers of this moment, with units, parameters and seed; CSV as a zip "
    "of tables.",
    "Weights": "All weights, and the parameters they were learned with.",
    "Run": "Load a saved run to go on with it where it was.",
    "Link": "Every parameter, the seed and the version are in it: whoever opens it sees the same run from the start.",
}

_BUTTON: Final = """border: 1px solid var(--mui-palette-text-secondary); border-radius: 4px; padding: 4px 12px;
  cursor: pointer; background: none; color: inherit; font: inherit;"""

_STYLE: Final = f"""
:host {{ margin: 0; }}
.take-away {{ display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 14px 20px; align-items: baseline;
              font: {theme.TEXT}/1.4 {theme.FONT}; color: var(--mui-palette-text-primary); }}
h3 {{ font: 500 {theme.TEXT}/1.4 {theme.FONT}; margin: 0; }}
small {{ display: block; margin-top: 4px; font-size: {theme.SMALL}; color: var(--mui-palette-text-secondary); }}
small:empty {{ display: none; }}
button, .button, select {{ {_BUTTON} }}
button[hidden], pre[hidden] {{ display: none; }}
select {{ padding: 4px 6px; max-width: 100%; background: var(--mui-palette-background-paper); }}
button:hover, .button:hover {{ background: var(--mui-palette-divider); }}
:focus-visible, input:focus-visible + .button {{ outline: 2px solid currentColor; outline-offset: 1px; }}
label {{ position: relative; }}
input {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
.recipe {{ display: grid; grid-template-columns: minmax(0, 1fr) max-content; gap: 0 8px; align-items: start; }}
.recipe small {{ grid-column: 1 / -1; }}
pre {{ margin: 0; padding: 6px 8px; border-radius: 4px; overflow: auto; max-height: 9.5em; min-height: 1.4em;
       font: {theme.SMALL}/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
       background: color-mix(in srgb, var(--snn-muted) 12%, transparent); }}
.said {{ grid-column: 1 / -1; margin: 0; min-height: 2.8em; overflow-wrap: anywhere; }}
.fault {{ color: var(--snn-change); }}
@media (max-width: 600px) {{
  .take-away {{ grid-template-columns: minmax(0, 1fr); gap: 4px; }}
  h3:not(:first-child) {{ margin-top: 8px; }}
}}
"""


class Bench(Protocol):
    """Where things are taken from."""

    @property
    def document(self) -> Document:
        """The session's document."""
        ...

    @property
    def drawing(self) -> Drawing[Any]:
        """The page's figures."""
        ...

    @property
    def shown(self) -> Run:
        """The run whose settings are shown."""
        ...

    @property
    def presets(self) -> Mapping[str, Preset]:
        """What a saved run may belong to."""
        ...

    def go_on(self, run: Run) -> None:
        """Go on with a run that was saved."""
        ...


class Takings(Component):
    """What the dialog holds."""

    figures = param.List(default=[], item_type=dict, doc="Figures: name, title, unit, symbol, role, and stack, if any.")
    stacks = param.Dict(default=STACKS, doc="Titles of the stacks of plots.")
    about = param.Dict(default=_ABOUT, doc="What each kind of file is.")
    stem = param.String(default="", doc="How names of figures' files begin.")
    caption = param.String(default="", doc="Title of a drawing.")
    command = param.Dict(default={"text": "", "remark": ""}, doc="Command and remark.")
    code = param.Dict(default={"text": "", "remark": ""}, doc="Program and remark.")
    opened = param.Integer(default=0, doc="How often the dialog was opened.")
    suffix = param.String(default=SUFFIX, doc="Ending of saved runs.")
    most = param.Integer(default=MAX_BYTES, doc="Largest saved run that is sent [bytes].")

    _bundle = Path(__file__).with_name("take_away.mjs")
    _stylesheets: ClassVar = [_STYLE]

    def __init__(self, asked: Callable[[Mapping[str, Any]], None], **params: Any) -> None:
        super().__init__(margin=0, sizing_mode="stretch_width", **params)
        self._asked = asked

    def answer(self, **answer: Any) -> None:
        """Give the browser a file, by `name` and `content`, or a sentence on the `fault`."""
        self._send_msg(answer)

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        self._asked(data)


class TakeAway:
    """The dialog.

    Parameters
    ----------
    bench : Bench
        Where things are taken from.

    Attributes
    ----------
    view : Dialog
    """

    def __init__(self, bench: Bench) -> None:
        self._bench, self._takings = bench, Takings(self._answer)
        self.view = Dialog("Take away", [self._takings])

    def open(self) -> None:
        """Show it."""
        run, drawing = self._bench.shown, self._bench.drawing
        figures = [
            _figure(name, drawing.labels[name], "stack" if name in drawing.timed else "") for name in drawing.figures
        ]
        figures += [_figure(f"{PREFIX}{name}", of_b(drawing.labels[name]), "stack_b") for name in drawing.twins]
        stem, caption = _stem(run.preset, run.values), f"{run.preset.name} (SNN Explorer)"
        opened, no_recipe = self._takings.opened + 1, {"text": "", "remark": ""}
        self._takings.param.update(
            figures=figures, stem=stem, caption=caption, command=no_recipe, code=no_recipe, opened=opened
        )
        self.view.open = True
        self._later(lambda: _recipes(run.snapshot()), self._show_recipes)

    def _answer(self, asked: Mapping[str, Any]) -> None:
        """Make what the browser asks for, in the background."""
        run, kind = self._bench.shown, str(asked["ask"])
        if kind == "load":
            content, presets = asked.get("content"), dict(self._bench.presets)
            self._later(lambda: _loaded(content, int(asked["size"]), presets), self._go_on)
        elif kind == "run":
            self._later(lambda: _saved(run), self._send)
        else:
            suffix, make = _MAKERS[kind]
            self._later(lambda: _file(run.snapshot(), suffix, make), self._send)

    def _later(self, make: Callable[[], Any], use: Callable[[Any], None]) -> None:
        def made(making: Future[Any]) -> None:
            error = making.exception()
            if error is None:
                soon(self._bench.document, lambda: use(making.result()))
            else:
                soon(self._bench.document, lambda: self._refuse(error))

        _worker.submit(make).add_done_callback(made)

    def _show_recipes(self, recipes: tuple[Recipe, Recipe]) -> None:
        command, code = ({"text": recipe.text, "remark": recipe.remark} for recipe in recipes)
        self._takings.param.update(command=command, code=code)

    def _send(self, file: tuple[str, bytes]) -> None:
        self._takings.answer(name=file[0], content=file[1])

    def _go_on(self, run: Run) -> None:
        self.view.open = False
        self._bench.go_on(run)

    def _refuse(self, error: BaseException) -> None:
        fault = str(error)
        if not isinstance(error, ParameterError):  # what people load must not end their session
            _log.error("Something could not be taken away.", exc_info=error)
            fault = f"This cannot be done because of an internal error ({type(error).__name__}: {error})."
        self._takings.answer(fault=fault)


def _figure(name: str, label: Label, stack: str) -> dict[str, Any]:
    """What the browser needs to know of a figure; the symbol as its letter and its index."""
    symbol = re.findall(r"<m[ino][^>]*>([^<]+)<", label.symbol)
    return {"name": name, "title": label.name, "unit": label.unit, "symbol": symbol, "role": label.role,
            "stack": stack}  # fmt: skip


def _stem(preset: Preset, values: Mapping[str, Any]) -> str:
    """How a file's name begins, such as ``snn-explorer-fig4-seed1``."""
    return f"snn-explorer-{preset.key}-seed{values['seed']}"


def _stem_at(preset: Preset, values: Mapping[str, Any], time: float) -> str:
    """The same with the learning time, ``-t41s`` or ``-1280samples``; a burn-in counts as 0."""
    learned = as_text(round(max(time, 0.0), 3)).removesuffix(".0")
    return _stem(preset, values) + (f"-t{learned}s" if preset.system == "superspike" else f"-{learned}samples")


def _file(snapshot: Snapshot, suffix: str, make: Callable[[Snapshot], bytes]) -> tuple[str, bytes]:
    """Name and content of a file."""
    live = snapshot.live
    return _stem_at(snapshot.preset, live.values, live.frame.time) + suffix, make(snapshot)


def _saved(run: Run) -> tuple[str, bytes]:
    """Name and content of a saved run."""
    content = save_run(run)
    return _stem_at(run.preset, run.values, run.time) + SUFFIX, content


def _recipes(snapshot: Snapshot) -> tuple[Recipe, Recipe]:
    return export.command(snapshot), export.python_code(snapshot)


def _loaded(content: Any, size: int, presets: Mapping[str, Preset]) -> Run:
    if not isinstance(content, bytes | bytearray | memoryview):
        said = (
            "could not be read"
            if size < 0
            else f"has {size / 1e6:.0f} MB; a saved run has at most {MAX_BYTES / 1e6:g} MB"
        )
        raise ParameterError(f"The file {said}.")
    return restored_run(bytes(content), presets)
