"""Serving the page: one process, a limited number of sessions, nothing fetched from elsewhere."""

from __future__ import annotations

import gc
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import panel as pn

from snn_explorer.live.saved_run import MAX_BYTES
from snn_explorer.views.session import open_page, prepare, sessions

MAX_SESSIONS: Final = 30

_SETTINGS: Final[dict[str, Any]] = {
    "title": "SNN Explorer",
    # a closed tab is freed within some 17 s; the defaults take 32 s
    "unused_session_lifetime_milliseconds": 15_000,
    "check_unused_sessions_milliseconds": 2_000,
    # a saved run must fit into one message
    "websocket_max_message_size": MAX_BYTES + 1_000_000,
}


def serve(port: int = 5006, max_sessions: int = MAX_SESSIONS, show: bool = True) -> None:
    """Serve the page on localhost until interrupted.

    Parameters
    ----------
    port : int
        Port; 0 takes any free one.
    max_sessions : int
        Pages that may be open at a time; who comes later is told so.
    show : bool
        Open a browser.
    """
    with _ready(max_sessions):
        pn.serve({"/": open_page}, port=port, show=show, **_SETTINGS)


@contextmanager
def start_server(port: int = 0, max_sessions: int = MAX_SESSIONS) -> Iterator[str]:
    """Serve the page from a thread of this process, and give its address."""
    with _ready(max_sessions):
        port = port or _free_port()
        server = pn.serve({"/": open_page}, port=port, show=False, threaded=True, verbose=False, **_SETTINGS)
        try:
            _wait_for(port)
            yield f"http://localhost:{port}/"
        finally:
            sessions.close()
            server.stop()


@contextmanager
def _ready(max_sessions: int) -> Iterator[None]:
    prepare()
    sessions.limit = max_sessions
    # Panel collects garbage whenever a page has been closed; what was there before need not be looked through each
    # time, which would hold up all other pages for half a second
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("localhost", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"The server does not answer on port {port}.")
