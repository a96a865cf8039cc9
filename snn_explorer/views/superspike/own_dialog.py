"""The dialog for targets of one's own: a word, a picture, a drawing, spike trains, and a look at what becomes of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from html import escape
from typing import Any, Final

import panel_material_ui as pmui
from bokeh.document import Document

from snn_explorer.engine import ParameterError
from snn_explorer.presets import Preset, own_target
from snn_explorer.presets.own_target import File
from snn_explorer.views import theme
from snn_explorer.views.box import Box
from snn_explorer.views.control import Quantity
from snn_explorer.views.dialog import Dialog
from snn_explorer.views.live_text import LiveText
from snn_explorer.views.soon import soon
from snn_explorer.views.superspike import raster_image
from snn_explorer.views.superspike.own_sources import Sketch, Upload
from snn_explorer.views.tabs import Tabs

_log = logging.getLogger(__name__)
_worker: Final = ThreadPoolExecutor(1, "snn-explorer-own-target")
"""One after the other, for all sessions: a large picture must hold up neither the page nor the others' learning."""

_STYLE: Final = f"""
p {{ margin: 4px 0; line-height: 1.35; overflow-wrap: anywhere; }}
.said {{ height: 5.4em; overflow: auto; }}
.fault {{ color: var(--snn-{theme.written("change")}); }}
{raster_image.STYLE}
"""

HOW: Final = {
    "Word": "Latin, Greek and Cyrillic letters, digits and common signs. Five letters can be read after some 20 s of "
    "learning.",
    "Picture": "Dark parts become spikes; the picture is stretched to fill the raster, and its columns are time. PNG, "
    "JPEG, GIF, WebP, BMP or TIFF, up to 8 MB.",
    "Draw": "Outputs are rows, the first one below; time runs from left to right.",
    "Spike trains": "Lines with a time in seconds and a neuron id from 0 on, as in “0.0825 3” (.ras) or “0.0825,3” "
    "(.csv), up to 2 MB. Without a file for the inputs, 100 inputs have frozen Poisson spike trains.",
}
KINDS: Final = tuple(HOW)
_WAITING: Final = {
    "Word": "Type a word.",
    "Picture": "Choose a picture.",
    "Draw": "Draw something.",
    "Spike trains": "Choose a file with target spikes.",
}

_SPIKE_FILES: Final = ".ras,.csv,.tsv,.txt"

_TAB: Final = ":host > * { margin-bottom: 6px !important; }"
_FIELDS: Final = """
:host { display: grid !important; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 0 32px; }
"""


class OwnDialog:
    """The dialog; what was entered stays when it is closed.

    Parameters
    ----------
    document : bokeh.document.Document
        The session's document.
    first : Preset
        The word to begin with.
    learn : callable
        Called with the preset that somebody wants to learn.

    Attributes
    ----------
    view : Dialog
    """

    def __init__(self, document: Document, first: Preset, learn: Callable[[Preset], None]) -> None:
        self._document, self._learn = document, learn
        self.view = Dialog("Own target")
        self._asked, self._preset, self._hurry = 0, None, False
        self._kind, self._word = "Word", first.query["word"]
        self._files: dict[str, File] = {}
        drawn = [int(first.query["outputs"]), float(first.query["seconds"])]
        self._sizes: dict[str, list[Any]] = {"drawn": drawn, "spikes": [None, None]}

    def open(self) -> None:
        """Show it."""
        if not self.view.objects:
            self._build()
            self._look()
        self.view.open = True

    def _build(self) -> None:
        """Make the parts; most sessions never need them."""
        parts = {
            "Word": [self._make_word()],
            "Picture": [self._upload("picture", "Choose a picture", "image/*", own_target.MAX_PICTURE_BYTES)],
            "Draw": [Sketch(self._drawn)],
            "Spike trains": [
                self._upload("targets", "Choose target spikes", _SPIKE_FILES, own_target.MAX_SPIKE_FILE_BYTES),
                self._upload("inputs", "Choose input spikes", _SPIKE_FILES, own_target.MAX_SPIKE_FILE_BYTES),
            ],
        }
        views = {kind: Box(*parts[kind], _help(HOW[kind]), stylesheets=[_TAB]) for kind in KINDS}
        outputs = Quantity(partial(self._size, 0, own_target.n_outputs_of), label="Outputs", slider=False)
        seconds = Quantity(partial(self._size, 1, own_target.seconds_of), label="Length of a trial", slider=False)
        seconds.unit, self._fields = "s", (outputs, seconds)
        self._preview = LiveText(stylesheets=[_STYLE], sizing_mode="stretch_width", margin=0)
        self._button = pmui.Button(
            label="Learn it", variant="contained", margin=(8, 0, 4, 0), sizing_mode="stretch_width"
        )
        self._button.on_click(lambda _event: self._go())
        fields = Box(*self._fields, stylesheets=[_FIELDS], margin=(8, 0, 4, 0), sizing_mode="stretch_width")
        self.view.objects = [Tabs("What to learn", views, self._choose), fields, self._preview, self._button]
        self._show_sizes(self._sizes["drawn"])

    def _make_word(self) -> pmui.TextInput:
        field = pmui.TextInput(
            label="Word", value=self._word, size="small", margin=(8, 0, 0, 0), sizing_mode="stretch_width"
        )

        def typed(event: Any) -> None:
            self._word = event.new
            self._look()

        field.param.watch(typed, "value_input")
        field.param.watch(lambda _event: self._go(), "enter_pressed")
        return field

    def _upload(self, role: str, label: str, accept: str, most: int) -> Upload:
        def taken(file: File | None) -> None:
            self._files.pop(role, None)
            if file is not None:
                self._files[role] = file
            if role != "picture":
                self._sizes["spikes"] = [None, None]
            self._look()

        return Upload(taken, label=label, accept=accept, most=most)

    def _drawn(self, picture: bytes | None) -> None:
        self._files.pop("drawing", None)
        if picture is not None:
            self._files["drawing"] = File("your drawing", len(picture), picture)
        self._look()

    def _choose(self, kind: str) -> None:
        self._kind = kind
        self._show_sizes(self._present_sizes)
        self._look()

    @property
    def _present_sizes(self) -> list[Any]:
        """Number of outputs and length of a trial [s] of what is being entered; None where a file decides."""
        return self._sizes["spikes" if self._kind == "Spike trains" else "drawn"]

    def _size(self, place: int, read: Callable[[str], Any], text: Any) -> Any:
        size = read(str(text))
        self._present_sizes[place] = size
        self._look()
        return size

    def _show_sizes(self, sizes: Sequence[Any]) -> None:
        for field, size in zip(self._fields, sizes, strict=True):
            if size is not None:
                field.show_value(size)

    def _look(self) -> None:
        """Make the target in the background, then show it; only the newest matters."""
        self._asked, self._preset, self._hurry, self._button.disabled = self._asked + 1, None, False, True
        make, asked = self._maker(), self._asked
        if make is None:
            self._say(_WAITING[self._kind])
            return

        def show(made: Future[tuple[Preset, str] | str | None]) -> None:
            soon(self._document, lambda: self._show(asked, made.result()))

        _worker.submit(lambda: _made(make) if asked == self._asked else None).add_done_callback(show)

    def _maker(self) -> Callable[[], Preset] | None:
        """What makes the target that was entered; None if nothing was."""
        sizes = tuple(self._present_sizes)
        if self._kind == "Word":
            return partial(own_target.word_to_learn, self._word, *sizes) if self._word.strip() else None
        if self._kind == "Spike trains":
            targets = self._files.get("targets")
            return targets and partial(own_target.spikes_to_learn, targets, self._files.get("inputs"), *sizes)
        picture = self._files.get("drawing" if self._kind == "Draw" else "picture")
        return picture and partial(own_target.picture_to_learn, picture, *sizes)

    def _show(self, asked: int, made: tuple[Preset, str] | str | None) -> None:
        if asked != self._asked or made is None:
            return
        if isinstance(made, str):
            self._say(made, fault=True)
            return
        self._preset, self._preview.html = made
        self._button.disabled = False
        task: Any = self._preset.task()
        self._show_sizes([task.n_outputs, task.period])
        if self._hurry:
            self._go()

    def _say(self, sentence: str, *, fault: bool = False) -> None:
        attributes = 'class="fault" role="alert"' if fault else 'class="muted"'
        said = f'<div class="said"><p {attributes}>{escape(sentence)}</p></div>'
        self._preview.html = raster_image.empty_html() + said

    def _go(self) -> None:
        """Learn it, now or as soon as it is made."""
        self._hurry = self._preset is None
        if self._preset is not None:
            self.view.open = False
            self._learn(self._preset)


def _made(make: Callable[[], Preset]) -> tuple[Preset, str] | str:
    """The preset and a look at its targets, or why there is none."""
    try:
        preset = make()
        task: Any = preset.task()
        remarks = "".join(f"<p>{escape(remark)}</p>" for remark in task.remarks)
        said = f'<div class="said"><p>{raster_image.counts(task)}</p><div class="muted">{remarks}</div></div>'
        return preset, raster_image.raster_html(task) + said
    except ParameterError as error:
        return str(error)
    except Exception as error:  # what people upload must not end their session
        _log.exception("A target of somebody's own could not be made.")
        return f"This cannot be used because of an internal error ({type(error).__name__}: {error})."


def _help(text: str) -> LiveText:
    return LiveText(f'<p class="muted">{escape(text)}</p>', stylesheets=[_STYLE], sizing_mode="stretch_width", margin=0)
