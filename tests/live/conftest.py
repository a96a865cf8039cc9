"""Runs without threads or real time: a test says how late it is, and lends the run its own thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from snn_explorer.engine import Watch
from snn_explorer.live import Run
from snn_explorer.presets import Preset, available_presets
from tests.bats.tiny import TINY, separable

SAMPLES = separable()


class Clock:
    """A clock that stands still, or moves by `tick` whenever it is read; a slice without end fails after a while."""

    def __init__(self) -> None:
        self.now, self.tick, self.readings = 100.0, 0.0, 0

    def __call__(self) -> float:
        self.readings += 1
        assert self.readings < 20_000, "no test reads the clock so often"
        self.now += self.tick
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fig4() -> Preset:
    return available_presets()["fig4"]


@pytest.fixture
def make_run(fig4: Preset, clock: Clock) -> Iterator[Callable[..., Run]]:
    """Make a run of preset fig4 with a short burn-in, as fast as possible, on the test's clock."""
    with ExitStack() as stack:

        def make(preset: Preset = fig4, **values: Any) -> Run:
            run = stack.enter_context(closing(Run(preset, {"burn_in": 1.0, **values}, clock=clock)))
            run.speed = None
            return run

        yield make


@pytest.fixture
def tiny(clock: Clock) -> Iterator[Callable[..., Run]]:
    """Make a run of a BATS network of a few neurons, as fast as possible, on the test's clock."""
    preset = Preset("tiny", "Tiny", "Two halves.", lambda: SAMPLES, system="bats", values=TINY, watch=Watch(sample=0))
    with ExitStack() as stack:

        def make(**values: Any) -> Run:
            run = stack.enter_context(closing(Run(preset, values, clock=clock)))
            run.speed = None
            return run

        yield make


@pytest.fixture
def advance() -> Callable[[Run, int], None]:
    """Give a run slices of one chunk each."""

    def advance(run: Run, n_chunks: int) -> None:
        run.play()
        for _ in range(n_chunks):
            run.work(0)
        run.pause()

    return advance


@pytest.fixture
def frame_of() -> Callable[[Run], Any]:
    """Ask a run for a frame, and take it."""

    def frame_of(run: Run) -> Any:
        run.request_frame()
        run.work(0)
        return run.take_frame()

    return frame_of


@pytest.fixture
def same() -> Callable[[Any, Any], bool]:
    """Compare nested states, bit by bit."""

    def same(one: Any, other: Any) -> bool:
        if isinstance(one, dict):
            return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
        if hasattr(one, "numpy"):
            return one.dtype == other.dtype and one.numpy().tobytes() == other.numpy().tobytes()
        return bool(one == other)

    return same
