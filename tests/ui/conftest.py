"""The page served from this process, and a browser that watches what it asks for and complains about."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from snn_explorer.live import Run
from snn_explorer.live.saved_run import save_run
from snn_explorer.views.laboratory import Laboratory
from snn_explorer.views.server import start_server
from snn_explorer.views.session import sessions
from snn_explorer.views.soon import soon

PATIENCE = 120.0
"""How long a test waits for what must happen [s]: no measure of speed, machines that test may be slow."""

expect.set_options(timeout=1e3 * PATIENCE)


def wait_until(happened: Callable[[], Any], page: Page | None = None) -> Any:
    """Wait for something true, and give it back."""
    deadline = time.monotonic() + PATIENCE
    while not (found := happened()):
        assert time.monotonic() < deadline, "waited in vain"
        if page is None:
            time.sleep(0.05)
        else:
            page.wait_for_timeout(50)
    return found


def bits(*runs: Run) -> list[tuple[float, str]]:
    """Where each is, and a sum over all that it would save: what says in a line that two are not the same."""
    return [(run.time, hashlib.sha256(save_run(run)).hexdigest()) for run in runs]


@dataclass
class Opened:
    """A page in the browser, and the laboratory on the server that it belongs to."""

    page: Page
    lab: Laboratory

    def numbers(self) -> dict[str, float]:
        """Numbers that the page shows."""
        return self.page.evaluate("window.snn_explorer.numbers")

    def wait_until(self, happened: Callable[[], Any]) -> Any:
        """Wait while the page lives on."""
        return wait_until(happened, self.page)

    def wait_for_frames(self, n: int = 2) -> None:
        """Wait until the page has shown more frames."""
        serial = self.lab.drawing.last.serial if self.lab.drawing.last else 0
        self.wait_until(lambda: self.lab.drawing.last and self.lab.drawing.last.serial >= serial + n)

    def wish(self, act: Callable[..., Any], *values: Any) -> Any:
        """Do it in the page's own thread, as what a person wishes is done, and give what it gives."""
        done: Future[Any] = Future()

        def do() -> None:
            try:
                done.set_result(act(*values))
            except Exception as error:
                done.set_exception(error)

        soon(self.lab.document, do)
        self.wait_until(done.done)
        return done.result()

    def settle(self) -> None:
        """Pause, and wait until the browser shows the last frame."""
        self.lab.run.pause()
        self.wait_until(lambda: self.lab.run.state == "paused")
        for _ in range(2):
            self.page.wait_for_timeout(300)
            self.wait_until(lambda: abs(self.numbers()["time"] - self.lab.run.time) < 0.01)
        self.wait_until(lambda: self.page.evaluate("snn_explorer.shown.state") == "paused")


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the page is served."""
    with start_server(max_sessions=1000) as at:
        yield at


@contextmanager
def watched(page: Page) -> Iterator[Page]:
    """Fail for any complaint of a browser's page, and any request that leaves this machine."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if leaves(request.url) else None)
    page.set_default_timeout(PATIENCE * 1e3)
    yield page
    assert complaints == []


@pytest.fixture
def strict_page(page: Page) -> Iterator[Page]:
    """A browser page that fails the test for any complaint, and any request that leaves this machine."""
    with watched(page):
        yield page


def leaves(url: str) -> bool:
    """Whether a request goes anywhere but to this machine."""
    parts = urlsplit(url)
    return parts.scheme not in ("data", "blob") and parts.hostname not in ("localhost", "127.0.0.1")


def go_to(page: Page, address: str, query: str = "", width: int = 1440, height: int = 900) -> Opened:
    """Let a browser's page go there, and wait until it draws."""
    page.set_viewport_size({"width": width, "height": height})
    before = set(sessions.open)
    page.goto(address + query)
    (lab,) = wait_until(lambda: set(sessions.open) - before, page)
    page.wait_for_function("window.snn_explorer?.numbers !== undefined")
    return Opened(page, lab)


@pytest.fixture
def open_page(strict_page: Page, address: str) -> Iterator[Callable[..., Opened]]:
    """Open the page, with a query; gives it back when it draws."""

    before = set(sessions.open)
    yield partial(go_to, strict_page, address)
    strict_page.goto("about:blank")
    sessions.close(set(sessions.open) - before)


@pytest.fixture
def opened(open_page: Callable[..., Opened]) -> Opened:
    """The page as it opens by itself."""
    return open_page()


@pytest.fixture(scope="module")
def shared(browser: Browser, address: str) -> Iterator[Opened]:
    """A page, paused, that tests of one file share: they look at it, and leave it as they found it."""
    with browser.new_context() as context, watched(context.new_page()) as page:
        opened = go_to(page, address)
        opened.settle()
        yield opened
        page.goto("about:blank")
        sessions.close([opened.lab])
