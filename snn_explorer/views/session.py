"""The life of a session: a page is built, starts when the browser has it, and ends with the session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import panel as pn
import panel_material_ui as pmui
from bokeh.settings import settings

from snn_explorer.live import warm_up
from snn_explorer.presets import available_presets
from snn_explorer.views import address, theme
from snn_explorer.views.bats import gallery as bats_gallery
from snn_explorer.views.bats.laboratory import BatsLaboratory
from snn_explorer.views.laboratory import Laboratory
from snn_explorer.views.page import arrange
from snn_explorer.views.superspike import gallery as superspike_gallery
from snn_explorer.views.superspike.laboratory import SuperSpikeLaboratory
from snn_explorer.views.visitor import on_a_phone


class Sessions:
    """The laboratories that are open in this process, and how many there may be.

    Attributes
    ----------
    limit : int or None
        Most sessions at a time, None for any number.
    """

    def __init__(self) -> None:
        self.limit: int | None = None
        self._open: list[Laboratory[Any]] = []

    @property
    def open(self) -> tuple[Laboratory[Any], ...]:
        """Those that are open, the newest last."""
        return tuple(self._open)

    @property
    def full(self) -> bool:
        """Whether no more may be opened."""
        # a session lives on for some seconds after its browser has gone, for example to load the page again
        return self.limit is not None and sum(not lab.client.left for lab in self._open) >= self.limit

    def add(self, lab: Laboratory[Any]) -> None:
        """Count one more."""
        self._open.append(lab)

    def remove(self, lab: Laboratory[Any]) -> None:
        """End one, once."""
        if lab in self._open:
            self._open.remove(lab)
            lab.stop()

    def close(self) -> None:
        """End all."""
        for lab in list(self._open):
            self.remove(lab)


LABORATORIES: Final[Mapping[str, type[Laboratory[Any]]]] = {
    "superspike": SuperSpikeLaboratory,
    "bats": BatsLaboratory,
}
"""The laboratory of each learning system."""

sessions: Final = Sessions()
"""The sessions of this process."""


def prepare() -> None:
    """Do once per process what sessions would otherwise wait for: compile kernels, build figures."""
    settings.resources = "server"  # nothing is fetched from elsewhere
    warm_up()
    for gallery in (superspike_gallery.GALLERY, bats_gallery.GALLERY):
        gallery.prepare()


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
    query = {name: values[-1].decode(errors="replace") for name, values in pn.state.session_args.items()}
    presets = available_presets()
    asked = address.read(query, presets)
    lab = LABORATORIES[presets[asked.preset].system](document, presets, asked)
    sessions.add(lab)
    pn.state.onload(lab.start)
    pn.state.on_session_destroyed(lambda _context: sessions.remove(lab))
    return arrange(lab, drawer=not (on_a_phone() or lab.projector))


def _full_page() -> pmui.Page:
    said = f"All {sessions.limit} places are taken. This page opens by itself as soon as one is free."
    main = pn.pane.HTML(f"<p>{said}</p>", margin=24)
    return pmui.Page(title="SNN Explorer", main=[main], busy_indicator=None, meta_refresh="5")
