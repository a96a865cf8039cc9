"""Two runs that learn in step, so that they can be compared at every moment.

The first is steered as a run alone is. The second follows it: whenever the first has learned a chunk or batch, so does
the second, until it is as far. When one starts anew, so does the other; when the second had to stop, the first waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from snn_explorer.engine import Watch
from snn_explorer.live.frame import LiveFrame, State
from snn_explorer.live.run import Run

NAMES = ("A", "B")
"""What people call the first and the second run."""

Frames = tuple[LiveFrame, LiveFrame]
"""Frames of both runs after the same learning time."""


class Pair:
    """Two runs, as one for the scheduler and for who takes frames.

    Parameters
    ----------
    first : Run
        The one that play, pause, step and speed are for.
    second : Run
        The one that follows; from now on nobody else plays it, or asks it for frames.
    clock : callable
        Gives the time [s] by which slices end.

    Attributes
    ----------
    on_wish, on_close : callable
        Set by the scheduler, see `Run`.
    """

    def __init__(self, first: Run, second: Run, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.first, self.second, self._clock = first, second, clock
        second.pause()
        self._starts = (-1, -1)  # both may have been started anew just now
        self._slot: tuple[tuple[int, int], Frames] | None = None
        self.on_wish: Callable[[], None] = lambda: None
        self.on_close: Callable[[Pair], None] = lambda _pair: None
        first.on_wish = second.on_wish = lambda: self.on_wish()

    @property
    def closed(self) -> bool:
        """Whether there will be no work any more."""
        return self.first.closed or self.second.closed

    @property
    def urgent(self) -> bool:
        """Whether somebody is waiting to see what a change does."""
        return self.first.urgent or self.second.urgent

    @property
    def state(self) -> State:
        """That of the first run, but ``"faulted"`` if the second had to stop."""
        return "faulted" if self.second.state == "faulted" else self.first.state

    @property
    def message(self) -> str:
        """A plain sentence for the person at the page, or ""."""
        for name, run in zip(NAMES, (self.first, self.second), strict=True):
            if run.state == "faulted":
                return f"{name}: {run.message}"
        return self.first.message

    def close(self) -> None:
        """End both runs."""
        self.on_close(self)
        self.first.close()
        self.second.close()

    def look_again(self) -> None:
        """Watch the same; paused runs give their last frames once more."""
        self.first.look_again()

    def request_frame(self) -> None:
        """Ask for a frame of each."""
        self.first.request_frame()

    def take_frame(self) -> Frames | None:
        """The newest frames that were asked for, once; None if there are none."""
        slot, self._slot = self._slot, None
        if slot is None or slot[0] == self._present_starts():
            return None if slot is None else slot[1]
        self.first.request_frame()  # those were of networks that are no more
        return None

    def due(self, now: float) -> float | None:
        """For the scheduler: when there is work, in the clock's time [s], or None if there is none."""
        if self.closed:
            return None
        if self._starts != self._present_starts() or self._behind:
            return now
        return min((due for run in (self.first, self.second) if (due := run.due(now)) is not None), default=None)

    def work(self, seconds: float) -> None:
        """For the scheduler: advance both for about this long, then make the frames if they were asked for."""
        end = self._clock() + seconds
        while not self.closed:
            anew = self._start_together()
            if self.second.state == "faulted":
                self.first.pause()
            if anew or not self._behind:
                self.first.work(0)
            self._follow(end)
            self._deliver()
            now = self._clock()
            due = self.due(now)
            if now >= end or due is None or due > now:
                return

    @property
    def _behind(self) -> bool:
        return self.second.time < self.first.time and "faulted" not in (self.first.state, self.second.state)

    def _present_starts(self) -> tuple[int, int]:
        return self.first.starts, self.second.starts

    def _start_together(self) -> bool:
        """When one was started anew, start the other anew too; whether this was so."""
        anew = [now != before for now, before in zip(self._present_starts(), self._starts, strict=True)]
        if anew == [True, False]:
            self.second.reset()
        elif anew == [False, True]:
            self.first.reset()
        self._starts = self._present_starts()
        return any(anew)

    def _follow(self, end: float) -> None:
        """Let the second run learn until it is as far as the first, or time is over."""
        self.second.work(0)  # it may have a network to make
        while self._behind and self._starts == self._present_starts() and not self.closed:
            self.second.step()
            self.second.work(0)
            if self._clock() >= end:
                return

    def _deliver(self) -> None:
        """Fill the slot, if the first run has made a frame and the second is as far."""
        one = None if self._behind else self.first.take_frame()
        if one is None:
            return
        self.second.look(_on_same_sample(self.first.watch, one))
        self.second.work(0)
        other = self.second.take_frame()
        if other is None or self._starts != self._present_starts():
            self.first.request_frame()
        else:
            self._slot = self._starts, (one, replace(other, state=one.state))


def _on_same_sample(watch: Watch, live: LiveFrame) -> Watch:
    """The watch, on the sample that a frame shows, if it shows one: batches may be of different samples."""
    sample = live.frame.numbers.get("sample")
    return watch if sample is None else replace(watch, sample=int(sample))
