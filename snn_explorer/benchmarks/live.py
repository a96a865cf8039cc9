"""What watching costs: the page in a headless Chromium, the server in this process, both on this machine.

Three pages are measured: the one that opens by itself, and the heaviest preset of each learning system.

Server CPU is this process's CPU time, less what it uses at the same speed unwatched, divided by the frames that the
browser painted. The delay of a control is the time from the key press in the browser
to the browser's word that it painted a frame computed with the new value. Training with and without a watching page
is measured in turn.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from snn_explorer.benchmarks.browser import BROWSERS, QUIET_FLAGS, find_browser
from snn_explorer.benchmarks.machine import describe_machine
from snn_explorer.engine import ParameterError
from snn_explorer.live import Run, warm_up
from snn_explorer.presets import available_presets
from snn_explorer.views.dispatcher import Client, dispatcher
from snn_explorer.views.laboratory import Laboratory
from snn_explorer.views.server import start_server
from snn_explorer.views.session import sessions

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MOVES = 40
"""Times that the control is moved."""

WATCHING = 6.0
"""How long frames are counted [s]."""

ROUNDS = 6
"""Times that training is measured watched and unwatched, in turn."""

ROUND = 2.0
"""Length of one of these measurements [s]."""

OPENINGS = 3
"""Times that each page is opened on a server that has shown it before."""

SESSIONS = 30
"""Pages opened and closed, to see what they leave behind."""

WARM_UP = 10
"""Pages opened and closed before: a closed one lives on for 15 s, and the allocator keeps what a few at once need."""


@dataclass(frozen=True)
class Measured:
    """A preset that is measured, and the slider that is moved there: its label, and the parameter that it sets."""

    preset: str
    control: str
    parameter: str


FIRST = Measured("fig4", "Surrogate steepness", "steepness")
"""The page that opens by itself."""


def heaviest() -> tuple[Measured, ...]:
    """The heaviest preset of each learning system that can be learned here."""
    bats = "bats-mnist" if "bats-mnist" in available_presets() else "bats-feedback"
    return Measured("fig7", "Surrogate steepness", "steepness"), Measured(bats, "Learning rate", "learning_rate")


@dataclass
class Observed:
    """What a page's run and browser did, taken down as it happens."""

    lab: Laboratory[Any]
    parameter: str
    sizes: list[int] = field(default_factory=list)
    values: dict[int, Any] = field(default_factory=dict)
    painted: list[tuple[float, int]] = field(default_factory=list)

    @property
    def client(self) -> Client:
        """The page, as the dispatcher sees it."""
        return self.lab.client

    @property
    def run(self) -> Run:
        """What the page shows."""
        return self.lab.run

    def __post_init__(self) -> None:
        take, told = self.run.take_frame, self.client.painted

        def take_frame() -> Any:
            live = take()
            if live is not None:
                self.values[live.serial] = live.values[self.parameter]
            return live

        def painted(serial: int) -> None:
            self.painted.append((time.time(), serial))
            self.sizes.append(len(self.lab.drawing.stream.message))
            told(serial)

        self.run.take_frame = take_frame
        self.client.painted = painted


def measure(console: Console) -> dict[str, Any]:
    """Measure all of it, print a table and give the figures back."""
    figures: dict[str, Any] = {}
    with start_server() as address, _browser() as browser:
        warm_up().wait()
        for measured in (FIRST, *heaviest()):
            with console.status(f"Preset {measured.preset}: frames, delay of a control, training with and without it"):
                figures[measured.preset] = _openings(browser, address, measured)
                _, page, observed = _open(browser, address, measured)
                figures[measured.preset] |= _frames(observed) | _delays(page, observed, measured)
                figures[measured.preset] |= _slowdown(observed)
                page.close()
                _wait_until_alone()
        with console.status(f"Opening and closing {SESSIONS} pages"):
            afterwards = _sessions(browser, address)
    table = Table("figure", *figures)
    for name in figures[FIRST.preset]:
        table.add_row(name, *(f"{mine[name]:.3g}" for mine in figures.values()))
    for name, value in afterwards.items():
        table.add_row(name, f"{value:.3g}")
    console.print(table)
    return {"machine": describe_machine(), **figures, **afterwards}


def _open(browser: Browser, address: str, measured: Measured) -> tuple[float, Page, Observed]:
    start = time.perf_counter()
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}?preset={measured.preset}")
    page.wait_for_function("window.snn_explorer?.numbers !== undefined", timeout=60_000)
    opened = time.perf_counter() - start
    return opened, page, Observed(sessions.open[-1], measured.parameter)


def _openings(browser: Browser, address: str, measured: Measured) -> dict[str, float]:
    """From asking for a page to its first frame: the server's first time, and then, one page at a time."""
    seconds = []
    for _ in range(1 + OPENINGS):
        opened, page, _ = _open(browser, address, measured)
        page.close()
        _wait_until_alone()
        seconds.append(opened)
    return {"first_open_to_frame_s": seconds[0], "open_to_frame_s": statistics.median(seconds[1:])}


def _frames(observed: Observed) -> dict[str, float]:
    """Server CPU per frame, training and idling taken off, and frames per second, then and at full speed."""
    client = observed.client
    observed.run.speed = observed.run.preset.speed
    cpu_watched, n_frames, wall = _count(observed)
    sizes = observed.sizes[-max(n_frames, 1) :]
    dispatcher().remove(client)
    cpu_alone, _, _ = _count(observed)
    dispatcher().add(client)
    observed.run.speed = None
    _, n_fast, wall_fast = _count(observed)
    return {
        "server_cpu_ms_per_frame": 1e3 * (cpu_watched - cpu_alone) / max(n_frames, 1),
        "kb_per_frame": 1e-3 * statistics.mean(sizes),
        "frames_per_s": n_frames / wall,
        "frames_per_s_at_full_speed": n_fast / wall_fast,
    }


def _count(observed: Observed) -> tuple[float, int, float]:
    """CPU time of this process, painted frames and wall time over `WATCHING` seconds."""
    time.sleep(1)
    first, wall, cpu = len(observed.painted), time.perf_counter(), time.process_time()
    time.sleep(WATCHING)
    return time.process_time() - cpu, len(observed.painted) - first, time.perf_counter() - wall


def _delays(page: Page, observed: Observed, measured: Measured) -> dict[str, float]:
    """From a key press on the slider to a painted frame that was computed with its new value."""
    run = observed.run
    run.speed = run.preset.speed
    slider = page.get_by_role("slider", name=measured.control)
    slider.focus()
    page.evaluate("addEventListener('keydown', () => { window.pressed = Date.now() }, true)")
    delays = []
    for move in range(MOVES):
        time.sleep(0.3)
        before, first = run.values[measured.parameter], len(observed.painted)
        page.keyboard.press("PageUp" if move % 2 else "PageDown")
        pressed = page.evaluate("window.pressed") / 1e3
        painted = None
        while painted is None and time.time() - pressed < 10:
            time.sleep(0.002)
            fresh = (when for when, serial in observed.painted[first:] if observed.values.get(serial) != before)
            painted = next(fresh, None)
        if painted is None:
            raise ParameterError("The page did not show a moved control within 10 s.")
        delays.append(1e3 * (painted - pressed))
    ninety_five = statistics.quantiles(delays, n=20)[-1]
    return {"control_to_plot_p50_ms": statistics.median(delays), "control_to_plot_p95_ms": ninety_five}


def _slowdown(observed: Observed) -> dict[str, float]:
    """Share of training speed that a watching page costs; the speed is in learning time, seconds or samples."""
    client, ratios = observed.client, []
    observed.run.speed = None

    def speed() -> float:
        time.sleep(0.3)
        start, wall = observed.run.time, time.perf_counter()
        time.sleep(ROUND)
        return (observed.run.time - start) / (time.perf_counter() - wall)

    speeds = []
    for _ in range(ROUNDS):
        watched = speed()
        dispatcher().remove(client)
        alone = speed()
        dispatcher().add(client)
        ratios.append(watched / alone)
        speeds.append(alone)
    return {"unwatched_time_per_s": statistics.median(speeds), "slowed_share": 1 - statistics.median(ratios)}


def _sessions(browser: Browser, address: str) -> dict[str, float]:
    """Memory that pages leave behind, and how long the last one's run lives on after its tab is closed."""
    for _ in range(WARM_UP):
        _open(browser, address, FIRST)[1].close()
    _wait_until_alone()
    before = _resident_mb()
    for _ in range(SESSIONS):
        _open(browser, address, FIRST)[1].close()
    closed = time.perf_counter()
    _wait_until_alone()
    freed = time.perf_counter() - closed
    gc.collect()
    return {"sessions_left_mb": _resident_mb() - before, "session_freed_after_s": freed}


def _wait_until_alone() -> None:
    deadline = time.monotonic() + 120
    while dispatcher().clients:
        if time.monotonic() > deadline:
            raise ParameterError("Sessions were not freed within two minutes of closing their pages.")
        time.sleep(0.1)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


@contextmanager
def _browser() -> Iterator[Browser]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise ParameterError('`bench live` drives a browser: pip install "snn-explorer[test]".') from None
    path = find_browser()
    if path is None:
        raise ParameterError(f"`bench live` needs a browser on the PATH: {', '.join(BROWSERS)}.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET_FLAGS)
        try:
            yield browser
        finally:
            browser.close()
