"""Serving the page: one process, a limited number of sessions, nothing fetched from elsewhere."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import panel as pn

from snn_explorer.engine import ParameterError
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


def serve(port: int = 5006, max_sessions: int = MAX_SESSIONS, show: bool = True, host: str | None = None) -> None:
    """Serve the page until interrupted.

    Parameters
    ----------
    port : int
        Port; 0 takes any free one.
    max_sessions : int
        Pages that may be open at a time; who comes later is told so.
    show : bool
        Open a browser.
    host : str, optional
        Name or address by which other machines reach this one; without it, only this machine is served.

    Raises
    ------
    ParameterError
        If `host` is no name.
    """
    _get_ready(max_sessions)
    port = port or _free_port()
    pn.serve({"/": open_page}, port=port, show=show, **_reach(host, port), **_SETTINGS)


@contextmanager
def start_server(port: int = 0, max_sessions: int = MAX_SESSIONS, host: str | None = None) -> Iterator[str]:
    """Serve the page from a thread of this process, and give its address; see `serve`."""
    _get_ready(max_sessions)
    port = port or _free_port()
    reach = _reach(host, port)
    server = pn.serve({"/": open_page}, port=port, show=False, threaded=True, verbose=False, **reach, **_SETTINGS)
    try:
        _wait_for(port)
        yield f"http://localhost:{port}/"
    finally:
        sessions.close()
        server.stop()


def _get_ready(max_sessions: int) -> None:
    prepare()
    sessions.limit = max_sessions


def _reach(host: str | None, port: int) -> dict[str, Any]:
    """Where to listen, and under which names a page may be asked for."""
    own = [f"{name}:{port}" for name in ("localhost", "127.0.0.1")]
    if host is None:
        return {"address": "localhost", "websocket_origin": own}
    if not re.fullmatch(r"[A-Za-z0-9.-]+", host):
        raise ParameterError(f"The host is {host!r}; allowed is a name or an address, such as 192.168.1.20.")
    return {"websocket_origin": [*own, f"{host}:{port}"]}


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
