"""The life of a session: a page is built, starts when the browser has it, and ends with the session."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache, partial
from typing import Any, Final

import panel as pn
import panel_material_ui as pmui
from bokeh.document import Document
from bokeh.settings import settings

from snn_explorer.engine import ParameterError
from snn_explorer.live import Run, scheduler, warm_up
from snn_explorer.live.shelf import Waiting, shelf
from snn_explorer.presets import Preset, available_presets
from snn_explorer.views import theme
from snn_explorer.views.address import leads_to, read
from snn_explorer.views.bats import gallery as bats_gallery
from snn_explorer.views.bats.laboratory import BatsLaboratory
from snn_explorer.views.laboratory import Laboratory
from snn_explorer.views.lessons.library import library
from snn_explorer.views.outlook import Outlook
from snn_explorer.views.page import empty_page, furnish
from snn_explorer.views.soon import soon
from snn_explorer.views.superspike import gallery as superspike_gallery
from snn_explorer.views.superspike.laboratory import SuperSpikeLaboratory
from snn_explorer.views.visitor import on_a_phone

_worker: Final = ThreadPoolExecutor(1, "snn-explorer-shelf")
"""A large run takes a second to be saved or restored, which must hold up nobody's page."""


_LEISURE: Final = 3000
"""When a page has opened, and figures for the next one may be copied [ms]."""

_BETWEEN: Final = 50
"""From one such figure to the next [ms]; each takes some 15."""


class Sessions:
    """The laboratories that are open in this process, and how many there may be.

    Attributes
    ----------
    limit : int or None
        Most sessions at a time, None for any number.
    coming : int
        Pages that are still empty.
    """

    def __init__(self) -> None:
        self.limit: int | None = None
        self.coming = 0
        self._open: list[Laboratory[Any]] = []

    @property
    def open(self) -> tuple[Laboratory[Any], ...]:
        """Those that are open, the newest last."""
        return tuple(self._open)

    @property
    def taken(self) -> int:
        """Places that are taken."""
        # a session lives on for some seconds after its browser has gone, for example to load the page again
        return self.coming + sum(not _is_left(lab) for lab in self._open)

    @property
    def full(self) -> bool:
        """Whether no more may be opened."""
        return self.limit is not None and self.taken >= self.limit

    def add(self, lab: Laboratory[Any]) -> None:
        """Count one more."""
        self._open.append(lab)

    def begin(self, lab: Laboratory[Any], query: Mapping[str, str], before: str) -> None:
        """The browser has a page: go on with the run that its tab showed `before`, if the address asks for the same."""
        for other in self._open:
            # a tab that was copied has the key too, but then the other page is still there
            if other.tab.key == before and _is_left(other) and leads_to(query, other.drawing.stream.address):
                self._open.remove(other)
                outlook = Outlook.of(other)
                _start(lab, other.release(), outlook)
                return
        if not before:
            lab.start()
            return

        def start(restoring: Future[tuple[Sequence[Run], Outlook | None]]) -> None:
            runs, outlook = ((), None) if restoring.exception() else restoring.result()
            soon(lab.document, partial(_start, lab, runs, outlook))

        # the worker may still be about to put it there
        _worker.submit(_restored, before, query, lab.presets).add_done_callback(start)

    def remove(self, lab: Laboratory[Any]) -> None:
        """End one, once; its runs wait for a while, in case that its tab shows the page again."""
        if lab not in self._open:
            return
        self._open.remove(lab)
        address, outlook = lab.drawing.stream.address, Outlook.of(lab)
        runs = lab.release()
        if lab.tab.shown:
            _worker.submit(_keep, runs, lab.tab.key, address, outlook)
        else:
            _end(runs)

    def close(self, labs: Collection[Laboratory[Any]] | None = None) -> None:
        """End these, by default all, and keep nothing."""
        for lab in [lab for lab in self._open if labs is None or lab in labs]:
            self._open.remove(lab)
            _end(lab.release())


def _is_left(lab: Laboratory[Any]) -> bool:
    """Whether its browser has gone: it said so, or it was there and is not connected any more.

    A browser that waits long for the next page takes back what it said, and then goes without another word.
    """
    context: Any = lab.document.session_context
    return lab.client.left or (lab.tab.shown and (context is None or context.session.connection_count == 0))


def _restored(
    key: str, query: Mapping[str, str], presets: Mapping[str, Preset]
) -> tuple[Sequence[Run], Outlook | None]:
    """What waits under this key, and how it was looked at, if it is what the address asks for."""
    waiting = shelf().take(key)
    if waiting is None or not leads_to(query, waiting.address):
        return (), None
    return waiting.restored(presets), waiting.outlook


def _start(lab: Laboratory[Any], runs: Sequence[Run], outlook: Outlook | None) -> None:
    lab.start(*runs)
    if runs and outlook is not None:
        outlook.show(lab)


def _keep(runs: Sequence[Run], key: str, address: str, outlook: Outlook) -> None:
    try:
        # a run without a network, or one that is too large, begins anew
        with suppress(ParameterError):
            shelf().put(key, Waiting.of(runs, address, outlook))
    finally:
        _end(runs)


def _end(runs: Iterable[Run]) -> None:
    for run in runs:
        run.close()


LABORATORIES: Final[Mapping[str, type[Laboratory[Any]]]] = {
    "superspike": SuperSpikeLaboratory,
    "bats": BatsLaboratory,
}
"""The laboratory of each learning system."""

sessions: Final = Sessions()
"""The sessions of this process."""


@cache
def prepare() -> None:
    """Do once per process what sessions would otherwise wait for: compile kernels, build figures."""
    settings.resources = "server"  # nothing is fetched from elsewhere
    warm_up()
    for gallery in (superspike_gallery.GALLERY, bats_gallery.GALLERY):
        gallery.prepare()
    library()
    # what is there by now stays; looking for garbage in it would hold up pages that open or close for half a second
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)


def open_page() -> pn.viewable.Viewable:
    """Page for the present session, which starts and stops itself."""
    document = pn.state.curdoc
    if document is None:
        raise RuntimeError("A page needs a session; serve it with Panel.")
    prepare()
    document.title = "SNN Explorer"
    if sessions.full:
        return _full_page()
    document.theme = theme.bokeh_theme()  # Material's own theming of charts then leaves our figures alone
    page = empty_page(document)
    sessions.coming += 1
    # the browser reads what every page needs while this one's parts are made
    document.add_next_tick_callback(partial(_furnish, page, document))
    return page


def _furnish(page: pmui.Page, document: Document) -> None:
    """Give an empty page what its address asks for."""
    sessions.coming -= 1
    query = {name: values[-1].decode(errors="replace") for name, values in pn.state.session_args.items()}
    presets = available_presets()
    asked = read(query, presets, library())
    lab = LABORATORIES[presets[asked.preset].system](document, presets, asked)

    def begin(before: str) -> None:
        sessions.begin(lab, query, before)
        document.add_timeout_callback(copy_figures, _LEISURE)

    def copy_figures() -> None:
        if lab.drawing.gallery.copy_one():
            document.add_timeout_callback(copy_figures, _BETWEEN)

    lab.tab.on_shown = begin
    sessions.add(lab)
    pn.state.on_session_destroyed(lambda _context: sessions.remove(lab))
    furnish(page, lab, drawer=lab.lessons.lesson is not None or not (on_a_phone() or lab.projector))
    # paused so far, it makes its network while the browser builds the page
    scheduler().add(lab.run)


def _full_page() -> pmui.Page:
    said = f"All {sessions.limit} places are taken. This page opens by itself as soon as one is free."
    main = pn.pane.HTML(f"<p>{said}</p>", margin=24)
    return pmui.Page(title="SNN Explorer", main=[main], busy_indicator=None, meta_refresh="5")
