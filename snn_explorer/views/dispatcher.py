"""Sending frames to all pages of the process, from one thread, as fast as the server and each browser can follow.

A page is sent a frame only when it is due, has painted the one before, and there is something new. So nothing piles
up for a slow browser, and training never waits for one.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

from snn_explorer.live import LiveFrame
from snn_explorer.live.pair import Frames

TICK: Final = 0.01
"""How often the dispatcher looks around [s]."""

SHORTEST_PERIOD: Final = 0.05
"""Frames do not follow each other faster than this [s]."""

SHARE: Final = 0.5
"""Part of one core that all pages together may use for drawing."""

PATIENCE: Final = 5.0
"""A frame that was not painted after this time [s] may be lost, which happens on a busy machine: another is sent."""

_log = logging.getLogger(__name__)


class Source(Protocol):
    """Where frames come from: a run, or two that go in step; see `snn_explorer.live.run.Run`."""

    @property
    def state(self) -> str:
        """What it is doing."""
        ...

    @property
    def message(self) -> str:
        """A plain sentence about it, or ""."""
        ...

    def look_again(self) -> None:
        """Have the last frame once more, if there will be no newer one by itself."""
        ...

    def request_frame(self) -> None:
        """Ask for one frame."""
        ...

    def take_frame(self) -> LiveFrame | Frames | None:
        """The newest frame that was asked for, once."""
        ...


class Client:
    """One page, as the dispatcher sees it.

    Parameters
    ----------
    soon : callable
        Has something done in the page's thread, inside the document's lock.
    run : Source
        Where frames come from.
    compose : callable
        Turns a frame into an update, outside the document's lock.
    show : callable
        Shows an update, or None where there is only news about the run, inside the document's lock.
    forget : callable
        Told that the browser may lack what was composed before; called where `compose` is.
    """

    def __init__(
        self,
        soon: Callable[[Callable[[], None]], None],
        run: Source,
        compose: Callable[[Any], Any],
        show: Callable[[Any], None],
        forget: Callable[[], None],
    ) -> None:
        self.run = run
        self.cost, self.left = 0.01, False
        self._soon, self._compose, self._show, self._forget = soon, compose, show, forget
        self._next, self._lost_at = 0.0, math.inf
        self._awaiting = True  # until the browser has built the page
        self._asked: Source | None = None
        self._told: tuple[str, str] = ("", "")

    def painted(self, serial: int) -> None:
        """The browser has painted a frame, or the empty page (0), or leaves the page (-1)."""
        self._awaiting = self.left = serial < 0

    def step(self, now: float, period: float) -> None:
        """Send a frame, if it is time for one and there is one."""
        if self._awaiting and not self.left and now > self._lost_at:
            self._forget()
            self._awaiting = False
            self.run.look_again()  # a paused run has nothing new to show by itself
        if self._awaiting or now < self._next:
            return
        if self._asked is not self.run:
            self._asked = self.run
            self.run.request_frame()
        live = self.run.take_frame()
        told = self.run.state, self.run.message
        if live is None and told == self._told:
            return
        start = time.perf_counter()
        update = None if live is None else self._compose(live)
        composing = time.perf_counter() - start
        self._told, self._next = told, now + period
        if live is not None:
            self._awaiting, self._asked, self._lost_at = True, None, now + PATIENCE
        self._soon(lambda: self._deliver(update, composing))

    def _deliver(self, update: Any, composing: float) -> None:
        start = time.perf_counter()
        self._show(update)
        self.cost += 0.1 * (composing + time.perf_counter() - start - self.cost)


class Dispatcher:
    """The thread that looks after all pages."""

    def __init__(self) -> None:
        self._clients: tuple[Client, ...] = ()
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None

    @property
    def clients(self) -> tuple[Client, ...]:
        """Pages that are being looked after."""
        return self._clients

    def add(self, client: Client) -> None:
        """Look after a page from now on."""
        with self._change:
            self._clients = (*self._clients, client)
            if self._thread is None:
                self._thread = threading.Thread(target=self._go, name="snn-explorer-dispatcher", daemon=True)
                self._thread.start()
            self._change.notify()

    def remove(self, client: Client) -> None:
        """Look after it no longer."""
        with self._change:
            self._clients = tuple(other for other in self._clients if other is not client)

    def _go(self) -> None:
        while True:
            with self._change:
                while not self._clients:
                    self._change.wait()
            self._look_around()
            time.sleep(TICK)

    def _look_around(self) -> None:
        # on its own, so that no name in a waiting thread holds a page that is gone
        clients = self._clients
        period = max(SHORTEST_PERIOD, sum(client.cost for client in clients) / SHARE)
        for client in clients:
            self._step(client, period)

    def _step(self, client: Client, period: float) -> None:
        try:
            client.step(time.monotonic(), period)
        except Exception:
            _log.exception("A page could not be sent a frame and is left alone from now on.")
            self.remove(client)


_only = Dispatcher()


def dispatcher() -> Dispatcher:
    """The process's dispatcher."""
    return _only
